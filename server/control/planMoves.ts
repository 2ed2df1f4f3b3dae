import type { Network } from '../sim/network.ts';
import { shareCycle } from './cycleShares.ts';
import type { Move } from './descent.ts';
import {
  changeSteps,
  cycleSteps,
  leastSplit,
  mostSplit,
  type Plan,
  phasesAt,
  plannedIntersections,
} from './plan.ts';

/** The strides of a search for a plan, in seconds. */
export const PLAN_STRIDES_S: readonly number[] = [8, 4, 2, 1];

/**
 * Changes of a fixed plan: all cycles longer or shorter, then, light by light, more green for a phase at the
 * cost of the others, and a later or earlier offset where cycles are equal. Limits of green hold. Strides are
 * in steps.
 */
export function planMoves(network: Network, start: Plan): Move<Plan>[] {
  const planned = plannedIntersections(network);
  const cycles = new Set(planned.map((i) => cycleSteps(start, phasesAt(network, i))));
  const offsetsCount = planned.length > 1 && cycles.size === 1;
  const moves: Move<Plan>[] = [-1, 1].map(
    (sign) => (plan, stride) => changed(plan, withCycles(network, plan, sign * stride)),
  );
  for (const i of planned) {
    for (const p of phasesAt(network, i)) {
      for (const sign of [1, -1]) {
        moves.push((plan, stride) => changed(plan, withSplit(network, plan, i, p, sign * stride)));
      }
    }
    if (!offsetsCount) continue;
    for (const sign of [1, -1]) {
      moves.push((plan, stride) => changed(plan, withOffset(network, plan, i, sign * stride)));
    }
  }
  return moves;
}

/** Text that is equal for equal plans. */
export function planKey({ split, offset }: Plan): string {
  return `${split.join()};${offset.join()}`;
}

function changed(before: Plan, after: Plan): Plan | null {
  return planKey(before) === planKey(after) ? null : after;
}

/** Every cycle changed by a stride, in proportion where they are unequal; greens and offsets in proportion. */
function withCycles(network: Network, plan: Plan, change: number): Plan {
  const split = Int32Array.from(plan.split);
  const offset = Int32Array.from(plan.offset);
  const planned = plannedIntersections(network);
  const cycles = planned.map((i) => cycleSteps(plan, phasesAt(network, i)));
  const longest = Math.max(...cycles);
  planned.forEach((i, k) => {
    const cycle = Math.round((cycles[k]! * (longest + change)) / longest);
    share(network, plan, split, phasesAt(network, i), cycle, null);
    const after = cycleSteps({ split }, phasesAt(network, i));
    offset[i] = within(Math.round((plan.offset[i]! * after) / cycles[k]!), after);
  });
  // With limits of green a common cycle may be out of reach for some; then it stays as it was.
  const wasCommon = new Set(cycles).size === 1;
  const isCommon = new Set(planned.map((i) => cycleSteps({ split }, phasesAt(network, i)))).size === 1;
  return wasCommon && !isCommon ? plan : { split, offset };
}

/** One phase longer or shorter by a stride, its cycle as it was. */
function withSplit(network: Network, plan: Plan, i: number, p: number, change: number): Plan {
  const split = Int32Array.from(plan.split);
  const phases = phasesAt(network, i);
  const cycle = cycleSteps(plan, phases);
  const wanted = Math.max(leastSplit(network, p), Math.min(mostSplit(network, p), plan.split[p]! + change));
  share(network, plan, split, phases, cycle, { phase: p, steps: wanted });
  return cycleSteps({ split }, phases) === cycle ? { split, offset: plan.offset } : plan;
}

function withOffset(network: Network, plan: Plan, i: number, change: number): Plan {
  const offset = Int32Array.from(plan.offset);
  offset[i] = within(offset[i]! + change, cycleSteps(plan, phasesAt(network, i)));
  return { split: plan.split, offset };
}

/** Shares a cycle in proportion to the greens of a plan, one phase fixed if it is told. */
function share(
  network: Network,
  plan: Plan,
  split: Int32Array,
  phases: readonly number[],
  cycle: number,
  fixed: { readonly phase: number; readonly steps: number } | null,
): void {
  const shares = phases.map((p) => ({
    weight: Math.max(0, plan.split[p]! - changeSteps(network, p)),
    lost: changeSteps(network, p),
    least: p === fixed?.phase ? fixed.steps : leastSplit(network, p),
    most: p === fixed?.phase ? fixed.steps : mostSplit(network, p),
  }));
  shareCycle(cycle, shares).forEach((steps, k) => {
    split[phases[k]!] = steps;
  });
}

function within(offset: number, cycle: number): number {
  return ((offset % cycle) + cycle) % cycle;
}
