import type { Compiled } from '../scenario/compile.ts';
import { emissionsOf } from '../sim/drivingSurvey.ts';
import { CO2_PER_LITRE, EMISSION_CLASS, FUEL_DENSITY, POLLUTANT, POLLUTANTS } from '../sim/emissions.ts';
import { fingerprint, formatFingerprint } from '../sim/fingerprint.ts';
import { NEVER } from '../sim/network.ts';
import { queueFigures } from '../sim/queueSurvey.ts';
import type { Simulation, SimulationOptions } from '../sim/simulation.ts';
import { summarizeVehicles } from '../sim/summary.ts';
import { closeInterval, type Survey } from '../sim/survey.ts';
import { giniIndex } from './inequality.ts';
import { approachResults, movementResults } from './movementResults.ts';
import type { ApproachResult, RunResult, Series, Trips } from './runResult.ts';
import { traceResult } from './traceResult.ts';
import { tripResults } from './tripResults.ts';

/**
 * The options of a simulation that is to be measured.
 *
 * @param warmupS  a multiple of the step
 * @param trace    whether this is the run that is drawn
 */
export function measuredOptions(
  compiled: Pick<Compiled, 'names' | 'network'>,
  warmupS: number,
  trace: boolean,
): SimulationOptions {
  return { measures: true, survey: { fromS: warmupS, emissionClass: emissionClasses(compiled), trace } };
}

/** By vehicle type: EMISSION_CLASS value. */
export function emissionClasses({ names, network }: Pick<Compiled, 'names' | 'network'>): Uint8Array {
  return Uint8Array.from(names.vehicleType, (name, t) => emissionClassOf(name, network.types.length[t]!));
}

/** Longer than any car, m. */
const HEAVY_LENGTH = 7;

/** The built-in types by name, the author's own by length: what is longer than any car is a truck. */
function emissionClassOf(name: string, length: number): number {
  if (name === 'bus') return EMISSION_CLASS.bus;
  return name === 'truck' || length > HEAVY_LENGTH ? EMISSION_CLASS.truck : EMISSION_CLASS.car;
}

/** What a run is called in its result. */
export interface RunNames {
  /** The label of the controller in this comparison. */
  readonly controller: string;
  /** By phase of the run's network. */
  readonly phaseNames: readonly string[];
  /** What `runWarnings` says of it; none unless given. */
  readonly warnings?: readonly string[];
}

/**
 * What a run leaves, at its end. The run must have been created with `measuredOptions`; the last, incomplete
 * interval of its series is closed.
 *
 * @throws {Error} when the simulation was created without measures or without a survey
 */
export function measureRun(sim: Simulation, { controller, phaseNames, warnings = [] }: RunNames): RunResult {
  const { survey, measures, network, step } = sim;
  if (measures === null || survey === null) {
    throw new Error('This simulation was created without a survey; see `measuredOptions`.');
  }
  closeInterval(sim, survey);
  const trips = tripResults(sim, survey.controlDelay);
  const approaches = approachResults(sim, survey);
  return {
    controller,
    seed: sim.seed,
    fingerprint: formatFingerprint(fingerprint(sim)),
    warmupS: survey.fromStep * network.stepS,
    durationS: step * network.stepS,
    measures: figures(sim, survey, trips, approaches),
    whole: {
      ...ofVehicles(sim, trips, 0),
      averageQueue: step === 0 ? 0 : measures.queueSum / step,
    },
    presentAtWarmupEnd: presentAt(sim, survey.fromStep),
    warnings,
    movements: movementResults(sim, survey),
    approaches,
    series: seriesOf(survey, network.stepS),
    trips,
    trace: traceResult(sim, survey, phaseNames),
  };
}

