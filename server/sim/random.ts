import seedrandom from 'seedrandom';

/** A stream of uniform numbers whose position can be kept and resumed. */
export interface RandomStream {
  /** The next number, uniform in [0, 1). */
  next(): number;
  /** The position, as four numbers. */
  position(): readonly [number, number, number, number];
  /** Continues from a position. */
  resume(position: readonly [number, number, number, number]): void;
}

/**
 * The stream of one purpose, such as `arrivals:north`, under one seed. Streams of different names are
 * independent, so that adding an origin leaves the numbers of the others as they were.
 *
 * Baagøe's Alea by way of seedrandom: additions and multiplications of doubles only, hence the same
 * on every platform.
 */
export function randomStream(seed: number, name: string): RandomStream {
  let generator = seedrandom.alea(`${seed}/${name}`, { state: true });
  return {
    next: () => generator(),
    position: () => {
      const { c, s0, s1, s2 } = generator.state();
      return [c, s0, s1, s2];
    },
    resume: ([c, s0, s1, s2]) => {
      generator = seedrandom.alea('', { state: { c, s0, s1, s2 } });
    },
  };
}

const LN2 = Math.LN2;

/**
 * Natural logarithm for x in (0, 1], to about 1e-15 of relative error, from + − × ÷ alone:
 * `Math.log` may differ in the last bit between engines, and one bit parts two replays.
 *
 * x = m · 2^k with m in [√½, √2); ln m = 2 artanh((m − 1)/(m + 1)), whose series in odd powers has
 * fallen below 1e-17 after fifteen terms.
 */
export function naturalLogarithm(x: number): number {
  let m = x;
  let k = 0;
  while (m < Math.SQRT1_2) {
    m *= 2;
    k--;
  }
  const z = (m - 1) / (m + 1);
  const zz = z * z;
  let series = 0;
  for (let n = 29; n >= 1; n -= 2) series = series * zz + 1 / n;
  return 2 * z * series + k * LN2;
}

/** A draw from the exponential distribution of mean 1: waiting time to the next event of a Poisson process. */
export function exponential(stream: RandomStream): number {
  return -naturalLogarithm(1 - stream.next());
}
