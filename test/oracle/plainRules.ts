import { brakingDistance, lesser, sight } from './plainDriving.ts';
import {
  nextElement,
  type PlainConnector,
  type PlainCross,
  type PlainElement,
  type PlainLane,
  type PlainVehicle,
} from './plainNetwork.ts';

/**
 * What drivers of our own scenarios do beyond the reference, in the plain model, written from the text of the rules: right
 * of way by signal and gap acceptance (`server/sim/gap.ts`, `yielding.ts`), slowing down ahead (`limits.ts`), and keeping
 * the intersection clear (`stopLine.ts`).
 */

export type Shown = 'red' | 'permitted' | 'protected';

/** A movement's display now, and the green it had last. */
export interface Display {
  shown: Shown;
  granted: Shown;
}

export type DisplayOf = (connector: PlainConnector) => Display;

/** Permitted yields to protected, when both are green or both are red. */
export function yieldsBySignal(mine: Display, theirs: Display): boolean {
  if (mine.granted !== 'permitted' || theirs.granted !== 'protected') return false;
  return (mine.shown === 'red') === (theirs.shown === 'red');
}

/** The speed at the end of the step from which a driver slows down to `goal` within a distance. */
export function speedToReach({ type, v }: PlainVehicle, goal: number, distance: number, dt: number): number {
  const a = 0.5 / type.usualDeceleration;
  const b = 0.5 * dt;
  const c = (v * dt) / 2 - distance - a * goal * goal;
  const discriminant = b * b - 4 * a * c;
  if (!(discriminant > 0)) return goal;
  return Math.max((0.5 / a) * (Math.sqrt(discriminant) - b), goal);
}

function limitOf(element: PlainElement): number {
  return element.kind === 'lane' ? element.speedLimit : element.start.speedLimit;
}

/** The limit that lower speed limits on the way ahead set. */
export function limitAhead(
  vehicle: PlainVehicle,
  next: PlainElement | null,
  limit: number,
  dt: number,
): number {
  let lowered = limit;
  let distance = vehicle.element!.length - vehicle.x;
  let { routeIndex } = vehicle;
  for (let on = next; on !== null && distance <= sight(vehicle.type, dt); ) {
    if (limitOf(on) < lowered) lowered = lesser(lowered, speedToReach(vehicle, limitOf(on), distance, dt));
    if (on.kind === 'lane') routeIndex++;
    distance += on.length;
    on = nextElement(vehicle.route, on, routeIndex);
  }
  return lowered;
}

function queueLength(vehicles: readonly PlainVehicle[]): number {
  return vehicles.reduce((sum, { type }) => sum + (type.length + type.minGap), 0);
}

/** Whether a vehicle that drives onto a lane might have to stop inside the intersection. */
export function leavesNoRoom(
  lane: PlainLane,
  { type }: PlainVehicle,
  sources: readonly PlainConnector[],
  displayOf: DisplayOf,
): boolean {
  const bound = sources.reduce((sum, source) => sum + queueLength(source.vehicles), 0);
  const needed = type.length + type.minGap;
  const last = lane.vehicles.at(-1);
  if (!last && bound === 0) return false;
  if (last && last.v < 5) {
    const rest = last.x - last.type.length + (0.5 * last.v * last.v) / last.type.usualDeceleration;
    if (rest - bound < needed) return true;
  }
  return !drains(lane, displayOf) && lane.length - queueLength(lane.vehicles) - bound < needed;
}

/** Whether nobody stands on a lane and its first vehicle has green. */
function drains(lane: PlainLane, displayOf: DisplayOf): boolean {
  if (lane.vehicles.some(({ v }) => v < 0.1)) return false;
  const way = lane.vehicles[0]?.way;
  if (way?.kind === 'connector') return displayOf(way).shown !== 'red';
  return lane.connectors.every((connector) => displayOf(connector).shown !== 'red');
}

