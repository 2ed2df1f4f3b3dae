import type { Comparison, Rival } from './comparison.ts';
import type { Difference } from './difference.ts';
import {
  capitalized,
  counted,
  enumeration,
  figure,
  percent,
  pText,
  rangeText,
  signed,
  withUnit,
} from './figures.ts';
import type { Measure } from './measureList.ts';
import { measureName, measureOf } from './measureOf.ts';

/** Beyond this many seeds nobody goes to tell two controllers apart. */
const SEEDS_IN_REACH = 1000;

type Facts = Omit<Comparison, 'verdict'>;

/** What the comparison comes to, in one sentence with numbers. Who loses is named first. */
export function verdictOf(facts: Facts): string {
  const { seeds, rivals, controllers, measures, headline, family, repeats } = facts;
  const measure = measureOf(measures, headline);
  const baseline = controllers[0]!;
  const words = wordsOf(measure, family.length * rivals.length);
  const told = controllers.map(({ estimates }) => estimates[headline]!);
  if (seeds.length === 0)
    return 'No seed has been run under every controller, so there is nothing to compare.';
  if (told.every((estimate) => estimate.mean === null)) {
    const since = facts.warmupS === 0 ? '' : ` after the warm-up of ${figure(facts.warmupS, 0)}\u00a0s`;
    return `There is no ${words.label} to compare: no vehicle came${since} to have one.`;
  }
  const [own] = told;
  if (rivals.length === 0) {
    const range = own!.interval === null ? '' : ` (95\u00a0% interval ${words.range(own!.interval)})`;
    return `${capitalized(baseline.controller)} was run alone: ${words.label} is ${words.value(own!.mean)}${range} on ${counted(seeds.length, 'seed')}.`;
  }
  if (seeds.length === 1) {
    const each = controllers.map(({ controller }, k) => `${words.value(told[k]!.mean)} under ${controller}`);
    const why =
      repeats.length === 0
        ? 'One seed cannot tell a difference from chance, so there is no verdict'
        : `All ${repeats.length + 1} seeds gave the same, as nothing here is left to chance, so they count as one and there is no verdict (--jitter-s varies departures)`;
    return `${why}: ${words.label} is ${enumeration(each)}.`;
  }
  const clauses = inOrder(rivals, headline).map((rival, k) =>
    clauseOf(rival, rival.differences[headline]!, words, k === 0 ? baseline.controller : null),
  );
  return `On ${counted(seeds.length, 'seed')}, ${clauses.join('; ')}.`;
}

interface Words {
  readonly label: string;
  /** How many p-values are adjusted together. */
  readonly tests: number;
  readonly value: (value: number | null) => string;
  /** With a sign. */
  readonly change: (value: number) => string;
  readonly range: (interval: { readonly low: number; readonly high: number }) => string;
}

function wordsOf(measure: Measure, tests: number): Words {
  const { unit, digits } = measure;
  return {
    tests,
    label: measureName(measure),
    value: (value) => withUnit(figure(value, digits), unit),
    change: (value) => withUnit(signed(value, digits), unit),
    range: (interval) => rangeText(interval, digits),
  };
}

/** The worse ones first, then the better ones, then those that were not told apart. */
function inOrder(rivals: readonly Rival[], headline: string): Rival[] {
  const rank = ({ differences }: Rival) =>
    ['worse', 'better'].indexOf(String(differences[headline]!.verdict)) +
    3 * Number(isOpen(differences[headline]!));
  return [...rivals].sort((a, b) => rank(a) - rank(b));
}

function isOpen({ verdict }: Difference): boolean {
  return verdict !== 'worse' && verdict !== 'better';
}

/** @param against  the baseline's name, where this is the first clause */
function clauseOf(
  { controller }: Rival,
  difference: Difference,
  words: Words,
  against: string | null,
): string {
  const { mean, relative, t, verdict } = difference;
  const from = against === null ? '' : ` against ${against}`;
  if (mean === null || t === null) return `${controller} cannot be compared${from}`;
  if (verdict === 'no difference shown') {
    const of = against === null ? '' : ` from ${against} in ${words.label}`;
    return `${controller} does not differ measurably${of} (${words.change(mean)}, ${words.range(t)}; ${whatWouldTell(difference)})`;
  }
  const verb = mean < 0 ? 'cuts' : 'raises';
  const size = mean < 0 ? { low: -t.high, high: -t.low } : t;
  const what = against === null ? 'it' : words.label;
  const caution = cautionOf(difference, words.tests);
  return `${controller} ${verb} ${what} by ${words.value(Math.abs(mean))} (${words.range(size)}, ${percent(relative)}${caution})${from}`;
}

function whatWouldTell({ seedsNeeded, pairs, t }: Difference): string {
  if (t?.low === 0 && t.high === 0) return 'the same on every seed';
  if (seedsNeeded === null || seedsNeeded > SEEDS_IN_REACH) return 'too small to be told by more seeds';
  return seedsNeeded <= pairs
    ? 'a few more seeds would tell'
    : `about ${roundedUp(seedsNeeded)} seeds would tell`;
}

/** To two figures: more would be a promise. */
export function roundedUp(seeds: number): number {
  const step = seeds < 100 ? 1 : 10;
  return Math.ceil(seeds / step) * step;
}

/**
 * The rank test may see less than the intervals do, above all once it is adjusted for everything that was looked
 * at. Where there are too few seeds for it to come below 0.05 at all, its silence says nothing.
 */
function cautionOf({ holmP, pairs }: Difference, tests: number): string {
  const least = tests * 2 * 0.5 ** pairs;
  return holmP !== null && holmP > 0.05 && least <= 0.05
    ? `; not significant by ranks after Holm’s correction, p = ${pText(holmP)}`
    : '';
}
