import type { Network } from '../sim/network.ts';
import { type Share, shareCycle } from './cycleShares.ts';
import { type LaneGroup, laneGroups, phaseFlowRatios } from './laneGroups.ts';
import { busiestQuarter, movementDemand } from './movementDemand.ts';
import { changeSteps, leastSplit, mostSplit, phasesAt, plannedIntersections, withPlan } from './plan.ts';
import type { Occasion, Prepared } from './registry.ts';
import type { Setting, Settings } from './settings.ts';

/**
 * Webster's fixed-time plan: the cycle of least delay for the demand, and greens in proportion to what the
 * critical lane groups need. Webster (1958), Traffic Signal Settings, Road Research Technical Paper 39.
 *
 * The network gets other splits; FixedTime runs them.
 */

export const WEBSTER_SETTINGS: readonly Setting[] = [
  {
    key: 'design',
    summary: 'the demand to plan for: peak, the busiest 15 min, or average, the whole run',
    standard: 'peak',
    choices: ['peak', 'average'],
  },
  {
    key: 'cycle',
    summary: 'own: each intersection its own cycle; common: that of the most loaded for all',
    standard: 'own',
    choices: ['own', 'common'],
  },
  { key: 'cycleS', summary: 'this cycle for all, s; 0: by the formula', standard: 0, min: 0, max: 3600 },
  { key: 'minCycleS', summary: 'shortest cycle, s', standard: 30, min: 1, max: 3600 },
  { key: 'maxCycleS', summary: 'longest cycle, s', standard: 120, min: 1, max: 3600 },
  {
    key: 'saturationVph',
    summary: 'saturation flow of a thru lane, vehicles per hour of green',
    standard: 1900,
    min: 100,
    max: 3600,
  },
  {
    key: 'startUpLostS',
    summary: 'lost at the start of green until traffic flows, s',
    standard: 2,
    min: 0,
    max: 10,
  },
  {
    key: 'extensionS',
    summary: 'of the change interval still used as green, s; 0, for here who can stop at yellow does',
    standard: 0,
    min: 0,
    max: 10,
  },
];

/** Least-delay cycle, s: C₀ = (1.5 L + 5) ÷ (1 − Y). Infinite where the demand is more than can be served. */
export function websterCycle(lostTimeS: number, flowRatioSum: number): number {
  return flowRatioSum >= 1 ? Infinity : (1.5 * lostTimeS + 5) / (1 - flowRatioSum);
}

/** Effective greens, s: g = y ÷ Y × (C − L). */
export function websterGreens(cycleS: number, lostTimeS: number, flowRatios: readonly number[]): number[] {
  const sum = flowRatios.reduce((total, y) => total + y, 0);
  return flowRatios.map((y) => (y / sum) * (cycleS - lostTimeS));
}

/**
 * Mean delay, s, at a pretimed signal below saturation: Webster's
 * C(1 − λ)² ÷ (2(1 − λx)) + x² ÷ (2q(1 − x)) − 0.65 (C ÷ q²)^⅓ x^(2+5λ).
 *
 * @param cycleS  C
 * @param greenRatio  λ, effective green ÷ cycle
 * @param degreeOfSaturation  x, below 1
 * @param flowVph  q
 */
export function websterDelay(
  cycleS: number,
  greenRatio: number,
  degreeOfSaturation: number,
  flowVph: number,
): number {
  const q = flowVph / 3600;
  const x = degreeOfSaturation;
  const uniform = (cycleS * (1 - greenRatio) ** 2) / (2 * (1 - greenRatio * x));
  const random = (x * x) / (2 * q * (1 - x));
  const correction = 0.65 * Math.cbrt(cycleS / (q * q)) * x ** (2 + 5 * greenRatio);
  return uniform + random - correction;
}

/** The plan of one intersection, and what it rests on. */
export interface Timing {
  readonly intersection: number;
  /** Steps, by phase in order. */
  readonly splits: readonly number[];
  readonly cycleS: number;
  /** Y, the sum of the critical flow ratios. */
  readonly flowRatioSum: number;
  readonly lostTimeS: number;
  /** Volume ÷ capacity of the fullest lane group, X. */
  readonly criticalX: number;
}

/** What is needed of an intersection before its cycle is chosen. */
interface Need {
  readonly intersection: number;
  readonly phases: readonly number[];
  readonly groups: readonly LaneGroup[];
  readonly shares: readonly Share[];
  readonly flowRatioSum: number;
  readonly lostTimeS: number;
}

/**
 * Webster's plan for flows by movement, veh/h, from a forecast or from counts.
 *
 * @param vph  by movement of the network
 */
export function timingsFor(network: Network, vph: Float64Array, settings: Settings): Timing[] {
  const needs = plannedIntersections(network).map((i) => needOf(network, i, vph, settings));
  const own = needs.map((need) => bestCycle(need, network.stepS, settings));
  const forced = Math.round(Number(settings.cycleS) / network.stepS);
  const common = forced > 0 ? forced : settings.cycle === 'common' ? Math.max(...own) : 0;
  return needs.map((need, k) => timed(need, common > 0 ? common : own[k]!, network.stepS));
}

