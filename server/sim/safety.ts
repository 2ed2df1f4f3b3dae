/** Surrogate measures of safety: what nearly happened, since the model's drivers do not crash. */

/** Time to collision (s) below which a pair is in conflict: the usual threshold of the SSAM (FHWA-HRT-08-051). */
export const CRITICAL_TTC = 1.5;

/**
 * Speed (m/s, 10 mph) up to which a vehicle is in no conflict, however near the one ahead: it moves up in a queue.
 * The filter of the SSAM's validation.
 */
export const CREEPING = 4.47;

/**
 * Deceleration (m/s², as a positive number) beyond which braking counts as hard: 11 ft/s², the critical rate to
 * avoid a crash in the SSAM's studies. Drivers of the built-in types mean to brake at 2 to 2.5 m/s².
 */
export const HARD_BRAKING = 3.35;

/** Time to collision, s: gap ÷ closing speed; Infinity for a pair that does not close. */
export function timeToCollision(gap: number, closingSpeed: number): number {
  return closingSpeed > 0 ? gap / closingSpeed : Infinity;
}

/** Deceleration rate to avoid a crash, m/s²: closing speed² ÷ (2 gap). */
export function decelerationToAvoid(gap: number, closingSpeed: number): number {
  return closingSpeed > 0 ? (closingSpeed * closingSpeed) / (2 * gap) : 0;
}

/** Reaction time (s) and comfortable deceleration (m/s², 10 ft/s²) of the ITE's formula for yellow. */
const REACTION = 1;
const COMFORTABLE = 3.05;

/**
 * Whether a driver at `distance` (m) before the stop line, when yellow comes on, is in the dilemma zone:
 * it can neither stop comfortably, nor have its rear off the intersection at its speed before conflicting
 * traffic gets green. Gazis, Herman & Maradudin (1960), Oper. Res. 8, 112–132, with the red clearance
 * added to yellow, since that is what it is for.
 *
 * @param clearing   length of the way across and of the vehicle, m
 * @param changeS    yellow change and red clearance, s
 */
export function inDilemmaZone(distance: number, v: number, clearing: number, changeS: number): boolean {
  return distance < v * REACTION + (v * v) / (2 * COMFORTABLE) && distance + clearing > v * changeS;
}

/**
 * Whether such a driver is where drivers decide differently: 2.5 to 5.5 s of travel before the stop line.
 * Zegeer & Deen (1978), ITE Journal 48 (11), 29–34; Parsonson (1978). (Between 90 % and 10 % stop.)
 */
export function inIndecisionZone(distance: number, v: number): boolean {
  return distance >= 2.5 * v && distance <= 5.5 * v && v > 0;
}
