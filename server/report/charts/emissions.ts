import { axisX, axisY, barX, gridX, type Markish, ruleX, ruleY, text } from '@observablehq/plot';
import type { Comparison } from '../comparison.ts';
import { enumeration, figure as number, withUnit } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import type { Measure } from '../measureList.ts';
import { clipped, lookOf, roomFor } from './palette.ts';
import { figure, type Panel, picture } from './picture.ts';

/** What is emitted, by the models that say how much. */
interface Pollutant {
  readonly name: string;
  readonly models: readonly { readonly model: string; readonly measure: Measure }[];
}

/** Emissions of each controller by every model there is, a picture a model, pollutant by pollutant. `null` without any. */
export function emissionFigure(comparison: Comparison, document: Document): Markup | null {
  const pollutants = pollutantsOf(comparison.measures);
  const panels = pollutants.flatMap(({ name, models }) =>
    models.flatMap(({ model, measure }): Panel[] => {
      const alike = models.filter((one) => one.measure.unit === measure.unit);
      const most = Math.max(...alike.map((one) => highest(comparison, one.measure)));
      if (!(most > 0)) return [];
      const title = html`${name}${model === '' ? '' : ` by ${model}`}, ${measure.unit}`;
      return [{ title, drawing: bars(comparison, name, model, measure, most, document) }];
    }),
  );
  if (panels.length === 0) return null;
  const models = [...new Set(pollutants.flatMap((one) => one.models.map(({ model }) => model)))];
  const told = models.filter((model) => model !== '');
  const by =
    told.length > 1 ? ` by ${told.length === 2 ? 'two independent models, ' : ''}${enumeration(told)}` : '';
  return figure(
    panels,
    null,
    `Emissions under each controller${by}: means over seeds${comparison.seeds.length > 1 ? ' with 95\u00a0% intervals' : ''}.${by === '' ? '' : ' Models of one pollutant share a scale: where they disagree on who emits less, neither is evidence.'}`,
    2,
  );
}

/** Emission measures are labelled `CO2, HBEFA3`: what is emitted, and the model; those of one pollutant belong together. */
export function pollutantsOf(measures: readonly Measure[]): Pollutant[] {
  const found = new Map<string, { model: string; measure: Measure }[]>();
  for (const measure of measures) {
    if (measure.group !== 'emissions') continue;
    const [name = '', model = ''] = measure.label.split(', ');
    found.set(name, [...(found.get(name) ?? []), { model, measure }]);
  }
  return [...found].map(([name, models]) => ({ name, models }));
}

function highest({ controllers }: Comparison, { id }: Measure): number {
  return Math.max(
    ...controllers.map(({ estimates }) => estimates[id]!.interval?.high ?? estimates[id]!.mean ?? 0),
  );
}

function bars(
  { controllers }: Comparison,
  pollutant: string,
  model: string,
  { id, unit, digits }: Measure,
  most: number,
  document: Document,
): Markup {
  const names = controllers.map(({ controller }) => controller);
  const rows = controllers.map(({ controller, estimates }, k) => ({ controller, k, ...estimates[id]! }));
  const told = rows.map(({ controller, mean }) => `${controller} ${withUnit(number(mean, digits), unit)}`);
  const marks = rows.flatMap(({ k, mean, interval }): Markish[] => {
    if (mean === null) return [];
    const row = [
      { y: names[k], mean, low: Math.max(0, interval?.low ?? mean), high: interval?.high ?? mean },
    ];
    const { color } = lookOf(k);
    return [
      barX(row, { x1: 0, x2: 'mean', y: 'y', fill: color, fillOpacity: 0.55, insetTop: 4, insetBottom: 4 }),
      ruleY(row, { y: 'y', x1: 'low', x2: 'high', stroke: 'currentColor', strokeWidth: 2 }),
      text(row, { x: 'high', y: 'y', dx: 7, textAnchor: 'start', text: () => number(mean, digits) }),
    ];
  });
  return picture(document, `${pollutant}${model === '' ? '' : ` by ${model}`}: ${told.join('; ')}.`, {
    ...{ width: 440, height: names.length * 28 + 30, marginTop: 2, marginBottom: 26, marginRight: 50 },
    marginLeft: roomFor(names),
    x: { domain: [0, most], nice: true },
    y: { domain: names, padding: 0 },
    marks: [
      gridX({ ticks: 4, strokeOpacity: 0.15 }),
      axisX({ ticks: 4, label: null, tickSize: 0 }),
      axisY({ label: null, tickSize: 0, tickFormat: (name: string) => clipped(name) }),
      ...marks,
      ruleX([0]),
    ],
  });
}
