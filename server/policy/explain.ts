import type { ControllerFactory } from '../control/controller.ts';
import { memoriesOf, type Operation, operate, type Seat } from '../control/operation.ts';
import type { Ruled } from '../control/protocol.ts';
import type { Hold, View } from '../control/view.ts';
import { NEVER } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import { takeSnapshot } from '../sim/snapshot.ts';
import { type ScoreParts, scoreParts } from './contributions.ts';
import { type Moment, seatAt } from './counterfactual.ts';
import { bestPhase, Learned } from './learned.ts';
import { scorePhases } from './scorer.ts';

/** For how long a rule left nothing to decide. */
export interface Held {
  readonly rule: Hold;
  readonly fromS: number;
  readonly untilS: number;
}

/** A decision of a learned policy, taken apart. Phases are counted as the intersection's view counts them. */
export interface Decision {
  readonly timeS: number;
  readonly sim: Simulation;
  readonly seat: Seat;
  /** From when it was asked for to the decision: what kept the phase. */
  readonly held: readonly Held[];
  readonly present: number;
  readonly chosen: number;
  readonly scores: readonly ScoreParts[];
  /** Whether maximum green is over, so that staying is honoured only while nobody waits. */
  readonly maxedOut: boolean;
  /** The world just before it, to be run from again and again, and the one that has not been interrupted. */
  readonly moment: Moment;
  readonly operation: Operation;
}

/** No decision could be made until the end of the run. */
export interface Undecided {
  readonly held: readonly Held[];
}

/**
 * Runs on to the first decision of an intersection that is due at `fromS` or later and at which no rule keeps
 * the phase, and takes it apart.
 *
 * @param operation  at its beginning, with learned controllers; it is left at the decision, before it
 * @param factory    makes the controllers of a run anew
 * @throws {Error} where the intersection's controller is not a learned one
 */
export function decisionAt(
  operation: Operation,
  ruled: Ruled,
  factory: () => ControllerFactory,
  intersection: number,
  fromS: number,
  untilS: number,
): Decision | Undecided {
  const { sim, decisionSteps, seats } = operation;
  const k = seats.findIndex(({ view }) => view.intersection === intersection);
  const { view, ring } = seats[k]!;
  const held: Held[] = [];
  while (view.timeS < untilS - 1e-9) {
    if (view.timeS >= fromS - 1e-9) {
      const hold = view.hold;
      const isDue = sim.step % decisionSteps === 0;
      if (hold === null && isDue && view.phase >= 0) {
        const moment = momentOf(operation, { ruled, factory, ring });
        return { ...takenApart(moment, k), held, moment, operation };
      }
      if (hold !== null) note(held, hold, view);
    }
    operate(operation);
  }
  return { held };
}

/**
 * The decision that an intersection's controller made at a moment of the run, taken apart.
 *
 * @throws {Error} where the intersection's controller is not a learned one
 */
export function decisionOf(operation: Operation, moment: Moment, k: number): Decision {
  return { ...takenApart(moment, k), held: [], moment, operation };
}

/** A moment of a run, to be run from again and again. */
export function momentOf(operation: Operation, how: Pick<Moment, 'ruled' | 'factory' | 'ring'>): Moment {
  const { sim } = operation;
  return { ...how, step: sim.step, snapshot: takeSnapshot(sim), memories: memoriesOf(operation) };
}

function note(held: Held[], rule: Hold, { timeS, stepS }: View): void {
  const last = held.at(-1);
  const untilS = timeS + stepS;
  if (last?.rule === rule && last.untilS >= timeS - 1e-9) held[held.length - 1] = { ...last, untilS };
  else held.push({ rule, fromS: timeS, untilS });
}

/** The decision as a copy of the world makes it, so that the world itself is not touched. */
function takenApart(moment: Moment, k: number): Omit<Decision, 'held' | 'moment' | 'operation'> {
  const { sim, ...seat } = seatAt(moment, k);
  const { view, controller, ring, phases } = seat;
  if (!(controller instanceof Learned)) throw new Error('Only learned controllers can be explained.');
  const { observer, scorer } = controller;
  const present = view.phase;
  observer.look(view);
  observer.compare(view);
  const chosen = bestPhase(scorePhases(scorer, observer.inputs, observer.phaseCount), present);
  const { maxGreen } = sim.network;
  const most = maxGreen[phases[present]!]!;
  return {
    timeS: view.timeS,
    ...{ sim, seat, present, chosen },
    scores: scoreParts({ observer, scorer, view }),
    maxedOut: most !== NEVER && sim.signals.elapsed[ring]! >= most,
  };
}
