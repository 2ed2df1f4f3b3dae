import { ANSWER } from './answer.ts';
import { NONE } from './network.ts';
import { connectorFrom } from './route.ts';
import type { Simulation } from './simulation.ts';
import {
  COUNT,
  ENTERED,
  HEAD,
  NEXT,
  RECORD,
  RECORD_TAIL,
  SLOT_IDENTITY,
  SLOT_STATE,
  TAIL_TYPE,
  TYPE,
  VEHICLE,
} from './traffic.ts';

/**
 * Looks along the path of the first vehicle of element `e`, in `slot`, for the next one ahead. Returns
 * whether there is one in sight, and leaves its gap, speed and type with the simulation.
 *
 * The path is followed element by element until `lookAhead` of the driver's type is exceeded. Ahead of
 * a stop line the last vehicles of all connectors that leave the lane count, since their paths overlap
 * at first.
 */
export function lookAhead(sim: Simulation, e: number, slot: number): boolean {
  const { network, traffic, vehicles, answer, step } = sim;
  const { elementRoad, elementLength, connectorTo } = network;
  const { slotState, slotIdentity } = traffic;
  const closed = sim.closures === null ? null : sim.closures.closed;
  const range = sim.drivers.lookAhead[slotIdentity[slot * SLOT_IDENTITY + TYPE]];
  let position = NONE;
  let element = slotIdentity[slot * SLOT_IDENTITY + NEXT];
  let distance = elementLength[e] - slotState[slot * SLOT_STATE + ((step & 1) << 1)];
  while (element >= 0) {
    answer[ANSWER.ahead] = distance;
    const isConnector = elementRoad[element] === NONE;
    if (isConnector ? leaderOnConnectors(sim, network.connectorFrom[element]) : leaderOnLane(sim, element)) {
      return true;
    }
    distance += elementLength[element];
    if (distance > range) return false;
    if (isConnector) {
      element = connectorTo[element];
    } else {
      // Beyond the next lane: only where lanes are shorter than a driver looks ahead.
      const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
      position = position === NONE ? vehicles.routePosition[vehicle] + 1 : position + 1;
      element = connectorFrom(network, element, vehicles.route[vehicle], position, closed);
    }
  }
  return false;
}

/** The nearest of the last vehicles of the connectors leaving `lane`. */
function leaderOnConnectors(sim: Simulation, lane: number): boolean {
  const { network, traffic, answer, step } = sim;
  const { record, tail, occupied } = traffic;
  const { laneConnectors, types } = network;
  const parity = (step & 1) << 1;
  let nearest = Infinity;
  for (let k = laneConnectors.starts[lane]; k < laneConnectors.starts[lane + 1]; k++) {
    const connector = laneConnectors.items[k];
    if ((occupied[connector >> 5] & (1 << (connector & 31))) === 0) continue;
    const t = connector * RECORD_TAIL + parity;
    const type = record[connector * RECORD + TAIL_TYPE];
    const gap = answer[ANSWER.ahead] + tail[t] - types.length[type];
    if (gap >= nearest) continue;
    nearest = gap;
    answer[ANSWER.leaderSpeed] = tail[t + 1];
    sim.leaderType = type;
  }
  answer[ANSWER.gap] = nearest;
  return nearest < Infinity;
}

/** The last vehicle of a lane. One that entered the network in this step is not seen yet. */
function leaderOnLane(sim: Simulation, lane: number): boolean {
  const { network, traffic, answer, step } = sim;
  const { record, tail, slotIdentity } = traffic;
  const r = lane * RECORD;
  let count = record[r + COUNT];
  let type = record[r + TAIL_TYPE];
  if (record[r + ENTERED] === step) {
    count--;
    if (count > 0) type = slotIdentity[(record[r + HEAD] + count - 1) * SLOT_IDENTITY + TYPE];
  }
  if (count === 0) return false;
  const t = lane * RECORD_TAIL + ((step & 1) << 1);
  answer[ANSWER.gap] = answer[ANSWER.ahead] + tail[t] - network.types.length[type];
  answer[ANSWER.leaderSpeed] = tail[t + 1];
  sim.leaderType = type;
  return true;
}
