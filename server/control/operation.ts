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

/**
 * One seat of a run at a snapshot, as `resumeOperation` makes it, for who only asks one controller: in a city all others are
 * most of the work. Those that remember something are made too, for some know what others keep.
 *
 * @param k  counts the seats
 */
export function resumeSeat(
  ruled: Ruled,
  factory: ControllerFactory,
  snapshot: ArrayBuffer,
  memories: Memories,
  k: number,
): Seat & { readonly sim: Simulation } {
  const sim = restoreSnapshot(ruled.network, snapshot);
  const made = placesOf(ruled).flatMap((place, j) => {
    const memory = memories[j] ?? null;
    return j === k || memory !== null ? [{ j, memory, seat: seatAt(place, sim, factory) }] : [];
  });
  for (const { memory, seat } of made) if (memory !== null) seat.controller.recall?.(memory);
  return { ...made.find(({ j }) => j === k)!.seat, sim };
}

/** What each controller of a run remembers, by seat; `null`: nothing. */
export type Memories = readonly (Float64Array | null)[];

/** What the controllers remember now, to be kept beside a snapshot. */
export function memoriesOf({ seats }: Operation): Memories {
  return seats.map(({ controller }) => controller.memory?.() ?? null);
}

function seatsOf(ruled: Ruled, sim: Simulation, factory: ControllerFactory): Seat[] {
  return placesOf(ruled).map((place) => seatAt(place, sim, factory));
}

function seatAt({ ring, phases }: Place, sim: Simulation, factory: ControllerFactory): Seat {
  const view = new View(sim, ring, phases);
  return { ring, phases, view, controller: factory(view) };
}

type Place = Pick<Seat, 'ring' | 'phases'>;

/** Where there is something to decide. */
function placesOf({ network, phaseSets }: Ruled): Place[] {
  const places: Place[] = [];
  network.ringIntersection.forEach((i, ring) => {
    const phases = phaseSets[ring]!;
    if (network.signalised[i] === 0 || (phases.length < 2 && network.ringPartner[ring] === NONE)) return;
    places.push({ ring, phases });
  });
  return places;
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
