/**
 * Platoon dispersion: how a dense group of vehicles spreads on its way to the next signal.
 *
 * Robertson (1969), TRANSYT: a traffic network study tool, RRL Report LR 253. Flow that passes the upstream
 * stop line in one step arrives after the shortest travel time T = β T_a, smoothed by the factor
 * F = 1 ÷ (1 + α β T_a):  q_d(t) = F q_u(t − T) + (1 − F) q_d(t − 1).
 */

/** Friction of the street: 0.25 light, 0.35 moderate, 0.5 heavy. */
export const DISPERSION = { light: 0.25, moderate: 0.35, heavy: 0.5 } as const;
const SHORTEST_SHARE = 0.8; // β

/** F, for steps of one second. */
export function smoothingFactor(meanTravelTimeS: number, alpha: number = DISPERSION.moderate): number {
  return 1 / (1 + alpha * SHORTEST_SHARE * meanTravelTimeS);
}

/** How long after passing the upstream stop line vehicles arrive in the mean, s: β T_a + (1 − F) ÷ F. */
export function meanLag(meanTravelTimeS: number, alpha: number = DISPERSION.moderate): number {
  const F = smoothingFactor(meanTravelTimeS, alpha);
  return SHORTEST_SHARE * meanTravelTimeS + (1 - F) / F;
}

/**
 * The flow that arrives downstream, second by second, of a flow that passed upstream; as long as `seconds`.
 * What arrives later than that is cut off.
 */
export function dispersed(
  upstream: readonly number[],
  meanTravelTimeS: number,
  seconds: number,
  alpha: number = DISPERSION.moderate,
): number[] {
  const F = smoothingFactor(meanTravelTimeS, alpha);
  const shortest = Math.round(SHORTEST_SHARE * meanTravelTimeS);
  const arriving: number[] = [];
  for (let t = 0; t < seconds; t++) {
    arriving.push(F * (upstream[t - shortest] ?? 0) + (1 - F) * (arriving[t - 1] ?? 0));
  }
  return arriving;
}
