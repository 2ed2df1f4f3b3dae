import { type Difference, differenceOf, type Estimate, estimateOf, toldOrNull } from './difference.ts';
import { type Loss, looksAtMovements, lossesOf } from './losses.ts';
import type { Measure } from './measureList.ts';
import { measureOf } from './measureOf.ts';
import { holm } from './ranks.ts';
import type { RunResult } from './runResult.ts';
import { type Service, serviceOf } from './service.ts';
import { mean, seedsNeeded } from './statistics.ts';
import { verdictOf } from './verdict.ts';
import { mser5 } from './warmup.ts';
import { type WindowStart, windowStartOf } from './windowStart.ts';

/** All that runs of several controllers on the same seeds come to. Plain data: what cannot be told is `null`. */
export interface Comparison {
  /** One sentence, with numbers. */
  readonly verdict: string;
  /** What is missing, in a sentence or two; `null` if every run that was asked for is there. */
  readonly partial: string | null;
  /** The first is the baseline, which the others are compared with. */
  readonly controllers: readonly ControllerSummary[];
  /** Seeds that every controller has a run of: nothing else is compared. */
  readonly seeds: readonly number[];
  /**
   * Further seeds, left out because every controller did the same on all of them: where nothing is left to
   * chance, running again is no second look.
   */
  readonly repeats: readonly number[];
  readonly measures: readonly Measure[];
  /** The measure of the verdict, by id. */
  readonly headline: string;
  /** Measures, by id, whose p-values are adjusted together, over all rivals. */
  readonly family: readonly string[];
  readonly rivals: readonly Rival[];
  /** Where a rival is worse than the baseline: the measures, then places, those that hurt most first. */
  readonly losses: readonly Loss[];
  /** False if there are so many movements that losses are told of measures and signals alone. */
  readonly movementLosses: boolean;
  /** How the time that is measured begins under each controller; `null` without a warm-up. */
  readonly window: WindowStart | null;
  readonly precision: Precision | null;
  readonly warmupS: number;
  readonly durationS: number;
}

export interface ControllerSummary {
  readonly controller: string;
  /** By measure id. */
  readonly estimates: Readonly<Record<string, Estimate>>;
  readonly service: Service;
  /** What MSER-5 would have cut from the vehicles present, the mean over seeds; to be held against `warmupS`. */
  readonly mser5: { readonly cutS: number; readonly steady: boolean };
}

export interface Rival {
  readonly controller: string;
  /** By measure id: this controller minus the baseline. */
  readonly differences: Readonly<Record<string, Difference>>;
}

/** Whether the headline's intervals are as narrow as somebody wanted them. */
export interface Precision {
  /** Half the width, in the headline's unit. */
  readonly wanted: number;
  /** Seeds that would do for every rival; `null`: more than 10,000. */
  readonly seedsNeeded: number | null;
  readonly reached: boolean;
}

export interface ComparisonOptions {
  readonly measures: readonly Measure[];
  /** The measure of the verdict; the first with a good direction unless given. */
  readonly headline?: string;
  /** Measures that are adjusted together; the headline and the first with a direction of each group unless given. */
  readonly family?: readonly string[];
  /** What should have been run, in order. Unless given, what was. */
  readonly asked?: { readonly controllers: readonly string[]; readonly seeds: readonly number[] };
  /** Half width that the headline's intervals should have, in its unit. */
  readonly precision?: number;
}

/**
 * Compares controllers, the first of them with each of the others, seed by seed.
 *
 * Only seeds that all controllers have are used, and only one where all came to the same. Measures that no run
 * has are left out. With one seed there are no intervals and no verdict; with one controller, none in a row or
 * no vehicles the sentence says so.
 *
 * @throws {Error} without runs, or for a headline or family that is not among the measures
 */
export function compare(runs: readonly RunResult[], options: ComparisonOptions): Comparison {
  const headline = headlineOf(options);
  const measures = options.measures.filter((m) => m === headline || isMeasured(m, runs));
  const family = options.family ?? familyOf(measures, headline);
  for (const id of family) measureOf(measures, id);
  if (runs.length === 0) throw new Error('There are no runs to compare.');

  const asked = options.asked?.controllers ?? [];
  const names = [...new Set([...asked, ...runs.map(({ controller }) => controller)])];
  const present = names.filter((name) => runs.some(({ controller }) => controller === name));
  const common = commonSeeds(runs, present);
  const repeated = common.length > 1 && present.every((name) => areAlike(runsOf(runs, name, common)));
  const seeds = repeated ? common.slice(0, 1) : common;
  const bySeed = present.map((name) => runsOf(runs, name, seeds));
  const [baseline] = bySeed;
  const rivals = adjusted(
    bySeed.slice(1).map((rival, k) => rivalOf(present[k + 1]!, baseline!, rival, measures)),
    family,
  );
  const window = windowStartOf(bySeed, headline.id);
  const facts = {
    controllers: bySeed.map((own, k) => summaryOf(present[k]!, own, measures)),
    partial: partialOf(runs, names, present, common, options),
    seeds,
    repeats: repeated ? common.slice(1) : [],
    measures,
    headline: headline.id,
    family,
    rivals,
    losses: lossesOf(rivals, bySeed, measures, window),
    window,
    movementLosses: looksAtMovements(baseline!),
    precision: precisionOf(options.precision, baseline!, bySeed.slice(1), headline),
    warmupS: runs[0]!.warmupS,
    durationS: runs[0]!.durationS,
  };
  return { verdict: verdictOf(facts), ...facts };
}

/**
 * The Holm-adjusted p-values of the headline over several scenarios, by scenario and rival: one family, as
 * somebody who looks at many scenarios has many chances to be fooled. `null` where nothing was tested.
 */
