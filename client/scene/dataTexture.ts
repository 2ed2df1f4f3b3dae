import { BufferImageSource } from 'pixi.js';

/** Texels in a line of every table; a power of two, so that shaders find a texel by mask and shift. */
export const LINE_BITS = 11;
const LINE = 1 << LINE_BITS;
/** Lines that a table grows by at a time. */
const GROWTH = 8;

/** GLSL: the place of texel `k` of a table. */
export const TEXEL_AT = `ivec2 texelAt(int k) { return ivec2(k & ${LINE - 1}, k >> ${LINE_BITS}); }`;

type Numbers = Uint8Array | Uint16Array | Float32Array;
type Format = 'r8uint' | 'r16uint' | 'rgba16uint' | 'rgba32float' | 'rgba8unorm';

const KINDS = {
  r8uint: { words: 1, make: (length: number) => new Uint8Array(length) },
  r16uint: { words: 1, make: (length: number) => new Uint16Array(length) },
  rgba16uint: { words: 4, make: (length: number) => new Uint16Array(length) },
  rgba32float: { words: 4, make: (length: number) => new Float32Array(length) },
  rgba8unorm: { words: 4, make: (length: number) => new Uint8Array(length) },
} as const satisfies Record<Format, { words: number; make: (length: number) => Numbers }>;

/** A table of numbers that shaders read texel by texel. */
export class DataTexture<F extends Format> {
  readonly source: BufferImageSource;
  readonly #format: F;

  constructor(format: F, texels = 1) {
    this.#format = format;
    const lines = linesFor(texels);
    this.source = new BufferImageSource({
      resource: KINDS[format].make(lines * LINE * KINDS[format].words),
      width: LINE,
      height: lines,
      format,
      scaleMode: 'nearest',
      alphaMode: 'no-premultiply-alpha',
    });
  }

  /** The table's own memory. */
  get words(): ReturnType<(typeof KINDS)[F]['make']> {
    return this.source.resource as never;
  }

  /** Makes room for at least `texels`; what the table held may be lost. */
  reserve(texels: number): void {
    const lines = linesFor(texels);
    if (lines <= this.source.pixelHeight) return;
    const kind = KINDS[this.#format];
    this.source.resource = kind.make(lines * LINE * kind.words) as never;
    this.source.resize(LINE, lines);
  }

  /** Sends the first `texels` to the graphics card. */
  send(texels: number): void {
    const lines = Math.min(this.source.pixelHeight, Math.ceil(texels / LINE));
    if (lines > 0) this.source.update(0, lines * LINE);
  }

  /** Takes in all of `words`, and sends them. */
  fill(words: Numbers): void {
    const texels = words.length / KINDS[this.#format].words;
    this.reserve(texels);
    this.words.set(words);
    this.send(texels);
  }
}

function linesFor(texels: number): number {
  const lines = Math.max(1, Math.ceil(texels / LINE));
  return lines <= 2 ? lines : Math.ceil(lines / GROWTH) * GROWTH;
}
