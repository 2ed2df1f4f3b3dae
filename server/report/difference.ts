import type { Measure } from './measureList.ts';
import { wilcoxonP } from './ranks.ts';
import {
  bootstrapInterval,
  deviation,
  excludesZero,
  type Interval,
  mean,
  seedsNeeded,
  tInterval,
} from './statistics.ts';

/**
 * What may be said of a difference. A word of praise or blame needs both intervals to leave out zero;
 * `null` where there is no interval, or the measure has no good direction.
 */
export type Verdict = 'better' | 'worse' | 'no difference shown' | null;

/** A mean over seeds. Plain data: what cannot be told is `null`. */
export interface Estimate {
  readonly seeds: number;
  readonly mean: number | null;
  readonly deviation: number | null;
  /** Student's 95 % interval of the mean. */
  readonly interval: Interval | null;
}

/** A rival minus the baseline, paired by seed. Plain data: what cannot be told is `null`. */
export interface Difference {
  /** Pairs in which both values are numbers. */
  readonly pairs: number;
  readonly mean: number | null;
  /** Mean difference ÷ the baseline's mean over the same pairs. */
  readonly relative: number | null;
  readonly t: Interval | null;
  readonly bootstrap: Interval | null;
  readonly wilcoxonP: number | null;
  /** `wilcoxonP` adjusted over the family of the verdict; `null` outside of it. */
  readonly holmP: number | null;
  readonly verdict: Verdict;
  /** Where no difference was shown: seeds that would show one of this size; `null`: more than 10,000. */
  readonly seedsNeeded: number | null;
}

export function estimateOf(values: readonly number[]): Estimate {
  const told = values.filter(Number.isFinite);
  return {
    seeds: told.length,
    mean: toldOrNull(mean(told)),
    deviation: toldOrNull(deviation(told)),
    interval: tInterval(told),
  };
}

/** Compares values of equal seeds in equal places. Pairs in which either is not a finite number are left out. */
export function differenceOf(
  baseline: readonly number[],
  rival: readonly number[],
  better: Measure['better'],
): Difference {
  const differences: number[] = [];
  const before: number[] = [];
  baseline.forEach((value, k) => {
    const difference = rival[k]! - value;
    if (!Number.isFinite(difference)) return;
    differences.push(difference);
    before.push(value);
  });
  const middle = mean(differences);
  const t = tInterval(differences);
  const bootstrap = bootstrapInterval(differences);
  const verdict = verdictOf(middle, t, bootstrap, better);
  const enough = seedsNeeded(deviation(differences), Math.abs(middle));
  return {
    pairs: differences.length,
    mean: toldOrNull(middle),
    relative: toldOrNull(middle / Math.abs(mean(before))),
    t,
    bootstrap,
    wilcoxonP: differences.length < 2 ? null : wilcoxonP(differences),
    holmP: null,
    verdict,
    seedsNeeded: verdict === 'no difference shown' ? toldOrNull(enough) : null,
  };
}

function verdictOf(
  difference: number,
  t: Interval | null,
  bootstrap: Interval | null,
  better: Measure['better'],
): Verdict {
  if (t === null || better === null) return null;
  if (!excludesZero(t) || !excludesZero(bootstrap)) return 'no difference shown';
  return difference < 0 === (better === 'lower') ? 'better' : 'worse';
}

/** For JSON, which has neither NaN nor Infinity. */
export function toldOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
