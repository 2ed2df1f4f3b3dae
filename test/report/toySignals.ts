import type { CorridorTrace, Trace } from '../../server/report/runResult.ts';
import type { Layout, Movement } from '../../server/scenario/layout.ts';
import { randomStream } from '../../server/sim/random.ts';
import type { ToyMovement } from './toyRuns.ts';

/** A plan of two phases, the main street from west to east and the side streets, the same at all signals. */
export interface ToyPlan {
  readonly label: string;
  readonly cycleS: number;
  /** Green of the main street. */
  readonly mainS: number;
  /** From one signal to the next in the east. */
  readonly offsetS: number;
  /** By how much of itself a green may be longer or shorter, as if a controller decided. */
  readonly wander: number;
}

export interface ToyGreen {
  /** The first time from `timeS` on at which the movement has green. */
  readonly next: (intersection: number, movement: Movement, timeS: number) => number;
  readonly green: (intersection: number, movement: Movement) => readonly (readonly [number, number])[];
  readonly columns: Trace['signals'];
  readonly phaseNames: readonly string[];
}

const YELLOW_S = 3;
const RED_S = 2;

export function greensOf(layout: Layout, plan: ToyPlan, seed: number, durationS: number): ToyGreen {
  const signalised = layout.intersections.flatMap(({ signal }, i) => (signal === null ? [] : [i]));
  const rows: { intersection: number; phase: number; interval: number; startS: number; endS: number }[] = [];
  const greens = new Map<string, [number, number][]>();
  signalised.forEach((intersection, order) => {
    const stream = randomStream(seed, `signal:${plan.label}:${intersection}`);
    let timeS = ((order * plan.offsetS) % plan.cycleS) - plan.cycleS;
    for (let served = 0; timeS < durationS; served = 1 - served) {
      const planned = served === 0 ? plan.mainS : plan.cycleS - plan.mainS - 2 * (YELLOW_S + RED_S);
      const green = Math.round(planned * (1 + plan.wander * (2 * stream.next() - 1)));
      const key = `${intersection}/${served}`;
      greens.set(key, [...(greens.get(key) ?? []), [timeS, timeS + green]]);
      [green, YELLOW_S, RED_S].forEach((lengthS, interval) => {
        const startS = Math.max(0, timeS);
        const endS = Math.min(durationS, timeS + lengthS);
        if (endS > startS) rows.push({ intersection, phase: 2 * order + served, interval, startS, endS });
        timeS += lengthS;
      });
    }
  });
  rows.sort((a, b) => a.startS - b.startS || a.intersection - b.intersection);
  const green = (intersection: number, { from }: Movement) => {
    const { from: start, to: end } = layout.roads[from];
    const isMain =
      Math.abs(layout.intersections[start].y - layout.intersections[end].y) <
      Math.abs(layout.intersections[start].x - layout.intersections[end].x);
    return greens.get(`${intersection}/${isMain ? 0 : 1}`) ?? [];
  };
  return {
    green,
    next: (intersection, movement, timeS) => {
      const window = green(intersection, movement).find(([, end]) => end > timeS);
      return window === undefined ? Infinity : Math.max(timeS, window[0]);
    },
    columns: {
      intersection: Int32Array.from(rows, (row) => row.intersection),
      ring: new Int32Array(rows.length),
      phase: Int32Array.from(rows, ({ phase }) => phase),
      interval: Uint8Array.from(rows, ({ interval }) => interval),
      startS: Float64Array.from(rows, ({ startS }) => startS),
      endS: Float64Array.from(rows, ({ endS }) => endS),
    },
    phaseNames: signalised.flatMap(() => ['main street', 'side street']),
  };
}

/** The way from the westmost boundary to the east, straight on at every signal. */
export function corridorOf(
  layout: Layout,
  movements: readonly ToyMovement[],
  signals: ToyGreen,
  pathsAlong: (roads: readonly number[]) => Pick<CorridorTrace, 'stopLineM' | 'paths'>,
): CorridorTrace {
  const west = layout.intersections.reduce(
    (best, { x }, i) => (x < layout.intersections[best].x ? i : best),
    0,
  );
  const roads: number[] = [];
  const ways: number[] = [];
  let road = layout.roads.findIndex(({ from }) => from === west);
  for (;;) {
    const m = movements.findIndex(({ movement }) => movement.from === road && movement.turn === 'thru');
    if (m < 0) break;
    roads.push(road);
    ways.push(m);
    road = movements[m].movement.to;
  }
  return {
    roads,
    intersections: roads.map((r) => layout.roads[r].to),
    movements: ways,
    greens: ways.map((m) =>
      Float64Array.from(
        signals
          .green(movements[m].intersection, movements[m].movement)
          .flatMap(([a, b]) => [Math.max(0, a), b]),
      ),
    ),
    ...pathsAlong(roads),
  };
}
