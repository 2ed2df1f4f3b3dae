import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Sample } from '../../server/protocol/session.ts';
import { seek } from '../commands.ts';
import { clock, fixed, NO_VALUE } from '../format.ts';
import { controllerWord, letterOf } from '../sides.ts';
import { controllers, session, step, stepS, told } from '../state.ts';
import { ink, sideInk, theme } from '../theme.ts';
import { SideBadge } from './sideBadge.tsx';

interface Curve {
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  readonly read: (side: Sample['sides'][number]) => number;
}

const DELAY: Curve = {
  title: 'Mean delay of all vehicles so far',
  unit: 's',
  digits: 1,
  read: ({ averageDelayS }) => averageDelayS,
};
const QUEUE: Curve = {
  title: 'Vehicles that stand on approaches',
  unit: 'veh',
  digits: 0,
  read: ({ queue }) => queue,
};

export function DelayChart() {
  return <LineChart curve={DELAY} />;
}

export function QueueChart() {
  return <LineChart curve={QUEUE} />;
}

/** A line for each side over the whole run; a click goes to that moment. */
function LineChart({ curve }: { readonly curve: Curve }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  /** Index of the sample under the pointer. */
  const under = useSignal<number | null>(null);
  const { value: names } = controllers;
  const { value: colors } = theme;
  const durationS = session.value?.durationS ?? 0;
  const { samples } = told.value;
  // Made anew for other sides or colors; else it takes new data.
  useEffect(() => {
    const { current } = place;
    if (current === null || names.length === 0) return;
    const made = new uPlot(optionsFor(names.length, durationS, under), dataOf(curve, names.length), current);
    plot.current = made;
    const sized = new ResizeObserver(() => made.setSize(sizeOf(current)));
    sized.observe(current);
    return () => {
      sized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [curve, names.join(), colors, durationS]);
  useEffect(() => {
    plot.current?.setData(dataOf(curve, names.length));
  }, [samples]);
  // The line of the present moves without new data.
  useEffect(() => plot.current?.redraw(false, false), [step.value]);
  const shown = samples[under.value ?? lastBefore(samples, step.value)];
  return (
    <div class="line-chart">
      <Readings curve={curve} sample={shown ?? null} />
      <div class="plot" ref={place} role="img" aria-label={summary(curve, shown ?? null)} />
      {samples.length === 0 && (
        <p class="quiet waiting">No sample yet: the first comes after {sampleWords()}.</p>
      )}
    </div>
  );
}

function sampleWords(): string {
  return `${fixed(session.value?.sampleS ?? 0, 0)} s of the run`;
}

function lastBefore(samples: readonly Sample[], now: number): number {
  let k = samples.length - 1;
  while (k > 0 && samples[k]!.step > now) k--;
  return k;
}

interface ReadingsProps {
  readonly curve: Curve;
  readonly sample: Sample | null;
}

function Readings({ curve: { title, unit, digits, read }, sample }: ReadingsProps) {
  return (
    <p class="readings">
      <span>{title}</span>
      {controllers.value.map((name, k) => {
        const side = sample?.sides[k];
        return (
          <span key={letterOf(k)} class="reading">
            <SideBadge side={k} /> {controllerWord(name)}{' '}
            <b>{side === undefined ? NO_VALUE : `${fixed(read(side), digits)} ${unit}`}</b>
          </span>
        );
      })}
      {sample !== null && <span class="quiet">at {clock(sample.step * stepS.value)}</span>}
    </p>
  );
}

function summary({ title, unit, digits, read }: Curve, sample: Sample | null): string {
  if (sample === null) return `${title}: no data yet.`;
  const sides = sample.sides.map((side, k) => `${letterOf(k)} ${fixed(read(side), digits)} ${unit}`);
  return `${title}, over time. At ${clock(sample.step * stepS.value)}: ${sides.join(', ')}.`;
}

function dataOf({ read }: Curve, sides: number): uPlot.AlignedData {
  const { samples } = told.peek();
  const one = stepS.peek();
  return [
    samples.map((sample) => sample.step * one),
    ...Array.from({ length: sides }, (_, k) =>
      samples.map(({ sides: all }) => (all[k] === undefined ? null : read(all[k]))),
    ),
  ];
}

function sizeOf({ clientWidth, clientHeight }: HTMLElement): { width: number; height: number } {
  return { width: Math.max(80, clientWidth), height: Math.max(60, clientHeight) };
}

/** Shorter spans than this are not worth a scale of their own, s. */
const SPAN_LEAST_S = 600;
const SPAN_STEP_S = 300;

/** What is known fills most of the width; the axis grows now and then, not with every sample. */
function spanOf(samples: readonly Sample[], durationS: number): number {
  const knownS = (samples.at(-1)?.step ?? 0) * stepS.peek();
  const wanted = Math.max(SPAN_LEAST_S, Math.ceil((knownS * 1.15) / SPAN_STEP_S) * SPAN_STEP_S);
  return Math.max(1, Math.min(durationS, wanted));
}

function optionsFor(sides: number, durationS: number, under: { value: number | null }): uPlot.Options {
  const axis = { stroke: ink('--muted'), grid: { stroke: ink('--grid'), width: 1 }, ticks: { show: false } };
  const font = '11px system-ui, sans-serif';
  return {
    width: 300,
    height: 100,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [0, spanOf(told.peek().samples, durationS)] },
      y: { range: (_, _min, max) => [0, max > 0 ? max * 1.12 : 1] },
    },
    axes: [
      {
        ...axis,
        font,
        size: 24,
        values: (_, all) => all.map(clock),
        incrs: [60, 300, 600, 900, 1800, 3600, 7200],
      },
      {
        ...axis,
        font,
        size: 44,
        space: 26,
        values: (_, all) => all.map((value) => fixed(value, Number.isInteger(value) ? 0 : 1)),
      },
    ],
    series: [
      {},
      ...Array.from({ length: sides }, (_, k) => ({
        label: letterOf(k),
        stroke: sideInk(k),
        width: 1.75,
        points: { show: false },
      })),
    ],
    hooks: {
      setCursor: [
        ({ cursor: { idx } }) => {
          under.value = idx ?? null;
        },
      ],
      draw: [drawPresent, drawLetters],
      ready: [
        (plot) => {
          plot.setSize(sizeOf(plot.root.parentElement!));
          plot.over.addEventListener('click', ({ offsetX }) =>
            seek(plot.posToVal(offsetX, 'x') / stepS.peek()),
          );
        },
      ],
    },
  };
}

