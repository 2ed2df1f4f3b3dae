import { axisX, axisY, type Markish, rect, ruleX } from '@observablehq/plot';
import { counted, figure as number } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import type { PlaceNames } from '../placeNames.ts';
import type { RunResult } from '../runResult.ts';
import { quantile } from '../statistics.ts';
import { CIVIDIS, clipped, roomFor } from './palette.ts';
import { controllerTitle, figure, picture } from './picture.ts';

const ROWS_MAX = 24;
const COLUMNS_MAX = 60;
const ROW_PX = 13;
const NAME_CHARACTERS = 18;

/** A run with what its trace says of queues. */
interface Strip {
  /** Of approach a and interval t at `a × intervals + t`. */
  readonly queues: Float64Array;
  readonly intervals: number;
}

/**
 * The queue on each approach over time, one strip of colours an approach, one picture a controller, for the
 * seed that was traced. `null` without a trace.
 *
 * @param traced  the traced run of each controller, or `null`
 */
export function queueFigure(
  controllers: readonly string[],
  traced: readonly (RunResult | null)[],
  names: PlaceNames,
  document: Document,
): Markup | null {
  const first = traced.find((run) => run?.trace);
  if (!first?.trace || first.approaches.length === 0) return null;
  const strips = traced.map((run) => (run?.trace ? stripOf(run, run.trace.queues) : null));
  const rows = rowsShown(strips, first.approaches.length);
  const step = stepOf(
    strips.flatMap((strip) => (strip === null ? [] : rows.flatMap((a) => [...rowOf(strip, a)]))),
  );
  const labels = rows.map((a) => names.approach(first.approaches[a]!.road));
  const panels = strips.flatMap((strip, k) => {
    if (strip === null) return [];
    const title = controllerTitle(controllers[k]!, k);
    return [{ title, drawing: stripPicture(strip, rows, labels, step, first, controllers[k]!, document) }];
  });
  const hidden = first.approaches.length - rows.length;
  const chosen =
    hidden > 0 ? ` The ${rows.length} approaches with the longest queues are shown, ${hidden} are not.` : '';
  return figure(
    panels,
    rampLegend(step),
    `Standing vehicles on each approach over time, on seed ${first.seed}: a row is an approach, time runs to the right, a bright patch is a long queue.${chosen}${first.warmupS > 0 ? ' The line is the end of the warm-up.' : ''}`,
    2,
  );
}

function stripOf({ approaches, series }: RunResult, queues: Float64Array): Strip {
  const all = approaches.length === 0 ? 0 : queues.length / approaches.length;
  const joined = Math.max(1, Math.ceil(all / COLUMNS_MAX));
  const intervals = Math.ceil(Math.min(all, series.queue.length) / joined);
  const means = new Float64Array(approaches.length * intervals);
  for (let a = 0; a < approaches.length; a++) {
    for (let t = 0; t < intervals; t++) {
      const part = queues.subarray(a * all + t * joined, a * all + Math.min(all, (t + 1) * joined));
      means[a * intervals + t] = part.reduce((sum, queue) => sum + queue, 0) / part.length;
    }
  }
  return { queues: means, intervals };
}

function rowOf({ queues, intervals }: Strip, a: number): Float64Array {
  return queues.subarray(a * intervals, (a + 1) * intervals);
}

/** All approaches, or those with the largest mean queue under any controller, in their usual order. */
function rowsShown(strips: readonly (Strip | null)[], count: number): number[] {
  const weight = Array.from({ length: count }, (_, a) =>
    Math.max(
      ...strips.map((strip) => (strip === null ? 0 : rowOf(strip, a).reduce((sum, queue) => sum + queue, 0))),
    ),
  );
  return weight
    .map((_, a) => a)
    .sort((a, b) => weight[b]! - weight[a]! || a - b)
    .slice(0, ROWS_MAX)
    .sort((a, b) => a - b);
}

