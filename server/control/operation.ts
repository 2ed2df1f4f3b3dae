import { NONE } from '../sim/network.ts';
import { startPhase } from '../sim/signal.ts';
import { createSimulation, type Simulation, type SimulationOptions, step } from '../sim/simulation.ts';
import { restoreSnapshot } from '../sim/snapshot.ts';
import type { Controller, ControllerFactory } from './controller.ts';
import type { Ruled } from './protocol.ts';
import { View } from './view.ts';

/** A simulation with a controller at every signal. */
export interface Operation {
  readonly sim: Simulation;
  readonly decisionSteps: number;
  readonly seats: readonly Seat[];
}

/** A controller, what it sees, and where its requests go. */
export interface Seat {
  readonly ring: number;
  readonly phases: Int32Array;
  readonly view: View;
  readonly controller: Controller;
}

/** A run at its beginning, with a controller at every signal that has a choice, in the first phase allowed. */
export function createOperation(
  ruled: Ruled,
  factory: ControllerFactory,
  seed: number,
  options: SimulationOptions = {},
): Operation {
  const { network, phaseSets } = ruled;
  const sim = createSimulation(network, seed, options);
  network.ringIntersection.forEach((i, ring) => {
    if (network.signalised[i] === 1) startPhase(network, sim.signals, ring, phaseSets[ring]![0]!);
  });
  return { sim, decisionSteps: ruled.decisionSteps, seats: seatsOf(ruled, sim, factory) };
}

/**
 * A run that goes on from a snapshot (`takeSnapshot`). Controllers are made anew: the run ends as it would
 * have when what they know is in the view or in their memories, as it is with all of the registry and with
 * learned ones.
 *
 * @param factory   one that has made no controllers yet
 * @param memories  of the controllers when the snapshot was taken
 * @throws {Error} when the snapshot is damaged, of another version, or of another network or protocol
 */
export function resumeOperation(
  ruled: Ruled,
  factory: ControllerFactory,
  snapshot: ArrayBuffer,
  memories: Memories = [],
): Operation {
  const sim = restoreSnapshot(ruled.network, snapshot);
  const seats = seatsOf(ruled, sim, factory);
  seats.forEach(({ controller }, k) => {
    const memory = memories[k] ?? null;
    if (memory !== null) controller.recall?.(memory);
  });
  return { sim, decisionSteps: ruled.decisionSteps, seats };
}

/** What each controller of a run remembers, by seat; `null`: nothing. */
export type Memories = readonly (Float64Array | null)[];

/** What the controllers remember now, to be kept beside a snapshot. */
export function memoriesOf({ seats }: Operation): Memories {
  return seats.map(({ controller }) => controller.memory?.() ?? null);
}

function seatsOf({ network, phaseSets }: Ruled, sim: Simulation, factory: ControllerFactory): Seat[] {
  const seats: Seat[] = [];
  network.ringIntersection.forEach((i, ring) => {
    const phases = phaseSets[ring]!;
    if (network.signalised[i] === 0 || (phases.length < 2 && network.ringPartner[ring] === NONE)) return;
    const view = new View(sim, ring, phases);
    seats.push({ ring, phases, view, controller: factory(view) });
  });
  return seats;
}

/** Asks the controllers if a decision is due, then advances the simulation by one step. */
export function operate({ sim, decisionSteps, seats }: Operation): void {
  if (sim.step % decisionSteps === 0) {
    const { wanted } = sim.signals;
    for (let k = 0; k < seats.length; k++) {
      const { ring, phases, view, controller } = seats[k]!;
      const phase = phases[controller.decide(view)];
      // An answer that is no phase of this ring asks for nothing.
      if (phase !== undefined) wanted[ring] = phase;
    }
  }
  step(sim);
}
