import { queueElsewhere } from './demand.ts';
import { noteNewWay } from './measures.ts';
import type { Network } from './network.ts';
import { connectorFrom } from './route.ts';
import type { Simulation } from './simulation.ts';
import {
  COUNT,
  HALTING_SPEED,
  HEAD,
  HEAD_NEXT,
  NEXT,
  RECORD,
  SLOT_IDENTITY,
  SLOT_STATE,
  TYPE,
  VEHICLE,
  wakeHead,
} from './traffic.ts';

/**
 * Lanes closed to traffic and lanes blocked by an incident, as somebody who watches a run closes, opens, blocks
 * and clears them between two steps.
 *
 * **A closed lane** is entered by nobody; who is on it drives on and leaves it. Of the connectors that a driver may take,
 * those into open lanes come first (`connectorFrom`). It chooses when it comes onto a lane, and anew when a lane beyond the
 * intersection ahead is closed or opened, if it can still stop before the stop line at maximum deceleration. Who cannot
 * keeps to its way, as at yellow; so does who is on a connector. Where every way on leads into
 * a closed lane it waits at the stop line, as at red, and nobody yields to it.
 * Who arrives from outside takes an open lane of its road from which its route goes on, and without one waits outside.
 * When a lane is closed or opened, all who wait outside closed lanes of its road join the shortest such queue, if any:
 * of the open lanes from which their route can be driven, that with the fewest vehicles on it or waiting for it.
 *
 * **An incident** is a spot that nobody passes until it is cleared: where the rear bumper of a broken-down
 * vehicle is. Who has its front bumper beyond it drives on. Everybody else takes it for a vehicle that stands
 * there and brakes as they do, besides the leader they have, from as far away as they look ahead along their way, whoever
 * drives between. Who cannot stop before it at maximum deceleration passes it. Nobody yields to the first on a
 * lane while an incident on that lane holds it. Onto a lane with an incident drives only who is shorter than the way to it, as
 * behind a standing vehicle; from outside enters only who has more than its minimum gap left. Drivers do not
 * go around it, and detectors do not see it. Distances to it are as good as a micrometre: who has stopped at it has not
 * passed it.
 */
export interface Closures {
  readonly closed: Uint8Array; //       by element: 1 for a closed lane
  readonly incident: Float64Array; // m by element: the blocked spot, from the lane's upstream end; Infinity: none
  readonly watched: Uint8Array; //      by element: 1 where a driver may have a blocked spot in sight; follows from `incident`
}

/** An incident is at least this far from either end of its lane (m); on shorter lanes it is in the middle. */
const INCIDENT_MARGIN = 1;

export function createClosures({ elementCount }: Network): Closures {
  return {
    closed: new Uint8Array(elementCount),
    incident: new Float64Array(elementCount).fill(Infinity),
    watched: new Uint8Array(elementCount),
  };
}

/**
 * Closes a lane, from the next step on. Closing a closed lane changes nothing.
 *
 * @param lane  an element that is a lane
 * @throws {Error} when it is not
 */
export function closeLane(sim: Simulation, lane: number): void {
  setClosed(sim, lane, 1);
}

/** Opens a lane again. See `closeLane`. */
export function openLane(sim: Simulation, lane: number): void {
  setClosed(sim, lane, 0);
}

/**
 * Blocks a lane at a spot, from the next step on. A lane has one incident at most: a second call moves it.
 *
 * @param lane       an element that is a lane
 * @param positionM  m from the upstream end of the lane; brought to between 1 m from there and 1 m before its
 *                   other end, on a lane shorter than 2 m to its middle
 * @throws {Error} when the element is not a lane, or the position not a number
 */
export function placeIncident(sim: Simulation, lane: number, positionM: number): void {
  if (Number.isNaN(positionM))
    throw new Error(`The position of the incident on lane ${lane} is not a number.`);
  const closures = closuresFor(sim, lane);
  const length = sim.network.elementLength[lane];
  const margin = Math.min(INCIDENT_MARGIN, length / 2);
  closures.incident[lane] = Math.max(margin, Math.min(positionM, length - margin));
  watchIncidents(sim, closures);
}

/** Clears the incident of a lane, if it has one. See `placeIncident`. */
export function clearIncident(sim: Simulation, lane: number): void {
  const closures = closuresFor(sim, lane);
  closures.incident[lane] = Infinity;
  watchIncidents(sim, closures);
}

