/**
 * Delay at a pretimed signal, by the Highway Capacity Manual (sixth edition, chapter 19).
 *
 * `degreeOfSaturation` X is volume ÷ capacity; capacity is saturation flow × effective green ÷ cycle.
 */

/**
 * First term, s: what vehicles would wait if they arrived evenly, Webster's
 * 0.5 C (1 − g/C)² ÷ (1 − min(1, X) g/C).
 *
 * @param cycleS      C
 * @param greenRatio  g/C, effective green ÷ cycle
 */
export function uniformDelay(cycleS: number, greenRatio: number, degreeOfSaturation: number): number {
  const red = 1 - greenRatio;
  return (0.5 * cycleS * red * red) / (1 - Math.min(1, degreeOfSaturation) * greenRatio);
}

/**
 * Second term, s: what random arrivals and lasting oversaturation add,
 * 900 T ((X − 1) + √((X − 1)² + 8 k I X ÷ (c T))).
 *
 * @param capacityVph   c
 * @param periodH       T, length of the period that is looked at, h
 * @param control       k, 0.5 for pretimed signals
 * @param metering      I, 1 for isolated intersections
 */
export function incrementalDelay(
  degreeOfSaturation: number,
  capacityVph: number,
  periodH = 0.25,
  control = 0.5,
  metering = 1,
): number {
  const excess = degreeOfSaturation - 1;
  const randomness = (8 * control * metering * degreeOfSaturation) / (capacityVph * periodH);
  return 900 * periodH * (excess + Math.sqrt(excess * excess + randomness));
}

/** Grades of service, best first. */
export const LEVELS_OF_SERVICE = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
export type LevelOfService = (typeof LEVELS_OF_SERVICE)[number];

/** Mean control delay up to which a grade holds, s; F is what lies above. */
export const LEVEL_OF_SERVICE_BOUNDS_S = [10, 20, 35, 55, 80] as const;

/**
 * Level of service at a signal (exhibit 19-8), from A to F; `null` where nobody came and the delay is NaN.
 *
 * A movement whose demand exceeds its capacity has F however short the delay. Approaches and intersections
 * are graded by delay alone: leave the degree of saturation out.
 *
 * @param controlDelayS  mean control delay, s
 */
export function levelOfService(controlDelayS: number, degreeOfSaturation = 0): LevelOfService | null {
  if (Number.isNaN(controlDelayS)) return null;
  if (degreeOfSaturation > 1) return 'F';
  const grade = LEVEL_OF_SERVICE_BOUNDS_S.findIndex((bound) => controlDelayS <= bound);
  return LEVELS_OF_SERVICE[grade] ?? 'F';
}
