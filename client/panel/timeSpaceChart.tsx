import { useCallback } from 'preact/hooks';
import type { TimeSpace } from '../../server/protocol/question.ts';
import { clock } from '../format.ts';
import { useAnswer } from '../inquiry.ts';
import { intersectionName, toldApart } from '../places.ts';
import { letterOf } from '../sides.ts';
import { intersection, map, session, step, stepS, vehicle } from '../state.ts';
import { ink, sideInk } from '../theme.ts';
import { Canvas, fitText, type Pen, timeTicks } from './canvas.tsx';
import { SpanSelect, spanS } from './span.tsx';

const EVERY_MS = 2_000;
const NAMES = 64;
const AXIS = 16;
const BETWEEN = 14;

interface Frame {
  readonly space: TimeSpace;
  readonly fromStep: number;
  readonly toStep: number;
  readonly chosen: number | null;
}

/** Vehicles along the corridor against time, on each side, with the greens that they met. */
export function TimeSpaceChart() {
  const { value: roads } = map;
  const span = Math.round(spanS.value / stepS.value);
  const { answer, problem } = useAnswer<'time-space'>(
    `${session.value?.map}.${span}`,
    () => {
      const toStep = step.peek();
      return { kind: 'time-space', fromStep: Math.max(0, toStep - span), toStep };
    },
    EVERY_MS,
  );
  const toStep = answer === null ? step.value : lastStepOf(answer);
  const fromStep = Math.max(0, toStep - span);
  const { value: chosen } = vehicle;
  const draw = useCallback(
    (pen: Pen) => {
      if (answer !== null) drawSides(pen, { space: answer, fromStep, toStep, chosen });
    },
    [answer, fromStep, toStep, chosen],
  );
  if (roads !== null && roads.corridor.length === 0) {
    return <p class="quiet">This network has no two signals one after another, so there is no corridor.</p>;
  }
  return (
    <div class="diagram">
      <div class="diagram-head">
        <span>Along the corridor {corridorWords()}</span>
        <SpanSelect of={spanS} />
        <span class="keys">
          <i class="key-green" /> green <i class="key-red" /> red, at stop lines
        </span>
      </div>
      {problem !== null && <p class="quiet">{problem}</p>}
      {problem === null && answer === null && <p class="quiet">Asking …</p>}
      {answer !== null && (
        <Canvas
          label={`Paths of vehicles along the corridor on each side, from ${clock(fromStep * stepS.value)} to ${clock(toStep * stepS.value)}. Steep lines drive, level ones stand.`}
          draw={draw}
        />
      )}
    </div>
  );
}

function corridorWords(): string {
  const names = corridorSignals();
  return names.length === 0 ? '' : `from ${names[0]} to ${names.at(-1)}`;
}

function corridorSignals(): string[] {
  const { value: roads } = map;
  return roads === null ? [] : roads.corridor.map((road) => intersectionName(roads, roads.roads.to[road]!));
}

/** The answer's own end: the run has gone on since. */
function lastStepOf({ sides }: TimeSpace): number {
  let last = 0;
  for (const { paths } of sides) {
    for (const { points } of paths) last = Math.max(last, points.at(-2) ?? 0);
  }
  return last === 0 ? step.peek() : last;
}

function drawSides(pen: Pen, frame: Frame): void {
  const { context, width, height } = pen;
  const { sides } = frame.space;
  const wide = (width - NAMES - BETWEEN * (sides.length - 1)) / Math.max(1, sides.length);
  context.font = '11px system-ui, sans-serif';
  sides.forEach((_, k) => {
    drawSide(context, frame, k, {
      left: NAMES + k * (wide + BETWEEN),
      top: 4,
      wide,
      tall: height - AXIS - 8,
    });
  });
  drawNames(context, frame.space, { left: 0, top: 4, wide: NAMES, tall: height - AXIS - 8 });
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly wide: number;
  readonly tall: number;
}

function drawNames(
  context: CanvasRenderingContext2D,
  { stopLinesM, lengthM }: TimeSpace,
  { top, wide, tall }: Box,
): void {
  const { value: chosen } = intersection;
  const { value: roads } = map;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  toldApart(corridorSignals()).forEach((name, k) => {
    const isChosen = roads !== null && chosen === roads.roads.to[roads.corridor[k]!];
    context.fillStyle = ink(isChosen ? '--text' : '--muted');
    context.fillText(
      fitText(context, name, wide - 8),
      wide - 6,
      top + tall - (stopLinesM[k]! / lengthM) * tall,
    );
  });
  context.textAlign = 'left';
}

function drawSide(
  context: CanvasRenderingContext2D,
  frame: Frame,
  k: number,
  { left, top, wide, tall }: Box,
): void {
  const { space, fromStep, toStep, chosen } = frame;
  const { paths, greens } = space.sides[k]!;
  const x = (at: number) => left + ((at - fromStep) / Math.max(1, toStep - fromStep)) * wide;
  const y = (metres: number) => top + tall - (metres / space.lengthM) * tall;
  context.save();
  context.beginPath();
  context.rect(left, 0, wide, top + tall + 4);
  context.clip();
  space.stopLinesM.forEach((metres, road) => {
    context.fillStyle = ink('--red');
    context.globalAlpha = 0.75;
    context.fillRect(left, y(metres) - 0.5, wide, 1);
    context.globalAlpha = 1;
    context.fillStyle = ink('--green');
    const spans = greens[road] ?? [];
    for (let j = 0; j < spans.length; j += 2) {
      const [from, to] = [x(spans[j]!), x(spans[j + 1] ?? toStep)];
      if (to > left && from < left + wide) context.fillRect(from, y(metres) - 2, to - from, 4);
    }
  });
  context.strokeStyle = sideInk(k);
  context.lineWidth = 1;
  context.globalAlpha = 0.8;
  context.beginPath();
  for (const { points, vehicle: v } of paths) if (v !== chosen) trace(context, points, x, y);
  context.stroke();
  const own = paths.find(({ vehicle: v }) => v === chosen);
  if (own !== undefined) {
    context.globalAlpha = 1;
    context.strokeStyle = ink('--text');
    context.lineWidth = 2.5;
    context.beginPath();
    trace(context, own.points, x, y);
    context.stroke();
  }
  context.restore();
  context.fillStyle = sideInk(k);
  context.font = '600 12px system-ui, sans-serif';
  context.fillText(letterOf(k), left + 4, top + 8);
  context.font = '11px system-ui, sans-serif';
  drawTimes(context, frame, x, { left, top: top + tall, wide, tall: AXIS });
}

/** A gap in time breaks the line: the vehicle was somewhere else. */
function trace(
  context: CanvasRenderingContext2D,
  points: readonly number[],
  x: (step: number) => number,
  y: (metres: number) => number,
): void {
  const gap = 30 / stepS.peek();
  for (let j = 0; j < points.length; j += 2) {
    const isBroken = j === 0 || points[j]! - points[j - 2]! > gap;
    if (isBroken) context.moveTo(x(points[j]!), y(points[j + 1]!));
    else context.lineTo(x(points[j]!), y(points[j + 1]!));
  }
}

function drawTimes(
  context: CanvasRenderingContext2D,
  { fromStep, toStep }: Frame,
  x: (step: number) => number,
  { left, top, wide }: Box,
): void {
  const one = stepS.peek();
  context.fillStyle = ink('--muted');
  context.textAlign = 'center';
  for (const at of timeTicks(fromStep * one, toStep * one, wide)) {
    context.fillText(clock(at), Math.max(left + 20, Math.min(left + wide - 20, x(at / one))), top + 13);
  }
  context.textAlign = 'left';
}
