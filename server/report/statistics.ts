import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { randomStream } from '../sim/random.ts';

/** From `low` to `high`, both in the unit of the values. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Confidence of every interval in a report. */
const CONFIDENCE = 0.95;
const RESAMPLES = 10_000;
/** More seeds than anybody would run: what needs more is told as being out of reach. */
const SEEDS_MAX = 10_000;

/** NaN for no values. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Standard deviation of the population these values are a sample of (n − 1 below); NaN for fewer than two. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const middle = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - middle) * (value - middle);
  return Math.sqrt(squares / (values.length - 1));
}

/** Student's 95 % interval for the mean; `null` for fewer than two values. */
export function tInterval(values: readonly number[]): Interval | null {
  if (values.length < 2) return null;
  const half = halfWidth(deviation(values), values.length);
  const middle = mean(values);
  return { low: middle - half, high: middle + half };
}

/** Half the width of Student's 95 % interval for a mean of `n` values. */
function halfWidth(spread: number, n: number): number {
  return (tFactor(n - 1) * spread) / Math.sqrt(n);
}

const factors = new Map<number, number>();

/** The t of a two-sided 95 % interval. */
function tFactor(degreesOfFreedom: number): number {
  let factor = factors.get(degreesOfFreedom);
  if (factor === undefined) {
    factor = tQuantile((1 + CONFIDENCE) / 2, degreesOfFreedom);
    factors.set(degreesOfFreedom, factor);
  }
  return factor;
}

/**
 * The percentile bootstrap's 95 % interval for the mean: of the means of 10,000 samples drawn from the
 * values with replacement, the middle 95 %. Efron (1979), Ann. Statist. 7, 1–26. `null` for fewer than
 * two values.
 *
 * The draws are the same for every sample of the same size, so equal values give equal intervals.
 */
export function bootstrapInterval(values: readonly number[]): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const draws = drawsFor(n);
  const means = new Float64Array(RESAMPLES);
  for (let r = 0, k = 0; r < RESAMPLES; r++) {
    let sum = 0;
    for (const end = k + n; k < end; k++) sum += values[draws[k]!]!;
    means[r] = sum / n;
  }
  means.sort();
  const tail = (1 - CONFIDENCE) / 2;
  return { low: quantile(means, tail), high: quantile(means, 1 - tail) };
}

let kept: { readonly n: number; readonly draws: Uint16Array } = { n: 0, draws: new Uint16Array(0) };

/** Indices of the values in each resample, one resample after another. The latest are kept: they serve every measure. */
function drawsFor(n: number): Uint16Array {
  if (kept.n !== n) {
    const stream = randomStream(0, `bootstrap:${n}`);
    kept = { n, draws: Uint16Array.from({ length: RESAMPLES * n }, () => Math.floor(stream.next() * n)) };
  }
  return kept.draws;
}

/** Of values in ascending order, by linear interpolation between the two nearest; NaN for none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (at - below) * (high - low);
}

/**
 * How many seeds make the 95 % interval of a mean no wider than ± `wanted`, given the standard deviation
 * from seed to seed: the least n with t(n − 1) s ÷ √n ≤ `wanted`. Infinity if 10,000 are not enough.
 *
 * With t rather than the normal distribution's 1.96, which promises too much for few seeds.
 */
export function seedsNeeded(spread: number, wanted: number): number {
  if (!(wanted > 0) || !(halfWidth(spread, SEEDS_MAX) <= wanted)) return Infinity;
  let enough = 2;
  while (halfWidth(spread, enough) > wanted) enough = Math.min(SEEDS_MAX, enough * 2);
  let few = Math.max(2, Math.floor(enough / 2));
  if (halfWidth(spread, few) <= wanted) return few;
  while (enough - few > 1) {
    const middle = (few + enough) >> 1;
    if (halfWidth(spread, middle) > wanted) few = middle;
    else enough = middle;
  }
  return enough;
}

/** Whether zero lies outside, on which verdict words depend. */
export function excludesZero(interval: Interval | null): boolean {
  return interval !== null && (interval.low > 0 || interval.high < 0);
}
