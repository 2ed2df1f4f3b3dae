import { useCallback } from 'preact/hooks';
import type { Ribbons } from '../../server/protocol/question.ts';
import { seek } from '../commands.ts';
import { clock } from '../format.ts';
import { useAnswer } from '../inquiry.ts';
import { intersectionName } from '../places.ts';
import { letterOf } from '../sides.ts';
import { intersection, map, session, step, stepS } from '../state.ts';
import { ink, sideInk } from '../theme.ts';
import { servedWords } from '../traffic.ts';
import { Canvas, fitText, type Pen, timeTicks } from './canvas.tsx';
import { SpanSelect, spanS } from './span.tsx';

const EVERY_MS = 1_000;
const LEFT = 30;
const RIGHT = 8;
const AXIS = 18;
const GAP = 6;

interface Drawn {
  readonly ribbons: Ribbons;
  readonly fromStep: number;
  readonly toStep: number;
}

/** What the chosen signal showed on each side, one below the other on the same time axis. */
export function RibbonChart() {
  const { value: at } = intersection;
  const span = Math.round(spanS.value / stepS.value);
  const { answer, problem } = useAnswer<'ribbons'>(
    `${session.value?.map}.${at}.${span}`,
    () => {
      if (at === null) return null;
      const toStep = step.peek();
      return { kind: 'ribbons', intersection: at, fromStep: Math.max(0, toStep - span), toStep };
    },
    EVERY_MS,
  );
  const toStep = lastStepOf(answer) ?? step.value;
  const fromStep = Math.max(0, toStep - span);
  const draw = useCallback(
    (pen: Pen) => {
      if (answer !== null) drawRibbons(pen, { ribbons: answer, fromStep, toStep });
    },
    [answer, fromStep, toStep],
  );
  if (at === null) return <p class="quiet">Click a signal on the map to see its phases over time.</p>;
  const name = intersectionName(map.value, at);
  return (
    <div class="diagram">
      <div class="diagram-head">
        <span>
          Phases of <b>{name}</b>
        </span>
        <SpanSelect of={spanS} />
        <span class="keys">
          <i class="key-green" /> green <i class="key-yellow" /> yellow change <i class="key-red" /> red
          clearance
        </span>
      </div>
      {problem !== null && <p class="quiet">{problem}</p>}
      {problem === null && answer === null && <p class="quiet">Asking …</p>}
      {answer !== null && (
        <Canvas
          label={`Phases of ${name} on each side from ${clock(fromStep * stepS.value)} to ${clock(toStep * stepS.value)}`}
          draw={draw}
          onPick={(x) => {
            const width = document.querySelector('.diagram canvas')?.clientWidth ?? 0;
            const share = (x - LEFT) / Math.max(1, width - LEFT - RIGHT);
            if (share >= 0 && share <= 1) seek(fromStep + share * (toStep - fromStep));
          }}
        />
      )}
    </div>
  );
}

function lastStepOf(ribbons: Ribbons | null): number | null {
  const ends = (ribbons?.sides ?? []).flatMap(({ rings }) => rings.map((ring) => ring.at(-1)?.toStep ?? 0));
  return ends.length === 0 ? null : Math.max(...ends);
}

