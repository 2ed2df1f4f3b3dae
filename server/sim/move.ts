import { senseLeaving } from './detectors.ts';
import { crossAlone } from './lone.ts';
import { noteArrival, noteLeaving } from './measures.ts';
import { type Network, NONE } from './network.ts';
import { connectorFrom } from './route.ts';
import type { Simulation } from './simulation.ts';
import { surveyLeaving, surveyLeft } from './survey.ts';
import {
  append,
  COUNT,
  HALTING_SPEED,
  HEAD,
  NEXT,
  RECORD,
  remove,
  SLOT_IDENTITY,
  SLOT_STATE,
  TYPE,
  VEHICLE,
} from './traffic.ts';

/** Vehicles between two elements in one step: out of the old one, not yet on the new one. */
export interface Transit {
  count: number;
  identity: Int32Array; // by row × TRANSIT_IDENTITY: vehicle, type, from, to, next
  state: Float64Array; //  by row × 2: x, v
}

const TRANSIT_IDENTITY = 5;

export function createTransit(capacity: number): Transit {
  return {
    count: 0,
    identity: new Int32Array(capacity * TRANSIT_IDENTITY),
    state: new Float64Array(capacity * 2),
  };
}

/**
 * Takes everyone who drove off the end of an element out of it, and puts each onto the element where
 * it has come to be, or out of the network. First all leave, then all arrive: of those that arrive on
 * one element in the same step, who is further along goes in front.
 */
export function move(sim: Simulation): void {
  const { departures, departed, transit } = sim;
  const { record } = sim.traffic;
  transit.count = 0;
  let element = NONE;
  let shift = 0; // of later slots, when somebody left from between two others
  for (let k = 0; k < departed; k += 2) {
    const e = departures[k];
    if (e !== element) shift = 0;
    element = e;
    const slot = departures[k + 1] - shift;
    if (slot !== record[e * RECORD + HEAD]) shift++;
    leave(sim, e, slot);
  }
  for (let k = 0; k < transit.count; k++) arrive(sim, k);
}

/** Takes the vehicle in `slot` out of element `e` and follows its path to where it has come to be. */
function leave(sim: Simulation, e: number, slot: number): void {
  const { network, traffic, vehicles, transit, step } = sim;
  if (sim.survey !== null) surveyLeaving(sim, sim.survey, e, slot);
  const { elementLength, elementRoad, connectorTo } = network;
  const { slotState, slotIdentity } = traffic;
  const s = slot * SLOT_STATE + (((step & 1) << 1) ^ 2);
  const v = slotState[s + 1];
  const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
  const type = slotIdentity[slot * SLOT_IDENTITY + TYPE];
  if (sim.detectors !== null) {
    const before = slotState[slot * SLOT_STATE + ((step & 1) << 1)];
    senseLeaving(sim, e, type, before, slotState[s]);
  }
  let x = slotState[s];
  let to = e;
  let loneSteps = 0;
  const onto = slotIdentity[slot * SLOT_IDENTITY + NEXT];
  let next = onto;
  const closed = sim.closures === null ? null : sim.closures.closed;
  while (to >= 0 && x > elementLength[to]) {
    x -= elementLength[to];
    if (sim.lone !== null) {
      crossAlone(sim, sim.lone, vehicle, to, next);
      if (to === e) loneSteps = sim.lone.crossing;
    }
    to = next;
    if (to < 0) break;
    if (elementRoad[to] === NONE) {
      next = connectorTo[to];
    } else {
      const position = ++vehicles.routePosition[vehicle];
      next = connectorFrom(network, to, vehicles.route[vehicle], position, closed);
    }
  }
  remove(traffic, e, slot);
  if (elementRoad[e] === NONE) forgetConnector(sim, e);
  else if (v < HALTING_SPEED) traffic.halted[e]--;
  vehicles.element[vehicle] = Math.max(to, NONE);
  if (sim.survey !== null) surveyLeft(sim, sim.survey, vehicle, to, next, x, v);
  if (sim.measures !== null) noteLeaving(sim, e, onto, to, vehicle, v < HALTING_SPEED, loneSteps);
  if (to < 0) {
    vehicles.finished++;
    vehicles.finishedAt[vehicle] = step;
    return;
  }
  const row = transit.count++;
  transit.state[row * 2] = x;
  transit.state[row * 2 + 1] = v;
  const k = row * TRANSIT_IDENTITY;
  transit.identity[k] = vehicle;
  transit.identity[k + 1] = type;
  transit.identity[k + 2] = e;
  transit.identity[k + 3] = to;
  transit.identity[k + 4] = next;
}

function arrive(sim: Simulation, row: number): void {
  const { network, traffic, transit, step } = sim;
  const k = row * TRANSIT_IDENTITY;
  const vehicle = transit.identity[k];
  const type = transit.identity[k + 1];
  const from = transit.identity[k + 2];
  const to = transit.identity[k + 3];
  const next = transit.identity[k + 4];
  const v = transit.state[row * 2 + 1];
  const fresh = ((step & 1) << 1) ^ 2;
  append(traffic, to, vehicle, type, next, from, step, fresh, transit.state, row * 2);
  if (network.elementRoad[to] === NONE) {
    setBit(network, sim.foes.onConnector, sim.foes.wordStart, to);
  } else {
    if (v < HALTING_SPEED) traffic.halted[to]++;
    if (network.elementRoad[from] === NONE) setBit(network, sim.foes.exiting, sim.foes.wordStart, from);
  }
  if (sim.measures !== null) noteArrival(sim, from, to, next, vehicle, v < HALTING_SPEED);
}

function setBit(network: Network, bitmap: Int32Array, wordStart: Int32Array, connector: number): void {
  const rank = network.elementRank[connector];
  bitmap[wordStart[network.elementIntersection[connector]] + (rank >> 5)] |= 1 << (rank & 31);
}

/** Clears a connector's bit when nobody is on it any more. */
function forgetConnector({ network, traffic, foes }: Simulation, connector: number): void {
  if (traffic.record[connector * RECORD + COUNT] > 0) return;
  const rank = network.elementRank[connector];
  foes.onConnector[foes.wordStart[network.elementIntersection[connector]] + (rank >> 5)] &= ~(
    1 <<
    (rank & 31)
  );
}
