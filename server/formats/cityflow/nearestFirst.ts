/**
 * A priority queue that gives out equal distances in the order CityFlow's does.
 *
 * It repeats the binary heap of the C++ standard library in use there (libstdc++ `push_heap` and
 * `pop_heap`): a new entry rises past strictly farther ones only; on removal the hole sinks to the
 * bottom by the nearer child, the right one on ties, and the last entry rises from there.
 */
export class NearestFirst {
  readonly #rows: number[] = [];
  readonly #distances: number[] = [];

  get count(): number {
    return this.#rows.length;
  }

  /** The row in front. There must be one. */
  get nearest(): number {
    return this.#rows[0]!;
  }

  push(row: number, distance: number): void {
    this.#rows.push(row);
    this.#distances.push(distance);
    this.#rise(this.#rows.length - 1, row, distance);
  }

  /** Removes the row in front. */
  pop(): void {
    const row = this.#rows.pop()!;
    const distance = this.#distances.pop()!;
    const count = this.#rows.length;
    if (count === 0) return;
    let hole = 0;
    while (2 * hole + 1 < count) {
      const left = 2 * hole + 1;
      const right = left + 1;
      const nearer = right < count && this.#distances[right]! <= this.#distances[left]! ? right : left;
      this.#place(hole, this.#rows[nearer]!, this.#distances[nearer]!);
      hole = nearer;
    }
    this.#rise(hole, row, distance);
  }

  #rise(from: number, row: number, distance: number): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (this.#distances[parent]! <= distance) break;
      this.#place(hole, this.#rows[parent]!, this.#distances[parent]!);
      hole = parent;
    }
    this.#place(hole, row, distance);
  }

  #place(k: number, row: number, distance: number): void {
    this.#rows[k] = row;
    this.#distances[k] = distance;
  }
}
