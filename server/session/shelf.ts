import type { Kept, World } from './world.ts';

/** What the moments of a session may take together. */
const BYTES_MAX = 128_000_000;

/**
 * What a moment may take for each vehicle and step since the one before: running again from there is weighed against memory.
 * It makes moments lie some hundredths of a second of computing apart on a corridor, and a quarter of a second in a city.
 */
const BYTES_FOR_WORK = 10;

interface Moment {
  readonly step: number;
  readonly worlds: readonly Kept[];
  readonly bytes: number;
}

/** Moments of all sides of a session to come back to, in order. When they take too much, every second one goes. */
export class Shelf {
  #moments: Moment[] = [];

  has(step: number): boolean {
    return this.#moments.some((moment) => moment.step === step);
  }

  /** @param work  since the last moment, vehicles × steps */
  isWorth(work: number): boolean {
    const { bytes } = this.#moments[this.#moments.length - 1]!;
    return work * BYTES_FOR_WORK >= bytes;
  }

  put(step: number, worlds: readonly World[]): void {
    const kept = worlds.map((world) => world.keep());
    const moment = { step, worlds: kept, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) };
    this.#moments.push(moment);
    this.#moments.sort((a, b) => a.step - b.step);
    while (this.#moments.length > 2 && this.bytes > BYTES_MAX) {
      this.#moments = this.#moments.filter((_, k) => k % 2 === 0);
    }
  }

  get bytes(): number {
    return this.#moments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The last moment that is not after a step. There is one: the beginning is never thrown away. */
  lastUpTo(step: number): readonly [number, readonly Kept[]] {
    const { step: at, worlds } = this.#moments.findLast((moment) => moment.step <= step)!;
    return [at, worlds];
  }

  forgetAfter(step: number): void {
    this.#moments = this.#moments.filter((moment) => moment.step <= step);
  }
}
