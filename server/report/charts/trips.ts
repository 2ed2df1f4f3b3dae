import { axisX, axisY, dot, gridX, gridY, line, ruleX, ruleY } from '@observablehq/plot';
import { figure as number } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import type { RunResult } from '../runResult.ts';
import { quantile } from '../statistics.ts';
import { lookOf } from './palette.ts';
import { controllerLegend, controllerTitle, figure, type Panel, picture } from './picture.ts';

const DOTS_MAX = 500;
const STEPS = 100;

/**
 * The delay of each vehicle under the baseline and under each rival, a dot a vehicle. `null` without a rival
 * or without vehicles that finished under both.
 *
 * @param drawn  the run of each controller on one seed
 */
export function scatterFigure(
  controllers: readonly string[],
  drawn: readonly (RunResult | null)[],
  document: Document,
): Markup | null {
  const [baseline] = drawn;
  if (!baseline) return null;
  const clouds = drawn.map((run) => (run ? pairsOf(baseline, run) : []));
  const all = clouds.flat();
  const sorted = Float64Array.from(all.flatMap(({ before, after }) => [before, after])).sort();
  // One vehicle in two hundred may lie outside: a single long wait would squeeze all others into a corner.
  const most = Math.max(10, Math.ceil(quantile(sorted, 0.995) / 10) * 10);
  const every = Math.max(1, ...clouds.slice(1).map(({ length }) => Math.ceil(length / DOTS_MAX)));
  const panels = clouds.slice(1).flatMap((pairs, r): Panel[] => {
    const k = r + 1;
    if (pairs.length === 0) return [];
    return [
      {
        title: controllerTitle(controllers[k]!, k),
        drawing: cloud(pairs, every, most, [controllers[0]!, controllers[k]!], k, document),
      },
    ];
  });
  if (panels.length === 0) return null;
  const outside = clouds
    .slice(1)
    .flat()
    .filter(({ before, after }) => before > most || after > most).length;
  return figure(
    panels,
    null,
    `The same vehicles under two controllers, on seed ${baseline.seed}: the delay of each under ${controllers[0]} to the right, under the rival upward. Below the diagonal a vehicle gained, above it lost. ${outside > 0 ? `${number(outside, 0)} dots with longer delays lie outside. ` : ''}${every > 1 ? `One vehicle in ${every} is drawn.` : ''}`.trim(),
    2,
  );
}

interface Pair {
  readonly before: number;
  readonly after: number;
}

/** Delays of vehicles that finished under both, of those created after the warm-up. Rows of equal seeds are equal vehicles. */
function pairsOf(baseline: RunResult, rival: RunResult): Pair[] {
  const a = baseline.trips;
  const b = rival.trips;
  const pairs: Pair[] = [];
  for (let k = 0; k < Math.min(a.count, b.count); k++) {
    if (a.createdS[k]! < baseline.warmupS) continue;
    if (Number.isNaN(a.finishedS[k]!) || Number.isNaN(b.finishedS[k]!)) continue;
    pairs.push({ before: a.delayS[k]!, after: b.delayS[k]! });
  }
  return pairs;
}

function cloud(
  pairs: readonly Pair[],
  every: number,
  most: number,
  [baseline, rival]: readonly [string, string],
  k: number,
  document: Document,
): Markup {
  const gained = pairs.filter(({ before, after }) => after < before - 1).length / pairs.length;
  const lost = pairs.filter(({ before, after }) => after > before + 1).length / pairs.length;
  const shown = pairs.filter(
    ({ before, after }, place) => place % every === 0 && before <= most && after <= most,
  );
  const share = (part: number) => `${number(part * 100, 0)}\u00a0%`;
  return picture(
    document,
    `Delay of ${number(pairs.length, 0)} vehicles under ${rival} against ${baseline}: ${share(gained)} lose at least a second less, ${share(lost)} at least a second more.`,
    {
      ...{ width: 440, height: 400, marginLeft: 48, marginBottom: 40, marginTop: 26 },
      x: { domain: [0, most] },
      y: { domain: [0, most] },
      marks: [
        gridX({ ticks: 5, strokeOpacity: 0.15 }),
        gridY({ ticks: 5, strokeOpacity: 0.15 }),
        axisX({ ticks: 5, label: `delay under ${baseline}, s`, labelAnchor: 'center', labelArrow: 'none' }),
        axisY({ ticks: 5, label: `delay under ${rival}, s`, labelArrow: 'none', tickSize: 0 }),
        ruleX([0]),
        ruleY([0]),
        line(
          [
            [0, 0],
            [most, most],
          ],
          { stroke: 'currentColor', strokeDasharray: '4 3' },
        ),
        dot(shown, { x: 'before', y: 'after', r: 2, fill: lookOf(k).color, fillOpacity: 0.5 }),
      ],
    },
  );
}

/** Which share of vehicles had no more than so much delay, all seeds together. `null` without vehicles. */
export function distributionFigure(
  controllers: readonly string[],
  runs: readonly (readonly RunResult[])[],
  document: Document,
): Markup | null {
  const delays = runs.map((own) => Float64Array.from(own.flatMap(delaysOf)).sort());
  const counts = delays.map(({ length }) => length);
  if (counts.every((count) => count === 0)) return null;
  const most = Math.max(1, ...delays.map((own) => (own.length === 0 ? 0 : quantile(own, 0.99))));
  const lines = delays.map((own) =>
    own.length === 0
      ? []
      : Array.from({ length: STEPS + 1 }, (_, s) => ({ share: s, delayS: quantile(own, s / STEPS) })).filter(
          ({ delayS }) => delayS <= most,
        ),
  );
  const told = controllers.flatMap((name, k) =>
    counts[k] === 0
      ? []
      : [
          `${name} half below ${number(quantile(delays[k]!, 0.5), 0)} s and 95\u00a0% below ${number(quantile(delays[k]!, 0.95), 0)} s`,
        ],
  );
  const drawing = picture(document, `Cumulative distribution of delay: ${told.join('; ')}.`, {
    ...{ width: 900, height: 300, marginLeft: 44, marginBottom: 38 },
    x: { domain: [0, most], nice: true },
    y: { domain: [0, 100] },
    marks: [
      gridY({ ticks: 5, strokeOpacity: 0.15 }),
      axisX({ ticks: 8, label: 'delay of a trip, s', labelAnchor: 'center', labelArrow: 'none' }),
      axisY({ ticks: 5, label: 'vehicles with no more delay, %', labelArrow: 'none', tickSize: 0 }),
      ruleY([0]),
      ...lines.map((own, k) => {
        const { color, dash } = lookOf(k);
        const stroke = dash === '' ? {} : { strokeDasharray: dash };
        return line(own, { x: 'delayS', y: 'share', stroke: color, strokeWidth: 1.8, ...stroke });
      }),
    ],
  });
  return figure(
    [{ title: null, drawing }],
    controllerLegend(controllers),
    html`How many vehicles had no more than a given delay, over all vehicles of all seeds. A line further to the left and higher up is better; the upper end shows how bad it gets for the unlucky. The last hundredth is cut off.`,
  );
}

function delaysOf({ trips, warmupS }: RunResult): number[] {
  const delays: number[] = [];
  for (let k = 0; k < trips.count; k++) {
    if (trips.createdS[k]! >= warmupS && Number.isFinite(trips.delayS[k]))
      delays.push(Math.max(0, trips.delayS[k]!));
  }
  return delays;
}
