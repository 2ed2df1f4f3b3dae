import { dot, line, text } from '@observablehq/plot';
import { LEVELS_OF_SERVICE, type LevelOfService } from '../../control/hcm.ts';
import type { Layout, Point } from '../../scenario/layout.ts';
import type { Comparison } from '../comparison.ts';
import { figure as number } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import { LEVEL_COLORS } from './palette.ts';
import { controllerTitle, figure, type Panel, picture } from './picture.ts';

const WIDTH_PX = 440;
const HEIGHT_MAX_PX = 360;
const HEIGHT_MIN_PX = 120;
const MARGIN_PX = 26;
/** With more signals than this, letters and names would cover one another. */
const LETTERS_MAX = 120;
const NAMES_MAX = 16;

/** The network once per controller: every signal a disc with its level of service. */
export function levelMapFigure(
  { controllers, durationS, warmupS }: Comparison,
  layout: Layout,
  document: Document,
): Markup {
  const panels = controllers.map(({ controller, service }, k): Panel => {
    const places = service.intersections.map(({ intersection, level, controlDelayS }) => {
      const { x, y, id } = layout.intersections[intersection]!;
      return { x, y, id, level, controlDelayS };
    });
    const told =
      places.length <= LETTERS_MAX
        ? places.map(({ id, level }) => `${id} ${level ?? 'no traffic'}`).join(', ')
        : countsOf(places.map(({ level }) => level));
    return {
      title: html`${controllerTitle(controller, k)} <span class="quiet">network ${service.network.level ?? '–'}, ${number(service.network.controlDelayS, 1)} s a stop line</span>`,
      drawing: mapOf(layout, places, `Level of service under ${controller}: ${told}.`, document),
    };
  });
  const minutes = Math.round((durationS - warmupS) / 60);
  return figure(
    panels,
    levelLegend(),
    `Level of service of each signal by its mean control delay over ${minutes} minutes and all seeds, from A (little delay) to F. The delay is per stop line crossed; a trip adds up those on its way. Lines are roads, discs are signals.`,
    2,
  );
}

/** What the letters mean, with their colours. */
export function levelLegend(): Markup {
  const ranges = ['≤ 10 s', '≤ 20 s', '≤ 35 s', '≤ 55 s', '≤ 80 s', '> 80 s'];
  const entries = LEVELS_OF_SERVICE.map((level, k) => html`<li>${levelBadge(level)} ${ranges[k]!}</li>`);
  return html`<ul class="legend">${entries}</ul>
`;
}

export function levelBadge(level: LevelOfService | null): Markup {
  return level === null
    ? html`<span class="level none" title="no vehicles">–</span>`
    : html`<span class="level level-${level}">${level}</span>`;
}

interface Place extends Point {
  readonly id: string;
  readonly level: LevelOfService | null;
}

function mapOf(layout: Layout, places: readonly Place[], description: string, document: Document): Markup {
  const xs = layout.intersections.map(({ x }) => x);
  const ys = layout.intersections.map(({ y }) => y);
  const east = { low: min(xs), span: max(xs) - min(xs) || 1 };
  const north = { low: min(ys), span: max(ys) - min(ys) || 1 };
  const room = { x: WIDTH_PX - 2 * MARGIN_PX, y: HEIGHT_MAX_PX - 2 * MARGIN_PX };
  const scale = Math.min(room.x / east.span, room.y / north.span);
  const height = Math.max(HEIGHT_MIN_PX, north.span * scale + 2 * MARGIN_PX);
  // North up, in the picture's own pixels, in the middle.
  const at = ({ x, y }: Point) => ({
    x: WIDTH_PX / 2 + (x - east.low - east.span / 2) * scale,
    y: height / 2 - (y - north.low - north.span / 2) * scale,
  });
  const r = discRadius(places.length, places.map(at));
  const discs = places.map((place) => ({ ...place, ...at(place) }));
  const graded = LEVELS_OF_SERVICE.flatMap((level) => {
    const own = discs.filter((disc) => disc.level === level);
    if (own.length === 0) return [];
    const { fill, text: ink } = LEVEL_COLORS[level];
    const xy = { x: 'x', y: 'y' };
    return [
      dot(own, { ...xy, r, fill, stroke: 'currentColor', strokeWidth: r > 5 ? 1 : 0.4 }),
      ...(places.length <= LETTERS_MAX
        ? [text(own, { ...xy, text: () => level, fill: ink, fontWeight: 700, fontSize: r * 1.25 })]
        : []),
    ];
  });
  const empty = discs.filter(({ level }) => level === null);
  return picture(document, description, {
    ...{ width: WIDTH_PX, height, margin: 0, marginTop: 0, marginRight: 0, axis: null },
    x: { domain: [0, WIDTH_PX], range: [0, WIDTH_PX] },
    y: { domain: [0, height], range: [0, height] },
    marks: [
      line(roadLines(layout).map(at), {
        ...{ x: 'x', y: 'y', stroke: 'currentColor', strokeOpacity: 0.35, curve: 'linear' },
        strokeWidth: r > 8 ? 3 : 1.2,
      }),
      dot(empty, { x: 'x', y: 'y', r, fill: 'var(--paper)', stroke: 'currentColor' }),
      ...graded,
      ...(places.length <= NAMES_MAX
        ? [
            text(discs, {
              x: 'x',
              y: 'y',
              text: 'id',
              dx: r + 3,
              dy: r + 5,
              textAnchor: 'start',
              fontSize: 10,
            }),
          ]
        : []),
    ],
  });
}

/** Discs that do not touch their neighbours, and are no larger than a letter needs. */
function discRadius(count: number, at: readonly Point[]): number {
  if (count > 400) return 3;
  let nearest = Infinity;
  at.forEach((a, k) => {
    for (const b of at.slice(k + 1)) nearest = Math.min(nearest, Math.hypot(a.x - b.x, a.y - b.y));
  });
  return Math.max(3, Math.min(12, nearest * 0.42));
}

/** Centre lines, one for both directions, with a gap (NaN) after each. */
function roadLines({ roads }: Layout): Point[] {
  const drawn = new Set<string>();
  return roads.flatMap(({ from, to, points }) => {
    const key = from < to ? `${from}-${to}` : `${to}-${from}`;
    if (drawn.has(key)) return [];
    drawn.add(key);
    return [...points, { x: Number.NaN, y: Number.NaN }];
  });
}

function countsOf(levels: readonly (LevelOfService | null)[]): string {
  return LEVELS_OF_SERVICE.map((level) => `${levels.filter((one) => one === level).length} at ${level}`).join(
    ', ',
  );
}

function min(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function max(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
