import { enumeration } from '../report/figures.ts';
import type { Series } from '../report/runResult.ts';
import { mser5 } from '../report/warmup.ts';
import { grouped } from './runTable.ts';

const MINUTE_S = 60;

/** What is left out at the start of every run, and why it is that long. */
export interface Warmup {
  readonly warmupS: number;
  /** For the terminal and the report, in a sentence. */
  readonly reason: string;
}

/** A controller and its pilot run: the first seed, nothing left out. */
export interface Pilot {
  readonly controller: string;
  readonly series: Series;
}

/**
 * The warm-up that MSER-5 finds in the vehicles present: the longest that any controller needs, in whole
 * minutes, at most half of the run.
 */
export function warmupOf(pilots: readonly Pilot[], durationS: number): Warmup {
  const most = Math.floor(durationS / 2 / MINUTE_S) * MINUTE_S;
  const cuts = pilots.map(({ series }) => mser5(series.present));
  const longest = Math.max(...cuts.map(({ cut }, k) => cut * pilots[k]!.series.intervalS));
  const warmupS = Math.min(most, Math.ceil(longest / MINUTE_S) * MINUTE_S);
  const drifting = pilots.filter((_, k) => !cuts[k]!.steady).map(({ controller }) => controller);
  const found = `Warm-up: ${grouped(warmupS)} s, by MSER-5 on the vehicles present in a pilot run of each controller.`;
  if (drifting.length === 0) return { warmupS, reason: found };
  return {
    warmupS,
    reason: `${found} No steady state was found under ${enumeration(drifting)}: the traffic of this scenario keeps changing, so the figures are means over a change.`,
  };
}

export function warmupGiven(warmupS: number): Warmup {
  return { warmupS, reason: `Warm-up: ${grouped(warmupS)} s, as told.` };
}
