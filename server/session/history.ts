import type { Alarm, Sample } from '../protocol/session.ts';
import type { CorridorElement } from '../sim/corridor.ts';
import { corridorElements, longestCorridor } from '../sim/corridor.ts';
import { type Network, NONE } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import { COUNT, HEAD, RECORD, SLOT_IDENTITY, SLOT_STATE, VEHICLE } from '../sim/traffic.ts';
import { type Finding, noteUnderWay } from './alarms.ts';

/**
 * What a session knows of its run so far, up to the farthest step it has been to. Steps that are run again after going back
 * are not noted again: they are the same. What is beyond a change of the run is forgotten.
 */
export interface History {
  readonly samples: KeptSample[];
  readonly alarms: Alarm[];
  /** Of all sides, each minute. */
  readonly fingerprints: { readonly step: number; readonly sides: readonly string[] }[];
  /** By side. */
  readonly sides: readonly SideHistory[];
}

/** A sample, and the sums from which the next one is reckoned. */
export interface KeptSample {
  readonly sample: Sample;
  readonly sums: readonly {
    readonly lostVehS: number;
    readonly presentVehS: number;
    readonly finished: number;
    readonly co2G: number;
  }[];
}

export interface SideHistory {
  readonly underWay: Map<string, Finding>;
  /** By ring: intervals in order of their start, as step, phase, interval, step, phase, interval … */
  readonly shown: readonly number[][];
  readonly corridor: CorridorHistory | null;
}

/** Where everybody on the corridor was, step by step. */
interface CorridorHistory {
  readonly elements: readonly CorridorElement[];
  /** Steps between two looks. */
  readonly every: number;
  /** By look: the step, and where its rows begin. */
  readonly steps: number[];
  readonly starts: number[];
  vehicles: Uint32Array;
  metres: Float32Array;
  count: number;
}

/** Time between two looks at a corridor, s, and how many rows are kept at most. */
const LOOK_S = 1;
const ROWS_MAX = 4_000_000;

export function createHistory(networks: readonly Network[]): History {
  return { samples: [], alarms: [], fingerprints: [], sides: networks.map(createSide) };
}

function createSide(network: Network): SideHistory {
  const corridor = longestCorridor(network);
  return {
    underWay: new Map(),
    shown: Array.from(network.ringIntersection, () => []),
    corridor:
      corridor === null
        ? null
        : {
            elements: corridorElements(network, corridor).elements,
            every: Math.max(1, Math.round(LOOK_S / network.stepS)),
            steps: [],
            starts: [],
            vehicles: new Uint32Array(4096),
            metres: new Float32Array(4096),
            count: 0,
          },
  };
}

export function noteAlarm({ alarms, sides }: History, alarm: Alarm): void {
  alarms.push(alarm);
  noteUnderWay(sides[alarm.side]!.underWay, alarm);
}

/** The end of a step that was not seen before. */
export function noteSide(side: SideHistory, sim: Simulation): void {
  noteShown(side, sim);
  if (side.corridor !== null && sim.step % side.corridor.every === 0) noteCorridor(side.corridor, sim);
}

/** What a step showed is known once it is over: an interval began with the step before. */
function noteShown({ shown }: SideHistory, { network, signals, step }: Simulation): void {
  for (let r = 0; r < shown.length; r++) {
    if (network.signalised[network.ringIntersection[r]!] === 0) continue;
    const row = shown[r]!;
    const [phase, interval] = [signals.phase[r]!, signals.interval[r]!];
    if (row.length > 0 && row[row.length - 2] === phase && row[row.length - 1] === interval) continue;
    row.push(step - 1, phase, interval);
  }
}

function noteCorridor(corridor: CorridorHistory, { network, traffic, step }: Simulation): void {
  if (corridor.count > ROWS_MAX) return;
  const { record, slotState, slotIdentity } = traffic;
  const parity = (step & 1) << 1;
  corridor.steps.push(step);
  corridor.starts.push(corridor.count);
  for (const { element, startM, scale } of corridor.elements) {
    const head = record[element * RECORD + HEAD]!;
    const end = head + record[element * RECORD + COUNT]!;
    if (corridor.count + end - head > corridor.vehicles.length) growCorridor(corridor, end - head);
    for (let slot = head; slot < end; slot++) {
      corridor.vehicles[corridor.count] = slotIdentity[slot * SLOT_IDENTITY + VEHICLE]!;
      const x = Math.min(slotState[slot * SLOT_STATE + parity]!, network.elementLength[element]!);
      corridor.metres[corridor.count++] = startM + x * scale;
    }
  }
}

function growCorridor(corridor: CorridorHistory, more: number): void {
  const length = 2 * (corridor.vehicles.length + more);
  const { vehicles, metres } = corridor;
  corridor.vehicles = new Uint32Array(length);
  corridor.vehicles.set(vehicles);
  corridor.metres = new Float32Array(length);
  corridor.metres.set(metres);
}

/** Forgets what was noted after `step`: from there on the run is another. */
export function forgetAfter(history: History, step: number): void {
  const { samples, alarms, fingerprints, sides } = history;
  while (samples.length > 0 && samples[samples.length - 1]!.sample.step > step) samples.pop();
  while (alarms.length > 0 && alarms[alarms.length - 1]!.step > step) alarms.pop();
  for (const { underWay } of sides) underWay.clear();
  for (const alarm of alarms) noteUnderWay(sides[alarm.side]!.underWay, alarm);
  while (fingerprints.length > 0 && fingerprints[fingerprints.length - 1]!.step > step) fingerprints.pop();
  for (const { shown, corridor } of sides) {
    for (const row of shown) while (row.length > 0 && row[row.length - 3]! >= step) row.length -= 3;
    if (corridor === null) continue;
    while (corridor.steps.length > 0 && corridor.steps[corridor.steps.length - 1]! > step) {
      corridor.steps.pop();
      corridor.count = corridor.starts.pop()!;
    }
  }
}

/** Where a corridor's vehicles were between two steps: by vehicle, stretches of step, metres, step, metres … */
export function pathsBetween(
  { corridor }: SideHistory,
  fromStep: number,
  toStep: number,
): { readonly vehicle: number; readonly points: readonly number[] }[] {
  if (corridor === null) return [];
  const { steps, starts, vehicles, metres, every } = corridor;
  const open = new Map<number, { vehicle: number; points: number[] }>();
  const paths: { vehicle: number; points: number[] }[] = [];
  for (let look = 0; look < steps.length; look++) {
    const step = steps[look]!;
    if (step < fromStep || step > toStep) continue;
    for (let row = starts[look]!; row < (starts[look + 1] ?? corridor.count); row++) {
      const vehicle = vehicles[row]!;
      const metre = Math.round(metres[row]! * 10) / 10;
      let path = open.get(vehicle);
      const last = path === undefined ? NONE : path.points[path.points.length - 2]!;
      // Who was away for a look, or goes backwards, has come anew.
      if (path === undefined || step - last > every || metre < path.points[path.points.length - 1]! - 1) {
        path = { vehicle, points: [] };
        open.set(vehicle, path);
        paths.push(path);
      }
      path.points.push(step, metre);
    }
  }
  return paths.filter(({ points }) => points.length > 2);
}
