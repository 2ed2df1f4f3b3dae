import type { Comparison } from '../comparison.ts';
import { counted, enumeration, figure, rangeText, signed, withUnit } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import type { Loss } from '../losses.ts';
import { measureName, measureOf } from '../measureOf.ts';
import type { PlaceNames } from '../placeNames.ts';
import { cell, columnHead, numberCell, row, scrollTable } from './table.ts';

/** So many measures are named on the first screen, and so many places in the list before the rest is folded away. */
const NAMED_MAX = 3;
const PLACES_MAX = 5;

/** Where rivals lose, in a line each: what the report says first. `null` where nothing could be shown at all. */
export function lossSummary(comparison: Comparison): Markup | null {
  const { rivals, losses, seeds, controllers } = comparison;
  if (rivals.length === 0 || seeds.length < 2) return null;
  const baseline = controllers[0]!.controller;
  const losers = rivals.filter(({ controller }) => losses.some((loss) => loss.controller === controller));
  if (losers.length === 0) {
    return html`<div class="note"><p>No rival is shown to be worse than ${baseline}, in any measure or at any place.</p></div>
`;
  }
  const lines = losers.map(({ controller }) => {
    const own = losses.filter((loss) => loss.controller === controller);
    return html`<li><strong>${controller}</strong> is worse ${enumeration(lostBy(comparison, own))}.</li>`;
  });
  return html`<div class="note losses"><p>First, what is worse than under ${baseline} (<a href="#losses">every loss, with intervals</a>):</p>
<ul>${lines}</ul></div>
`;
}

function lostBy({ measures, controllers }: Comparison, losses: readonly Loss[]): string[] {
  const lost = losses.filter(({ kind }) => kind === 'measure');
  const named = lost.slice(0, NAMED_MAX).map(({ at, difference }) => {
    const measure = measureOf(measures, String(at));
    const { unit, digits } = measure;
    return `in ${measureName(measure)} (${withUnit(signed(difference.mean, digits), unit)})`;
  });
  const { service } = controllers[0]!;
  const places = (kind: Loss['kind'], all: number, one: string) => {
    const count = losses.filter((loss) => loss.kind === kind).length;
    return count === 0 ? [] : [`at ${count} of ${counted(all, one)}`];
  };
  const more =
    lost.length > named.length ? [`in ${counted(lost.length - named.length, 'further measure')}`] : [];
  return [
    ...named,
    ...more,
    ...places('intersection', service.intersections.length, 'signal'),
    ...places('movement', service.movements.length, 'movement'),
  ];
}

/** Every loss, with intervals; the places that cost most in view, the others folded. */
export function lossSection(comparison: Comparison, names: PlaceNames): Markup | null {
  const { rivals, losses, seeds, controllers, movementLosses } = comparison;
  if (rivals.length === 0 || seeds.length < 2) return null;
  const baseline = controllers[0]!.controller;
  if (losses.length === 0)
    return html`<p>Nowhere: at no measure, signal or movement do both intervals of a rival’s difference from ${baseline} lie on the worse side of zero.</p>`;
  const tables = rivals.flatMap(({ controller }) => {
    const own = losses.filter((loss) => loss.controller === controller);
    if (own.length === 0) return [];
    const places = own.filter(({ kind }) => kind !== 'measure').length;
    const inView = own.slice(0, own.length - places + PLACES_MAX);
    const folded = own.slice(inView.length);
    const table = (part: readonly Loss[], which: string) =>
      scrollTable(
        `${which} ${controller} loses`,
        `${controller} minus ${baseline}, paired by seed.`,
        [
          columnHead('What or where'),
          columnHead('Difference', true),
          columnHead('Student’s interval', true),
          columnHead('Bootstrap interval', true),
          columnHead('Vehicles a run', true),
        ],
        part.map((loss) => lossRow(comparison, loss, names)),
      );
    return [
      html`<h3>${controller}</h3>
${table(inView, 'Where')}`,
      folded.length === 0
        ? null
        : html`<details><summary>${counted(folded.length, 'further place')} where ${controller} loses</summary>
${table(folded, 'Further places where')}</details>
`,
    ];
  });
  return html`<p>${movementLosses ? 'Measures, signals and movements' : 'Measures and signals (there are too many movements to go through one by one)'} at which a rival is worse than ${baseline} and both 95\u00a0% intervals leave out zero. Places are judged by their mean control delay; those that cost most in all (difference × vehicles) come first. Where many places are looked at, about one in forty looks worse by chance alone.</p>
${tables}`;
}

function lossRow(
  { measures }: Comparison,
  { kind, at, difference, volume }: Loss,
  names: PlaceNames,
): Markup {
  const measure = kind === 'measure' ? measureOf(measures, String(at)) : null;
  const digits = measure?.digits ?? 1;
  const unit = measure?.unit ?? 's';
  const name =
    measure !== null
      ? html`${measure.label}`
      : kind === 'movement'
        ? html`${names.movement(Number(at))} <span class="quiet">movement</span>`
        : html`${names.intersection(Number(at))} <span class="quiet">signal</span>`;
  return row(name, [
    numberCell(withUnit(signed(difference.mean, digits), unit)),
    numberCell(rangeText(difference.t, digits)),
    numberCell(rangeText(difference.bootstrap, digits)),
    kind === 'measure' ? cell('') : numberCell(figure(volume, 0)),
  ]);
}
