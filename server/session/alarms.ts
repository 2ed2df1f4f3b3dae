import type { Alarm, AlarmKind } from '../protocol/session.ts';
import { NONE } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import {
  ARRIVED,
  COUNT,
  HALTING_SPEED,
  HEAD,
  HEAD_NEXT,
  RECORD,
  RECORD_TAIL,
  SLOT_IDENTITY,
  TAIL_TYPE,
  VEHICLE,
} from '../sim/traffic.ts';
import { lastMinute, METER, type Meter, secondsCovered, WINDOW_S } from './meter.ts';

/** How often alarms are looked for, s. */
export const ALARM_EVERY_S = 5;

/** A first vehicle that has been on a lane for so much longer than at free speed is starved, s. */
const STARVED_S = 180;
const FED_S = 60;
/**
 * Street-level pollution: NOx of a road's lanes together over the last minute, g per km and hour. The bounds are ours: with
 * the model's 0.2 to 0.4 g per km a main street with 2,000 cars an hour in free flow gives off 400 to 800; what is
 * above 2,000 comes of queues, or of many heavy vehicles.
 */
const NOX_HIGH = 2000;
const NOX_LOW = 1000;
/** Roads shorter than this are not judged by what is emitted per metre, m. */
const NOX_LEAST_M = 30;

/** A condition that holds at a place. */
export interface Finding {
  /** Of those that begin and end. */
  readonly kind: Exclude<AlarmKind, 'end-of-run'>;
  readonly lanes: readonly number[];
}

/** What alarms are told with. */
export interface AlarmPlace {
  readonly side: number;
  readonly laneName: (lane: number) => string;
  readonly roadName: (road: number) => string;
  readonly intersectionName: (intersection: number) => string;
}

/** What is looked at: one side, and the lanes that people have closed or blocked. */
export interface Scene {
  readonly sim: Simulation;
  readonly meter: Meter;
  readonly blocked: Iterable<number>;
  readonly place: AlarmPlace;
}

/**
 * Alarms that begin or end now, on one side. Conditions end at milder bounds than they begin, so that they do not flutter.
 *
 * @param underWay  of this side, those that have begun and not ended
 */
export function alarmsNow(scene: Scene, underWay: AlarmsUnderWay): Alarm[] {
  const { sim, place } = scene;
  const found = new Map<string, Finding>();
  const isOpen = (finding: Finding) => underWay.has(keyOf(finding));
  for (const finding of findings(scene, isOpen)) found.set(keyOf(finding), finding);
  const begun = [...found.values()].filter((finding) => !isOpen(finding));
  const over = [...underWay.values()].filter((alarm) => !found.has(keyOf(alarm)));
  const told = (finding: Finding, begins: boolean): Alarm => ({
    ...{ step: sim.step, side: place.side, kind: finding.kind, begins, lanes: finding.lanes },
    intersection: sim.network.elementIntersection[finding.lanes[0]!]!,
    text: sentence(finding, begins, scene),
  });
  return [...over.map((alarm) => told(alarm, false)), ...begun.map((finding) => told(finding, true))];
}

/** Alarms of a side that have begun and not ended, by kind and place. */
export type AlarmsUnderWay = ReadonlyMap<string, Finding>;

export function noteUnderWay(underWay: Map<string, Finding>, { kind, lanes, begins }: Alarm): void {
  if (kind === 'end-of-run') return; // nothing comes after it that could end it
  const finding = { kind, lanes };
  if (begins) underWay.set(keyOf(finding), finding);
  else underWay.delete(keyOf(finding));
}

function keyOf({ kind, lanes }: Finding): string {
  return `${kind} ${lanes.join(' ')}`;
}

function* findings(
  { sim, meter, blocked }: Scene,
  isOpen: (finding: Finding) => boolean,
): Generator<Finding> {
  const full = fullLanes(sim, meter.laneCount);
  for (const lane of full) yield { kind: 'spillback', lanes: [lane] };
  for (const lanes of cyclesOf(sim, full)) yield { kind: 'gridlock', lanes };
  for (const lane of blocked) yield { kind: 'blocked-lane', lanes: [lane] };
  const { elementIntersection, boundary, roadCount, roadLanes, elementLength, stepS } = sim.network;
  for (let lane = 0; lane < meter.laneCount; lane++) {
    if (boundary[elementIntersection[lane]!] === 1) continue;
    const waitS = headDelayS(sim, lane);
    if (waitS < FED_S) continue;
    const starved: Finding = { kind: 'starvation', lanes: [lane] };
    if (waitS >= STARVED_S || isOpen(starved)) yield starved;
  }
  if (sim.step * stepS < WINDOW_S) return;
  for (let road = 0; road < roadCount; road++) {
    const lanes = roadLanes.items.subarray(roadLanes.starts[road]!, roadLanes.starts[road + 1]!);
    if (elementLength[lanes[0]!]! < NOX_LEAST_M) continue;
    const nox = noxOf(sim, meter, lanes);
    if (nox < NOX_LOW) continue;
    const polluted: Finding = { kind: 'emissions', lanes: [...lanes] };
    if (nox >= NOX_HIGH || isOpen(polluted)) yield polluted;
  }
}

