import type { Network } from '../sim/network.ts';
import type { Account, Controller } from './controller.ts';
import { shareCycle } from './cycleShares.ts';
import {
  changeSteps,
  cycleSteps,
  leastSplit,
  mostSplit,
  phasesAt,
  plannedIntersections,
  withPlan,
} from './plan.ts';
import type { Prepared } from './registry.ts';
import type { Setting, Settings } from './settings.ts';
import type { View } from './view.ts';

export const FIXED_TIME_SETTINGS: readonly Setting[] = [
  {
    key: 'cycleS',
    summary: 'cycle of all signals, s, greens in the proportions of the plan; 0: the plan as it is',
    standard: 0,
    min: 0,
    max: 3600,
  },
];

/** The network with its greens lengthened or shortened to the cycle asked for, as far as their limits allow. */
export function prepareFixedTime(network: Network, { cycleS }: Settings): Prepared {
  const cycle = Math.round(Number(cycleS) / network.stepS);
  if (cycle === 0) return { network, facts: [] };
  const split = Int32Array.from(network.split);
  for (const i of plannedIntersections(network)) {
    const phases = phasesAt(network, i);
    const shares = phases.map((p) => ({
      weight: Math.max(0, network.split[p]! - changeSteps(network, p)),
      lost: changeSteps(network, p),
      least: leastSplit(network, p),
      most: mostSplit(network, p),
    }));
    shareCycle(cycle, shares).forEach((steps, k) => {
      split[phases[k]!] = steps;
    });
  }
  const cycles = plannedIntersections(network).map((i) => cycleSteps({ split }, phasesAt(network, i)));
  const least = Math.min(...cycles) * network.stepS;
  const most = Math.max(...cycles) * network.stepS;
  const told = least === most ? `Cycle ${least} s` : `Cycles of ${least} to ${most} s`;
  return {
    network: withPlan(network, { split, offset: network.offset }, 'the plan of the file at another cycle'),
    facts: cycles.length === 0 ? [] : [`${told}, greens in the proportions of the plan.`],
  };
}

/**
 * Fixed time: the scenario's plan. Phases follow one another in order, each for its split; the first
 * begins `offsetS` after the master reference (the start of the run), and again every cycle.
 *
 * A phase's split includes its yellow change and red clearance, so the next phase is asked for that
 * much before its turn, and its green begins on time.
 */
export class FixedTime implements Controller {
  readonly #ends: readonly number[]; // s into the cycle at which each phase's green ends
  readonly #cycleS: number;
  readonly #countdown: Countdown | null;

  constructor(view: View) {
    this.#countdown = countdownOf(view);
    let start = 0;
    this.#ends = Array.from({ length: view.phaseCount }, (_, p) => {
      start += view.splitS(p);
      return start - view.clearanceS(p);
    });
    this.#cycleS = start;
  }

  decide(view: View): number {
    if (this.#countdown !== null) return this.#countdown.at(view).phase;
    const intoCycle = this.#intoCycle(view);
    const phase = this.#ends.findIndex((end) => intoCycle < end - 1e-9);
    return phase === -1 ? 0 : phase;
  }

  account(view: View): Account {
    if (this.#countdown !== null) {
      const { phase, leftS } = this.#countdown.at(view);
      const lasts = view.exactSplitS(phase)!;
      return {
        reason: `because its plan says so: this phase lasts ${whole(lasts)} s, ${whole(leftS)} s to go`,
        scoreName: '',
        phases: [],
      };
    }
    const intoCycle = this.#intoCycle(view);
    const end = this.#ends.find((one) => intoCycle < one - 1e-9);
    const left = (end ?? this.#cycleS + this.#ends[0]!) - intoCycle;
    return {
      reason: `because its plan says so: second ${whole(intoCycle)} of a cycle of ${whole(this.#cycleS)} s, ${whole(left)} s to go`,
      scoreName: '',
      phases: [],
    };
  }

  #intoCycle({ timeS, offsetS }: View): number {
    const sinceStart = (timeS - offsetS) % this.#cycleS;
    return sinceStart < 0 ? sinceStart + this.#cycleS : sinceStart;
  }
}

/**
 * CityFlow's cycle: the time left of a phase goes down by a step each step, and at or below zero the time of the next
 * phase is added. So what a phase of no whole steps is too long by is taken off the next one. The first phase is shown
 * in the first step even where it lasts no time.
 */
class Countdown {
  readonly #times: readonly number[];
  readonly #stepS: number;
  #step = 0;
  #phase = 0;
  #left: number;

  constructor(times: readonly number[], stepS: number) {
    this.#times = times;
    this.#stepS = stepS;
    this.#left = times[0]!;
  }

  /** The phase to be shown now, and what is left of its time. It depends on the time alone: the rest is kept for speed. */
  at({ timeS }: View): { phase: number; leftS: number } {
    const step = Math.round(timeS / this.#stepS);
    if (step < this.#step) {
      this.#step = 0;
      this.#phase = 0;
      this.#left = this.#times[0]!;
    }
    for (; this.#step < step; this.#step++) {
      this.#left -= this.#stepS;
      while (this.#left <= 0) {
        this.#phase = (this.#phase + 1) % this.#times.length;
        this.#left += this.#times[this.#phase]!;
      }
    }
    return { phase: this.#phase, leftS: this.#left };
  }
}

/** The countdown of an intersection's plan; `null` where the plan is in whole steps, or takes no time at all. */
function countdownOf(view: View): Countdown | null {
  const times: number[] = [];
  for (let p = 0; p < view.phaseCount; p++) {
    const time = view.exactSplitS(p);
    if (time === null) return null;
    times.push(time);
  }
  return times.reduce((sum, time) => sum + time, 0) > 0 ? new Countdown(times, view.stepS) : null;
}

function whole(seconds: number): string {
  return String(Math.round(seconds));
}
