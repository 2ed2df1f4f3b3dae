import { ANSWER } from './answer.ts';
import type { Closures } from './closures.ts';
import { followIntelligently, limitToSafeSpeed, limitToStand, ROUNDING } from './following.ts';
import { MODEL, NONE } from './network.ts';
import { connectorFrom } from './route.ts';
import type { Simulation } from './simulation.ts';
import { NEXT, SLOT_IDENTITY, SLOT_STATE, TYPE, VEHICLE } from './traffic.ts';

/**
 * Lowers `ANSWER.limit` to the speed at which the driver in `slot` of element `e`, with `ANSWER.speed`,
 * approaches the first incident on its way: as if a vehicle of its own type stood there. Nobody who cannot stop before
 * it is limited. An intelligent driver besides never drives faster than it can stop from: its
 * model alone promises that for small steps only.
 */
export function limitAtIncident(sim: Simulation, closures: Closures, e: number, slot: number): void {
  const { network, answer, traffic } = sim;
  const { maxDeceleration, headway, model } = network.types;
  if (!findIncident(sim, closures, e, slot)) return;
  const type = traffic.slotIdentity[slot * SLOT_IDENTITY + TYPE];
  const v = answer[ANSWER.speed];
  const gap = answer[ANSWER.gap];
  if ((0.5 * v * v) / maxDeceleration[type] > gap + ROUNDING) return;
  answer[ANSWER.leaderSpeed] = 0;
  if (model[type] === MODEL.idm) {
    followIntelligently(sim, type);
    limitToStand(sim, type);
    return;
  }
  const dt = network.stepS;
  const steady = (gap + (v / 2) * dt - (v * dt) / 2) / (headway[type] + 0.5 * dt);
  if (steady < answer[ANSWER.limit]) answer[ANSWER.limit] = steady;
  limitToSafeSpeed(sim, type, type);
}

/**
 * Looks for the first incident on the way of the vehicle in `slot` of element `e`: on `e`, and on elements that begin
 * within its look-ahead. Returns whether there is one, and leaves its gap with the simulation.
 */
function findIncident(sim: Simulation, closures: Closures, e: number, slot: number): boolean {
  const { network, traffic, vehicles, answer, step } = sim;
  const { elementLength, elementRoad, connectorTo } = network;
  const { slotState, slotIdentity } = traffic;
  const { incident, closed } = closures;
  const x = slotState[slot * SLOT_STATE + ((step & 1) << 1)];
  if (isShortOf(incident[e], x)) {
    answer[ANSWER.gap] = incident[e] - x;
    return true;
  }
  const range = sim.drivers.lookAhead[slotIdentity[slot * SLOT_IDENTITY + TYPE]];
  const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
  let position = vehicles.routePosition[vehicle];
  let element = slotIdentity[slot * SLOT_IDENTITY + NEXT];
  let distance = elementLength[e] - x;
  while (element >= 0 && distance <= range) {
    if (incident[element] < Infinity) {
      answer[ANSWER.gap] = distance + incident[element];
      return true;
    }
    distance += elementLength[element];
    if (elementRoad[element] === NONE) {
      element = connectorTo[element];
    } else {
      position++;
      element = connectorFrom(network, element, vehicles.route[vehicle], position, closed);
    }
  }
  return false;
}

/** Whether an incident on the lane holds the vehicle in `slot` of it: it is ahead, and the vehicle can stop. */
export function isHeld(sim: Simulation, closures: Closures, lane: number, slot: number): boolean {
  const { network, traffic, step } = sim;
  const s = slot * SLOT_STATE + ((step & 1) << 1);
  const at = closures.incident[lane];
  const x = traffic.slotState[s];
  if (!isShortOf(at, x)) return false;
  const v = traffic.slotState[s + 1];
  const type = traffic.slotIdentity[slot * SLOT_IDENTITY + TYPE];
  return !((0.5 * v * v) / network.types.maxDeceleration[type] > at - x + ROUNDING);
}

/** Whether a front bumper at `x` has not passed the spot `at`. Who has stopped there may be beyond it by a rounding error. */
function isShortOf(at: number, x: number): boolean {
  return at < Infinity && x <= at + ROUNDING;
}
