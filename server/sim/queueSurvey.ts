import type { Network } from './network.ts';
import type { Simulation } from './simulation.ts';
import { COUNT, HALTING_SPEED, RECORD, RECORD_TAIL, TAIL_TYPE } from './traffic.ts';

/**
 * Queues on approaches, seen after every step: vehicles standing on all lanes of a road toward an
 * intersection inside the network. Kept as histograms, from which mean, percentile and maximum follow.
 */
export interface QueueSurvey {
  readonly roads: Int32Array; //           the approaches, in order of the network's roads
  readonly histogramStart: Int32Array; //  by approach
  readonly histogram: Int32Array; //       by histogramStart[k] + queue: steps with that queue
  readonly total: Int32Array; //           by queue on all approaches together: steps
  readonly spillback: Int32Array; //       by approach: steps in which a lane was full to its upstream end
  readonly now: Float64Array; //           by approach: queue summed over the steps of the interval under way
  totalNow: number;
}

export function createQueueSurvey(network: Network): QueueSurvey {
  const { roadCount, roadTo, boundary, roadLanes, elementCapacity } = network;
  const roads = Int32Array.from({ length: roadCount }, (_, r) => r).filter((r) => boundary[roadTo[r]] === 0);
  const histogramStart = new Int32Array(roads.length + 1);
  roads.forEach((road, k) => {
    let capacity = 0;
    for (let l = roadLanes.starts[road]; l < roadLanes.starts[road + 1]; l++) {
      capacity += elementCapacity[roadLanes.items[l]];
    }
    histogramStart[k + 1] = histogramStart[k] + capacity + 1;
  });
  return {
    roads,
    histogramStart,
    histogram: new Int32Array(histogramStart[roads.length]),
    total: new Int32Array(histogramStart[roads.length] + 1),
    spillback: new Int32Array(roads.length),
    now: new Float64Array(roads.length),
    totalNow: 0,
  };
}

/**
 * The end of a step.
 *
 * @param counts  whether the warm-up is over
 */
export function noteQueues({ network, traffic, step }: Simulation, log: QueueSurvey, counts: boolean): void {
  const { roadLanes, types } = network;
  const { halted, record, tail } = traffic;
  const parity = (step & 1) << 1;
  let total = 0;
  for (let k = 0; k < log.roads.length; k++) {
    const road = log.roads[k];
    let queue = 0;
    let full = false;
    for (let l = roadLanes.starts[road]; l < roadLanes.starts[road + 1]; l++) {
      const lane = roadLanes.items[l];
      if (halted[lane] === 0) continue;
      queue += halted[lane];
      const t = lane * RECORD_TAIL + parity;
      const last = record[lane * RECORD + TAIL_TYPE];
      // Full: the last vehicle stands, and another like it would not fit behind.
      const spacing = types.length[last] + types.minGap[last];
      if (
        record[lane * RECORD + COUNT] > 0 &&
        tail[t + 1] < HALTING_SPEED &&
        tail[t] - types.length[last] < spacing
      )
        full = true;
    }
    total += queue;
    log.now[k] += queue;
    if (!counts) continue;
    const most = log.histogramStart[k + 1] - log.histogramStart[k] - 1;
    log.histogram[log.histogramStart[k] + (queue < most ? queue : most)]++;
    if (full) log.spillback[k]++;
  }
  log.totalNow += total;
  if (counts) log.total[total < log.total.length ? total : log.total.length - 1]++;
}

/** Steps, mean, 95th percentile and maximum of a histogram of queues: row `start` to `end` is by queue. */
export function queueFigures(
  histogram: Int32Array,
  start: number,
  end: number,
): { readonly mean: number; readonly p95: number; readonly max: number } {
  let steps = 0;
  let sum = 0;
  let max = 0;
  for (let k = start; k < end; k++) {
    if (histogram[k] === 0) continue;
    steps += histogram[k];
    sum += histogram[k] * (k - start);
    max = k - start;
  }
  // The smallest queue that is not exceeded for 95 % of the time.
  let p95 = 0;
  let below = steps === 0 ? 0 : histogram[start];
  while (below < 0.95 * steps) below += histogram[start + ++p95];
  return { mean: steps === 0 ? 0 : sum / steps, p95, max };
}
