import type { Comparison } from '../comparison.ts';
import { counted, figure, rangeText, signed, withUnit } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import type { Loss } from '../losses.ts';
import { lossLines, windowText } from '../lossText.ts';
import { measureOf } from '../measureOf.ts';
import type { PlaceNames } from '../placeNames.ts';
import { cell, columnHead, numberCell, row, scrollTable } from './table.ts';

/** So many places are in the list before the rest is folded away. */
const PLACES_MAX = 5;

/** Where rivals lose, in a line each, and what is made by where the window begins. `null` where nothing could be shown at all. */
export function lossSummary(comparison: Comparison): Markup | null {
  const lines = lossLines(comparison);
  if (lines === null) return null;
  const baseline = comparison.controllers[0]!.controller;
  const lost = lines.flatMap(({ controller, lost: text }) =>
    text === null ? [] : [html`<li><strong>${controller}</strong> is worse ${text}.</li>`],
  );
  const made = lines.flatMap(({ controller, madeByWindow }) =>
    madeByWindow === null
      ? []
      : [
          html`<li><strong>${controller}</strong> is worse ${madeByWindow} after the warm-up only: made by the window, no loss is shown over the whole run.</li>`,
        ],
  );
  const note =
    lost.length === 0 && made.length === 0
      ? html`<div class="note"><p>No rival is shown to be worse than ${baseline}, in any measure or at any place.</p></div>
`
      : html`<div class="note losses"><p>What is worse than under ${baseline} (<a href="#losses">every loss, with intervals</a>):</p>
<ul>${lost}${made}</ul></div>
`;
  const window = windowText(comparison);
  return html`${note}${
    window === null
      ? null
      : html`<div class="note window"><p>${window}</p></div>
`
  }`;
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
  { kind, at, difference, volume, window }: Loss,
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
  return row(html`${name}${windowMark(window, digits, unit)}`, [
    numberCell(withUnit(signed(difference.mean, digits), unit)),
    numberCell(rangeText(difference.t, digits)),
    numberCell(rangeText(difference.bootstrap, digits)),
    kind === 'measure' ? cell('') : numberCell(figure(volume, 0)),
  ]);
}

/** What the end of the warm-up has to do with a loss, below its name. */
function windowMark(window: Loss['window'], digits: number, unit: string): Markup | null {
  if (window === null) return null;
  const text =
    window.kind === 'carried'
      ? 'begins the window with more vehicles: part of this is their discharge'
      : `made by the window: over the whole run ${withUnit(signed(window.whole.mean, digits), unit)}, no loss`;
  return html`<span class="range">${text}</span>`;
}
