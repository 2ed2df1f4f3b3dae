import type { Account, Controller } from '../control/controller.ts';
import type { Operation, Seat } from '../control/operation.ts';
import { type Moment, seatAt } from '../policy/counterfactual.ts';
import { momentOf } from '../policy/explain.ts';
import { Learned } from '../policy/learned.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { World } from './world.ts';

/**
 * Whether a controller weighs phases against one another. What it weighs changes from step to step, so only the moment at
 * which it chose says why.
 */
export function weighsPhases({ controller, view }: Seat): boolean {
  if (controller instanceof Learned) return true;
  return ((controller as Controller).account?.(view).phases.length ?? 0) > 0;
}

/** Whether a controller that is asked now chooses: a policy weighs nothing while a rule holds the signal. */
export function isChoice({ controller, view }: Seat): boolean {
  return !(controller instanceof Learned) || (view.hold === null && view.phase >= 0);
}

export function isDue({ sim, decisionSteps }: Operation): boolean {
  return sim.step % decisionSteps === 0;
}

/**
 * The moment of the choice that a signal's controller is told to have made: the last one; of a policy that is about to choose,
 * this one.
 *
 * @param lastChoice  the moment at which the signal of a seat last chose
 * @returns `null` where it has not chosen yet
 */
export function choiceOf(
  world: World,
  k: number,
  lastChoice: (seat: number) => Moment | null,
): Moment | null {
  const { operation, study } = world;
  const seat = operation.seats[k]!;
  if (seat.controller instanceof Learned && isDue(operation) && isChoice(seat)) {
    return momentOf(operation, { ruled: study.ruled, factory: () => world.factory(), ring: seat.ring });
  }
  return lastChoice(k);
}

/** What a controller weighed when it chose, and the world as it was then. */
export interface Weighed {
  readonly sim: Simulation;
  readonly seat: Seat;
  readonly account: Account | null;
}

export function weighedAt(moment: Moment, k: number): Weighed {
  const { sim, ...seat } = seatAt(moment, k);
  return { sim, seat, account: (seat.controller as Controller).account?.(seat.view) ?? null };
}

/** What a controller asks for, as the view counts phases, and what it says for it. */
export interface Asked {
  readonly seat: Seat;
  readonly chosen: number | null;
  readonly account: Account | null;
}

/**
 * What the controllers of an intersection's rings ask for now. Where they are about to be asked, others like them are, which
 * know the same: asking changes nothing.
 */
export function askedNow(world: World, seats: readonly Seat[]): Asked[] {
  if (!isDue(world.operation)) {
    return seats.map((seat) => ({
      seat,
      chosen: askedFor(world, seat),
      account: (seat.controller as Controller).account?.(seat.view) ?? null,
    }));
  }
  const make = world.factory();
  const likes = seats.map(({ view, controller }) => {
    const like = make(view);
    const memory = controller.memory?.() ?? null;
    if (memory !== null) like.recall?.(memory);
    return like;
  });
  return seats.map((seat, r) => {
    const answer = likes[r]!.decide(seat.view);
    const chosen = answer >= 0 && answer < seat.phases.length ? answer : askedFor(world, seat);
    return { seat, chosen, account: likes[r]!.account?.(seat.view) ?? null };
  });
}

/** What a controller asked for last, as the view counts phases. */
export function askedFor({ sim }: Pick<World, 'sim'>, { ring, phases }: Seat): number | null {
  const p = phases.indexOf(sim.signals.wanted[ring]!);
  return p < 0 ? null : p;
}