function figures(
  sim: Simulation,
  survey: Survey,
  trips: Trips,
  approaches: readonly ApproachResult[],
): Record<string, number> {
  const { vehicles, network, step } = sim;
  const { fromStep, queues, driving, signals, controlDelay } = survey;
  const { created, createdAt, finishedAt } = vehicles;
  let first = 0;
  while (first < created && createdAt[first]! < fromStep) first++;
  let finished = 0;
  for (let v = 0; v < created; v++) {
    if (finishedAt[v] !== NEVER && finishedAt[v]! >= fromStep) finished++;
  }
  const hours = ((step - fromStep) * network.stepS) / 3600;
  const queue = queueFigures(queues.total, 0, queues.total.length);
  return {
    ...ofVehicles(sim, trips, first),
    throughputVph: step > 0 ? (vehicles.finished * 3600) / (step * network.stepS) : 0,
    dischargeVph: hours > 0 ? finished / hours : 0,
    averageQueue: queue.mean,
    queueP95: queue.p95,
    queueMaxShare: Math.max(0, ...approaches.map(({ queueMax, storage }) => queueMax / storage)),
    spillbackS: approaches.reduce((sum, { spillbackS }) => sum + spillbackS, 0),
    unservedVehicles: created - vehicles.finished,
    ...emissionFigures(sim, survey),
    ttcConflicts: driving.conflicts,
    hardBrakings: driving.hardBrakings,
    dilemmaVehicles: signals.dilemma,
    indecisionVehicles: signals.indecision,
    redCrossings: controlDelay.redCrossings,
    ...pedestrianFigures(sim),
  };
}

/** Measures by vehicle, for vehicles from number `first` on. NaN where there are none: no vehicles is not a delay of 0. */
function ofVehicles(sim: Simulation, trips: Trips, first: number): Record<string, number> {
  const { vehicles, ...byVehicle } = summarizeVehicles(sim, sim.measures!, first);
  const told: Record<string, number> = {
    controlDelayS: mean(trips.controlDelayS.subarray(first)),
    ...byVehicle,
    giniDelay: giniIndex(trips.delayS.subarray(first)),
  };
  if (vehicles.created > 0) return told;
  return Object.fromEntries(Object.keys(told).map((id) => [id, Number.NaN]));
}

/** Vehicles that were there before a step and had not finished before it. */
function presentAt({ vehicles: { created, createdAt, finishedAt } }: Simulation, step: number): number {
  let present = 0;
  for (let v = 0; v < created && createdAt[v]! < step; v++) if (finishedAt[v]! >= step) present++;
  return present;
}

/** NaN where nobody goes on foot. */
function pedestrianFigures({ pedestrians, network, step }: Simulation): Record<string, number> {
  let people = 0;
  let waited = 0;
  let longest = 0;
  for (let c = 0; c < network.crosswalks.count && pedestrians !== null; c++) {
    const waiting = pedestrians.waiting[c]!;
    people += pedestrians.served[c]! + waiting;
    waited += pedestrians.waited[c]! + waiting * step - pedestrians.since[c]!;
    longest = Math.max(
      longest,
      pedestrians.longestWait[c]!,
      waiting > 0 ? step - pedestrians.firstAt[c]! : 0,
    );
  }
  const stepS = people === 0 ? NaN : network.stepS;
  return { pedestrianDelayS: (waited / people) * stepS, pedestrianMaxWaitS: longest * stepS };
}

function emissionFigures(sim: Simulation, { driving, fromStep }: Survey): Record<string, number> {
  const { pollutants, arrbFuelMl } = emissionsOf(sim, driving, fromStep);
  const total = (pollutant: number) =>
    FUEL_DENSITY.reduce((sum, _, kind) => sum + pollutants[kind * POLLUTANTS + pollutant]!, 0);
  return {
    hbefaCo2Kg: total(POLLUTANT.co2) / 1e6,
    hbefaNoxG: total(POLLUTANT.nox) / 1e3,
    hbefaPmG: total(POLLUTANT.pm) / 1e3,
    hbefaFuelL: FUEL_DENSITY.reduce(
      (sum, density, kind) => sum + pollutants[kind * POLLUTANTS + POLLUTANT.fuel]! / 1e3 / density,
      0,
    ),
    arrbCo2Kg: (arrbFuelMl / 1e3) * CO2_PER_LITRE,
    arrbFuelL: arrbFuelMl / 1e3,
  };
}

function seriesOf({ series }: Survey, stepS: number): Series {
  return {
    intervalS: series.intervalSteps * stepS,
    controlDelayS: Float64Array.from(series.delay, (sum, k) => sum / series.served[k]!), // NaN: 0 ÷ 0
    queue: Float64Array.from(series.queue),
    present: Float64Array.from(series.present),
    finished: Float64Array.from(series.finished),
  };
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
