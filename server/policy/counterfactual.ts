import type { ControllerFactory } from '../control/controller.ts';
import { type Memories, type Operation, operate, resumeOperation, resumeSeat } from '../control/operation.ts';
import type { Ruled } from '../control/protocol.ts';
import { fingerprint } from '../sim/fingerprint.ts';
import { freeDriving } from '../sim/lostTime.ts';
import type { Simulation } from '../sim/simulation.ts';
import { delays } from '../sim/summary.ts';
import { COUNT, RECORD } from '../sim/traffic.ts';

/** For how long the world goes on after a decision, s. */
export const HORIZON_S = 60;

/** Work that can be left after every step, and gone on with. */
export type Stepwise<Result> = Generator<undefined, Result>;

/** Does all the work at once. */
export function toTheEnd<Result>(work: Stepwise<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** A moment from which the world can be run again and again. */
export interface Moment {
  readonly ruled: Ruled;
  /** Makes the controllers of a run anew. */
  readonly factory: () => ControllerFactory;
  readonly ring: number;
  readonly step: number;
  readonly snapshot: ArrayBuffer;
  readonly memories: Memories;
}

/** The world at a moment under new controllers. */
export function worldAt({ ruled, snapshot, memories }: Moment, factory: ControllerFactory): Operation {
  return resumeOperation(ruled, factory, snapshot, memories);
}

/** One seat of it, and its world, under a controller made anew. */
export function seatAt({ ruled, factory, snapshot, memories }: Moment, k: number) {
  return resumeSeat(ruled, factory(), snapshot, memories, k);
}

/** What a minute after a decision came to. */
export interface Aftermath {
  /** By which delay grew in the whole network, waiting to enter included, veh·s. */
  readonly networkDelayS: number;
  /** Time lost on the approaches of the intersection against driving at the speed limit, veh·s. */
  readonly intersectionDelayS: number;
  /** Of the world at the end. */
  readonly fingerprint: number;
}

/** The world from a moment on, in which a given phase is asked for at that moment, and then what the policy wants. */
export function aftermathOf(moment: Moment, phase: number): Aftermath {
  return toTheEnd(aftermathStepwise(moment, phase));
}

/** The same, step by step: a minute of a city takes seconds, in which others want to go on. */
export function* aftermathStepwise(moment: Moment, phase: number): Stepwise<Aftermath> {
  const operation = worldAt(moment, forcedOnce(moment, phase));
  const { sim, decisionSteps, seats } = operation;
  if (sim.step % decisionSteps !== 0) {
    // Between two decisions nobody is asked: the request itself is another, until the next.
    const { ring, phases } = seats.find((seat) => seat.ring === moment.ring)!;
    sim.signals.wanted[ring] = phases[phase]!;
  }
  return yield* goOn(operation, moment.ruled.network.ringIntersection[moment.ring]!);
}

/** Goes on for `HORIZON_S`, and tells what that came to. */
export function aftermath(operation: Operation, intersection: number): Aftermath {
  return toTheEnd(goOn(operation, intersection));
}

function* goOn(operation: Operation, intersection: number): Stepwise<Aftermath> {
  const { sim } = operation;
  const end = sim.step + Math.round(HORIZON_S / sim.network.stepS);
  const before = delaySum(sim);
  let lost = 0;
  while (sim.step < end) {
    operate(operation);
    lost += lostOnApproaches(sim, intersection);
    yield;
  }
  return {
    networkDelayS: delaySum(sim) - before,
    intersectionDelayS: lost,
    fingerprint: fingerprint(sim),
  };
}

/** Controllers of which one answers with `phase` at the moment, whatever it would rather. */
function forcedOnce({ factory, ruled, ring, step }: Moment, phase: number): ControllerFactory {
  const make = factory();
  const { ringIntersection, stepS } = ruled.network;
  return (view) => {
    const controller = make(view);
    if (view.intersection !== ringIntersection[ring]) return controller;
    return {
      decide: (seen) => {
        const answer = controller.decide(seen);
        return Math.round(seen.timeS / stepS) === step ? phase : answer;
      },
      recall: (memory) => controller.recall?.(memory),
    };
  };
}

function delaySum(sim: Simulation): number {
  return delays(sim).reduce((sum, delay) => sum + delay, 0);
}

/** Time that vehicles on the approaches of an intersection have lost in the last step, s. */
function lostOnApproaches(sim: Simulation, i: number): number {
  const { approachLanes, stepS } = sim.network;
  let lost = 0;
  for (const lane of approachLanes.items.subarray(approachLanes.starts[i]!, approachLanes.starts[i + 1]!)) {
    lost += sim.traffic.record[lane * RECORD + COUNT]! - freeDriving(sim, lane);
  }
  return lost * stepS;
}