function setClosed(sim: Simulation, lane: number, value: 0 | 1): void {
  const closures = closuresFor(sim, lane);
  if (closures.closed[lane] === value) return;
  closures.closed[lane] = value;
  const { elementRoad, roadFrom, approachLanes } = sim.network;
  queueElsewhere(sim, elementRoad[lane]);
  const i = roadFrom[elementRoad[lane]];
  for (let k = approachLanes.starts[i]; k < approachLanes.starts[i + 1]; k++) {
    chooseAllAnew(sim, closures, approachLanes.items[k]);
  }
}

/** The closures of a simulation, created when somebody asks for the first time. */
function closuresFor(sim: Simulation, lane: number): Closures {
  if (!(sim.network.elementRoad[lane] >= 0)) throw new Error(`Element ${lane} is not a lane.`);
  sim.closures ??= createClosures(sim.network);
  return sim.closures;
}

/** Works out `watched`. */
export function watchIncidents({ network, drivers }: Simulation, closures: Closures): void {
  const { incident, watched } = closures;
  watched.fill(0);
  for (let e = 0; e < network.elementCount; e++) {
    if (incident[e] < Infinity) watch(network, watched, e, drivers.longestLookAhead);
  }
}

/** Marks a lane and all elements from whose ends it begins within `range`, as drivers count it. */
function watch(network: Network, watched: Uint8Array, lane: number, range: number): void {
  const { elementLength, elementRoad, roadFrom, connectors, connectorTo, connectorFrom: from } = network;
  watched[lane] = 1;
  const i = roadFrom[elementRoad[lane]];
  for (let k = connectors.starts[i]; k < connectors.starts[i + 1]; k++) {
    const connector = connectors.items[k];
    if (connectorTo[connector] !== lane) continue;
    watched[connector] = 1;
    const rest = range - elementLength[connector];
    if (rest >= 0) watch(network, watched, from[connector], rest - elementLength[from[connector]]);
  }
}

function chooseAllAnew(sim: Simulation, closures: Closures, lane: number): void {
  const { record } = sim.traffic;
  const head = record[lane * RECORD + HEAD];
  const end = head + record[lane * RECORD + COUNT];
  for (let slot = head; slot < end; slot++) chooseAnew(sim, closures, lane, slot);
  wakeHead(sim.traffic, lane);
}

/**
 * The driver in `slot` of a lane chooses its connector anew, if it can still stop before the stop line. Who cannot will
 * not come to stand before it, since nobody brakes harder, so that this choice is its last.
 */
function chooseAnew(sim: Simulation, closures: Closures, lane: number, slot: number): void {
  const { network, traffic, vehicles, step } = sim;
  const { slotState, slotIdentity, record } = traffic;
  const s = slot * SLOT_STATE + ((step & 1) << 1);
  const k = slot * SLOT_IDENTITY;
  const v = slotState[s + 1];
  const brakingDistance = (0.5 * v * v) / network.types.maxDeceleration[slotIdentity[k + TYPE]];
  if (brakingDistance > network.elementLength[lane] - slotState[s]) return;
  const vehicle = slotIdentity[k + VEHICLE];
  const before = slotIdentity[k + NEXT];
  const next = connectorFrom(
    network,
    lane,
    vehicles.route[vehicle],
    vehicles.routePosition[vehicle],
    closures.closed,
  );
  if (next === before) return;
  slotIdentity[k + NEXT] = next;
  if (slot === record[lane * RECORD + HEAD]) record[lane * RECORD + HEAD_NEXT] = next;
  if (sim.measures !== null) noteNewWay(sim, lane, before, next, v < HALTING_SPEED);
}

/** Whether the driver in `slot` of a lane keeps to a way that it would not choose now. */
export function keepsItsWay(sim: Simulation, closures: Closures, lane: number, slot: number): boolean {
  const { network, traffic, vehicles } = sim;
  const vehicle = traffic.slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
  const { route, routePosition } = vehicles;
  const next = traffic.slotIdentity[slot * SLOT_IDENTITY + NEXT];
  return next !== connectorFrom(network, lane, route[vehicle], routePosition[vehicle], closures.closed);
}
