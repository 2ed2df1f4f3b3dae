import { PATH, PATH_INTERSECTION, PATH_TO } from './connectorPath.ts';
import type { Foes } from './foes.ts';
import { SHOWN } from './network.ts';
import type { Simulation } from './simulation.ts';
import {
  COUNT,
  ENTERED,
  HALTING_SPEED,
  HEAD,
  HEAD_NEXT,
  RECORD,
  RECORD_TAIL,
  SLOT_IDENTITY,
  SLOT_STATE,
  TAIL_TYPE,
  TYPE,
} from './traffic.ts';

/** Above this speed (m/s), the last vehicle of an exit lane makes room in time. (CityFlow's constant.) */
const CRAWL = 2;
/** The same for drivers who keep the intersection clear: a vehicle that starts at the stop line is faster at the exit. */
const MOVING_ON = 5;

/** Whether the signal shows red, or the lane that a connector leads into is closed. */
export function isShut({ signals, closures, foes }: Simulation, connector: number): boolean {
  if (signals.shown[connector] < SHOWN.permitted) return true;
  return closures !== null && closures.closed[foes.path[connector * PATH + PATH_TO]] === 1;
}

/** Whether the signal, or a closed, blocked or full exit lane keeps a vehicle of `type` from driving onto a connector. */
export function isBlocked(sim: Simulation, connector: number, type: number): boolean {
  return isShut(sim, connector) || isExitFull(sim, connector, type);
}

/** Whether the first vehicle of `lane` stands at a stop line because its exit lane is full. */
export function standsBlocked(sim: Simulation, lane: number, connector: number): boolean {
  const { network, traffic, step } = sim;
  if (network.keepsClear === 0) return false;
  const slot = traffic.record[lane * RECORD + HEAD];
  if (traffic.slotState[slot * SLOT_STATE + ((step & 1) << 1) + 1] >= HALTING_SPEED) return false;
  return isExitFull(sim, connector, traffic.slotIdentity[slot * SLOT_IDENTITY + TYPE]);
}

function isExitFull(sim: Simulation, connector: number, type: number): boolean {
  const { network, traffic, foes, closures, step } = sim;
  const { record, tail } = traffic;
  const { length } = network.types;
  const lane = foes.path[connector * PATH + PATH_TO];
  if (closures !== null && !(closures.incident[lane] > length[type])) return true;
  if (network.keepsClear === 1)
    return leavesNoRoom(sim, foes.path[connector * PATH + PATH_INTERSECTION], lane, type);
  const r = lane * RECORD;
  if (record[r + COUNT] === 0) return false;
  const parity = (step & 1) << 1;
  if (record[r + ENTERED] === step) {
    // The last vehicle is at the very start of the lane; the record does not know it yet.
    const last = record[r + HEAD] + record[r + COUNT] - 1;
    return !(traffic.slotState[last * SLOT_STATE + parity + 1] >= CRAWL);
  }
  const t = lane * RECORD_TAIL + parity;
  return !(tail[t] > length[record[r + TAIL_TYPE]] + length[type] || tail[t + 1] >= CRAWL);
}

/**
 * Whether a vehicle of `type` that drove into `lane`, an exit of intersection `i`, might have to stop inside the intersection.
 * What is left for it is the same for all in a step, and worked out when the first one asks.
 */
function leavesNoRoom(sim: Simulation, i: number, lane: number, type: number): boolean {
  const { foes, step, network } = sim;
  if (foes.roomStep[lane] !== step) measureRoom(sim, i, lane);
  return foes.room[lane] < network.types.length[type] + network.types.minGap[type];
}

/**
 * Works out the room (m) on an exit lane for one more vehicle and the gap before it; Infinity: enough for any.
 *
 * The vehicles on the lane and those inside the intersection bound for it, closed up, leave the rest of its length, unless it
 * drains; a slow last vehicle leaves what is behind it when it has come to rest. An empty lane that nobody else is bound for
 * has room: some lanes are shorter than some vehicles.
 */
function measureRoom(sim: Simulation, i: number, lane: number): void {
  const { network, traffic, foes, drivers, step } = sim;
  const { elementLength, laneSources, types } = network;
  const { record, tail, slotState, slotIdentity } = traffic;
  let bound = 0; // m, closed up
  if (someoneIsInside(foes, i)) {
    for (let k = laneSources.starts[lane]; k < laneSources.starts[lane + 1]; k++) {
      const r = laneSources.items[k] * RECORD;
      if (record[r + COUNT] > 0) bound += closedUp(sim, r);
    }
  }
  const r = lane * RECORD;
  const count = record[r + COUNT];
  let room = Infinity;
  if (count > 0) {
    // The record does not know a vehicle yet that has entered the network here in this step.
    const isNew = record[r + ENTERED] === step;
    const last = record[r + HEAD] + count - 1;
    const parity = (step & 1) << 1;
    const x = isNew ? slotState[last * SLOT_STATE + parity] : tail[lane * RECORD_TAIL + parity];
    const v = isNew ? slotState[last * SLOT_STATE + parity + 1] : tail[lane * RECORD_TAIL + parity + 1];
    const type = isNew ? slotIdentity[last * SLOT_IDENTITY + TYPE] : record[r + TAIL_TYPE];
    if (v < MOVING_ON) room = x - types.length[type] + (0.5 * v * v) / types.usualDeceleration[type] - bound;
  }
  // Only a lane that may be full is summed up.
  const most = (count + 1) * drivers.longestSpacing + bound;
  if (count + bound > 0 && most > elementLength[lane]) {
    const left = elementLength[lane] - closedUp(sim, r) - bound;
    if (left < room && left < drivers.longestSpacing && !drains(sim, lane)) room = left;
  }
  foes.room[lane] = room;
  foes.roomStep[lane] = step;
}

/** Whether a vehicle is on a connector of intersection `i`. */
function someoneIsInside({ onConnector, wordStart }: Foes, i: number): boolean {
  for (let w = wordStart[i]; w < wordStart[i + 1]; w++) if (onConnector[w] !== 0) return true;
  return false;
}

/**
 * Whether a lane makes room as fast as vehicles come: nobody stands on it, and its first vehicle, or any that might come,
 * has green at its end.
 */
function drains({ network, traffic, signals, step }: Simulation, lane: number): boolean {
  const { record, slotState } = traffic;
  const parity = (step & 1) << 1;
  const first = record[lane * RECORD + HEAD];
  for (let slot = first; slot < first + record[lane * RECORD + COUNT]; slot++) {
    if (slotState[slot * SLOT_STATE + parity + 1] < HALTING_SPEED) return false;
  }
  const { starts, items } = network.laneConnectors;
  const head = record[lane * RECORD + HEAD_NEXT];
  if (head >= 0) return signals.shown[head] >= SHOWN.permitted;
  for (let k = starts[lane]; k < starts[lane + 1]; k++)
    if (signals.shown[items[k]] < SHOWN.permitted) return false;
  return true;
}

/** Length (m) of the queue that the vehicles of an element would form, closed up; `r` is its row in the record. */
function closedUp({ network, traffic }: Simulation, r: number): number {
  const { length, minGap } = network.types;
  const { record, slotIdentity } = traffic;
  const head = record[r + HEAD];
  let sum = 0;
  for (let slot = head; slot < head + record[r + COUNT]; slot++) {
    const type = slotIdentity[slot * SLOT_IDENTITY + TYPE];
    sum += length[type] + minGap[type];
  }
  return sum;
}
