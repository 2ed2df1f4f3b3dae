import type { Bounds } from './camera.ts';
import { type Paths, TEXEL } from './paths.ts';

const CELL_M = 40;
const CELLS_A_SIDE_MAX = 512;

/** Finds the elements near a place: squares of the map, each with the elements whose lines come through. */
export class Cells {
  readonly #bounds: Bounds;
  readonly #size: number;
  readonly #columns: number;
  readonly #rows: number;
  /** By cell: elements `items[starts[cell]] … items[starts[cell + 1] − 1]`. */
  readonly #starts: Int32Array;
  readonly #items: Int32Array;

  constructor(paths: Paths, bounds: Bounds) {
    const width = bounds.right - bounds.left;
    const height = bounds.top - bounds.bottom;
    this.#bounds = bounds;
    this.#size = Math.max(CELL_M, Math.max(width, height) / CELLS_A_SIDE_MAX);
    this.#columns = Math.floor(width / this.#size) + 1;
    this.#rows = Math.floor(height / this.#size) + 1;
    this.#starts = new Int32Array(this.#columns * this.#rows + 1);
    this.#eachEntry(paths, (cell) => {
      this.#starts[cell + 1]!++;
    });
    for (let cell = 0; cell + 1 < this.#starts.length; cell++) this.#starts[cell + 1]! += this.#starts[cell]!;
    this.#items = new Int32Array(this.#starts[this.#starts.length - 1]!);
    const next = this.#starts.slice();
    this.#eachEntry(paths, (cell, e) => {
      this.#items[next[cell]!++] = e;
    });
  }

  /** Elements that may come within `reach` m of a place, each once. */
  near(x: number, y: number, reach: number): Set<number> {
    const found = new Set<number>();
    this.#eachCell(x - reach, y - reach, x + reach, y + reach, (cell) => {
      for (let k = this.#starts[cell]!; k < this.#starts[cell + 1]!; k++) found.add(this.#items[k]!);
    });
    return found;
  }

  /** Long lines are taken cell by cell, so that a slanting one is not in all cells of its rectangle. */
  #eachEntry({ table, elementCount }: Paths, visit: (cell: number, e: number) => void): void {
    for (let e = 0; e < elementCount; e++) {
      const first = table[e * TEXEL]!;
      const count = table[e * TEXEL + 1]!;
      let last = -1;
      const once = (cell: number) => {
        if (cell !== last) visit(cell, e);
        last = cell;
      };
      for (let k = first; k < first + count; k++) {
        const [x, y, toX, toY] = table.subarray(k * TEXEL, k * TEXEL + 4) as unknown as [
          number,
          number,
          number,
          number,
        ];
        const parts = Math.max(1, Math.ceil(Math.hypot(toX - x, toY - y) / this.#size));
        for (let part = 0; part < parts; part++) {
          const ax = x + ((toX - x) * part) / parts;
          const ay = y + ((toY - y) * part) / parts;
          const bx = x + ((toX - x) * (part + 1)) / parts;
          const by = y + ((toY - y) * (part + 1)) / parts;
          this.#eachCell(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by), once);
        }
      }
    }
  }

  #eachCell(left: number, bottom: number, right: number, top: number, visit: (cell: number) => void): void {
    const column = (x: number) => clamp(Math.floor((x - this.#bounds.left) / this.#size), this.#columns);
    const row = (y: number) => clamp(Math.floor((y - this.#bounds.bottom) / this.#size), this.#rows);
    for (let r = row(bottom); r <= row(top); r++) {
      for (let c = column(left); c <= column(right); c++) visit(r * this.#columns + c);
    }
  }
}

function clamp(k: number, count: number): number {
  return Math.min(count - 1, Math.max(0, k));
}
