/**
 * Gini index of values: half the mean absolute difference between two of them, over their mean. 0 when all are
 * equal, (n − 1) ÷ n when one has everything, 0 for nothing at all. Negative values, which rounding to whole
 * steps leaves in delays, count as 0.
 */
export function giniIndex(values: Float64Array): number {
  const sorted = values.map((value) => Math.max(0, value)).sort();
  const n = sorted.length;
  let total = 0;
  let weighted = 0;
  for (let k = 0; k < n; k++) {
    total += sorted[k]!;
    weighted += (2 * k + 1 - n) * sorted[k]!;
  }
  return total === 0 ? 0 : weighted / (n * total);
}