/** Whether a vehicle inside the intersection clears a cross before `vehicle`, `distance` short of it, gets near. */
export function clearsFirst(
  vehicle: PlainVehicle,
  distance: number,
  foe: PlainVehicle,
  foeDistance: number,
  cross: PlainCross,
): boolean {
  if (foe.element === cross.foeConnector.start || foe.v < 3) return false;
  const seconds = (foeDistance + foe.type.length) / foe.v;
  const { v, type } = vehicle;
  return (v + (type.maxAcceleration * seconds) / 2) * seconds < distance - 2;
}

export type GapDecision =
  | { readonly kind: 'none' | 'accepted' }
  | { readonly kind: 'waits'; readonly cross: PlainCross; readonly foe: PlainVehicle };

interface GapScene {
  readonly dt: number;
  readonly displayOf: DisplayOf;
  readonly isExitFull: (connector: PlainConnector, vehicle: PlainVehicle) => boolean;
  readonly runsInCircle: (foe: PlainVehicle) => boolean;
}

/** What a permitted vehicle, `along` its connector, makes of the protected streams that it has to cross or join. */
export function gapDecision(
  vehicle: PlainVehicle,
  connector: PlainConnector,
  along: number,
  scene: GapScene,
): GapDecision {
  const { type } = vehicle;
  const mine = scene.displayOf(connector);
  if (mine.shown === 'red') return { kind: 'none' };
  let first: PlainCross | null = null;
  for (const cross of connector.crosses) {
    if (!yieldsBySignal(mine, scene.displayOf(cross.foeConnector))) continue;
    const distance = cross.distance - along;
    if (distance <= 0) continue;
    if (first === null) {
      if (!(brakingDistance(type, vehicle.v) < distance - type.yieldDistance)) return { kind: 'none' };
      first = cross;
    }
    const share = (Math.imul(vehicle.serial + 1, 0x9e3779b1) >>> 0) / 0x100000000;
    const own = (type.criticalGap ?? 0) * (1 - 0.2 + 2 * 0.2 * share);
    const gap = own - scene.dt / 2 + (cross.distance - first.distance) / 4;
    const foe = protectedWithin(vehicle, cross, distance, gap, scene);
    if (foe !== null && !scene.runsInCircle(foe)) return { kind: 'waits', cross: first, foe };
  }
  return { kind: first === null ? 'none' : 'accepted' };
}

function protectedWithin(
  vehicle: PlainVehicle,
  cross: PlainCross,
  distance: number,
  gap: number,
  { displayOf, isExitFull }: GapScene,
): PlainVehicle | null {
  const connector = cross.foeConnector;
  const lane = connector.start;
  const at = cross.other.distance;
  for (const foe of connector.vehicles) {
    const rest = at - foe.x;
    if (rest < 0 || clearsFirst(vehicle, distance, foe, rest, cross)) continue;
    if (covers(foe, rest, gap, lane)) return foe;
  }
  if (displayOf(connector).shown === 'red') return null;
  for (const foe of lane.vehicles) {
    const rest = lane.length - foe.x;
    if (rest + at > gap * lane.speedLimit) return null;
    if (foe.way === connector) {
      if (foe.v < 0.1 && isExitFull(connector, foe)) return null;
      return covers(foe, rest + at, gap, lane) ? foe : null;
    }
    if (foe.v < 0.1) return null;
  }
  return null;
}

/** Whether a vehicle could cover a distance within some seconds, accelerating as usual up to the limit. */
function covers({ type, v }: PlainVehicle, distance: number, seconds: number, lane: PlainLane): boolean {
  const top = Math.min(type.maxSpeed, lane.speedLimit);
  if (v >= top) return v * seconds >= distance;
  const speedingUp = (top - v) / type.usualAcceleration;
  const covered =
    seconds <= speedingUp
      ? v * seconds + (type.usualAcceleration * seconds * seconds) / 2
      : ((v + top) / 2) * speedingUp + top * (seconds - speedingUp);
  return covered >= distance;
}