function drawRibbons({ context, width, height }: Pen, { ribbons, fromStep, toStep }: Drawn): void {
  const rows = ribbons.sides.flatMap(({ rings }, k) =>
    rings.map((ring, r) => ({ ring, side: k, isFirst: r === 0 })),
  );
  const tall = Math.min(34, (height - AXIS - GAP * ribbons.sides.length) / Math.max(1, rows.length));
  const scale = (width - LEFT - RIGHT) / Math.max(1, toStep - fromStep);
  const x = (at: number) => LEFT + (at - fromStep) * scale;
  const served = ribbons.sides.map(({ phases }) => new Map(phases.map(servedBy)));
  // Controllers have names of their own for phases: what serves the same has one shade on all sides.
  const shades = [...new Set(served.flatMap((ofSide) => [...ofSide.values()]))].sort();
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  let top = 2;
  for (const { ring, side, isFirst } of rows) {
    if (isFirst) {
      if (side > 0) top += GAP;
      context.fillStyle = sideInk(side);
      context.font = '600 12px system-ui, sans-serif';
      context.fillText(letterOf(side), 8, top + tall / 2);
      context.font = '11px system-ui, sans-serif';
    }
    for (const { phase, interval, fromStep: from, toStep: to } of ring) {
      const [left, right] = [Math.max(LEFT, x(from)), Math.min(width - RIGHT, x(to))];
      if (right <= left) continue;
      drawInterval(
        context,
        { left, top, wide: right - left, tall: tall - 2 },
        interval,
        shadeOf(served[side]!.get(phase) ?? '', shades),
      );
      if (interval !== 'green') continue;
      context.fillStyle = ink('--on-phase');
      const words = served[side]!.get(phase) ?? '';
      const room = right - left - 8;
      const whole = phase === words ? phase : `${phase} (${words})`;
      const name = context.measureText(whole).width <= room ? whole : fitText(context, phase, room);
      context.fillText(name, left + 4, top + tall / 2 - 0.5);
    }
    top += tall;
  }
  drawAxis(context, { fromStep, toStep, x, top, width });
}

/** A phase and what it is for, as the road map calls its movements. */
function servedBy({ phase, movements }: Ribbons['sides'][number]['phases'][number]): [string, string] {
  return [phase, servedWords(movements.map((m) => map.value?.movements.name[m] ?? ''))];
}

const SHADES = 4;

/** One street has a shade, its turns another; where approaches have no names of the compass, they are counted. */
function shadeOf(words: string, all: readonly string[]): number {
  const axis = /^(north|south)/.test(words) ? 0 : /^(east|west)/.test(words) ? 1 : -1;
  if (axis < 0) return Math.max(0, all.indexOf(words)) % SHADES;
  return 2 * axis + (words.endsWith(' left') ? 1 : 0);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly wide: number;
  readonly tall: number;
}

/** Green is tall and in the phase's shade, yellow hatched, red a line: shapes tell as much as colors. */
function drawInterval(
  context: CanvasRenderingContext2D,
  { left, top, wide, tall }: Box,
  interval: Ribbons['sides'][number]['rings'][number][number]['interval'],
  shade: number,
): void {
  if (interval === 'green') {
    context.fillStyle = ink(`--phase-${shade + 1}`);
    context.fillRect(left, top, Math.max(1, wide - 0.5), tall);
    return;
  }
  if (interval === 'red-clearance') {
    context.fillStyle = ink('--red');
    context.fillRect(left, top + tall / 2 - 1.5, wide, 3);
    return;
  }
  context.save();
  context.beginPath();
  context.rect(left, top + tall * 0.25, wide, tall * 0.5);
  context.clip();
  context.strokeStyle = ink('--yellow');
  context.lineWidth = 1.5;
  context.beginPath();
  for (let at = left - tall; at < left + wide; at += 4) {
    context.moveTo(at, top + tall);
    context.lineTo(at + tall, top);
  }
  context.stroke();
  context.restore();
}

interface Axis {
  readonly fromStep: number;
  readonly toStep: number;
  readonly x: (step: number) => number;
  readonly top: number;
  readonly width: number;
}

function drawAxis(context: CanvasRenderingContext2D, { fromStep, toStep, x, top, width }: Axis): void {
  const one = stepS.peek();
  context.fillStyle = ink('--muted');
  context.textAlign = 'center';
  for (const at of timeTicks(fromStep * one, toStep * one, width)) {
    context.fillRect(x(at / one), top, 1, 4);
    context.fillText(clock(at), Math.max(LEFT + 8, Math.min(width - 26, x(at / one))), top + 12);
  }
  context.textAlign = 'left';
}