interface Patch {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

function stripPicture(
  strip: Strip,
  rows: readonly number[],
  labels: readonly string[],
  step: number,
  { durationS, warmupS }: RunResult,
  controller: string,
  document: Document,
): Markup {
  const end = durationS / 60;
  const patches: Patch[][] = CIVIDIS.map(() => []);
  // The ground is the lowest step, so that only what stands out needs a patch.
  patches[0]!.push({ x1: 0, x2: end, y1: 0, y2: rows.length });
  rows.forEach((a, place) => {
    const row = rowOf(strip, a);
    const level = (t: number) => Math.min(CIVIDIS.length - 1, Math.floor(row[t]! / step));
    for (let t = 0, from = 0; t < row.length; t = from) {
      while (from < row.length && level(from) === level(t)) from++;
      if (!(level(t) > 0)) continue;
      const minute = end / row.length;
      patches[level(t)]!.push({ x1: t * minute, x2: from * minute, y1: place, y2: place + 1 });
    }
  });
  const worst = rows.reduce(
    (best, a, place) => {
      const queue = Math.max(...rowOf(strip, a));
      return queue > best.queue ? { queue, place } : best;
    },
    { queue: 0, place: 0 },
  );
  const marks = patches.flatMap((own, k): Markish[] =>
    own.length === 0
      ? []
      : [
          rect(own, {
            x1: 'x1',
            x2: 'x2',
            y1: 'y1',
            y2: 'y2',
            fill: CIVIDIS[k]!,
            shapeRendering: 'crispEdges',
          }),
        ],
  );
  return picture(
    document,
    `Queues on ${counted(rows.length, 'approach', 'approaches')} under ${controller}; the longest, ${number(worst.queue, 1)} vehicles in the mean of an interval, on ${labels[worst.place]}.`,
    {
      ...{ width: 440, height: rows.length * ROW_PX + 42, marginTop: 4, marginBottom: 38, marginRight: 12 },
      marginLeft: roomFor(labels, NAME_CHARACTERS) - 4,
      x: { domain: [0, end] },
      y: { domain: [rows.length, 0] },
      marks: [
        ...marks,
        ...(warmupS > 0 ? [ruleX([warmupS / 60], { stroke: '#ffffff', strokeDasharray: '2 2' })] : []),
        axisX({ ticks: 5, label: 'minutes', labelAnchor: 'center', labelArrow: 'none', tickSize: 3 }),
        axisY(
          rows.map((_, k) => k + 0.5),
          {
            ...{ label: null, tickSize: 0, fontSize: 10 },
            tickFormat: (at: number) => clipped(labels[at - 0.5]!, NAME_CHARACTERS),
          },
        ),
      ],
    },
  );
}

/** Vehicles from colour to colour, so that one queue in a hundred is longer than the scale: a single one must not darken all others. */
function stepOf(queues: readonly number[]): number {
  const standing = Float64Array.from(queues.filter((queue) => queue > 0.5)).sort();
  const most = standing.length === 0 ? 0 : quantile(standing, 0.99);
  return Math.max(1, Math.ceil((2 * most) / (CIVIDIS.length - 1)) / 2);
}

function rampLegend(step: number): Markup {
  const digits = Number.isInteger(step) ? 0 : 1;
  const fields = CIVIDIS.map(
    (color, k) => html`<rect x="${k * 40}" width="40" height="12" fill="${color}"/>`,
  );
  const ticks = CIVIDIS.map((_, k) => html`<text x="${k * 40}" y="25">${number(k * step, digits)}</text>`);
  return html`<p class="legend ramp"><svg width="340" height="29" viewBox="-8 0 340 29" role="img" aria-label="Colour scale from 0 to ${number(step * (CIVIDIS.length - 1), digits)} vehicles and more" fill="currentColor" font-size="11" text-anchor="middle">${fields}${ticks}</svg> <span>vehicles standing, and more</span></p>
`;
}
