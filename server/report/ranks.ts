import wilcoxon from '@stdlib/stats-wilcoxon';

/**
 * The two-sided p-value of Wilcoxon's signed-rank test (1945): how often differences as lopsided as these
 * come about if either sign is as likely.
 *
 * Differences of zero say nothing of the sign and are left out, as Wilcoxon did; if nothing is left, p is 1.
 * Exact up to 50 differences of distinct size, by the normal approximation otherwise. Five differences
 * cannot give less than 0.0625.
 */
export function wilcoxonP(differences: readonly number[]): number {
  const told = differences.filter((difference) => difference !== 0);
  if (told.length < 2) return 1;
  return Math.min(1, wilcoxon(told).pValue);
}

/**
 * Holm's adjustment (1979), Scand. J. Statist. 6, 65–70: p-values of a family of tests, made so large that the
 * chance of any false alarm among those below 0.05 is at most 5 %. What is NaN was not tested, and stays so.
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => Number.NaN);
  const tested = pValues.flatMap((p, k) => (Number.isNaN(p) ? [] : [k]));
  tested.sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  let largest = 0;
  tested.forEach((k, rank) => {
    largest = Math.max(largest, Math.min(1, (tested.length - rank) * pValues[k]!));
    adjusted[k] = largest;
  });
  return adjusted;
}
