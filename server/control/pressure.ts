import type { Account } from './controller.ts';
import type { View } from './view.ts';

/** What the pressure of a movement is made of: the lanes that feed it, and all lanes of its exit. */
export interface Term {
  readonly movement: number;
  readonly lanes: Int32Array;
  readonly exitLanes: Int32Array;
}

/**
 * By phase: the movements whose pressure counts. Right turns do not: the literature's networks leave them
 * open in every phase.
 */
export function pressureTerms(view: View): readonly (readonly Term[])[] {
  return Array.from({ length: view.phaseCount }, (_, p) =>
    [...view.movements(p)]
      .filter((m) => !view.isRightTurn(m))
      .map((m) => ({ movement: m, lanes: view.lanes(m), exitLanes: view.exitLanes(m) })),
  );
}

/** Vehicles standing on some lanes. */
export function queueOn(lanes: Int32Array, view: View): number {
  let queue = 0;
  for (const lane of lanes) queue += view.queue(lane);
  return queue;
}

/**
 * Efficient pressure of a phase: over its movements, the queue on the lanes that feed it minus the mean queue
 * of the lanes it leads into.
 *
 * Wu, Q. et al. (2021), Efficient Pressure: Improving Efficiency for Signalized Intersections, arXiv 2112.02336.
 */
export function efficientPressure(terms: readonly Term[], view: View): number {
  let pressure = 0;
  for (const term of terms) pressure += efficientPressureOf(term, view);
  return pressure;
}

/** Efficient pressure of one movement. */
export function efficientPressureOf({ lanes, exitLanes }: Term, view: View): number {
  return queueOn(lanes, view) - queueOn(exitLanes, view) / exitLanes.length;
}

/**
 * Why the phase of highest pressure was taken, or the present one kept: with a hold that may not be the highest.
 *
 * @param best  the phase that was taken
 */
export function reasonOfHighest(
  pressures: (phase: number) => number,
  { phaseCount }: View,
  hold: number,
  best: number,
): string {
  for (let p = 0; p < phaseCount; p++) {
    if (pressures(p) > pressures(best)) {
      return `because no other pressure is higher than its own by more than ${hold} vehicles`;
    }
  }
  return 'because its pressure is highest';
}

/** What a controller that takes the phase of highest pressure says for itself. */
export function accountOfPressure(
  terms: readonly (readonly Term[])[],
  pressureOf: (term: Term) => number,
  reason: string,
): Account {
  return {
    reason,
    scoreName: 'pressure: vehicles standing before it less those behind it',
    phases: terms.map((row) => {
      const movements = row.map((term) => ({ movement: term.movement, value: pressureOf(term) }));
      return { score: movements.reduce((sum, { value }) => sum + value, 0), movements };
    }),
  };
}

/**
 * The phase of highest pressure, the first of equals; the present one where it lacks no more than `hold`
 * vehicles. With a hold of 0 that is the stated rule, for then only the highest counts.
 */
export function phaseOfHighest(
  pressures: (phase: number) => number,
  { phaseCount, phase: present }: View,
  hold: number,
): number {
  let best = 0;
  let highest = -Infinity;
  for (let p = 0; p < phaseCount; p++) {
    const pressure = pressures(p) + (p === present ? hold : 0);
    if (pressure > highest) {
      highest = pressure;
      best = p;
    }
  }
  return best;
}
