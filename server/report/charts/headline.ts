import { axisX, axisY, dot, gridX, type Markish, ruleX, ruleY, text } from '@observablehq/plot';
import type { Comparison } from '../comparison.ts';
import { inSentence, figure as number, rangeText, signed, withUnit } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import { measureOf } from '../measureOf.ts';
import type { Interval } from '../statistics.ts';
import { clipped, lookOf, roomFor } from './palette.ts';
import { figure, type Panel, picture } from './picture.ts';

const ROW_PX = 46;

/** A controller's line: its place, where the mark is, and the interval around it. */
interface Row {
  readonly name: string;
  readonly place: number;
  readonly mean: number;
  readonly interval: Interval | null;
  readonly bootstrap: Interval | null;
}

/** The headline measure of each controller, and each rival's difference from the baseline, with intervals. */
export function headlineFigure(comparison: Comparison, document: Document): Markup | null {
  const { controllers, rivals, headline, measures, seeds } = comparison;
  const { label, unit } = measureOf(measures, headline);
  const names = controllers.map(({ controller }) => controller);
  const means = controllers.flatMap(({ controller, estimates }, place): Row[] => {
    const { mean, interval } = estimates[headline]!;
    return mean === null ? [] : [{ name: controller, place, mean, interval, bootstrap: null }];
  });
  if (means.length === 0) return null;
  const differences = rivals.flatMap(({ controller, differences }, k): Row[] => {
    const { mean, t, bootstrap } = differences[headline]!;
    if (mean === null || t === null) return [];
    return [{ name: controller, place: k + 1, mean, interval: t, bootstrap }];
  });
  const panels: Panel[] = [
    {
      title: html`${label}, ${unit}`,
      drawing: rowsOf(comparison, document, names, means, false),
    },
  ];
  if (differences.length > 0) {
    panels.push({
      title: html`Difference from ${names[0]!}, ${unit}`,
      drawing: rowsOf(comparison, document, names, differences, true),
    });
  }
  const first =
    seeds.length > 1
      ? `The ${inSentence(label)} under each controller: mean over ${seeds.length} seeds and its 95\u00a0% interval from seed to seed.`
      : `The ${inSentence(label)} under each controller, on one seed.`;
  const second =
    differences.length > 0
      ? ` On the right the difference from ${names[0]} on the same seeds: the thick bar is Student’s 95\u00a0% interval, the thin one below it the bootstrap’s. Where either reaches zero, no difference is shown.`
      : '';
  return figure(panels, null, first + second, 2);
}

function rowsOf(
  { headline, measures }: Comparison,
  document: Document,
  names: readonly string[],
  rows: readonly Row[],
  isDifference: boolean,
): Markup {
  const { label, unit, digits } = measureOf(measures, headline);
  const print = isDifference ? signed : number;
  const told = rows.map(
    ({ name, mean, interval }) =>
      `${name} ${withUnit(print(mean, digits), unit)}${interval === null ? '' : ` (${rangeText(interval, digits)})`}`,
  );
  const what = isDifference ? `Difference from ${names[0]} in ${inSentence(label)}` : label;
  const ends = rows.flatMap(({ mean, interval, bootstrap }) => [
    ...[mean, interval?.low ?? mean, interval?.high ?? mean],
    ...(bootstrap === null ? [] : [bootstrap.low, bootstrap.high]),
  ]);
  const shown = isDifference ? names.slice(1) : names;
  const first = isDifference ? 1 : 0;
  return picture(document, `${what}: ${told.join('; ')}.`, {
    width: 420,
    height: names.length * ROW_PX + 34,
    marginTop: 6,
    marginBottom: 28,
    marginLeft: roomFor(names),
    marginRight: 40,
    x: { domain: [Math.min(0, ...ends), Math.max(0, ...ends) || 1], nice: true },
    // Both panels have a line for the baseline, so that a controller's lines are at the same height.
    y: { domain: [names.length - 0.5, -0.5], axis: null },
    marks: [
      gridX({ ticks: 4, strokeOpacity: 0.15 }),
      axisX({ ticks: 4, label: null, tickSize: 0, ...(isDifference ? { tickFormat: tickText } : {}) }),
      ruleX([0], { strokeOpacity: 0.6 }),
      axisY(
        shown.map((_, k) => k + first),
        { label: null, tickSize: 0, tickFormat: (place: number) => clipped(names[place]!) },
      ),
      ...rows.flatMap((row) => marksOf(row, print(row.mean, digits))),
    ],
  });
}

function marksOf({ place, mean, interval, bootstrap }: Row, value: string): Markish[] {
  const { color, symbol } = lookOf(place);
  const at = { y: place, x: mean };
  const bar = (range: Interval | null, y: number, strokeWidth: number): Markish[] =>
    range === null
      ? []
      : [ruleY([{ ...range, y }], { y: 'y', x1: 'low', x2: 'high', stroke: color, strokeWidth })];
  return [
    ...bar(interval, place, 4),
    ...bar(bootstrap, place + 0.2, 1.5),
    dot([at], { x: 'x', y: 'y', r: 5, symbol, fill: color, stroke: 'var(--paper)', strokeWidth: 1 }),
    text([at], { x: 'x', y: 'y', text: () => value, dy: -14, fontWeight: 600 }),
  ];
}

function tickText(value: number): string {
  const digits = Math.min(4, (String(value).split('.')[1] ?? '').length);
  return signed(value, digits);
}