/** NOx of lanes together over the last minute, g per km and hour. */
function noxOf({ network, step }: Simulation, meter: Meter, lanes: ArrayLike<number>): number {
  const hours = secondsCovered(meter, step, network.stepS) / 3600;
  let milligrams = 0;
  for (let k = 0; k < lanes.length; k++) milligrams += lastMinute(meter, lanes[k]!, METER.nox);
  return milligrams / network.elementLength[lanes[0]!]! / hours;
}

/** Lanes toward an intersection whose queue reaches their upstream end: one more vehicle would not fit. */
export function fullLanes({ network, traffic, step }: Simulation, laneCount: number): Set<number> {
  const { types, boundary, elementIntersection } = network;
  const { halted, record, tail } = traffic;
  const parity = (step & 1) << 1;
  const full = new Set<number>();
  for (let lane = 0; lane < laneCount; lane++) {
    if (halted[lane] === 0 || boundary[elementIntersection[lane]!] === 1) continue;
    if (record[lane * RECORD + COUNT] === 0) continue;
    const t = lane * RECORD_TAIL + parity;
    const last = record[lane * RECORD + TAIL_TYPE]!;
    const spacing = types.length[last]! + types.minGap[last]!;
    if (tail[t + 1]! < HALTING_SPEED && tail[t]! - types.length[last]! < spacing) full.add(lane);
  }
  return full;
}

/** Full lanes each of whose first vehicle is bound for the next: nobody in such a cycle can move. */
function cyclesOf({ network, traffic }: Simulation, full: ReadonlySet<number>): number[][] {
  const onward = (lane: number) => {
    const connector = traffic.record[lane * RECORD + HEAD_NEXT]!;
    const to = connector < 0 ? NONE : network.connectorTo[connector]!;
    return full.has(to) ? to : NONE;
  };
  const cycles: number[][] = [];
  const seen = new Set<number>();
  for (const start of full) {
    const way: number[] = [];
    let lane = start;
    while (lane !== NONE && !seen.has(lane)) {
      seen.add(lane);
      way.push(lane);
      lane = onward(lane);
    }
    const from = way.indexOf(lane);
    if (from < 0) continue;
    const cycle = way.slice(from);
    // One name for a cycle, wherever it was entered.
    const first = cycle.indexOf(Math.min(...cycle));
    cycles.push([...cycle.slice(first), ...cycle.slice(0, first)]);
  }
  return cycles;
}

/** How much longer than at the speed limit the first vehicle of a lane has been on it, s. */
export function headDelayS({ network, traffic, vehicles, step }: Simulation, lane: number): number {
  const { record } = traffic;
  if (record[lane * RECORD + COUNT] === 0) return 0;
  const since = sinceOn({ traffic, vehicles }, record[lane * RECORD + HEAD]!);
  return (step - since) * network.stepS - network.elementLength[lane]! / network.elementSpeedLimit[lane]!;
}

/** The step in which the vehicle of a slot came onto its lane. */
export function sinceOn(
  { traffic: { slotIdentity }, vehicles }: Pick<Simulation, 'traffic' | 'vehicles'>,
  slot: number,
): number {
  const arrived = slotIdentity[slot * SLOT_IDENTITY + ARRIVED]!;
  return arrived >= 0 ? arrived : vehicles.enteredAt[slotIdentity[slot * SLOT_IDENTITY + VEHICLE]!]!;
}

function sentence({ kind, lanes }: Finding, begins: boolean, { sim, meter, place }: Scene): string {
  const lane = place.laneName(lanes[0]!);
  const at = place.intersectionName(sim.network.elementIntersection[lanes[0]!]!);
  switch (kind) {
    case 'spillback':
      return begins
        ? `The queue on lane ${lane} reaches back to the intersection before it.`
        : `The queue on lane ${lane} no longer reaches the intersection before it.`;
    case 'gridlock':
      return begins
        ? `Gridlock: ${lanes.length} full lanes, from ${lane} on, wait for one another in a circle.`
        : `The gridlock from lane ${lane} on has dissolved.`;
    case 'starvation':
      return begins
        ? `The first vehicle on lane ${lane} has waited for more than ${STARVED_S} s at ${at}.`
        : `Lane ${lane} at ${at} is served again.`;
    case 'blocked-lane':
      return begins ? `Lane ${lane} is blocked.` : `Lane ${lane} is open again.`;
    case 'emissions': {
      const road = place.roadName(sim.network.elementRoad[lanes[0]!]!);
      const grams = Math.round(noxOf(sim, meter, lanes)).toLocaleString('en');
      return begins
        ? `Street-level pollution on road ${road}: NOx at ${grams} g per km and hour, above ${NOX_HIGH.toLocaleString('en')}.`
        : `NOx on road ${road} is below ${NOX_LOW.toLocaleString('en')} g per km and hour again.`;
    }
  }
}
