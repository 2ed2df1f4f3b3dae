import { ANSWER } from './answer.ts';
import { idmAcceleration } from './carFollowing.ts';
import type { Network } from './network.ts';
import type { Simulation } from './simulation.ts';

/** Wider than the rounding errors in a comparison of distances (m). */
export const ROUNDING = 1e-6;

/** Taken when no speed is safe; the driver's maximum deceleration then limits it. */
const NO_SAFE_SPEED = -100;

/**
 * Lowers `ANSWER.limit` to the safe speed of a driver of `type` with `ANSWER.speed` behind a leader of
 * `leaderType` with `ANSWER.leaderSpeed`, `ANSWER.gap` ahead: with usual braking and the minimum gap to
 * spare, and with maximum braking. Where both brake evenly, the margin makes the first the smaller.
 */
export function limitToSafeSpeed(
  { network, drivers, answer }: Simulation,
  type: number,
  leaderType: number,
): void {
  const { usualDeceleration, maxDeceleration, minGap } = network.types;
  limitToStopBehind(answer, network, usualDeceleration, type, usualDeceleration, leaderType, minGap);
  if (drivers.evenBraking[type] === 1 && drivers.evenBraking[leaderType] === 1) return;
  limitToStopBehind(answer, network, maxDeceleration, type, maxDeceleration, leaderType, drivers.none);
}

/** Lowers `ANSWER.limit` to the highest speed from which a driver of `type` can still come to stand within `ANSWER.gap`. */
export function limitToStand({ network, drivers, answer }: Simulation, type: number): void {
  const { maxDeceleration } = network.types;
  answer[ANSWER.leaderSpeed] = 0;
  limitToStopBehind(answer, network, maxDeceleration, type, maxDeceleration, type, drivers.none);
}

/**
 * Lowers `ANSWER.limit` to the highest speed at the end of the step from which a driver can still stop
 * behind a leader who brakes to a standstill, leaving a margin: the larger root w of
 *
 *     v·dt/2 + w·dt/2 + w²/(2d) + margin = gap + vL²/(2dL)
 *
 * that no more than closes the gap within the step. (CityFlow's no-collision speed.)
 *
 * Decelerations and the margin come as columns by type: a fraction passed as such may be allocated.
 */
function limitToStopBehind(
  answer: Float64Array,
  network: Network,
  deceleration: Float64Array,
  type: number,
  leaderDeceleration: Float64Array,
  leaderType: number,
  margins: Float64Array,
): void {
  const dt = network.stepS;
  const v = answer[ANSWER.speed];
  const leaderV = answer[ANSWER.leaderSpeed];
  const gap = answer[ANSWER.gap];
  const leaderD = leaderDeceleration[leaderType];
  const margin = margins[type];
  const a = 0.5 / deceleration[type];
  const b = 0.5 * dt;
  const c = (v * dt) / 2 + margin - (0.5 * leaderV * leaderV) / leaderD - gap;
  let safe = NO_SAFE_SPEED;
  if (!(b * b < 4 * a * c)) {
    safe = (0.5 / a) * (Math.sqrt(b * b - 4 * a * c) - b);
    const closing = 2 * leaderV - leaderD * dt + (2 * (gap - margin)) / dt;
    if (closing < safe) safe = closing;
  }
  if (safe < answer[ANSWER.limit]) answer[ANSWER.limit] = safe;
}

/**
 * An intelligent driver's desired speed v0 is above the speed that it may drive at by this factor. With v0 at the limit
 * the model would follow a leader at the limit from ever further behind, and a stream of 1,500 veh/h would lose a tenth of
 * its speed on an empty road.
 */
export const DESIRED_FACTOR = 1.15;

/**
 * Lowers `ANSWER.limit` to the speed at the end of the step of an intelligent driver, who may drive at
 * `ANSWER.desired`. A gap of Infinity is no leader.
 */
export function followIntelligently({ network, answer }: Simulation, type: number): void {
  const { types, stepS: dt } = network;
  const v = answer[ANSWER.speed];
  const a = idmAcceleration(
    v,
    answer[ANSWER.desired] * DESIRED_FACTOR,
    answer[ANSWER.gap],
    v - answer[ANSWER.leaderSpeed],
    types.usualAcceleration[type],
    types.usualDeceleration[type],
    types.headway[type],
    types.minGap[type],
  );
  if (v + a * dt < answer[ANSWER.limit]) answer[ANSWER.limit] = v + a * dt;
}

/**
 * Lowers `ANSWER.limit` as if somebody stood `ANSWER.gap` ahead, at the end of a lane from which the
 * driver's route does not go on: it waits there for ever. (CityFlow's rule, its numbers included.)
 */
export function stopAtDeadEnd({ network, drivers, answer }: Simulation, type: number): void {
  const { maxDeceleration, minGap } = network.types;
  answer[ANSWER.leaderSpeed] = 0;
  limitToStopBehind(answer, network, maxDeceleration, type, drivers.one, type, minGap);
}
