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
 * Lanes closed to traffic and lanes blocked by an incident, as somebody watching a run closes, opens,
 * blocks and clears them, between two steps.
 *
 * **A closed lane** is entered by nobody; who is on it drives on and leaves it.
 * Of the connectors that a driver may take, those into open lanes come first (`connectorFrom`). Drivers choose
 * when they come onto a lane. When a lane is closed or opened, all who are on the approaches to its
 * upstream end choose anew, if they can still stop before their stop line, at maximum deceleration. Who cannot
 * keeps to its way, as at yellow, and so does who is on a connector already. Who is first on its lane, bound for
 * a closed one and can stop after all, chooses anew in every step. Where every way on leads into
 * a closed lane the driver waits at the stop line, as at red, and nobody yields to it.
 * Who arrives from outside takes an open lane of its road from which its route goes on; who waits outside a lane
 * that is closed joins the back of the shortest queue for such a lane, when a lane of this road is closed or opened.
 * Without one it waits outside until the lane opens.
 *
 * **An incident** is a spot that nobody passes until it is cleared: where the rear bumper of a broken-down
 * vehicle is. It blocks its lane at this spot only: who has its front bumper beyond it drives on. Everybody
 * else takes it for a vehicle that stands there, brakes as they do, and has no length, from as far away as they
 * look ahead along their way, whoever drives between. Who cannot stop before it any more, at maximum deceleration,
 * passes it. Nobody yields to the first on a lane while an incident there holds it; onto a lane with an incident
 * drives only who is shorter than the way to it (the rule for full exit lanes), and enters the network only who
 * has its minimum gap left. Drivers do not go around it. Detectors do not see it.
 */
export interface Closures {
  readonly closed: Uint8Array; //       by element: 1 for a closed lane
  readonly incident: Float64Array; // m by element: the blocked spot, from the lane's upstream end; Infinity: none

  // Worked out from these two.
  readonly watched: Uint8Array; //      by element: 1 where a driver may have a blocked spot in sight
  readonly approaches: Int32Array; //   lanes that lead into closed ones: the first `approachCount` rows
  approachCount: number;
}

/** An incident is at least this far from either end of its lane (m); on shorter lanes it is in the middle. */
const INCIDENT_MARGIN = 1;

export function createClosures({ elementCount }: Network): Closures {
  return {
    closed: new Uint8Array(elementCount),
    incident: new Float64Array(elementCount).fill(Infinity),
    watched: new Uint8Array(elementCount),
    approaches: new Int32Array(elementCount),
    approachCount: 0,
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
  workOut(sim, closures);
}

/** Clears the incident of a lane, if it has one. See `placeIncident`. */
export function clearIncident(sim: Simulation, lane: number): void {
  const closures = closuresFor(sim, lane);
  closures.incident[lane] = Infinity;
  workOut(sim, closures);
}

function setClosed(sim: Simulation, lane: number, value: 0 | 1): void {
  const closures = closuresFor(sim, lane);
  if (closures.closed[lane] === value) return;
  closures.closed[lane] = value;
  workOut(sim, closures);
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

/** Works out what follows from `closed` and `incident`. */
export function workOut({ network, drivers }: Simulation, closures: Closures): void {
  const { elementCount, elementRoad, roadFrom, approachLanes, laneConnectors, connectorTo } = network;
  const { closed, incident, watched, approaches } = closures;
  watched.fill(0);
  closures.approachCount = 0;
  const reached = new Set<number>();
  for (let e = 0; e < elementCount; e++) {
    if (incident[e] < Infinity) watch(network, watched, e, drivers.longestLookAhead);
    if (closed[e] === 1) reached.add(roadFrom[elementRoad[e]]);
  }
  for (const i of reached) {
    for (let k = approachLanes.starts[i]; k < approachLanes.starts[i + 1]; k++) {
      const lane = approachLanes.items[k];
      let leads = false;
      for (let c = laneConnectors.starts[lane]; c < laneConnectors.starts[lane + 1]; c++) {
        if (closed[connectorTo[laneConnectors.items[c]]] === 1) leads = true;
      }
      if (leads) approaches[closures.approachCount++] = lane;
    }
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

/** The first of every lane that leads into a closed one chooses anew if it is bound there. */
export function chooseAtStopLines(sim: Simulation, closures: Closures): void {
  const { record } = sim.traffic;
  for (let k = 0; k < closures.approachCount; k++) {
    const lane = closures.approaches[k];
    const next = record[lane * RECORD + HEAD_NEXT];
    if (next < 0 || closures.closed[sim.network.connectorTo[next]] === 0) continue;
    chooseAnew(sim, closures, lane, record[lane * RECORD + HEAD]);
  }
}

function chooseAllAnew(sim: Simulation, closures: Closures, lane: number): void {
  const { record } = sim.traffic;
  const head = record[lane * RECORD + HEAD];
  const end = head + record[lane * RECORD + COUNT];
  for (let slot = head; slot < end; slot++) chooseAnew(sim, closures, lane, slot);
  wakeHead(sim.traffic, lane);
}

/** The driver in `slot` of a lane chooses its connector anew, if it can still stop before the stop line. */
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
