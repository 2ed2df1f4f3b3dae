/** Where a series has lost the memory of its start. */
export interface WarmupCut {
  /** How many values to leave out. */
  readonly cut: number;
  /** False if the best cut is the last that was allowed: the series still drifts, and was not steady yet. */
  readonly steady: boolean;
}

const BATCH = 5;

/**
 * MSER-5: of the means of batches of five, leave out as many at the start as make the marginal standard error
 * of the rest least, but no more than half. White (1997), Simulation 69, 323–334; White, Cobb & Spratt
 * (2000), Proc. Winter Simulation Conf., 755–760.
 *
 * Values that are not finite are left out of their batch. Too few values for two batches are not steady.
 */
export function mser5(series: ArrayLike<number>): WarmupCut {
  const batches = batchMeans(series);
  const n = batches.length;
  const last = Math.floor(n / 2);
  let best = 0;
  let least = Infinity;
  for (let d = 0; d <= last && n > 1; d++) {
    const error = marginalError(batches, d);
    // A hair's breadth is rounding, not an improvement.
    if (error < least * (1 - 1e-12)) {
      least = error;
      best = d;
    }
  }
  return { cut: best * BATCH, steady: n > 1 && best < last };
}

function batchMeans(series: ArrayLike<number>): number[] {
  const means: number[] = [];
  for (let start = 0; start + BATCH <= series.length; start += BATCH) {
    let sum = 0;
    let count = 0;
    for (let k = start; k < start + BATCH; k++) {
      if (!Number.isFinite(series[k])) continue;
      sum += series[k]!;
      count++;
    }
    means.push(count === 0 ? Number.NaN : sum / count);
  }
  return means;
}

/** Σ (z − z̄)² ÷ count² over the batches from `d` on. */
function marginalError(batches: readonly number[], d: number): number {
  let count = 0;
  let sum = 0;
  for (let k = d; k < batches.length; k++) {
    if (Number.isNaN(batches[k])) continue;
    sum += batches[k]!;
    count++;
  }
  if (count === 0) return Infinity;
  const mean = sum / count;
  let squares = 0;
  for (let k = d; k < batches.length; k++) {
    if (!Number.isNaN(batches[k])) squares += (batches[k]! - mean) * (batches[k]! - mean);
  }
  return squares / (count * count);
}
