import { MODEL, type VehicleTypes } from './network.ts';

/**
 * What the passes need of a type of driver, worked out once. By type; SI units.
 *
 * `interaction` is the gap from which on following cannot limit the speed, whatever the leader does;
 * `lookAhead` is how far a driver looks for a leader and for the intersection.
 */
export interface Drivers {
  readonly lookAhead: Float64Array; //     m
  readonly interaction: Float64Array; //   m
  readonly evenBraking: Uint8Array; //         1: maximum and usual deceleration are equal
  readonly longestVehicle: number; //      m
  readonly longestLookAhead: number; //    m
}

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
    if (model[k] === MODEL.idm) return lookAhead[k] * 2;
    // At this gap both the safe speed behind a standing leader and the headway speed reach `maxSpeed`.
    const safe = v * dt + (v * v) / (2 * Math.min(usualDeceleration[k], maxDeceleration[k])) + minGap[k];
    const harshest = Math.max(...usualDeceleration, ...maxDeceleration);
    const plausible = ((v + harshest * dt) * dt) / 2 + minGap[k];
    return Math.max(safe, plausible, v * (headway[k] + dt / 2)) + 1e-6;
  });
  return {
    lookAhead,
    interaction,
    evenBraking: Uint8Array.from(maxDeceleration, (d, k) => Number(d === usualDeceleration[k])),
    longestVehicle: Math.max(0, ...types.length),
    longestLookAhead: Math.max(0, ...lookAhead),
  };
}

/** What `safeSpeed` answers when no speed is safe; the caller's maximum deceleration limits it. */
export const NO_SAFE_SPEED = -100;

/**
 * The highest speed at the end of a step from which a driver can still stop behind a leader who
 * brakes to a standstill, leaving `margin`: the larger root w of
 *
 *     v·dt/2 + w·dt/2 + w²/(2d) + margin = gap + vL²/(2dL)
 *
 * and no more than closes the gap within the step. (CityFlow's no-collision speed.)
 *
 * @param v        own speed, m/s
 * @param d        own deceleration, m/s²
 * @param leaderV  the leader's speed, m/s
 * @param leaderD  the leader's deceleration, m/s²
 * @param gap      bumper to bumper, m
 * @param margin   distance to keep at standstill, m
 * @param dt       length of a step, s
 */
export function safeSpeed(
  v: number,
  d: number,
  leaderV: number,
  leaderD: number,
  gap: number,
  margin: number,
  dt: number,
): number {
  const c = (v * dt) / 2 + margin - (0.5 * leaderV * leaderV) / leaderD - gap;
  const a = 0.5 / d;
  const b = 0.5 * dt;
  const discriminant = b * b - 4 * a * c;
  if (b * b < 4 * a * c) return NO_SAFE_SPEED;
  const root = (0.5 / a) * (Math.sqrt(discriminant) - b);
  const closing = 2 * leaderV - leaderD * dt + (2 * (gap - margin)) / dt;
  return root < closing ? root : closing;
}

/**
 * The speed at which the time headway to the leader will be `headway`, if the leader's speed moves
 * half way toward one's own when that is higher. (CityFlow's safe-distance speed.)
 */
export function headwaySpeed(v: number, leaderV: number, gap: number, headway: number, dt: number): number {
  const closing = v > leaderV ? v - leaderV : 0;
  return (gap + (leaderV + closing / 2) * dt - (v * dt) / 2) / (headway + dt / 2);
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
