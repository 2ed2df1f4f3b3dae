import type { Rate } from './limits.ts';

/** Counts what comes so often that a promise for each, as `Rates` makes one, would be most of its cost. */
export class Tally {
  readonly #rate: Rate;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Whether it may happen once more. */
  take(): boolean {
    const now = performance.now();
    if (now - this.#sinceMs > this.#rate.seconds * 1000) {
      this.#sinceMs = now;
      this.#count = 0;
    }
    return ++this.#count <= this.#rate.times;
  }
}
