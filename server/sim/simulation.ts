import { createDrivers, type Drivers } from './carFollowing.ts';
import type { Closures } from './closures.ts';
import { arrive, createDemand, type Demand } from './demand.ts';
import { createDetectorStates, type DetectorStates, senseAll } from './detectors.ts';
import { drive } from './drive.ts';
import { createFoes, type Foes } from './foes.ts';
import { createLone, type Lone } from './lone.ts';
import { createMeasures, type Measures, noteStep } from './measures.ts';
import { createTransit, move, type Transit } from './move.ts';
import type { Network } from './network.ts';
import { arriveAtKerbs, createPedestrians, type Pedestrians } from './pedestrians.ts';
import { createSignals, type Signals, stepSignals } from './signal.ts';
import { createSurvey, type Survey, type SurveyOptions, surveySignals, surveyStep } from './survey.ts';
import { createTraffic, type Traffic } from './traffic.ts';
import { createVehicles, type Vehicles } from './vehicles.ts';

/** A network in motion: what `step` reads and writes. Every column is allocated once. */
export interface Simulation {
  readonly network: Network;
  readonly seed: number;
  /** Steps done. Time is an integer; the simulated time is `step × network.stepS`. */
  step: number;
  /** Sum over the steps of the vehicles on the network after the step. */
  vehicleUpdates: number;
  readonly vehicles: Vehicles;
  readonly traffic: Traffic;
  readonly signals: Signals;
  readonly demand: Demand;
  readonly measures: Measures | null;
  readonly survey: Survey | null;
  /** Every vehicle as it would drive alone, for delays; `null` without measures and survey. */
  readonly lone: Lone | null;
  /** Where people cross on foot; `null` where nobody does. */
  readonly pedestrians: Pedestrians | null;
  /** What detectors tell; `null` when nobody asks them. */
  readonly detectors: DetectorStates | null;
  /** Lanes that are closed or blocked; `null` until somebody closes or blocks one. */
  closures: Closures | null;

  readonly drivers: Drivers;
  readonly foes: Foes;
  /** Lanes longer than this (m) are too long for one vehicle to be near both of their ends. */
  readonly longLane: number;

  // Scratch of one step.
  departures: Int32Array; // pairs of element and slot
  departed: number; //       how much of `departures` is in use
  transit: Transit;
  readonly answer: Float64Array; // by ANSWER: fractions that one function leaves for another, see there
  leaderType: number; //            of the leader that `lookAhead` found last
}

export interface SimulationOptions {
  /** Whether to keep the measures that a run prints; they cost a few percent. */
  readonly measures?: boolean;
  /** Whether to keep them by movement and minute as well. */
  readonly byMovement?: boolean;
  /** What a comparison needs beyond the measures, at about the cost of the run itself; see `Survey`. */
  readonly survey?: SurveyOptions;
  /** Whether detectors are watched. Who sees detectors needs it; it changes nothing else. */
  readonly detectors?: boolean;
}

/**
 * A simulation at step 0, before anyone has arrived.
 *
 * @param seed  any integer; with the scenario and the requests of the controllers it decides everything
 */
export function createSimulation(
  network: Network,
  seed: number,
  options: SimulationOptions = {},
): Simulation {
  const drivers = createDrivers(network.types, network.stepS);
  const vehicles = createVehicles(Math.max(1024, network.flows.count + 1));
  return {
    network,
    seed,
    step: 0,
    vehicleUpdates: 0,
    vehicles,
    traffic: createTraffic(network),
    signals: createSignals(network),
    demand: createDemand(network, seed),
    measures:
      options.measures === false ? null : createMeasures(network, vehicles.capacity, options.byMovement),
    survey: options.survey === undefined ? null : createSurvey(network, vehicles.capacity, options.survey),
    lone: options.measures === false && options.survey === undefined ? null : createLone(vehicles.capacity),
    pedestrians: createPedestrians(network, seed),
    detectors: options.detectors === true ? createDetectorStates(network, seed) : null,
    closures: null,
    drivers,
    foes: createFoes(network),
    longLane: drivers.longestLookAhead + drivers.longestVehicle,
    departures: new Int32Array(2048),
    departed: 0,
    transit: createTransit(1024),
    answer: new Float64Array(8),
    leaderType: 0,
  };
}

/** Advances everything by one step. Signals show what was requested before; see `Signals.wanted`. */
export function step(sim: Simulation): void {
  if (sim.pedestrians !== null) arriveAtKerbs(sim.network, sim.pedestrians, sim.step);
  stepSignals(sim.network, sim.signals, sim.traffic, sim.pedestrians, sim.step);
  if (sim.survey !== null) surveySignals(sim, sim.survey);
  arrive(sim);
  makeRoom(sim);
  drive(sim);
  move(sim);
  if (sim.detectors !== null) senseAll(sim);
  sim.step++;
  sim.vehicleUpdates += runningCount(sim);
  if (sim.measures !== null) noteStep(sim);
  if (sim.survey !== null) surveyStep(sim, sim.survey);
}

/** Vehicles on the network. */
export function runningCount({ vehicles }: Simulation): number {
  return vehicles.entered - vehicles.finished;
}

/** Sees to it that all vehicles on the network could leave their elements in one step. */
function makeRoom(sim: Simulation): void {
  const running = runningCount(sim);
  if (sim.departures.length >= 2 * running) return;
  sim.departures = new Int32Array(4 * running);
  sim.transit = createTransit(2 * running);
}
