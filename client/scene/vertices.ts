import { Buffer, BufferUsage, Geometry } from 'pixi.js';

const FORMATS = { 1: 'float32', 2: 'float32x2', 3: 'float32x3', 4: 'float32x4' } as const;

/** Numbers of each attribute of a vertex, in order. */
export type VertexLayout = Readonly<Record<string, keyof typeof FORMATS>>;

/** Vertices and triangles on their way into a geometry. */
export class Vertices {
  readonly #layout: VertexLayout;
  readonly #stride: number;
  #numbers = new Float32Array(1 << 12);
  #indices = new Uint32Array(1 << 11);
  #filled = 0;
  #indexCount = 0;

  constructor(layout: VertexLayout) {
    this.#layout = layout;
    this.#stride = Object.values(layout).reduce<number>((sum, count) => sum + count, 0);
  }

  get count(): number {
    return this.#filled / this.#stride;
  }

  /** Numbers of one vertex, as the layout has them. */
  add(...numbers: readonly number[]): void {
    if (this.#filled + this.#stride > this.#numbers.length) this.#numbers = doubled(this.#numbers);
    this.#numbers.set(numbers, this.#filled);
    this.#filled += this.#stride;
  }

  triangle(a: number, b: number, c: number): void {
    if (this.#indexCount + 3 > this.#indices.length) {
      const indices = new Uint32Array(this.#indices.length * 2);
      indices.set(this.#indices);
      this.#indices = indices;
    }
    this.#indices[this.#indexCount] = a;
    this.#indices[this.#indexCount + 1] = b;
    this.#indices[this.#indexCount + 2] = c;
    this.#indexCount += 3;
  }

  /** The four vertices from `first` on, in rows of two. */
  quad(first: number): void {
    this.triangle(first, first + 1, first + 2);
    this.triangle(first + 1, first + 3, first + 2);
  }

  /** `rows` rows of `columns` vertices each, joined to a band. */
  band(first: number, rows: number, columns: number): void {
    for (let row = 0; row + 1 < rows; row++) {
      for (let k = 0; k + 1 < columns; k++) {
        const at = first + row * columns + k;
        this.triangle(at, at + 1, at + columns);
        this.triangle(at + 1, at + columns + 1, at + columns);
      }
    }
  }

  geometry(): Geometry {
    const buffer = new Buffer({
      data: this.#numbers.slice(0, Math.max(this.#stride, this.#filled)),
      usage: BufferUsage.VERTEX | BufferUsage.COPY_DST,
    });
    const attributes: Record<
      string,
      { buffer: Buffer; format: (typeof FORMATS)[1 | 2 | 3 | 4]; stride: number; offset: number }
    > = {};
    let offset = 0;
    for (const [name, count] of Object.entries(this.#layout)) {
      attributes[name] = { buffer, format: FORMATS[count], stride: this.#stride * 4, offset: offset * 4 };
      offset += count;
    }
    return new Geometry({
      attributes,
      // A mesh without triangles draws one of no area.
      indexBuffer: this.#indexCount === 0 ? new Uint32Array(3) : this.#indices.slice(0, this.#indexCount),
    });
  }
}

function doubled(numbers: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const room = new Float32Array(numbers.length * 2);
  room.set(numbers);
  return room;
}
