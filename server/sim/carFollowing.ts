import { MODEL, type VehicleTypes } from './network.ts';

/**
 * What the passes need of a type of driver, worked out once. By type; SI units.
 *
 * `interaction` is the gap from which on following cannot limit the speed, whatever the leader does, and
 * negative for intelligent drivers, who mind a leader at any distance. `lookAhead` is how far a driver
 * looks for a leader and for the intersection. Further than `sight` from the end of its element it need not
 * look for a leader beyond it; further than `clear`, for nothing at all.
 */
export interface Drivers {
  readonly lookAhead: Float64Array; //     m
  readonly interaction: Float64Array; //   m
  readonly sight: Float64Array; //         m
  readonly clear: Float64Array; //         m
  readonly evenBraking: Uint8Array; //         1: maximum and usual deceleration are equal
  readonly brakingFactor: Float64Array; //   s²/m   1 ÷ twice the usual deceleration
  readonly emergencyFactor: Float64Array; // s²/m   1 ÷ twice the maximum deceleration
  readonly none: Float64Array; //               a column of zeros
  readonly one: Float64Array; //                a column of ones
  readonly longestVehicle: number; //      m
  readonly longestSpacing: number; //      m     of vehicles in a queue, front to front
  readonly longestLookAhead: number; //    m
}

/** The `interaction` of drivers who follow by another model than the reference's. */
const NEVER_CLEAR = -Infinity;

export function createDrivers(types: VehicleTypes, dt: number): Drivers {
  const { maxSpeed, usualDeceleration, maxDeceleration, minGap, headway, model } = types;
  const lookAhead = maxSpeed.map((v, k) => {
    // The reference's look-ahead. The intelligent driver reacts earlier: to standing obstacles at
    // three times its desired gap, from where the interaction term is below a ninth of the free term.
    const reference = (v * v) / usualDeceleration[k] / 2 + v * dt * 2;
    return model[k] === MODEL.idm
      ? Math.max(reference, 3 * (minGap[k] + v * headway[k]) + reference)
      : reference;
  });
  const interaction = maxSpeed.map((v, k) => {
    if (model[k] === MODEL.idm) return NEVER_CLEAR;
    // At this gap both the safe speed behind a standing leader and the headway speed reach `maxSpeed`.
    const safe = v * dt + (v * v) / (2 * Math.min(usualDeceleration[k], maxDeceleration[k])) + minGap[k];
    const harshest = Math.max(...usualDeceleration, ...maxDeceleration);
    const plausible = ((v + harshest * dt) * dt) / 2 + minGap[k];
    return Math.max(safe, plausible, v * (headway[k] + dt / 2)) + 1e-6;
  });
  const longestVehicle = Math.max(0, ...types.length);
  const sight = interaction.map((gap) => (gap === NEVER_CLEAR ? Infinity : gap + longestVehicle));
  return {
    lookAhead,
    interaction,
    sight,
    clear: sight.map((distance, k) => Math.max(distance, lookAhead[k])),
    evenBraking: Uint8Array.from(maxDeceleration, (d, k) => Number(d === usualDeceleration[k])),
    brakingFactor: usualDeceleration.map((d) => 0.5 / d),
    emergencyFactor: maxDeceleration.map((d) => 0.5 / d),
    none: maxSpeed.map(() => 0),
    one: maxSpeed.map(() => 1),
    longestVehicle,
    longestSpacing: Math.max(0, ...types.length.map((length, k) => length + minGap[k])),
    longestLookAhead: Math.max(0, ...lookAhead),
  };
}

/**
 * Intelligent Driver Model: the acceleration of a driver who would like to travel at `v0` while
 * staying `s0 + v·T` behind whoever is ahead.
 *
 * Treiber, Hennecke & Helbing (2000), Phys. Rev. E 62, 1805, eqs. 2–3. Symbols are the paper's; δ = 4,
 * as two squarings: `Math.pow` is not the same function everywhere, its last bit changed between
 * Node 22 and Node 24, and one bit is enough to make two replays part ways.
 *
 * @param s   gap to the leader, m; Infinity: none
 * @param dv  approaching rate, own speed minus leader's, m/s
 */
export function idmAcceleration(
  v: number,
  v0: number,
  s: number,
  dv: number,
  a: number,
  b: number,
  T: number,
  s0: number,
): number {
  const free = v / v0;
  const free2 = free * free;
  const dynamic = v * T + (v * dv) / (2 * Math.sqrt(a * b));
  const desired = s0 + (dynamic > 0 ? dynamic : 0);
  const interaction = desired / (s > 0.01 ? s : 0.01);
  return a * (1 - free2 * free2 - interaction * interaction);
}
