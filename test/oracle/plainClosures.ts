import { brakingDistance, sight } from './plainDriving.ts';
import {
  leadsTo,
  nextElement,
  type PlainConnector,
  type PlainElement,
  type PlainLane,
  type PlainVehicle,
} from './plainNetwork.ts';

/**
 * Closed lanes and incidents in the plain model, written from the text of the rules in `server/sim/closures.ts`. Not in
 * the reference.
 */

/** Rounding errors are smaller (m): who has stopped at an incident has not passed it. */
const MICROMETRE = 1e-6;

/** Whether a driver is not too fast to stop within a distance, at maximum deceleration. */
function canStop({ type, v }: PlainVehicle, distance: number): boolean {
  return brakingDistance(type, v) <= distance;
}

/** Chooses the way on anew for a vehicle on a lane, if it can still stop before the stop line. */
export function chooseAnew(vehicle: PlainVehicle, lane: PlainLane): void {
  if (canStop(vehicle, lane.length - vehicle.x))
    vehicle.way = nextElement(vehicle.route, lane, vehicle.routeIndex);
}

/** The lane of its first road where a vehicle arrives: the first open one that leads on, or the first at all. */
export function laneToArriveAt(lanes: readonly PlainLane[], second: number): PlainLane {
  const leading = lanes.filter((lane) => leadsTo(lane, second));
  return leading.find(({ closed }) => !closed) ?? leading[0];
}

/** Who waits outside the closed lanes of a road joins the shortest queue for an open one, if there is one to go on from. */
export function queueElsewhere(lanes: readonly PlainLane[]): void {
  for (const lane of lanes) {
    if (!lane.closed) continue;
    for (const vehicle of lane.waiting.splice(0)) {
      const open = lanes.filter((other) => !other.closed && nextElement(vehicle.route, other, 0) !== null);
      const others = open.map((other) => other.vehicles.length + other.waiting.length);
      const shortest = open[others.indexOf(Math.min(...others))];
      (shortest ?? lane).waiting.push(vehicle);
    }
  }
}

/** Whether closures let a vehicle enter the network on a lane. */
export function admits({ closed, incident }: PlainLane, { type }: PlainVehicle): boolean {
  return !closed && (incident === null || incident > type.minGap);
}

/** Whether closures let a vehicle of this length drive from the stop line onto a lane. */
export function mayEnter({ closed, incident }: PlainLane, length: number): boolean {
  return !closed && (incident === null || incident > length);
}

/** Whether the first on the lane where a connector starts waits for a lane to open or an incident to be cleared. */
export function waitsForClosure(first: PlainVehicle, { start, end }: PlainConnector): boolean {
  if (end.closed && canStop(first, start.length - first.x)) return true;
  const gap = gapOnLane(first, start);
  return gap !== null && canStop(first, gap + MICROMETRE);
}

/** How far an incident on the vehicle's own lane is ahead; `null` if there is none or it is behind. */
function gapOnLane({ x }: PlainVehicle, element: PlainElement): number | null {
  if (element.kind !== 'lane' || element.incident === null) return null;
  return x <= element.incident + MICROMETRE ? element.incident - x : null;
}

/** How far ahead the incident is that a driver must stop at; `null` without one. */
export function gapToIncident(vehicle: PlainVehicle, next: PlainElement | null, dt: number): number | null {
  const gap = gapToFirst(vehicle, next, dt);
  return gap !== null && canStop(vehicle, gap + MICROMETRE) ? gap : null;
}

function gapToFirst(vehicle: PlainVehicle, next: PlainElement | null, dt: number): number | null {
  const here = gapOnLane(vehicle, vehicle.element!);
  if (here !== null) return here;
  let distance = vehicle.element!.length - vehicle.x;
  let { routeIndex } = vehicle;
  for (let on = next; on !== null && distance <= sight(vehicle.type, dt); ) {
    if (on.kind === 'lane') {
      routeIndex++;
      if (on.incident !== null) return distance + on.incident;
    }
    distance += on.length;
    on = nextElement(vehicle.route, on, routeIndex);
  }
  return null;
}
