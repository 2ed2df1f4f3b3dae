import { NONE } from './network.ts';
import { connectorFrom } from './route.ts';
import type { Simulation } from './simulation.ts';
import {
  COUNT,
  ENTERED,
  HEAD,
  RECORD,
  RECORD_TAIL,
  SLOT_IDENTITY,
  TAIL_TYPE,
  TYPE,
  VEHICLE,
} from './traffic.ts';

/**
 * The gap (m) from the first vehicle of an element, in `slot`, to the next one ahead of it on its path; Infinity
 * when there is none in sight. The leader's speed and type are left in `leaderSpeed` and `leaderType`.
 *
 * The path is followed element by element until `range` is exceeded. Ahead of a stop line the last
 * vehicles of all connectors that leave the lane count, since their paths overlap at first.
 *
 * @param rest  m to the end of the vehicle's element
 */
export function lookAhead(sim: Simulation, slot: number, next: number, rest: number, range: number): number {
  const { network, traffic } = sim;
  const { elementRoad, elementLength, connectorTo } = network;
  let position = NONE;
  let element = next;
  let distance = rest;
  while (element !== NONE) {
    const gap =
      elementRoad[element] === NONE
        ? gapToConnectors(sim, network.connectorFrom[element], distance)
        : gapToLane(sim, element, distance);
    if (gap < Infinity) return gap;
    distance += elementLength[element];
    if (distance > range) return Infinity;

    if (elementRoad[element] === NONE) {
      element = connectorTo[element];
      continue;
    }
    // Beyond the next lane: only where lanes are shorter than a driver looks ahead.
    const vehicle = traffic.slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
    position = position === NONE ? sim.vehicles.routePosition[vehicle] + 1 : position + 1;
    element = connectorFrom(network, element, sim.vehicles.route[vehicle], position);
  }
  return Infinity;
}

/** The smallest gap to the last vehicle of any connector leaving `lane`. */
function gapToConnectors(sim: Simulation, lane: number, distance: number): number {
  const { network, traffic, step } = sim;
  const { record, tail } = traffic;
  const { laneConnectors, types } = network;
  const parity = (step & 1) << 1;
  let nearest = Infinity;
  for (let k = laneConnectors.starts[lane]; k < laneConnectors.starts[lane + 1]; k++) {
    const connector = laneConnectors.items[k];
    if (record[connector * RECORD + COUNT] === 0) continue;
    const t = connector * RECORD_TAIL + parity;
    const type = record[connector * RECORD + TAIL_TYPE];
    const gap = distance + tail[t] - types.length[type];
    if (gap < nearest) {
      nearest = gap;
      sim.leaderSpeed[0] = tail[t + 1];
      sim.leaderType = type;
    }
  }
  return nearest;
}

/** The gap to the last vehicle of a lane. One that entered the network in this step is not seen yet. */
function gapToLane(sim: Simulation, lane: number, distance: number): number {
  const { network, traffic, step } = sim;
  const { record, tail, slotIdentity } = traffic;
  const r = lane * RECORD;
  let count = record[r + COUNT];
  let type = record[r + TAIL_TYPE];
  if (record[r + ENTERED] === step) {
    count--;
    if (count > 0) type = slotIdentity[(record[r + HEAD] + count - 1) * SLOT_IDENTITY + TYPE];
  }
  if (count === 0) return Infinity;
  const t = lane * RECORD_TAIL + ((step & 1) << 1);
  sim.leaderSpeed[0] = tail[t + 1];
  sim.leaderType = type;
  return distance + tail[t] - network.types.length[type];
}
