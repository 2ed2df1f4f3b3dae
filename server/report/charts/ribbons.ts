import { axisX, gridX, type Markish, rect, text } from '@observablehq/plot';
import { html, type Markup } from '../html.ts';
import type { PlaceNames } from '../placeNames.ts';
import type { RunResult, Trace } from '../runResult.ts';
import { clipped, LIGHT_FILLS, roomFor } from './palette.ts';
import { figure, picture } from './picture.ts';
import { clock, middleOf, type TimeWindow, ticksWithin, within } from './timeWindow.ts';

const WINDOW_S = 300;
const SIGNALS_MAX = 5;
const ROW_PX = 17;
const HEAD_PX = 22;
/** Narrower than this a number does not fit into a green. */
const LABEL_PX = 9;
const WIDTH_PX = 900;
const RIGHT_PX = 24;
const NAMES_MAX = 24;
const SIGN_CHARACTERS = 2;

/** One ring of one signal under one controller, at its height in the picture. */
interface Row {
  readonly trace: Trace;
  readonly controller: string;
  readonly intersection: number;
  readonly ring: number;
  readonly rings: number;
  readonly top: number;
}

/** One interval as it is drawn. */
interface Bar extends TimeWindow {
  readonly interval: number;
  readonly phase: number;
  readonly top: number;
}

/**
 * What signals showed, controller below controller on one clock, one group of rows an intersection. `null`
 * without a trace.
 */
export function ribbonFigure(
  controllers: readonly string[],
  traced: readonly (RunResult | null)[],
  names: PlaceNames,
  document: Document,
): Markup | null {
  const first = traced.find((run) => run?.trace);
  if (!first?.trace) return null;
  const window = middleOf(first, WINDOW_S);
  const { shown, count } = signalsShown(first);
  const { rows, heads, height } = rowsOf(controllers, traced, shown);
  if (rows.length === 0) return null;
  const { bars, phases } = barsOf(rows, window, names);
  const signs = signsOf(phases);
  const labels = rows.map(labelOf);
  const left = roomFor(labels);
  const pxPerS = (WIDTH_PX - left - RIGHT_PX) / (window.endS - window.startS);
  const drawing = picture(
    document,
    `Signal intervals at ${shown.map(names.intersection).join(', ')} from ${clock(window.startS)} to ${clock(window.endS)} under ${controllers.join(', ')}.`,
    {
      ...{ width: WIDTH_PX, height: height + 40, marginTop: 2, marginBottom: 38, marginRight: RIGHT_PX },
      marginLeft: left,
      x: { domain: [window.startS, window.endS] },
      y: { domain: [height, 0], range: [height + 2, 2], axis: null },
      marks: [
        gridX(ticksWithin(window), { strokeOpacity: 0.2 }),
        ...barMarks(bars),
        text(
          bars.filter(({ interval, startS, endS }) => interval === 0 && (endS - startS) * pxPerS > LABEL_PX),
          {
            x: ({ startS, endS }: Bar) => (startS + endS) / 2,
            y: ({ top }: Bar) => top + ROW_PX / 2 - 1,
            text: ({ phase }: Bar) => signs[phase],
            ...{ fill: '#000000', fontSize: 10 },
          },
        ),
        text(rows, {
          ...{ x: window.startS, dx: -8, textAnchor: 'end' },
          y: ({ top }: Row) => top + ROW_PX / 2 - 1,
          text: labelOf,
        }),
        text(heads, {
          ...{ x: window.startS, y: ({ top }: { top: number }) => top + HEAD_PX / 2 + 2, dx: -left + 2 },
          ...{ textAnchor: 'start', fontWeight: 700 },
          text: ({ intersection }: { intersection: number }) => names.intersection(intersection),
        }),
        axisX(ticksWithin(window), {
          ...{ tickFormat: clock, label: 'minutes : seconds from the start' },
          ...{ labelAnchor: 'center', labelArrow: 'none', tickSize: 3 },
        }),
      ],
    },
  );
  const part = count > shown.length ? ` ${shown.length} of ${count} signals are shown.` : '';
  return figure(
    [{ title: null, drawing }],
    phaseLegend(phases, signs),
    `What the signals showed from minute ${clock(window.startS)} to ${clock(window.endS)} of seed ${first.seed}, a window in the middle of the run.${part} Tall bars are greens, with the sign of their phase; half-height yellow is yellow change, the thin line red clearance.`,
  );
}

