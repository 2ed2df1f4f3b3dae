import { rounded } from './geometry.ts';

/** Length of a vehicle in the red clearance formula: 20 ft, in m. */
const CLEARING_VEHICLE_M = 6.1;

/**
 * Kinematic yellow change interval, s: time to react and to brake to a stop comfortably from `speed` m/s,
 * Y = t + v ÷ (2a + 2gG), with t = 1 s and a = 3.05 m/s² (10 ft/s²). `grade` is rise over run.
 *
 * ITE's formula, as the MUTCD's guidance has it. Not yet rounded or limited; see `defaultYellowChange`.
 */
export function kinematicYellowChange(speed: number, grade = 0): number {
  return 1 + speed / (2 * 3.05 + 19.62 * grade);
}

/** Red clearance interval, s: time to cross `width` m at `speed` m/s and to clear with the rear, R = (W + L) ÷ v. */
export function kinematicRedClearance(
  width: number,
  speed: number,
  vehicleLength = CLEARING_VEHICLE_M,
): number {
  return (width + vehicleLength) / speed;
}

/** The yellow change interval where a scenario gives none: up to the next half second, 3 to 6 s. */
export function defaultYellowChange(speed: number): number {
  return Math.min(6, Math.max(3, upToHalf(kinematicYellowChange(speed))));
}

/** The red clearance interval where a scenario gives none: up to the next half second, 1 s at least. */
export function defaultRedClearance(width: number, speed: number): number {
  return Math.max(1, upToHalf(kinematicRedClearance(width, speed)));
}

function upToHalf(seconds: number): number {
  return Math.ceil(seconds * 2 - 1e-6) / 2;
}

/** The least whole number of steps that is not shorter, in s. */
export function upToSteps(seconds: number, stepS: number): number {
  return rounded(Math.ceil(seconds / stepS - 1e-6) * stepS);
}

export function isWholeSteps(seconds: number, stepS: number): boolean {
  return Math.abs(seconds - Math.round(seconds / stepS) * stepS) < 1e-6;
}
