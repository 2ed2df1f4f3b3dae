import { axisX, axisY, line, type Markish, rect, ruleY } from '@observablehq/plot';
import type { Layout } from '../../scenario/layout.ts';
import { figure as number } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import { corridorName, type PlaceNames } from '../placeNames.ts';
import type { CorridorTrace, RunResult } from '../runResult.ts';
import { clipped, roomFor } from './palette.ts';
import { controllerTitle, figure, type Panel, picture } from './picture.ts';
import { simplified } from './simplify.ts';
import { clock, middleOf, type TimeWindow, ticksWithin, within } from './timeWindow.ts';

const WINDOW_S = 480;
const WIDTH_PX = 440;
const HEIGHT_PX = 340;
const NAME_CHARACTERS = 12;
const TRAJECTORIES_MAX = 160;

/**
 * Distance along the corridor over time: a line a vehicle, green bars where the corridor's movement has right
 * of way, one picture a controller. `null` without a corridor.
 */
export function timeSpaceFigure(
  controllers: readonly string[],
  traced: readonly (RunResult | null)[],
  layout: Layout,
  names: PlaceNames,
  document: Document,
): Markup | null {
  const panels = traced.flatMap((run, k): Panel[] => {
    const corridor = run?.trace?.corridor;
    if (!run || !corridor || corridor.stopLineM.length === 0) return [];
    const window = middleOf(run, WINDOW_S);
    const drawing = diagram(corridor, window, names, controllers[k]!, document);
    return [{ title: controllerTitle(controllers[k]!, k), drawing }];
  });
  const first = traced.find((run) => run?.trace?.corridor);
  if (panels.length === 0 || !first?.trace?.corridor) return null;
  const { startS, endS } = middleOf(first, WINDOW_S);
  return figure(
    panels,
    signalLegend(),
    `Trajectories along the corridor ${corridorName(first.trace.corridor, layout)}, ${number(first.trace.corridor.stopLineM.at(-1)!, 0)} m long, from minute ${clock(startS)} to ${clock(endS)} of seed ${first.seed}. Each thin line is a vehicle; where it runs flat, the vehicle stands. Lines that climb through bars of green ride a green wave.`,
    2,
  );
}

interface Place {
  readonly t: number;
  readonly m: number;
}

function diagram(
  { stopLineM, greens, intersections, paths }: CorridorTrace,
  window: TimeWindow,
  names: PlaceNames,
  controller: string,
  document: Document,
): Markup {
  const length = stopLineM[stopLineM.length - 1]!;
  const room = roomFor(intersections.map(names.intersection), NAME_CHARACTERS);
  const resolution = {
    t: (window.endS - window.startS) / (WIDTH_PX - room),
    m: length / (HEIGHT_PX - 60),
  };
  const lines = paths
    .map(({ timeS, distanceM }) => simplified(part(timeS, distanceM, window), resolution.t, resolution.m))
    .filter((path) => path.length > 1);
  // Where there are too many to tell apart, every other one is left out, or every third.
  const every = Math.ceil(lines.length / TRAJECTORIES_MAX);
  const drawn = lines.filter((_, k) => k % every === 0);
  const bars = stopLineM.map((m, k) => ({ m, greens: greensWithin(greens[k], window) }));
  const thickness = Math.max(length * 0.012, 2);
  const open = bars.flatMap(({ m, greens: own }) =>
    own.map(({ startS, endS }) => ({ startS, endS, low: m - thickness, high: m + thickness })),
  );
  const stands: Markish[] = bars.map(({ m }) =>
    ruleY([m], {
      x1: window.startS,
      x2: window.endS,
      stroke: '#d55e00',
      strokeWidth: 2,
      strokeDasharray: '3 2',
    }),
  );
  return picture(
    document,
    `Time–space diagram under ${controller}: ${drawn.length} trajectories over ${Math.round(length)} m and ${intersections.length} signals.`,
    {
      ...{ width: WIDTH_PX, height: HEIGHT_PX, marginLeft: room, marginTop: 12, marginBottom: 38 },
      x: { domain: [window.startS, window.endS] },
      y: { domain: [0, length + thickness] },
      marks: [
        line(
          drawn.flatMap((path) => [...path, { t: Number.NaN, m: Number.NaN }]),
          { x: 't', y: 'm', stroke: 'currentColor', strokeWidth: 0.8, strokeOpacity: 0.7 },
        ),
        ...stands,
        rect(open, { x1: 'startS', x2: 'endS', y1: 'low', y2: 'high', fill: '#009e73' }),
        axisX(ticksWithin(window), {
          ...{ tickFormat: clock, label: 'minutes : seconds', labelAnchor: 'center', labelArrow: 'none' },
        }),
        axisY([...stopLineM], {
          ...{ tickSize: 0, label: null },
          tickFormat: (m: number) =>
            clipped(names.intersection(intersections[stopLineM.indexOf(m)]!), NAME_CHARACTERS),
        }),
      ],
    },
  );
}

/** The samples within the window. */
function part(timeS: Float64Array, distanceM: Float64Array, { startS, endS }: TimeWindow): Place[] {
  const places: Place[] = [];
  timeS.forEach((t, k) => {
    if (t >= startS && t <= endS) places.push({ t, m: distanceM[k]! });
  });
  return places;
}

function greensWithin(pairs: Float64Array | undefined, window: TimeWindow): TimeWindow[] {
  const greens: TimeWindow[] = [];
  for (let k = 0; pairs !== undefined && k + 1 < pairs.length; k += 2) {
    const green = within(window, pairs[k]!, pairs[k + 1]!);
    if (green !== null) greens.push(green);
  }
  return greens;
}

function signalLegend(): Markup {
  return html`<ul class="legend"><li><svg width="32" height="12" viewBox="0 0 32 12" aria-hidden="true"><path d="M0,6H32" stroke="currentColor"/></svg> a vehicle</li><li><svg width="32" height="12" viewBox="0 0 32 12" aria-hidden="true"><path d="M0,3h32v6h-32z" fill="#009e73"/></svg> green along the corridor</li><li><svg width="32" height="12" viewBox="0 0 32 12" aria-hidden="true"><path d="M0,6H32" stroke="#d55e00" stroke-width="2" stroke-dasharray="3 2"/></svg> no green</li></ul>
`;
}
