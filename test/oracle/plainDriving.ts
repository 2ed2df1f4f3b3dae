import type { VehicleType } from '../../server/scenario/layout.ts';

/** Formulas of the reference model for one driver, without knowledge of roads. SI units, `dt` the step. */

/** The smaller one; `b` when either is not a number, as the C++ of the reference compares. */
export function lesser(a: number, b: number): number {
  // Math.min would answer NaN.
  return a < b ? a : b;
}

/** The larger one; `b` when either is not a number. */
export function greater(a: number, b: number): number {
  // Math.max would answer NaN.
  return a > b ? a : b;
}

/** How far a driver looks ahead, and from how far the intersection ahead matters. */
export function sight(type: VehicleType, dt: number): number {
  return (type.maxSpeed * type.maxSpeed) / type.usualDeceleration / 2 + type.maxSpeed * dt * 2;
}

export function brakingDistance(type: VehicleType, v: number): number {
  return (0.5 * v * v) / type.maxDeceleration;
}

/** S(vL, dL, vF, dF, gap, T) of the reference. */
function safeSpeed(vL: number, dL: number, vF: number, dF: number, gap: number, target: number, dt: number) {
  const a = 0.5 / dF;
  const b = 0.5 * dt;
  const c = (vF * dt) / 2 + target - (0.5 * vL * vL) / dL - gap;
  if (b * b < 4 * a * c) return -100;
  const root = (0.5 / a) * (Math.sqrt(b * b - 4 * a * c) - b);
  const linear = 2 * vL - dL * dt + (2 * (gap - target)) / dt;
  return lesser(root, linear);
}

interface Mover {
  readonly type: VehicleType;
  readonly v: number;
}

/** The limit for a driver on a lane from which the route does not go on, `rest` before its end. */
export function deadEndSpeed(type: VehicleType, v: number, rest: number, dt: number): number {
  return safeSpeed(0, 1, v, type.maxDeceleration, rest, type.minGap, dt);
}

export function followingSpeed(follower: Mover, leader: Mover | null, gap: number, dt: number): number {
  const { type, v } = follower;
  if (leader === null) return type.maxSpeed;
  const vL = leader.v;
  const a = safeSpeed(vL, leader.type.maxDeceleration, v, type.maxDeceleration, gap, 0, dt);
  const b = safeSpeed(vL, leader.type.usualDeceleration, v, type.usualDeceleration, gap, type.minGap, dt);
  const closing = v > vL ? v - vL : 0;
  const c = (gap + (vL + closing / 2) * dt - (v * dt) / 2) / (type.headway + dt / 2);
  return lesser(lesser(a, b), c);
}

/** Stop(D) of the reference: the speed on the way to a stop after `distance`. */
export function stoppingSpeed(type: VehicleType, v: number, distance: number, dt: number): number {
  const faster = v + type.usualAcceleration * dt;
  const needed = ((v + faster) * dt) / 2 + (faster * faster) / type.usualDeceleration / 2;
  if (needed < distance) return faster;
  const steps = (2 * distance) / (v + 1e-8) / dt;
  return steps >= 1 ? v - v / Math.trunc(steps) : v - v / steps;
}

/**
 * How many steps a driver at speed `v` needs to reach `distance`, speeding up to `target`. `exact`: with CityFlow's slip,
 * which divides by the step where it should multiply.
 */
export function stepsToReach(
  type: VehicleType,
  v: number,
  distance: number,
  target: number,
  dt: number,
  exact: boolean,
): number {
  const u = type.usualAcceleration;
  if (distance <= 0) return 0;
  if (v > target) return Math.ceil(distance / v);
  const whole = Math.floor((target - v) / u / dt);
  const v1 = exact ? v + (whole * u) / dt : v + whole * u * dt;
  let accelerating = ((v + v1) * (whole * dt)) / 2;
  if (v1 < target) accelerating += ((v1 + target) * dt) / 2;
  if (accelerating > distance) return Math.ceil((Math.sqrt(v * v + 2 * u * distance) - v) / u / dt);
  return Math.ceil((target - v) / u / dt) + Math.ceil((distance - accelerating) / target / dt);
}

export function canYield(type: VehicleType, v: number, distance: number): boolean {
  if (distance > 0) return brakingDistance(type, v) < distance - type.yieldDistance;
  return distance < 0 && distance + type.length < 0;
}
