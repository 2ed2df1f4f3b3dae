import { createGreens, type Greens, noteGreens, noteServed } from './greens.ts';
import {
  countArrival,
  countDeparture,
  countQueue,
  createMovementLog,
  type MovementLog,
  noteMinute,
} from './movementLog.ts';
import { NEVER, type Network, NONE } from './network.ts';
import type { Simulation } from './simulation.ts';
import { grown } from './vehicles.ts';

/**
 * What a run is judged by, gathered from events: a vehicle halts, moves again, reaches an approach,
 * leaves it, finishes. Nothing is summed over all vehicles in a step.
 *
 * Times are in steps; a time stamp is the number of steps done when the event is seen, so an event of
 * the first step has stamp 1.
 */
export interface Measures {
  capacity: number;
  stops: Int32Array; //           by vehicle: how often it came to a halt, the start at entry not counted
  haltedSince: Int32Array; //     by vehicle: stamp of the halt under way; NEVER while it moves
  waited: Int32Array; //          by vehicle: steps halted on the present approach
  longestWait: Int32Array; //     by vehicle: most steps halted on one approach
  approachSince: Int32Array; //   by vehicle: stamp of reaching the present approach; NEVER elsewhere
  approachTotal: Int32Array; //   by vehicle: steps on approaches it has left; NONE until first seen on one
  unmeasured: Uint8Array; //      by vehicle: 1 where the literature counts an unended stay as 0, see below

  readonly approachCount: Int32Array; //    by intersection: vehicles on its approaches
  readonly approachBefore: Int32Array; //   by intersection: the same, at the last step's end
  readonly approachChanged: Int32Array; //  by intersection: the step in which the count last changed

  /** Stays at intersections, of vehicles whose route passes one more than once. By vehicle × intersections + i. */
  readonly revisits: Map<number, Stay>;
  /** By movement and minute, when asked for. */
  readonly movements: MovementLog | null;
  /** Greens that serve nobody. */
  readonly greens: Greens;
  readonly routeRevisits: Uint8Array; //    by route: 1 when it passes an intersection more than once

  queue: number; //     vehicles halted on approaches now
  queueSum: number; //  summed over the steps
}

export interface Stay {
  readonly vehicle: number;
  readonly intersection: number;
  readonly since: number;
  until: number;
}

export function createMeasures(network: Network, capacity: number, byMovement = false): Measures {
  const { intersectionCount } = network;
  const column = (fill: number) => new Int32Array(capacity).fill(fill);
  return {
    capacity,
    stops: column(0),
    haltedSince: column(NEVER),
    waited: column(0),
    longestWait: column(0),
    approachSince: column(NEVER),
    approachTotal: column(NONE),
    unmeasured: new Uint8Array(capacity),
    approachCount: new Int32Array(intersectionCount),
    approachBefore: new Int32Array(intersectionCount),
    approachChanged: new Int32Array(intersectionCount).fill(NONE),
    revisits: new Map(),
    movements: byMovement ? createMovementLog(network) : null,
    greens: createGreens(network),
    routeRevisits: revisitingRoutes(network),
    queue: 0,
    queueSum: 0,
  };
}

/** By route: whether it comes to an intersection twice. */
function revisitingRoutes({ routes, roadTo, intersectionCount }: Network): Uint8Array {
  const revisiting = new Uint8Array(routes.starts.length - 1);
  const passedBy = new Int32Array(intersectionCount).fill(NONE);
  for (let r = 0; r < revisiting.length; r++) {
    for (let k = routes.starts[r]; k < routes.starts[r + 1]; k++) {
      const i = roadTo[routes.items[k]];
      if (passedBy[i] === r) revisiting[r] = 1;
      passedBy[i] = r;
    }
  }
  return revisiting;
}

/** Makes room for the vehicles created since. */
export function growMeasures(m: Measures, capacity: number): void {
  m.capacity = capacity;
  m.stops = grown(m.stops, capacity, 0);
  m.haltedSince = grown(m.haltedSince, capacity, NEVER);
  m.waited = grown(m.waited, capacity, 0);
  m.longestWait = grown(m.longestWait, capacity, 0);
  m.approachSince = grown(m.approachSince, capacity, NEVER);
  m.approachTotal = grown(m.approachTotal, capacity, NONE);
  m.unmeasured = grown(m.unmeasured, capacity, 0);
}

/** Whether `e` is a lane toward an intersection inside the network. */
function isApproach({ elementRoad, elementIntersection, boundary }: Network, e: number): boolean {
  return e >= 0 && elementRoad[e] !== NONE && boundary[elementIntersection[e]] === 0;
}

/** A vehicle on element `e` halts or moves again. */
export function noteHalt(sim: Simulation, e: number, vehicle: number, next: number, halts: boolean): void {
  const m = sim.measures!;
  const stamp = sim.step + 1;
  if (isApproach(sim.network, e)) {
    m.queue += halts ? 1 : -1;
    if (m.movements !== null) countQueue(sim, m.movements, next, halts ? 1 : -1);
  }
  if (halts) {
    m.stops[vehicle]++;
    m.haltedSince[vehicle] = stamp;
  } else {
    if (m.haltedSince[vehicle] !== NEVER) m.waited[vehicle] += stamp - m.haltedSince[vehicle];
    m.haltedSince[vehicle] = NEVER;
  }
}

