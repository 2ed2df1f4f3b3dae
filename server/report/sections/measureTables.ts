import { swatch } from '../charts/picture.ts';
import type { Comparison, ControllerSummary } from '../comparison.ts';
import type { Difference } from '../difference.ts';
import { capitalized, figure, percent, pText, rangeText, signed, withUnit } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import type { Measure } from '../measureList.ts';
import { measureOf } from '../measureOf.ts';
import { roundedUp } from '../verdict.ts';
import { cell, columnHead, groupRow, numberCell, row, scrollTable } from './table.ts';

/** With fewer seeds the intervals come with a warning. */
const SEEDS_FEW = 5;

/** The few measures that carry the verdict, for the first screen. */
export function keyTable(comparison: Comparison): Markup {
  const { family, measures, controllers, seeds } = comparison;
  const few =
    seeds.length < SEEDS_FEW
      ? ' With so few seeds an interval rests on differences being normally distributed; ten or more are better.'
      : '';
  const caption =
    seeds.length > 1
      ? `Means over ${seeds.length} seeds with 95\u00a0% intervals. “Better” and “worse” mean a difference from ${controllers[0]!.controller} whose intervals leave out zero.${few}`
      : 'Values of one seed: without intervals, no difference can be shown.';
  return scrollTable(
    'Key measures',
    caption,
    controllerHeads(controllers, 'Measure'),
    family.map((id) => measureRow(comparison, measureOf(measures, id))),
  );
}

/** Every measure, in groups. */
export function allMeasures(comparison: Comparison): Markup {
  const { measures, controllers } = comparison;
  const groups = [...new Set(measures.map(({ group }) => group))];
  const body = groups.flatMap((group) => [
    groupRow(capitalized(group), controllers.length + 1),
    ...measures
      .filter((measure) => measure.group === group)
      .map((measure) => measureRow(comparison, measure)),
  ]);
  return scrollTable(
    'Every measure under every controller',
    'Mean over seeds with its 95\u00a0% interval from seed to seed; below, what was shown against the first column.',
    controllerHeads(controllers, 'Measure'),
    body,
  );
}

export function controllerHeads(controllers: readonly ControllerSummary[], first: string): Markup[] {
  return [
    columnHead(first),
    ...controllers.map(({ controller }, k) =>
      columnHead(
        html`${swatch(k)} ${controller}${k === 0 && controllers.length > 1 ? html` <span class="quiet">(baseline)</span>` : null}`,
      ),
    ),
  ];
}

function measureRow({ controllers, rivals }: Comparison, measure: Measure): Markup {
  const { id, label, unit, digits } = measure;
  const means = controllers.map(({ estimates }) => estimates[id]!.mean);
  const extreme = extremeOf(means, measure);
  const cells = controllers.map(({ estimates }, k) => {
    const { mean, interval } = estimates[id]!;
    const range = interval === null ? null : html` <span class="range">${rangeText(interval, digits)}</span>`;
    const marks = [
      k === 0 ? null : verdictMark(rivals[k - 1]!.differences[id]!, digits, unit),
      extreme === k ? html`<span>${measure.better === 'lower' ? 'lowest' : 'highest'} mean</span>` : null,
    ].filter((mark) => mark !== null);
    const line = marks.length === 0 ? null : html`<span class="marks">${marks}</span>`;
    return cell(html`<strong>${figure(mean, digits)}</strong>${range}${line}`);
  });
  return row(html`${label}${unit === '' ? null : html` <span class="quiet">${unit}</span>`}`, cells);
}

/** The one place with the best mean, as it is printed; `null` where several share it or there is no good direction. */
function extremeOf(means: readonly (number | null)[], { better, digits }: Measure): number | null {
  if (better === null || means.length < 2) return null;
  const printed = means.map((mean) => (mean === null ? Number.NaN : Number(mean.toFixed(digits))));
  const told = printed.filter((mean) => !Number.isNaN(mean));
  if (told.length < 2) return null;
  const best = better === 'lower' ? Math.min(...told) : Math.max(...told);
  return told.filter((mean) => mean === best).length === 1 ? printed.indexOf(best) : null;
}

function verdictMark({ verdict, relative, mean }: Difference, digits: number, unit: string): Markup | null {
  if (verdict === null) return null;
  if (verdict === 'no difference shown') return html`<span class="quiet">${verdict}</span>`;
  const size =
    relative === null || Math.abs(relative) > 9.99 ? withUnit(signed(mean, digits), unit) : percent(relative);
  return html`<span class="${verdict === 'better' ? 'good' : 'bad'}">${verdict}, ${size}</span>`;
}

/** Each rival's differences in full, folded away rival by rival. */
export function differenceTables(comparison: Comparison): Markup | null {
  const { rivals, controllers, seeds, measures } = comparison;
  if (rivals.length === 0 || seeds.length < 2) return null;
  const baseline = controllers[0]!.controller;
  const heads = [
    columnHead('Measure'),
    columnHead('Difference', true),
    columnHead('Student’s interval', true),
    columnHead('Bootstrap interval', true),
    columnHead('Wilcoxon p', true),
    columnHead('Verdict'),
  ];
  const tables = rivals.map(
    ({ controller, differences }) =>
      html`<details><summary>${controller} against ${baseline}</summary>
${scrollTable(
  `Differences of ${controller} from ${baseline}`,
  `${controller} minus ${baseline}, paired by seed; below p its value after Holm’s correction, where the measure belongs to the family of the verdict.`,
  heads,
  measures.map((measure) => differenceRow(measure, differences[measure.id]!, seeds.length)),
)}</details>
`,
  );
  return html`<p>Every difference with both intervals and the rank test.</p>
${tables}`;
}

function differenceRow({ label, unit, digits }: Measure, one: Difference, seeds: number): Markup {
  const holm = one.holmP === null ? null : html`<span class="range">Holm ${pText(one.holmP)}</span>`;
  return row(html`${label}${unit === '' ? null : html` <span class="quiet">${unit}</span>`}`, [
    numberCell(html`${signed(one.mean, digits)}<span class="range">${percent(one.relative)}</span>`),
    numberCell(rangeText(one.t, digits) || '–'),
    numberCell(rangeText(one.bootstrap, digits) || '–'),
    numberCell(html`${pText(one.wilcoxonP)}${holm}`),
    cell(verdictText(one, seeds)),
  ]);
}

function verdictText(difference: Difference, seeds: number): Markup {
  const { verdict, seedsNeeded, pairs, mean } = difference;
  const fewer = pairs < seeds ? html`<span class="range">on ${pairs} seeds</span>` : null;
  if (verdict === null) return html`–${fewer}`;
  if (verdict !== 'no difference shown') {
    return html`<span class="${verdict === 'better' ? 'good' : 'bad'}">${verdict}</span>${fewer}`;
  }
  const isOpen = mean !== 0 && seedsNeeded !== null && seedsNeeded <= 1000 && seedsNeeded > pairs;
  const more = isOpen
    ? html`<span class="range">about ${roundedUp(seedsNeeded)} seeds would tell</span>`
    : null;
  return html`<span class="quiet">no difference shown</span>${more}${fewer}`;
}
