import { NONE } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { Survey } from '../sim/survey.ts';
import type { CorridorPaths } from '../sim/trace.ts';
import type { CorridorTrace, Trace } from './runResult.ts';

/** The trace that a survey kept; `null` when it kept none. */
export function traceResult(
  { network, step }: Simulation,
  { trace, series, queues }: Survey,
  phaseNames: readonly string[],
): Trace | null {
  if (trace === null) return null;
  const { stepS } = network;
  const { intervals, corridor } = trace;
  const count = series.queues.length;
  const strip = new Float64Array(queues.roads.length * count);
  series.queues.forEach((row, k) => {
    row.forEach((queue, approach) => {
      strip[approach * count + k] = queue;
    });
  });
  return {
    signals: {
      intersection: Int32Array.from(intervals.intersection),
      ring: Int32Array.from(intervals.ring),
      phase: Int32Array.from(intervals.phase),
      interval: Uint8Array.from(intervals.interval),
      startS: Float64Array.from(intervals.start, (start) => start * stepS),
      endS: Float64Array.from(intervals.end, (end) => (end === NONE ? step : end) * stepS),
    },
    phaseNames,
    queues: strip,
    corridor: corridor === null ? null : corridorResult(corridor, stepS, step, network.roadTo),
  };
}

function corridorResult(
  { corridor, stopLineM, greens, paths }: CorridorPaths,
  stepS: number,
  step: number,
  roadTo: Int32Array,
): CorridorTrace {
  return {
    roads: corridor.roads,
    stopLineM,
    intersections: corridor.roads.map((road) => roadTo[road]!),
    movements: corridor.movements,
    greens: greens.map((changes) => {
      const closed = changes.length % 2 === 1 ? [...changes, step] : changes;
      return Float64Array.from(closed, (change) => change * stepS);
    }),
    paths: Array.from(paths, ([vehicle, path]) => ({
      vehicle,
      timeS: Float64Array.from(path.step, (at) => at * stepS),
      distanceM: Float64Array.from(path.distanceM),
    })),
  };
}
