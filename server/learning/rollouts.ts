import { createOperation } from '../control/operation.ts';
import type { Ruled } from '../control/protocol.ts';
import { View } from '../control/view.ts';
import { VehicleSight } from '../environment/laneSight.ts';
import { INPUT_COUNT, LONG_WAIT_S, Observer } from '../environment/observer.ts';
import { bestPhase } from '../policy/learned.ts';
import { type Scorer, scorePhases } from '../policy/scorer.ts';
import { lostTime } from '../sim/lostTime.ts';
import { randomStream } from '../sim/random.ts';
import { type Simulation, step } from '../sim/simulation.ts';
import { restoreSnapshot, takeSnapshot } from '../sim/snapshot.ts';

/** A decision, and what each of its phases would have cost. */
export interface Sample {
  /** The step at which it was taken, and the ring that it was taken for. */
  readonly step: number;
  readonly ring: number;
  readonly phaseCount: number;
  /** The phase that was green. */
  readonly present: number;
  /** By phase and input, as `Observer.inputs`. */
  readonly inputs: Float64Array;
  /** By phase: time that all vehicles lose until the horizon, veh·s, with what long waits add. */
  readonly costs: Float64Array;
}

export interface RolloutOptions {
  /** How far each rollout goes. */
  readonly horizonS: number;
  /** Share of the decision instants at which an intersection is looked into. */
  readonly rate: number;
  /** Share of the decisions that are taken at random, so that states off the policy's path are seen too. */
  readonly explore: number;
}

/** A vehicle at the head of a queue counts as one more for each of this that it waits beyond `LONG_WAIT_S`, s. */
const LONG_WAIT_SCALE_S = 10;
/** The network is empty at first; nothing is learned from that, s. */
const START_S = 60;

interface Seat {
  readonly ring: number;
  readonly phases: Int32Array;
  readonly view: View;
  readonly observer: Observer;
}

/**
 * Runs a policy, and at some decisions looks into the future: the same world is re-run from a snapshot once for each
 * phase, that phase forced at this one decision and the policy followed everywhere from then on. The differences
 * between the phases are what the choice is worth, with the noise of everything else left out: arrivals, other
 * signals' states and drivers are the same. (Rollout policy iteration: Bertsekas, Dynamic Programming and Optimal
 * Control II, section 6.4.)
 */
export function collectSamples(
  ruled: Ruled,
  scorer: Scorer,
  seed: number,
  steps: number,
  { horizonS, rate, explore }: RolloutOptions,
): Sample[] {
  const stream = randomStream(seed, 'rollouts');
  const { network, decisionSteps } = ruled;
  const operation = createOperation(ruled, () => ({ decide: (view) => view.phase }), seed, {
    measures: false,
  });
  const { sim } = operation;
  const sight = new VehicleSight();
  const decisionS = decisionSteps * network.stepS;
  const seats = operation.seats.map(
    ({ ring, phases, view }): Seat => ({
      ring,
      phases,
      view,
      observer: new Observer(view, sight, decisionS),
    }),
  );
  const horizon = Math.round(horizonS / network.stepS);
  const samples: Sample[] = [];
  while (sim.step < steps) {
    if (sim.step % decisionSteps === 0) {
      if (sim.step * network.stepS > START_S && stream.next() < rate) {
        const open = seats.flatMap(({ view }, k) => (view.mayChange && view.phase >= 0 ? [k] : []));
        const chosen = open[Math.floor(stream.next() * open.length)];
        if (chosen !== undefined) samples.push(lookAhead(ruled, scorer, sim, seats, chosen, horizon));
      }
      decideAll(seats, scorer, sim, (seat) =>
        stream.next() < explore ? Math.floor(stream.next() * seat.phases.length) : null,
      );
    }
    step(sim);
  }
  return samples;
}

/** Takes every seat's decision; `forced` may take it first. */
function decideAll(
  seats: readonly Seat[],
  scorer: Scorer,
  sim: Simulation,
  forced: (seat: Seat, k: number) => number | null,
): void {
  for (let k = 0; k < seats.length; k++) {
    const seat = seats[k]!;
    const { view, observer, ring, phases } = seat;
    observer.look(view);
    const { phase } = view;
    if (!view.mayChange || phase < 0) continue;
    observer.compare(view);
    const chosen =
      forced(seat, k) ?? bestPhase(scorePhases(scorer, observer.inputs, observer.phaseCount), phase);
    sim.signals.wanted[ring] = phases[chosen]!;
  }
}

/** What every phase of one seat would cost from here. */
function lookAhead(
  { network, decisionSteps }: Ruled,
  scorer: Scorer,
  sim: Simulation,
  seats: readonly Seat[],
  chosen: number,
  horizon: number,
): Sample {
  const snapshot = takeSnapshot(sim);
  const { view, observer, ring } = seats[chosen]!;
  const probe = observer.fork(view);
  probe.look(view);
  probe.compare(view);
  const costs = new Float64Array(probe.phaseCount);
  for (let p = 0; p < costs.length; p++) {
    const world = restoreSnapshot(network, snapshot);
    const forks = seats.map(({ ring, phases, observer }): Seat => {
      const view = new View(world, ring, phases);
      return { ring, phases, view, observer: observer.fork(view) };
    });
    for (let k = 0; k < horizon; k++) {
      if (world.step % decisionSteps === 0) {
        decideAll(forks, scorer, world, (_, seat) => (k === 0 && seat === chosen ? p : null));
        costs[p]! += longWaits(forks) * decisionSteps * network.stepS;
      }
      step(world);
      costs[p]! += lostTime(world);
    }
  }
  const inputs = probe.inputs.slice(0, costs.length * INPUT_COUNT);
  return { step: sim.step, ring, phaseCount: costs.length, present: view.phase, inputs, costs };
}

/** How many vehicles more the first of the queues count as, who have waited long. */
function longWaits(seats: readonly Seat[]): number {
  let more = 0;
  for (const { view, observer } of seats) {
    for (const lane of observer.lanes) {
      const waitS = view.headDelayS(lane);
      if (waitS > LONG_WAIT_S) more += (waitS - LONG_WAIT_S) / LONG_WAIT_SCALE_S;
    }
  }
  return more;
}
