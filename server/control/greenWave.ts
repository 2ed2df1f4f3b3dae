import { type Network, SHOWN } from '../sim/network.ts';
import { type Way, type Window, widestBands } from './bandwidth.ts';
import { type Corridor, corridorsOf } from './corridors.ts';
import { prepareFixedTime } from './fixedTime.ts';
import { shownTo } from './laneGroups.ts';
import { changeSteps, cycleSteps, phasesAt, plannedIntersections, withPlan } from './plan.ts';
import type { Occasion, Prepared } from './registry.ts';
import type { Setting, Settings } from './settings.ts';
import { designFlows, timingFacts, timingsFor, WEBSTER_SETTINGS, withTimings } from './webster.ts';

/**
 * Green wave: one cycle for all signals, and offsets with which platoons meet green along every corridor.
 *
 * A corridor is a chain of signals joined by thru movements. Offsets maximise the bandwidth, after Little,
 * Kelson & Gartner (1981), MAXBAND, Transp. Res. Rec. 795, by search over whole steps. Where two corridors
 * cross, the longer one is timed first, of equals the one with more thru traffic; the signal they share is then
 * settled, and the other corridor does the best it can around it. In a grid that leaves the streets across
 * with whatever comes out, and the facts say so.
 */

const TAKEN = new Set([
  'design',
  'cycleS',
  'minCycleS',
  'maxCycleS',
  'saturationVph',
  'startUpLostS',
  'extensionS',
]);

export const GREEN_WAVE_SETTINGS: readonly Setting[] = [
  {
    key: 'direction',
    summary: 'forward: away from the signal named first in the file; back: toward it; both',
    standard: 'both',
    choices: ['both', 'forward', 'back'],
  },
  {
    key: 'speedShare',
    summary: 'speed of progression, as a share of the speed limit',
    standard: 1,
    min: 0.2,
    max: 1.5,
  },
  {
    key: 'splits',
    summary: 'webster: greens for the demand; scenario: greens in the proportions of the plan',
    standard: 'webster',
    choices: ['webster', 'scenario'],
  },
  ...WEBSTER_SETTINGS.filter(({ key }) => TAKEN.has(key)),
];

/** The network with a common cycle and the offsets of its green waves. */
export function prepareGreenWave(network: Network, settings: Settings, occasion: Occasion): Prepared {
  const split = commonCycle(network, settings, occasion);
  const planned = plannedIntersections(network);
  if (planned.length === 0) return { network, facts: [] };
  const cycles = planned.map((i) => cycleSteps(split.network, phasesAt(network, i)));
  const cycle = Math.max(...cycles);
  const vph = designFlows(network, settings, occasion.durationS);
  const corridors = corridorsOf(network)
    .map((corridor) => withoutOthers(split.network, corridor, cycle))
    .filter(({ intersections }) => intersections.length > 1)
    .sort(
      (a, b) => b.intersections.length - a.intersections.length || thruTraffic(b, vph) - thruTraffic(a, vph),
    );
  const offset = Int32Array.from(split.network.offset);
  const settled = new Set<number>();
  const facts = corridors.map((corridor) => {
    const told = timeCorridor(split.network, corridor, cycle, offset, settled, vph, settings);
    return corridorFact(corridor, told, network.stepS, occasion);
  });
  return {
    network: withPlan(split.network, { split: split.network.split, offset }, 'a plan of green-wave'),
    facts: [...split.facts, ...(facts.length === 0 ? ['No two signals follow one another.'] : facts)],
  };
}

/** Splits at one cycle for all: Webster's, or the plan's stretched to it. */
function commonCycle(network: Network, settings: Settings, occasion: Occasion): Prepared {
  const wanted = Number(settings.cycleS);
  if (settings.splits === 'scenario') {
    const cycles = plannedIntersections(network).map((i) => cycleSteps(network, phasesAt(network, i)));
    return prepareFixedTime(network, { cycleS: wanted || Math.max(0, ...cycles) * network.stepS });
  }
  const flows = designFlows(network, settings, occasion.durationS);
  // With one cycle for all the longest that any of them cannot do without is the cycle.
  const first = timingsFor(network, flows, { ...settings, cycle: 'common' });
  const longest = Math.max(0, ...first.map(({ cycleS }) => cycleS));
  const timings = timingsFor(network, flows, { ...settings, cycle: 'common', cycleS: longest });
  return { network: withTimings(network, timings), facts: timingFacts(timings, occasion) };
}

/** The longest part of a corridor whose signals keep the common cycle; limits of green can keep one from it. */
function withoutOthers(network: Network, corridor: Corridor, cycle: number): Corridor {
  const fits = corridor.intersections.map((i) => cycleSteps(network, phasesAt(network, i)) === cycle);
  let best: [number, number] = [0, 0];
  let start = 0;
  for (let k = 0; k <= fits.length; k++) {
    if (fits[k]) continue;
    if (k - start > best[1] - best[0]) best = [start, k];
    start = k + 1;
  }
  const part = (row: readonly number[]) => row.slice(...best);
  const { intersections, there, back } = corridor;
  return {
    intersections: part(intersections),
    there: part(there),
    back: back === null ? null : part(back),
  };
}

