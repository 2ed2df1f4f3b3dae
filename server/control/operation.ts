import { NONE } from '../sim/network.ts';
import { startPhase } from '../sim/signal.ts';
import { createSimulation, type Simulation, type SimulationOptions, step } from '../sim/simulation.ts';
import { restoreSnapshot } from '../sim/snapshot.ts';
import type { Controller, ControllerFactory } from './controller.ts';
import { ControllerError, type Naming, notMade, placeOf, thrownBy, wrongAnswer } from './controllerError.ts';
import { described, describedError } from './described.ts';
import type { Ruled } from './protocol.ts';
import { View } from './view.ts';

/** A simulation with a controller at every signal. */
export interface Operation {
  readonly sim: Simulation;
  readonly decisionSteps: number;
  readonly seats: readonly Seat[];
  /** For messages about controllers. */
  readonly naming?: Naming;
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
  return operationOf(ruled, sim, seatsOf(ruled, sim, factory));
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
  return operationOf(ruled, sim, seats);
}

function operationOf({ decisionSteps, naming }: Ruled, sim: Simulation, seats: readonly Seat[]): Operation {
  return naming === undefined ? { sim, decisionSteps, seats } : { sim, decisionSteps, seats, naming };
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
    return j === k || memory !== null ? [{ j, memory, seat: seatAt(place, sim, factory, ruled.naming) }] : [];
  });
  for (const { memory, seat } of made) if (memory !== null) seat.controller.recall?.(memory);
  return { ...made.find(({ j }) => j === k)!.seat, sim };
}

/** What each controller of a run remembers, by seat; `null`: nothing. */
export type Memories = readonly (Float64Array | null)[];

/**
 * What the controllers remember now, to be kept beside a snapshot.
 *
 * @throws {ControllerError} for a memory that is no `Float64Array`
 */
export function memoriesOf({ sim, seats, naming }: Operation): Memories {
  return seats.map((seat) => {
    const memory = seat.controller.memory?.() ?? null;
    if (memory === null || memory instanceof Float64Array) return memory;
    const what = `remembers ${described(memory)}. memory() must answer a Float64Array or null.`;
    throw new ControllerError(placeOfSeat(seat, sim, naming), what);
  });
}

function seatsOf(ruled: Ruled, sim: Simulation, factory: ControllerFactory): Seat[] {
  return placesOf(ruled).map((place) => seatAt(place, sim, factory, ruled.naming));
}

/** @throws {ControllerError} where the factory fails, or makes something that cannot be asked */
function seatAt(
  { ring, phases }: Place,
  sim: Simulation,
  factory: ControllerFactory,
  naming: Naming | undefined,
): Seat {
  const view = new View(sim, ring, phases);
  const place = () => placeOf(sim, view, factory, naming);
  let controller: Controller;
  try {
    controller = factory(view);
  } catch (cause) {
    throw notMade(place(), describedError(cause), cause);
  }
  if (typeof (controller as Partial<Controller> | null | undefined)?.decide !== 'function') {
    const what = `the factory answered ${described(controller)}, which has no method decide(view).`;
    throw notMade(place(), what);
  }
  return { ring, phases, view, controller };
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

/**
 * Asks the controllers if a decision is due, then advances the simulation by one step.
 *
 * @throws {ControllerError} when a controller throws, or answers what is no phase; the step is not taken then
 */
export function operate(operation: Operation): void {
  if (operation.sim.step % operation.decisionSteps === 0) ask(operation);
  step(operation.sim);
}

function ask({ sim, seats, naming }: Operation): void {
  const { wanted } = sim.signals;
  let k = 0;
  let answer: unknown;
  try {
    for (; k < seats.length; k++) {
      const { ring, phases, view, controller } = seats[k]!;
      answer = controller.decide(view);
      const phase = typeof answer === 'number' ? phases[answer] : undefined;
      if (phase !== undefined) wanted[ring] = phase;
      // A phase that the protocol does not allow may be kept: it has no other number.
      else if (answer !== -1 || view.phase !== -1) break;
    }
  } catch (cause) {
    throw thrownBy(placeOfSeat(seats[k]!, sim, naming), cause);
  }
  if (k === seats.length) return;
  throw wrongAnswer(placeOfSeat(seats[k]!, sim, naming), answer, seats[k]!.phases, naming);
}

/** Of a controller without a class: `Object.create(null)`. */
const NAMELESS = { name: '' };

function placeOfSeat({ view, controller }: Seat, sim: Simulation, naming: Naming | undefined) {
  return placeOf(
    sim,
    view,
    (controller.constructor as { readonly name: string } | undefined) ?? NAMELESS,
    naming,
  );
}
