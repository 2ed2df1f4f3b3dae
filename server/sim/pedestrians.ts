import type { Network } from './network.ts';
import { exponential, type RandomStream, randomStream } from './random.ts';

/**
 * People who want to cross, one row per crosswalk. They are counted, not drawn: somebody comes to the kerb,
 * waits for walk, and has crossed when it begins. A phase with people at its kerbs (or on recall) shows walk
 * at the beginning of its green and keeps it for walk and pedestrian clearance.
 */
export interface Pedestrians {
  readonly waiting: Int32Array; //      at the kerb now
  readonly since: Float64Array; //      steps at which these came, summed
  readonly firstAt: Int32Array; //      the step at which the first of these came
  readonly walkUntil: Int32Array; //    the step at which walk ends, or ended
  readonly served: Int32Array; //       who got walk so far
  readonly waited: Float64Array; //     steps that these waited, summed
  readonly longestWait: Int32Array; //  steps
  readonly nextArrival: Float64Array; // s; Infinity: nobody comes
  readonly streams: readonly RandomStream[];
}

/** `null` where no crosswalk is in use. */
export function createPedestrians({ crosswalks }: Network, seed: number): Pedestrians | null {
  const { count, names, rate } = crosswalks;
  if (count === 0) return null;
  const streams = names.map((name) => randomStream(seed, `pedestrians:${name}`));
  return {
    waiting: new Int32Array(count),
    since: new Float64Array(count),
    firstAt: new Int32Array(count),
    walkUntil: new Int32Array(count),
    served: new Int32Array(count),
    waited: new Float64Array(count),
    longestWait: new Int32Array(count),
    nextArrival: Float64Array.from(streams, (stream, c) =>
      rate[c] === 0 ? Infinity : exponential(stream) / rate[c],
    ),
    streams,
  };
}

/** People come to the kerbs; who finds walk shown goes at once. */
export function arriveAtKerbs({ crosswalks, stepS }: Network, p: Pedestrians, step: number): void {
  const end = (step + 1) * stepS;
  for (let c = 0; c < crosswalks.count; c++) {
    while (p.nextArrival[c] < end) {
      p.nextArrival[c] += exponential(p.streams[c]) / crosswalks.rate[c];
      if (step < p.walkUntil[c]) {
        p.served[c]++;
        continue;
      }
      if (p.waiting[c] === 0) p.firstAt[c] = step;
      p.waiting[c]++;
      p.since[c] += step;
    }
  }
}

/** Whether anyone waits at a crosswalk that phase `p` serves. */
export function someoneAtKerb({ phaseCrosswalks }: Network, { waiting }: Pedestrians, p: number): boolean {
  const { starts, items } = phaseCrosswalks;
  for (let k = starts[p]; k < starts[p + 1]; k++) if (waiting[items[k]] > 0) return true;
  return false;
}

/**
 * Shows walk at the crosswalks of phase `p` that are on recall or have been called. Returns how many steps
 * the green must last for it: walk and pedestrian clearance; 0 if nobody walks.
 */
export function beginWalk(network: Network, pedestrians: Pedestrians, p: number, step: number): number {
  const { phaseCrosswalks, crosswalks, walk, pedestrianClearance } = network;
  const { waiting, since, firstAt, walkUntil, served, waited, longestWait } = pedestrians;
  const { starts, items } = phaseCrosswalks;
  let someone = false;
  for (let k = starts[p]; k < starts[p + 1]; k++) {
    const c = items[k];
    if (waiting[c] === 0 && crosswalks.recall[c] === 0) continue;
    someone = true;
    walkUntil[c] = step + walk[p];
    if (waiting[c] === 0) continue;
    served[c] += waiting[c];
    waited[c] += waiting[c] * step - since[c];
    if (step - firstAt[c] > longestWait[c]) longestWait[c] = step - firstAt[c];
    waiting[c] = 0;
    since[c] = 0;
  }
  return someone ? walk[p] + pedestrianClearance[p] : 0;
}
