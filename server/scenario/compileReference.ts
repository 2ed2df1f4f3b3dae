import { NEVER, type Reference } from '../sim/network.ts';
import type { Layout } from './layout.ts';

/** CityFlow's clocks are followed for this many steps; nobody runs for as long. */
const STEPS_FOLLOWED = 10_000_000;
/** A shift for times that are whole steps up to rounding. */
const EPSILON = 1e-9;

/** What runs of CityFlow's files need to be exact; `null` for other layouts. */
export function compileReference(layout: Layout): Reference | null {
  const { reference, flows, intersections, stepS } = layout;
  if (reference === undefined) return null;
  const { undrivable } = reference;
  const times = [...flows, ...undrivable].flatMap(({ startS, endS }) => [startS, endS]);
  const clock = new Clock(stepS, times);
  const idle = undrivable
    .map(({ before, startS, endS }) => ({ before, ...clock.active(startS, endS) }))
    .filter(({ first, last }) => first <= last)
    .sort((a, b) => a.first - b.first || a.before - b.before);
  const active = flows.map(({ startS, endS }) => clock.active(startS, endS));
  return {
    phaseTime: Float64Array.from(
      intersections.flatMap(({ signal }) => signal?.phases.map(({ splitS }) => splitS) ?? []),
    ),
    firstStep: Int32Array.from(active, ({ first }) => first),
    lastStep: Int32Array.from(active, ({ last }) => last),
    undrivableStep: Int32Array.from(idle, ({ first }) => first),
    undrivableBefore: Int32Array.from(idle, ({ before }) => before),
  };
}

/**
 * The clock of CityFlow's flows, which starts at 0 and gains one step a step. It adds step to step: after ten steps of
 * 0.1 s it shows 0.9999999999999999 s, and a flow that starts at 1 s begins a step later.
 */
class Clock {
  readonly #stepS: number;
  /** By time asked for: the first step in which the clock has reached it, and what it shows then. */
  readonly #reached = new Map<number, { step: number; shows: number }>();

  constructor(stepS: number, times: readonly number[]) {
    this.#stepS = stepS;
    // Sums of steps that take few bits are exact, and need not be made.
    if (Number.isInteger(stepS * 1024)) return;
    let shows = 0;
    let step = 0;
    for (const time of [...new Set(times)].sort((a, b) => a - b)) {
      for (; shows < time && step < STEPS_FOLLOWED; step++) shows += stepS;
      if (shows < time) return;
      this.#reached.set(time, { step, shows });
    }
  }

  /**
   * The first and the last step in which a flow is active: its start has come and its end has not passed. CityFlow looks
   * at the end first, so a flow that ends before it starts is never active. An end of −1 is none.
   */
  active(startS: number, endS: number): { first: number; last: number } {
    const start = this.#reached.get(startS);
    const end = this.#reached.get(endS);
    const first = start?.step ?? Math.max(0, Math.ceil(startS / this.#stepS - EPSILON));
    let last = Math.floor(endS / this.#stepS + EPSILON);
    if (end !== undefined) last = end.shows > endS ? end.step - 1 : end.step;
    if (endS === -1) last = NEVER;
    return { first: Math.min(first, NEVER), last: Math.max(-1, Math.min(last, NEVER)) };
  }
}