/** A vehicle on element `e` that was bound for `before` is bound for `next` now. */
export function noteNewWay(sim: Simulation, e: number, before: number, next: number, halted: boolean): void {
  const { movements } = sim.measures!;
  if (movements === null || !halted || !isApproach(sim.network, e)) return;
  countQueue(sim, movements, before, -1);
  countQueue(sim, movements, next, 1);
}

/**
 * A vehicle has driven off element `e` onto `next`, and is now on `to`, or out of the network (NONE). Alone it would have
 * crossed `e` in `loneSteps`.
 */
export function noteLeaving(
  sim: Simulation,
  e: number,
  next: number,
  to: number,
  vehicle: number,
  halted: boolean,
  loneSteps: number,
): void {
  const { network, vehicles } = sim;
  const m = sim.measures!;
  const stamp = sim.step + 1;
  if (!isApproach(network, e)) return;
  if (halted) {
    m.queue--;
    if (m.movements !== null) countQueue(sim, m.movements, next, -1);
  }
  if (m.haltedSince[vehicle] !== NEVER) {
    m.waited[vehicle] += stamp - m.haltedSince[vehicle];
    m.haltedSince[vehicle] = stamp;
  }
  noteServed(sim, m.greens, next);
  if (m.waited[vehicle] > m.longestWait[vehicle]) m.longestWait[vehicle] = m.waited[vehicle];
  m.waited[vehicle] = 0;

  const i = network.elementIntersection[e];
  if (m.movements !== null)
    countDeparture(sim, m.movements, next, stamp - m.approachSince[vehicle] - loneSteps);
  if (isApproach(network, to) && network.elementIntersection[to] === i) return; // never off its approaches
  countApproach(m, i, sim.step, -1);
  if (m.routeRevisits[vehicles.route[vehicle]] === 1) {
    m.revisits.get(vehicle * network.intersectionCount + i)!.until = stamp;
  } else {
    m.approachTotal[vehicle] += stamp - m.approachSince[vehicle];
  }
  m.approachSince[vehicle] = NEVER;
}

/** A vehicle that was on `from`, or outside (NONE), is now on element `to`, bound for `next`. */
export function noteArrival(
  sim: Simulation,
  from: number,
  to: number,
  next: number,
  vehicle: number,
  halted: boolean,
): void {
  const { network, vehicles } = sim;
  const m = sim.measures!;
  if (m.capacity < vehicles.capacity) growMeasures(m, vehicles.capacity);
  if (!isApproach(network, to)) return;
  if (halted) {
    m.queue++;
    if (m.movements !== null) countQueue(sim, m.movements, next, 1);
  }
  if (m.movements !== null) countArrival(sim, m.movements, next);
  if (from === NONE && halted) m.haltedSince[vehicle] = sim.step; // it starts from standstill
  const i = network.elementIntersection[to];
  if (isApproach(network, from) && network.elementIntersection[from] === i) return;
  // The literature's environments take a vehicle as gone at once when it reaches an intersection all
  // of whose approaches were empty the second before; its real leaving corrects that, if it comes.
  const gone = approachCountBefore(m, i, sim.step) === 0;
  countApproach(m, i, sim.step, 1);
  const stamp = sim.step + 1;
  m.approachSince[vehicle] = stamp;
  m.unmeasured[vehicle] = gone ? 1 : 0;
  if (m.approachTotal[vehicle] === NONE) m.approachTotal[vehicle] = 0;
  if (m.routeRevisits[vehicles.route[vehicle]] === 1) noteRevisit(m, vehicle, i, network, stamp, gone);
}

/** The first arrival at an intersection counts; a later leaving replaces an earlier one. */
function noteRevisit(
  m: Measures,
  vehicle: number,
  i: number,
  network: Network,
  stamp: number,
  gone: boolean,
): void {
  const key = vehicle * network.intersectionCount + i;
  const stay = m.revisits.get(key);
  if (stay === undefined)
    m.revisits.set(key, { vehicle, intersection: i, since: stamp, until: gone ? stamp : NEVER });
  else if (gone) stay.until = stamp;
}

function countApproach(m: Measures, i: number, step: number, change: number): void {
  if (m.approachChanged[i] !== step) {
    m.approachChanged[i] = step;
    m.approachBefore[i] = m.approachCount[i];
  }
  m.approachCount[i] += change;
}

function approachCountBefore(m: Measures, i: number, step: number): number {
  return m.approachChanged[i] === step ? m.approachBefore[i] : m.approachCount[i];
}

/** The end of a step. */
export function noteStep(sim: Simulation): void {
  const m = sim.measures!;
  m.queueSum += m.queue;
  noteGreens(sim, m.greens);
  if (m.movements !== null) noteMinute(sim, m.movements);
}