interface Told {
  readonly there: number | null; // steps; null: not aimed at
  readonly back: number | null;
  readonly free: number;
}

/** Chooses the offsets of one corridor's signals that are not settled yet, and settles them. */
function timeCorridor(
  network: Network,
  corridor: Corridor,
  cycle: number,
  offset: Int32Array,
  settled: Set<number>,
  vph: Float64Array,
  settings: Settings,
): Told {
  const { intersections } = corridor;
  const fixed = intersections.map((i) => (settled.has(i) ? offset[i]! : null));
  const { there, back } = waysOf(network, corridor, cycle, vph, Number(settings.speedShare));
  const aims =
    back === null || settings.direction === 'forward'
      ? [there]
      : settings.direction === 'back'
        ? [back]
        : [there, back];
  const { offsets, bands } = widestBands(aims, fixed, cycle);
  intersections.forEach((i, k) => {
    offset[i] = offsets[k]!;
    settled.add(i);
  });
  const bandOf = (way: Way | null) => (way !== null && aims.includes(way) ? bands[aims.indexOf(way)]! : null);
  return {
    there: bandOf(there),
    back: bandOf(back),
    free: fixed.filter((value) => value === null).length,
  };
}

function waysOf(
  network: Network,
  { there, back }: Corridor,
  cycle: number,
  vph: Float64Array,
  speedShare: number,
): { there: Way; back: Way | null } {
  const flow = (row: readonly number[]) => row.reduce((sum, m) => sum + vph[m]!, 0);
  const thereFlow = flow(there);
  const total = back === null ? thereFlow : thereFlow + flow(back);
  const weight = back === null ? 1 : total === 0 ? 0.5 : thereFlow / total;
  const windows = (row: readonly number[]) => row.map((m) => windowOf(network, m, cycle));
  return {
    there: { windows: windows(there), arrival: arrivals(network, there, speedShare), weight },
    back:
      back === null
        ? null
        : {
            windows: windows(back),
            arrival: arrivals(network, [...back].reverse(), speedShare).reverse(),
            weight: 1 - weight,
          },
  };
}

/** When a platoon passes the stop lines of these movements, steps after the first. */
function arrivals(network: Network, movements: readonly number[], speedShare: number): number[] {
  const { movementFrom, roadLanes, elementLength, elementSpeedLimit, connectors, connectorMovement } =
    network;
  let time = 0;
  return movements.map((m, k) => {
    if (k === 0) return 0;
    const lane = roadLanes.items[roadLanes.starts[movementFrom[m]!]!]!;
    const before = movements[k - 1]!;
    const i = network.movementIntersection[before]!;
    const across = connectors.items
      .subarray(connectors.starts[i]!, connectors.starts[i + 1]!)
      .find((c) => connectorMovement[c] === before)!;
    const length = elementLength[across]! + elementLength[lane]!;
    time += length / (elementSpeedLimit[lane]! * speedShare * network.stepS);
    return time;
  });
}

/** The longest stretch of the cycle for which a movement has green without a break. */
export function windowOf(network: Network, m: number, cycle: number): Window {
  const i = network.movementIntersection[m]!;
  const phases = phasesAt(network, i);
  const least = phases.some((p) => shownTo(network, i, p, m) === SHOWN.protected)
    ? SHOWN.protected
    : SHOWN.permitted;
  const goes = phases.map((p) => shownTo(network, i, p, m) >= least);
  if (goes.every(Boolean)) return { start: 0, length: cycle };
  let best: Window = { start: 0, length: 0 };
  let start = 0;
  phases.forEach((p, k) => {
    const begins = goes[k] && !goes[(k + phases.length - 1) % phases.length];
    if (begins) {
      let length = 0;
      let last = p;
      for (let j = k; goes[j % phases.length]; j++) {
        last = phases[j % phases.length]!;
        length += network.split[last]!;
      }
      length -= changeSteps(network, last);
      if (length > best.length) best = { start, length };
    }
    start += network.split[p]!;
  });
  return best;
}

function thruTraffic({ there, back }: Corridor, vph: Float64Array): number {
  return [...there, ...(back ?? [])].reduce((sum, m) => sum + vph[m]!, 0);
}

function corridorFact(
  { intersections }: Corridor,
  { there, back, free }: Told,
  stepS: number,
  { names }: Occasion,
): string {
  const name = (i: number) => names.intersection[i];
  const seconds = (steps: number) => Number((steps * stepS).toFixed(1));
  const ways = [
    there === null ? '' : `${seconds(there)} s there`,
    back === null ? '' : `${seconds(back)} s back`,
  ].filter((part) => part !== '');
  const crossing =
    free === intersections.length
      ? ''
      : free === 0
        ? '; its signals were settled by streets across'
        : `; ${intersections.length - free} of its signals were settled by streets across`;
  return `${name(intersections[0]!)} to ${name(intersections.at(-1)!)}, ${intersections.length} signals: green band ${ways.join(', ')}${crossing}.`;
}
