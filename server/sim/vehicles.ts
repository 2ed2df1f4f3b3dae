import { NEVER, NONE } from './network.ts';

/**
 * Vehicles, one column per attribute.
 *
 * A vehicle is an index `v` into these columns, given in order of creation and never used again: it
 * is at once the vehicle's name for controllers, frames and files. What a vehicle needs while it only
 * follows the one ahead lies in its slot (see traffic.ts); these columns hold the rest.
 */
export interface Vehicles {
  created: number;
  entered: number;
  finished: number;
  /** Below this many rows there is room. */
  capacity: number;
  route: Int32Array; //        index into Network.routes
  routePosition: Int32Array; // index into the route of the road it is on, or left last
  type: Int32Array; //         index into Network.types
  source: Int32Array; //       flow it belongs to, or flows.count + origin
  rank: Int32Array; //         how many vehicles of the same source came before it
  createdAt: Int32Array; //    step
  enteredAt: Int32Array; //    step; NEVER while it waits to enter
  finishedAt: Int32Array; //   step; NEVER until then
  element: Int32Array; //      where it is; the lane it waits for before it entered; NONE once finished
  nextWaiting: Int32Array; //  the vehicle behind it in the queue to enter; NONE
  /**
   * Who made it yield: [vehicle, step, vehicle, step], two memories by the step's parity, because
   * one step reads what the step before it found.
   */
  blocker: Int32Array;
}

const BLOCKER = 4;

export function createVehicles(capacity: number): Vehicles {
  const column = (fill: number) => new Int32Array(capacity).fill(fill);
  return {
    created: 0,
    entered: 0,
    finished: 0,
    capacity,
    route: column(0),
    routePosition: column(0),
    type: column(0),
    source: column(0),
    rank: column(0),
    createdAt: column(NEVER),
    enteredAt: column(NEVER),
    finishedAt: column(NEVER),
    element: column(NONE),
    nextWaiting: column(NONE),
    blocker: new Int32Array(capacity * BLOCKER).fill(NONE),
  };
}

/** Doubles the room. Happens log₂ times in a run, and not at all when the trips are known at the start. */
export function growVehicles(vehicles: Vehicles): void {
  const capacity = vehicles.capacity * 2;
  vehicles.capacity = capacity;
  vehicles.route = grown(vehicles.route, capacity, 0);
  vehicles.routePosition = grown(vehicles.routePosition, capacity, 0);
  vehicles.type = grown(vehicles.type, capacity, 0);
  vehicles.source = grown(vehicles.source, capacity, 0);
  vehicles.rank = grown(vehicles.rank, capacity, 0);
  vehicles.createdAt = grown(vehicles.createdAt, capacity, NEVER);
  vehicles.enteredAt = grown(vehicles.enteredAt, capacity, NEVER);
  vehicles.finishedAt = grown(vehicles.finishedAt, capacity, NEVER);
  vehicles.element = grown(vehicles.element, capacity, NONE);
  vehicles.nextWaiting = grown(vehicles.nextWaiting, capacity, NONE);
  vehicles.blocker = grown(vehicles.blocker, capacity * BLOCKER, NONE);
}

/** A longer copy of a column. */
export function grown<Column extends Int32Array | Float64Array | Uint8Array>(
  column: Column,
  capacity: number,
  fill: number,
): Column {
  const longer = new (column.constructor as new (count: number) => Column)(capacity);
  longer.fill(fill);
  longer.set(column);
  return longer;
}