/** A line where the picture is. */
function drawPresent(plot: uPlot): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(step.peek() * stepS.peek(), 'x', true);
  ctx.save();
  ctx.strokeStyle = ink('--text');
  ctx.globalAlpha = 0.6;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** The letter of each side at the end of its line, so that color is not needed. */
function drawLetters(plot: uPlot): void {
  const { ctx, data } = plot;
  const last = data[0].length - 1;
  if (last < 0) return;
  const x = plot.valToPos(data[0][last]!, 'x', true) + 5 * devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textBaseline = 'middle';
  const letters: { k: number; y: number }[] = [];
  for (let k = 1; k < data.length; k++) {
    const value = data[k]![last];
    if (value !== null && value !== undefined) letters.push({ k, y: plot.valToPos(value, 'y', true) });
  }
  letters.sort((one, other) => one.y - other.y);
  const lineHeight = 11 * devicePixelRatio;
  // From the top down none lies over another; what that pushed out below is pushed back up.
  letters.forEach((letter, at) => {
    if (at > 0) letter.y = Math.max(letter.y, letters[at - 1]!.y + lineHeight);
  });
  let lowest = plot.bbox.top + plot.bbox.height;
  for (const letter of letters.toReversed()) {
    letter.y = Math.min(letter.y, lowest);
    lowest = letter.y - lineHeight;
    ctx.fillStyle = sideInk(letter.k - 1);
    ctx.fillText(letterOf(letter.k - 1), x, letter.y);
  }
  ctx.restore();
}
