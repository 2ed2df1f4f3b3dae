import type { Controller } from './controller.ts';
import type { View } from './view.ts';

/**
 * Fixed time: the scenario's plan. Phases follow one another in order, each for its split; the first
 * begins `offsetS` after the master reference (the start of the run), and again every cycle.
 *
 * A phase's split includes its yellow change and red clearance, so the next phase is asked for that
 * much before its turn, and its green begins on time.
 */
export class FixedTime implements Controller {
  readonly #ends: readonly number[]; // s into the cycle at which each phase's green ends
  readonly #cycleS: number;

  constructor(view: View) {
    let start = 0;
    this.#ends = Array.from({ length: view.phaseCount }, (_, p) => {
      start += view.splitS(p);
      return start - view.clearanceS(p);
    });
    this.#cycleS = start;
  }

  decide(view: View): number {
    const sinceStart = (view.timeS - view.offsetS) % this.#cycleS;
    const intoCycle = sinceStart < 0 ? sinceStart + this.#cycleS : sinceStart;
    const phase = this.#ends.findIndex((end) => intoCycle < end - 1e-9);
    return phase === -1 ? 0 : phase;
  }
}
