import { startPhase } from '../sim/signal.ts';
import { createSimulation, type Simulation, type SimulationOptions, step } from '../sim/simulation.ts';
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
interface Seat {
  readonly intersection: number;
  readonly phases: Int32Array;
  readonly view: View;
  readonly controller: Controller;
}

/** Seats a controller at every signal with a choice. Signals start in the first phase allowed. */
export function createOperation(
  { network, phaseSets, decisionSteps }: Ruled,
  factory: ControllerFactory,
  seed: number,
  options: SimulationOptions = {},
): Operation {
  const sim = createSimulation(network, seed, options);
  const seats: Seat[] = [];
  for (let i = 0; i < network.intersectionCount; i++) {
    const phases = phaseSets[i]!;
    if (network.signalised[i] === 0) continue;
    startPhase(network, sim.signals, i, phases[0]!);
    if (phases.length < 2) continue;
    const view = new View(sim, i, phases);
    seats.push({ intersection: i, phases, view, controller: factory(view) });
  }
  return { sim, decisionSteps, seats };
}

/** Asks the controllers if a decision is due, then advances the simulation by one step. */
export function operate({ sim, decisionSteps, seats }: Operation): void {
  if (sim.step % decisionSteps === 0) {
    const { wanted } = sim.signals;
    for (let k = 0; k < seats.length; k++) {
      const { intersection, phases, view, controller } = seats[k]!;
      const phase = phases[controller.decide(view)];
      // An answer that is no phase of this intersection asks for nothing.
      if (phase !== undefined) wanted[intersection] = phase;
    }
  }
  step(sim);
}
