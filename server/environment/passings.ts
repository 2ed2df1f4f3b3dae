/** How long a passing is remembered, s: longer than the drive along all but the longest roads. */
const MEMORY_S = 150;

/** When vehicles passed a place, as far as a look now and then can tell. */
export class Passings {
  readonly #rows: { readonly untilS: number; readonly spanS: number; readonly count: number }[] = [];

  /** `count` vehicles passed in the `spanS` until `untilS`, evenly as far as is known. */
  add(untilS: number, spanS: number, count: number): void {
    if (count === 0) return;
    this.#rows.push({ untilS, spanS: Math.max(1, spanS), count });
    while (this.#rows[0]!.untilS < untilS - MEMORY_S) this.#rows.shift();
  }

  /** Vehicles that passed after `fromS` and until `untilS`. */
  within(fromS: number, untilS: number): number {
    let passed = 0;
    for (let k = this.#rows.length - 1; k >= 0; k--) {
      const row = this.#rows[k]!;
      if (row.untilS <= fromS) break;
      const overlap = Math.min(row.untilS, untilS) - Math.max(row.untilS - row.spanS, fromS);
      if (overlap > 0) passed += row.count * Math.min(1, overlap / row.spanS);
    }
    return passed;
  }

  /** When the `n`th last vehicle passed; when the first that is remembered did, if they are fewer. `null`: none has. */
  whenPassed(n: number): number | null {
    let passed = 0;
    for (let k = this.#rows.length - 1; k >= 0; k--) {
      passed += this.#rows[k]!.count;
      if (passed >= n) return this.#rows[k]!.untilS;
    }
    return this.#rows[0]?.untilS ?? null;
  }

  remember(memory: number[]): void {
    memory.push(this.#rows.length);
    for (const { untilS, spanS, count } of this.#rows) memory.push(untilS, spanS, count);
  }

  recall(next: () => number): void {
    this.#rows.length = next();
    for (let k = 0; k < this.#rows.length; k++) {
      this.#rows[k] = { untilS: next(), spanS: next(), count: next() };
    }
  }
}
