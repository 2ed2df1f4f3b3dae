import { type Difference, differenceOf, type Estimate, estimateOf } from './difference.ts';
import type { Measure } from './measureList.ts';
import type { RunResult } from './runResult.ts';

/**
 * How the time that is measured begins: a controller that does badly during the warm-up leaves a backlog, whose discharge
 * is then counted. The controller without one discharges less, has fewer vehicles to discharge, and is no worse for it.
 */
export interface WindowStart {
  /** By controller: vehicles on the network or waiting to enter it when the warm-up ends. */
  readonly present: readonly Estimate[];
  /** By rival: this controller minus the baseline. */
  readonly differences: readonly Difference[];
  /** By controller: the measure of the verdict over the whole run; `null` where runs do not have it. */
  readonly wholeHeadline: readonly Estimate[] | null;
}

/** What the end of the warm-up has to do with a loss. */
export type WindowEffect =
  /** Over the whole run no loss is shown: it is made by where the window begins. */
  | { readonly kind: 'made'; readonly whole: Difference }
  /** The rival begins with more vehicles, and part of the loss is their discharge. */
  | { readonly kind: 'carried' };

/** How the window begins under each controller; `null` where nothing is left out at the beginning. */
export function windowStartOf(
  bySeed: readonly (readonly RunResult[])[],
  headline: string,
): WindowStart | null {
  const [baseline = []] = bySeed;
  if (baseline.length === 0 || baseline[0]!.warmupS === 0) return null;
  const present = bySeed.map((runs) => runs.map((run) => run.presentAtWarmupEnd));
  const whole = bySeed.map((runs) => runs.map((run) => run.whole[headline] ?? Number.NaN));
  return {
    present: present.map(estimateOf),
    differences: present.slice(1).map((own) => differenceOf(present[0]!, own, 'lower')),
    wholeHeadline: whole.flat().every(Number.isFinite) ? whole.map(estimateOf) : null,
  };
}

/** Whether a rival begins with shown to be more vehicles than the baseline, or fewer; `null`: not told apart. */
export function beginsWith({ differences }: WindowStart, rival: number): 'more' | 'fewer' | null {
  const verdict = differences[rival]?.verdict;
  return verdict === 'worse' ? 'more' : verdict === 'better' ? 'fewer' : null;
}

/** What the window's beginning has to do with a rival's loss in a measure; `null`: nothing is shown. */
export function effectOnMeasure(
  { id, better, span }: Measure,
  baseline: readonly RunResult[],
  rival: readonly RunResult[],
  begins: 'more' | 'fewer' | null,
): WindowEffect | null {
  if (begins === null || span === 'run') return null;
  const wholeOf = (runs: readonly RunResult[]) => runs.map((run) => run.whole[id] ?? Number.NaN);
  const whole = differenceOf(wholeOf(baseline), wholeOf(rival), better);
  if (whole.pairs === baseline.length) return whole.verdict === 'worse' ? null : { kind: 'made', whole };
  return begins === 'more' ? { kind: 'carried' } : null;
}