export function holmOverScenarios(scenarios: readonly Comparison[]): (number | null)[][] {
  const tested = scenarios.map(({ rivals, headline }) =>
    rivals.map(({ differences }) => differences[headline]?.wilcoxonP ?? Number.NaN),
  );
  const all = holm(tested.flat());
  let next = 0;
  return tested.map((own) => own.map(() => toldOrNull(all[next++])));
}

/** Whether any run has a number for a measure: nobody waits on foot where nobody walks. */
function isMeasured({ id }: Measure, runs: readonly RunResult[]): boolean {
  return runs.length === 0 || runs.some((run) => Number.isFinite(run.measures[id]));
}

function headlineOf({ measures, headline }: ComparisonOptions): Measure {
  if (headline !== undefined) return measureOf(measures, headline);
  const first = measures.find(({ better }) => better !== null);
  if (first === undefined)
    throw new Error('No measure has a good direction, so there is nothing to judge by.');
  return first;
}

function familyOf(measures: readonly Measure[], headline: Measure): string[] {
  const groups = new Set([headline.group]);
  const family = [headline.id];
  for (const { id, group, better } of measures) {
    if (better === null || groups.has(group)) continue;
    groups.add(group);
    family.push(id);
  }
  return family;
}

function commonSeeds(runs: readonly RunResult[], controllers: readonly string[]): number[] {
  const sets = controllers.map(
    (name) => new Set(runs.filter(({ controller }) => controller === name).map(({ seed }) => seed)),
  );
  return [...sets[0]!].filter((seed) => sets.every((set) => set.has(seed))).sort((a, b) => a - b);
}

/** Whether runs came to the same in every measure. */
function areAlike([first, ...others]: readonly RunResult[]): boolean {
  return others.every(({ measures }) =>
    Object.entries(first!.measures).every(([id, value]) => Object.is(measures[id], value)),
  );
}

/** One controller's runs, in the order of the seeds. */
export function runsOf(
  runs: readonly RunResult[],
  controller: string,
  seeds: readonly number[],
): RunResult[] {
  const own = new Map(runs.filter((run) => run.controller === controller).map((run) => [run.seed, run]));
  return seeds.map((seed) => own.get(seed)!);
}

function valuesOf(runs: readonly RunResult[], id: string): number[] {
  return runs.map(({ measures }) => measures[id] ?? Number.NaN);
}

function rivalOf(
  controller: string,
  baseline: readonly RunResult[],
  rival: readonly RunResult[],
  measures: readonly Measure[],
): Rival {
  const differences = measures.map(({ id, better }) => [
    id,
    differenceOf(valuesOf(baseline, id), valuesOf(rival, id), better),
  ]);
  return { controller, differences: Object.fromEntries(differences) };
}

/** Fills in the adjusted p-values of the family: its measures of all rivals together. */
function adjusted(rivals: readonly Rival[], family: readonly string[]): Rival[] {
  const adjustedP = holm(
    rivals.flatMap(({ differences }) => family.map((id) => differences[id]!.wilcoxonP ?? Number.NaN)),
  );
  return rivals.map(({ controller, differences }, r) => {
    const told = family.map((id, k) => {
      const holmP = toldOrNull(adjustedP[r * family.length + k]);
      return [id, { ...differences[id]!, holmP }] as const;
    });
    return { controller, differences: { ...differences, ...Object.fromEntries(told) } };
  });
}

function summaryOf(
  controller: string,
  runs: readonly RunResult[],
  measures: readonly Measure[],
): ControllerSummary {
  return {
    controller,
    estimates: Object.fromEntries(measures.map(({ id }) => [id, estimateOf(valuesOf(runs, id))])),
    service: serviceOf(runs),
    mser5: steadiness(runs),
  };
}

function steadiness(runs: readonly RunResult[]): { readonly cutS: number; readonly steady: boolean } {
  const [first] = runs;
  if (first === undefined) return { cutS: 0, steady: false };
  const { present, intervalS } = first.series;
  const together = Float64Array.from(present, (_, k) => mean(runs.map(({ series }) => series.present[k]!)));
  const { cut, steady } = mser5(together);
  return { cutS: cut * intervalS, steady };
}

function precisionOf(
  wanted: number | undefined,
  baseline: readonly RunResult[],
  rivals: readonly (readonly RunResult[])[],
  { id }: Measure,
): Precision | null {
  if (wanted === undefined || baseline.length < 2) return null;
  const spreads = rivals.map((rival) => {
    const before = valuesOf(baseline, id);
    return estimateOf(valuesOf(rival, id).map((value, k) => value - before[k]!)).deviation ?? Number.NaN;
  });
  const needed = Math.max(...spreads.map((spread) => seedsNeeded(spread, wanted)), 2);
  return { wanted, seedsNeeded: toldOrNull(needed), reached: needed <= baseline.length };
}

/** Says what is missing of what was asked for, and what is done about it. */
function partialOf(
  runs: readonly RunResult[],
  names: readonly string[],
  present: readonly string[],
  seeds: readonly number[],
  { asked }: ComparisonOptions,
): string | null {
  const wantedSeeds = asked?.seeds ?? [...new Set(runs.map(({ seed }) => seed))];
  const wanted = names.length * wantedSeeds.length;
  if (runs.length >= wanted) return null;
  const absent = names.filter((name) => !present.includes(name));
  const sentences = [`This is a partial comparison: ${runs.length} of ${wanted} runs are there.`];
  if (absent.length > 0) sentences.push(`Nothing is there of ${absent.join(', ')}.`);
  sentences.push(
    seeds.length === 0
      ? 'No seed has a run of every controller.'
      : `What follows uses the ${seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`} that every controller shown has a run of.`,
  );
  return sentences.join(' ');
}