/** The corridor's first signals, else those with most traffic. */
function signalsShown({ trace, movements }: RunResult): { readonly shown: number[]; readonly count: number } {
  const volume = new Map<number, number>();
  for (const one of movements) volume.set(one.intersection, (volume.get(one.intersection) ?? 0) + one.volume);
  const all = [...new Set(trace!.signals.intersection)].sort((a, b) => a - b);
  const corridor = (trace!.corridor?.intersections ?? []).filter((i) => all.includes(i));
  const others = all.filter((i) => !corridor.includes(i));
  others.sort((a, b) => (volume.get(b) ?? 0) - (volume.get(a) ?? 0) || a - b);
  return { shown: [...corridor, ...others].slice(0, SIGNALS_MAX), count: all.length };
}

function rowsOf(
  controllers: readonly string[],
  traced: readonly (RunResult | null)[],
  shown: readonly number[],
) {
  const rows: Row[] = [];
  const heads: { intersection: number; top: number }[] = [];
  let top = 0;
  for (const intersection of shown) {
    heads.push({ intersection, top });
    top += HEAD_PX;
    traced.forEach((run, k) => {
      if (!run?.trace) return;
      const { trace } = run;
      const rings = ringCount(trace, intersection);
      for (let ring = 0; ring < rings; ring++) {
        rows.push({ trace, controller: controllers[k]!, intersection, ring, rings, top });
        top += ROW_PX;
      }
    });
    top += 4;
  }
  return { rows, heads, height: top };
}

function ringCount({ signals }: Trace, intersection: number): number {
  return signals.ring.some((ring, k) => ring > 0 && signals.intersection[k] === intersection) ? 2 : 1;
}

function labelOf({ controller, ring, rings }: Row): string {
  return clipped(rings > 1 ? `${clipped(controller, 16)}, ring ${ring + 1}` : controller);
}

/** Bars of all rows; phases are numbered by name in the order in which they show up. */
function barsOf(rows: readonly Row[], window: TimeWindow, names: PlaceNames) {
  const phases: string[] = [];
  const bars = rows.flatMap(({ trace, intersection, ring, top }) => {
    const { signals, phaseNames } = trace;
    const own: Bar[] = [];
    for (let k = 0; k < signals.startS.length; k++) {
      if (signals.intersection[k] !== intersection || signals.ring[k] !== ring) continue;
      const part = within(window, signals.startS[k]!, signals.endS[k]!);
      if (part === null) continue;
      const name = names.phase(phaseNames[signals.phase[k]!] ?? `phase ${signals.phase[k]}`, intersection);
      if (!phases.includes(name)) phases.push(name);
      own.push({ ...part, interval: signals.interval[k]!, phase: phases.indexOf(name), top });
    }
    return own;
  });
  return { bars, phases };
}

function barMarks(bars: readonly Bar[]): Markish[] {
  const height = ROW_PX - 4;
  const box = (own: readonly Bar[], fill: string, share: number): Markish[] =>
    own.length === 0
      ? []
      : [
          rect(own, {
            ...{ x1: 'startS', x2: 'endS', fill },
            y1: ({ top }: Bar) => top + (height * (1 - share)) / 2,
            y2: ({ top }: Bar) => top + (height * (1 + share)) / 2,
          }),
        ];
  const of = (interval: number) => bars.filter((bar) => bar.interval === interval);
  return [
    ...LIGHT_FILLS.flatMap((fill, k) =>
      box(
        of(0).filter(({ phase }) => phase % LIGHT_FILLS.length === k),
        fill,
        1,
      ),
    ),
    ...box(of(1), '#f0e442', 0.5),
    ...box(of(2), '#d55e00', 0.18),
  ];
}

/** What stands in the greens of each phase: its name if that is as short as a ring's numbers, else a letter. */
function signsOf(phases: readonly string[]): string[] {
  const letters = phases.filter((name) => name.length > SIGN_CHARACTERS);
  return phases.map((name) =>
    name.length <= SIGN_CHARACTERS ? name : String.fromCharCode(97 + (letters.indexOf(name) % 26)),
  );
}

function phaseLegend(phases: readonly string[], signs: readonly string[]): Markup {
  const box = (fill: string, height: number, label: string) =>
    html`<svg width="20" height="14" viewBox="0 0 20 14" aria-hidden="true"><rect y="${7 - height / 2}" width="20" height="${height}" fill="${fill}"/>${label === '' ? null : html`<text x="10" y="11" font-size="10" text-anchor="middle" fill="#000">${label}</text>`}</svg>`;
  const entries = phases
    .slice(0, NAMES_MAX)
    .map(
      (name, k) =>
        html`<li>${box(LIGHT_FILLS[k % LIGHT_FILLS.length]!, 14, signs[k]!)} ${name === signs[k] ? `phase ${name}` : name}</li>`,
    );
  const more = phases.length > NAMES_MAX ? html`<li>and ${phases.length - NAMES_MAX} more</li>` : null;
  return html`<ul class="legend">${entries}${more}<li>${box('#f0e442', 7, '')} yellow change</li><li>${box('#d55e00', 3, '')} red clearance</li></ul>
`;
}
