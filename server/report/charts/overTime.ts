import { areaY, axisX, axisY, gridY, line, ruleX, ruleY, text } from '@observablehq/plot';
import type { Markup } from '../html.ts';
import type { RunResult } from '../runResult.ts';
import { mean, tInterval } from '../statistics.ts';
import { lookOf } from './palette.ts';
import { controllerLegend, figure, picture } from './picture.ts';

/** So many points a line has at most. */
const POINTS_MAX = 60;
/** How far smoothing reaches: over a few cycles, as less lets a fixed cycle beat against the intervals. */
const SMOOTHED_S = 300;

interface Moment {
  readonly minute: number;
  readonly delayS: number;
  readonly low: number;
  readonly high: number;
}

/** Control delay over time under each controller, with bands over seeds. `null` if nobody had any. */
export function overTimeFigure(
  controllers: readonly string[],
  runs: readonly (readonly RunResult[])[],
  document: Document,
): Markup | null {
  const first = runs[0]?.[0];
  if (first === undefined) return null;
  const { controlDelayS } = first.series;
  const every = Math.max(1, Math.ceil(controlDelayS.length / POINTS_MAX));
  const lines = runs.map((own) => momentsOf(own, every));
  const all = lines.flat();
  if (all.every(({ delayS }) => Number.isNaN(delayS))) return null;
  const seeds = runs[0]!.length;
  const most = Math.max(...all.flatMap(({ high, delayS }) => [high, delayS]).filter(Number.isFinite));
  const end = first.durationS / 60;
  const warmup = first.warmupS / 60;
  const drawing = picture(
    document,
    `Mean control delay over ${Math.round(end)} minutes under ${controllers.join(', ')}; the highest value of a line is ${Math.max(...all.map(({ delayS }) => delayS).filter(Number.isFinite)).toFixed(0)} s.`,
    {
      ...{ width: 900, height: 320, marginLeft: 44, marginBottom: 36 },
      x: { domain: [0, end] },
      y: { domain: [0, most], nice: true },
      marks: [
        gridY({ ticks: 5, strokeOpacity: 0.15 }),
        axisX({ ticks: 8, label: 'minutes from the start', labelAnchor: 'center', labelArrow: 'none' }),
        axisY({ ticks: 5, label: 'mean control delay, s', labelArrow: 'none', tickSize: 0 }),
        ruleY([0]),
        ...(warmup > 0
          ? [
              ruleX([warmup], { strokeDasharray: '2 3', strokeOpacity: 0.7 }),
              text([warmup], {
                ...{ x: (minute: number) => minute, frameAnchor: 'top', dx: -5, textAnchor: 'end' },
                text: () => 'warm-up',
              }),
            ]
          : []),
        ...lines.map((moments, k) =>
          areaY(moments, { x: 'minute', y1: 'low', y2: 'high', fill: lookOf(k).color, fillOpacity: 0.14 }),
        ),
        ...lines.map((moments, k) => {
          const { color, dash } = lookOf(k);
          const stroke = dash === '' ? {} : { strokeDasharray: dash };
          return line(moments, { x: 'minute', y: 'delayS', stroke: color, strokeWidth: 1.8, ...stroke });
        }),
      ],
    },
  );
  const bands = seeds > 1 ? ` Lines are means over ${seeds} seeds, bands their 95\u00a0% intervals.` : '';
  return figure(
    [{ title: null, drawing }],
    controllerLegend(controllers),
    `Mean control delay of the vehicles that crossed a stop line, smoothed over five minutes to either side.${bands}${warmup > 0 ? ' What lies left of the dotted line is warm-up and does not count elsewhere.' : ''}`,
  );
}

/** Smoothed values every so many intervals: the mean over seeds and its interval. */
function momentsOf(runs: readonly RunResult[], every: number): Moment[] {
  const { intervalS, controlDelayS } = runs[0]!.series;
  return Array.from({ length: Math.ceil(controlDelayS.length / every) }, (_, k): Moment => {
    const middle = Math.min((k + 0.5) * every, controlDelayS.length);
    const values = runs
      .map(({ series }) => smoothed(series.controlDelayS, middle, SMOOTHED_S / intervalS))
      .filter(Number.isFinite);
    const interval = tInterval(values);
    const delayS = mean(values);
    return {
      minute: (middle * intervalS) / 60,
      delayS,
      low: Math.max(0, interval?.low ?? delayS),
      high: interval?.high ?? delayS,
    };
  });
}

/** The mean around `middle`, with weights that fall to zero at `reach` intervals to either side; NaN if there is nothing. */
function smoothed(values: Float64Array, middle: number, reach: number): number {
  let sum = 0;
  let weights = 0;
  const wide = Math.max(reach, 1);
  for (let k = Math.max(0, Math.floor(middle - wide)); k < Math.min(values.length, middle + wide); k++) {
    const weight = wide - Math.abs(k + 0.5 - middle);
    if (!(weight > 0) || !Number.isFinite(values[k])) continue;
    sum += weight * values[k]!;
    weights += weight;
  }
  return sum / weights;
}
