import type { Comparison, Rival } from './comparison.ts';
import type { Difference } from './difference.ts';
import {
  capitalized,
  counted,
  enumeration,
  figure,
  inSentence,
  percent,
  pText,
  rangeText,
  withUnit,
} from './figures.ts';
import type { Measure } from './measureList.ts';
import { measureOf } from './measureOf.ts';

/** Beyond this many seeds nobody goes to tell two controllers apart. */
const SEEDS_IN_REACH = 1000;
/** With fewer pairs Wilcoxon's test cannot come below 0.05, whatever they are. */
const PAIRS_FOR_RANKS = 6;

type Facts = Omit<Comparison, 'verdict'>;

/** What the comparison comes to, in one sentence with numbers. Who loses is named first. */
export function verdictOf(facts: Facts): string {
  const { seeds, rivals, controllers, measures, headline } = facts;
  const measure = measureOf(measures, headline);
  const baseline = controllers[0]!;
  const words = wordsOf(measure);
  const told = controllers.map(({ estimates }) => estimates[headline]!);
  if (seeds.length === 0)
    return 'No seed has been run under every controller, so there is nothing to compare.';
  if (told.every((estimate) => estimate.mean === null)) {
    return `There is no ${words.label} to compare: no vehicle was there to have one.`;
  }
  const [own] = told;
  if (rivals.length === 0) {
    const range = own!.interval === null ? '' : ` (95 % interval ${words.range(own!.interval)})`;
    return `${capitalized(baseline.controller)} was run alone: ${words.label} is ${words.value(own!.mean)}${range} on ${counted(seeds.length, 'seed')}.`;
  }
  if (seeds.length === 1) {
    const each = controllers.map(({ controller }, k) => `${words.value(told[k]!.mean)} under ${controller}`);
    return `One seed cannot tell a difference from chance, so there is no verdict: ${words.label} is ${enumeration(each)}.`;
  }
  const clauses = inOrder(rivals, headline).map((rival, k) =>
    clauseOf(rival, rival.differences[headline]!, words, k === 0 ? baseline.controller : null),
  );
  return `On ${counted(seeds.length, 'seed')}, ${clauses.join('; ')}.`;
}

interface Words {
  readonly label: string;
  readonly value: (value: number | null) => string;
  readonly range: (interval: { readonly low: number; readonly high: number }) => string;
}

function wordsOf({ label, unit, digits }: Measure): Words {
  return {
    label: inSentence(label),
    value: (value) => withUnit(figure(value, digits), unit),
    range: (interval) => withUnit(rangeText(interval, digits), unit),
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
    return `${controller} does not differ measurably${of} (${words.value(mean)}, ${words.range(t)}; ${whatWouldTell(difference)})`;
  }
  const verb = mean < 0 ? 'cuts' : 'raises';
  const size = mean < 0 ? { low: -t.high, high: -t.low } : t;
  const what = against === null ? 'it' : words.label;
  const caution = cautionOf(difference);
  return `${controller} ${verb} ${what} by ${words.value(Math.abs(mean))} (${words.range(size)}, ${percent(relative)}${caution})${from}`;
}

function whatWouldTell({ seedsNeeded, pairs }: Difference): string {
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

/** The rank test may see less than the intervals do, above all once it is adjusted for everything that was looked at. */
function cautionOf({ holmP, pairs }: Difference): string {
  return holmP !== null && holmP > 0.05 && pairs >= PAIRS_FOR_RANKS
    ? `; with Holm’s correction p is only ${pText(holmP)}`
    : '';
}
