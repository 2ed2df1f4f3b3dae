import {
  type Corridor,
  type CorridorElement,
  connectorsOf,
  corridorElements,
  longestCorridor,
} from './corridor.ts';
import { type Network, NONE, SHOWN } from './network.ts';
import type { Simulation } from './simulation.ts';
import { COUNT, HEAD, RECORD, SLOT_IDENTITY, SLOT_STATE, VEHICLE } from './traffic.ts';

/** One run in detail, for pictures: what each signal showed, and who drove along the corridor. */
export interface Trace {
  /** Intervals in order of their start; `end` is NONE while one is being shown. Times in steps. */
  readonly intervals: {
    readonly intersection: number[];
    readonly ring: number[];
    readonly phase: number[];
    readonly interval: number[];
    readonly start: number[];
    readonly end: number[];
  };
  readonly open: Int32Array; //  by ring: its interval under way, as a row of `intervals`
  readonly corridor: CorridorPaths | null;
}

export interface CorridorPaths {
  readonly corridor: Corridor;
  readonly stopLineM: readonly number[];
  readonly elements: readonly CorridorElement[];
  readonly connectors: readonly number[]; //  by intersection of the corridor: one of its connectors
  readonly greens: readonly number[][]; //    by intersection: steps in which green began and ended, in turn
  readonly paths: Map<number, Path>; //       by vehicle, in order of appearance
  every: number; //                           steps between samples
  samples: number;
}

export interface Path {
  step: number[];
  distanceM: number[];
}

/** More samples than this are thinned: every second one of every path goes. */
const SAMPLES_MAX = 200_000;
/** Time between samples, s, to begin with. */
const SAMPLE_S = 2;

export function createTrace(network: Network): Trace {
  return {
    intervals: { intersection: [], ring: [], phase: [], interval: [], start: [], end: [] },
    open: new Int32Array(network.ringIntersection.length).fill(NONE),
    corridor: createPaths(network),
  };
}

function createPaths(network: Network): CorridorPaths | null {
  const corridor = longestCorridor(network);
  if (corridor === null) return null;
  return {
    corridor,
    ...corridorElements(network, corridor),
    connectors: corridor.movements.map((m) => connectorsOf(network, m)[0] ?? NONE),
    greens: corridor.movements.map(() => []),
    paths: new Map(),
    every: Math.max(1, Math.floor(SAMPLE_S / network.stepS)),
    samples: 0,
  };
}

/** The signals show what they show in the step that begins. */
export function traceSignals(
  { network, signals, step }: Simulation,
  { intervals, open, corridor }: Trace,
): void {
  const { ringIntersection, signalised } = network;
  for (let r = 0; r < ringIntersection.length; r++) {
    const i = ringIntersection[r];
    if (signalised[i] === 0) continue;
    const phase = signals.phase[r];
    const interval = signals.interval[r];
    const row = open[r];
    if (row !== NONE && intervals.phase[row] === phase && intervals.interval[row] === interval) continue;
    if (row !== NONE) intervals.end[row] = step;
    open[r] = intervals.start.length;
    intervals.intersection.push(i);
    intervals.ring.push(r === i ? 0 : 1);
    intervals.phase.push(phase);
    intervals.interval.push(interval);
    intervals.start.push(step);
    intervals.end.push(NONE);
  }
  if (corridor === null) return;
  for (let k = 0; k < corridor.connectors.length; k++) {
    const green = signals.shown[corridor.connectors[k]] >= SHOWN.permitted;
    // An odd number of times: green is being shown.
    if (green !== (corridor.greens[k].length % 2 === 1)) corridor.greens[k].push(step);
  }
}

/** The end of a step: where everybody on the corridor is. */
export function traceCorridor({ traffic, step }: Simulation, log: CorridorPaths): void {
  if (step % log.every !== 0) return;
  const { record, slotState, slotIdentity } = traffic;
  const parity = (step & 1) << 1;
  for (const { element, startM, scale } of log.elements) {
    const head = record[element * RECORD + HEAD];
    const end = head + record[element * RECORD + COUNT];
    for (let slot = head; slot < end; slot++) {
      const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
      let path = log.paths.get(vehicle);
      if (path === undefined) {
        path = { step: [], distanceM: [] };
        log.paths.set(vehicle, path);
      }
      path.step.push(step);
      path.distanceM.push(startM + slotState[slot * SLOT_STATE + parity] * scale);
      log.samples++;
    }
  }
  if (log.samples > SAMPLES_MAX) thin(log);
}

/** Halves the samples of all paths, and takes half as many from now on. */
function thin(log: CorridorPaths): void {
  log.every *= 2;
  log.samples = 0;
  for (const path of log.paths.values()) {
    const kept = path.step.map((step) => step % log.every === 0);
    path.step = path.step.filter((_, k) => kept[k]);
    path.distanceM = path.distanceM.filter((_, k) => kept[k]);
    log.samples += path.step.length;
  }
}