/** The network with these timings in place of its splits; offsets stay, within the cycle. */
export function withTimings(network: Network, timings: readonly Timing[]): Network {
  const split = Int32Array.from(network.split);
  const offset = Int32Array.from(network.offset);
  for (const { intersection, splits } of timings) {
    const cycle = splits.reduce((sum, steps) => sum + steps, 0);
    phasesAt(network, intersection).forEach((p, k) => {
      split[p] = splits[k]!;
    });
    offset[intersection] = (((offset[intersection]! % cycle) + cycle) % cycle) | 0;
  }
  return withPlan(network, { split, offset }, 'a plan of webster');
}

/** Flows by movement to plan for, veh/h. */
export function designFlows(network: Network, settings: Settings, durationS: number): Float64Array {
  const span = settings.design === 'peak' ? busiestQuarter(network, durationS) : { fromS: 0, toS: durationS };
  return movementDemand(network, span);
}

/** The network with Webster's plan for its demand. */
export function prepareWebster(network: Network, settings: Settings, occasion: Occasion): Prepared {
  const timings = timingsFor(network, designFlows(network, settings, occasion.durationS), settings);
  return { network: withTimings(network, timings), facts: timingFacts(timings, occasion) };
}

/** A sentence an intersection; of many, one for all. */
export function timingFacts(timings: readonly Timing[], { names }: Occasion): string[] {
  const FACTS_MAX = 12;
  if (timings.length <= FACTS_MAX) {
    return timings.map(
      ({ intersection, cycleS, flowRatioSum, lostTimeS, criticalX }) =>
        `${names.intersection[intersection]}: cycle ${short(cycleS)} s, Y ${flowRatioSum.toFixed(2)}, lost time ${short(lostTimeS)} s, critical v/c ${criticalX.toFixed(2)}.`,
    );
  }
  const span = (of: (timing: Timing) => number, digits: number) => {
    const values = timings.map(of);
    const least = Math.min(...values).toFixed(digits);
    const most = Math.max(...values).toFixed(digits);
    return least === most ? least : `${least} to ${most}`;
  };
  const cycles = span(({ cycleS }) => cycleS, 0);
  const ratios = span(({ flowRatioSum }) => flowRatioSum, 2);
  const fullest = span(({ criticalX }) => criticalX, 2);
  return [`${timings.length} signals: cycle ${cycles} s, Y ${ratios}, critical v/c ${fullest}.`];
}

function needOf(network: Network, i: number, vph: Float64Array, settings: Settings): Need {
  const { stepS } = network;
  const phases = phasesAt(network, i);
  const groups = laneGroups(network, i, vph, Number(settings.saturationVph));
  const ratios = phaseFlowRatios(groups, phases.length);
  const beyondChange = (Number(settings.startUpLostS) - Number(settings.extensionS)) / stepS;
  const shares = phases.map((p, k) => ({
    weight: ratios[k]!,
    lost: Math.max(0, changeSteps(network, p) + beyondChange),
    least: leastSplit(network, p),
    most: mostSplit(network, p),
  }));
  return {
    intersection: i,
    phases,
    groups,
    shares,
    flowRatioSum: ratios.reduce((sum, y) => sum + y, 0),
    lostTimeS: shares.reduce((sum, { lost }) => sum + lost, 0) * stepS,
  };
}

/** Beyond this a phase is too full for a cycle that minimum greens have made too short for it. */
const FULL = 0.95;

/**
 * Webster's cycle within the limits, in whole steps. Minimum greens take time that the formula does not know
 * of; where that would leave a phase too full, the cycle is lengthened.
 */
function bestCycle(need: Need, stepS: number, settings: Settings): number {
  const least = Math.ceil(Number(settings.minCycleS) / stepS - 1e-9);
  const most = Math.max(least, Math.floor(Number(settings.maxCycleS) / stepS + 1e-9));
  const wanted = Math.round(Math.min(1e6, websterCycle(need.lostTimeS, need.flowRatioSum) / stepS));
  const needed = need.shares.reduce((sum, share) => sum + share.least, 0);
  let cycle = Math.max(needed, least, Math.min(most, wanted));
  while (cycle < most && timed(need, cycle, stepS).criticalX > FULL) cycle++;
  return cycle;
}

function timed(need: Need, cycle: number, stepS: number): Timing {
  const { intersection, groups, shares, flowRatioSum, lostTimeS } = need;
  const splits = shareCycle(cycle, shares);
  const shown = splits.reduce((sum, split) => sum + split, 0);
  let criticalX = 0;
  for (const { phases, flowRatio } of groups) {
    if (phases.length === 0) continue;
    const green = phases.reduce((sum, p) => sum + Math.max(0, splits[p]! - shares[p]!.lost), 0);
    criticalX = Math.max(criticalX, (flowRatio * shown) / Math.max(1e-9, green));
  }
  return { intersection, splits, cycleS: shown * stepS, flowRatioSum, lostTimeS, criticalX };
}

function short(seconds: number): string {
  return String(Number(seconds.toFixed(1)));
}
