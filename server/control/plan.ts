import { NEVER, type Network } from '../sim/network.ts';
import { prepared } from '../sim/networkHash.ts';

/** A fixed plan for all signals of a network, in steps, as in the network. */
export interface Plan {
  readonly split: Int32Array; //   by phase
  readonly offset: Int32Array; //  by intersection
}

/** What CityFlow's files need to be exact, under another plan or other phases than the file's. */
export function withoutOwnTimes({ reference }: Network): Network['reference'] {
  return reference === null ? null : { ...reference, phaseTime: null };
}

/**
 * The network with another plan; everything else is the same.
 *
 * @param signals  what plan it is, for messages
 */
export function withPlan(network: Network, { split, offset }: Plan, signals = 'another plan'): Network {
  return prepared(network, { split, offset, reference: withoutOwnTimes(network) }, { signals });
}

/** Signals that have a choice of phases. */
export function plannedIntersections({ signalised, phases }: Network): number[] {
  return Array.from(signalised, (_, i) => i).filter(
    (i) => signalised[i] === 1 && phases.starts[i + 1]! - phases.starts[i]! > 1,
  );
}

/** The phases of an intersection. */
export function phasesAt({ phases }: Network, i: number): number[] {
  return [...phases.items.subarray(phases.starts[i]!, phases.starts[i + 1]!)];
}

/** Yellow change and red clearance of a phase, steps. */
export function changeSteps({ yellowChange, redClearance }: Network, p: number): number {
  return yellowChange[p]! + redClearance[p]!;
}

/** The shortest split a phase can have: minimum green, or what people on foot need, and its change intervals. */
export function leastSplit(network: Network, p: number): number {
  const { minGreen, walk, pedestrianClearance } = network;
  const green = Math.max(minGreen[p]!, walk[p]! + pedestrianClearance[p]!);
  return Math.max(1, green + changeSteps(network, p));
}

/** The longest: maximum green and its change intervals. */
export function mostSplit(network: Network, p: number): number {
  return network.maxGreen[p] === NEVER ? NEVER : network.maxGreen[p]! + changeSteps(network, p);
}

/** Cycle of an intersection under the network's plan, steps. */
export function cycleSteps({ split }: { readonly split: Int32Array }, phases: readonly number[]): number {
  return phases.reduce((sum, p) => sum + split[p]!, 0);
}
