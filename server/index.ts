import type { ControllerFactory } from './control/controller.ts';
import { type Memories, type Operation, resumeOperation } from './control/operation.ts';
import type { ControllerEntry } from './control/registry.ts';
import type { SettingsGiven } from './control/settings.ts';
import type { LoadedScenario } from './files/load.ts';
import { controllerFor } from './files/policies.ts';
import type { Policy } from './policy/policySchema.ts';
import type { Compiled } from './scenario/compile.ts';
import type { SimulationOptions } from './sim/simulation.ts';
import { LEARNED } from './study/controllerNames.ts';
import { Mistake } from './study/mistake.ts';
import {
  assembleStudy,
  isUnchanged,
  operationOf,
  ruledFor,
  type Study,
  type StudyOptions,
} from './study/study.ts';

/**
 * The library: load a scenario, run it under a controller that may be your own, read what it came to.
 *
 *     const scenario = await loadScenario('corridor.yaml');
 *     const run = startRun(scenario, { controller: 'max-pressure', seed: 1 });
 *     while (run.sim.step < 3600) operate(run);
 *     console.log(summarize(run.sim).averageDelayS);
 */
export type { Controller, ControllerFactory } from './control/controller.ts';
export { ControllerError } from './control/controllerError.ts';
export {
  createOperation,
  type Memories,
  memoriesOf,
  type Operation,
  operate,
  resumeOperation,
} from './control/operation.ts';
export { PROTOCOLS, type Protocol, type Ruled, underProtocol } from './control/protocol.ts';
export { CONTROLLERS, type ControllerEntry } from './control/registry.ts';
export type { View } from './control/view.ts';
export { checkEnvironment } from './environment/checker.ts';
export { type CityStyle, drawCity } from './environment/city.ts';
export { type EnvironmentOptions, SignalEnvironment } from './environment/environment.ts';
export { REWARDS, type Reward } from './environment/rewards.ts';
export type { ActionSpace, Environment, ObservationSpace, Outcome } from './environment/spaces.ts';
export { type LoadedScenario, loadScenario } from './files/load.ts';
export { loadPolicy } from './files/policies.ts';
export { VectorEnvironment, type VectorOptions } from './learning/vectorEnvironment.ts';
export { learnedController } from './policy/learnedController.ts';
export { type ParsedPolicy, parsePolicy, policyOf, policyText } from './policy/policyFile.ts';
export type { Policy } from './policy/policySchema.ts';
export { type Comparison, compare } from './report/comparison.ts';
export { type Difference, differenceOf } from './report/difference.ts';
export { MEASURES, type Measure } from './report/measureList.ts';
export { measuredOptions, measureRun } from './report/measureRun.ts';
export type { RunResult } from './report/runResult.ts';
export { type Compiled, compile, type Names } from './scenario/compile.ts';
export type { Layout } from './scenario/layout.ts';
export { type ParsedScenario, parseScenario } from './scenario/parse.ts';
export { formatProblems, type Problem } from './scenario/problem.ts';
export type { Scenario } from './scenario/schema.ts';
export { fingerprint, formatFingerprint } from './sim/fingerprint.ts';
export type { Network } from './sim/network.ts';
export {
  createSimulation,
  runningCount,
  type Simulation,
  type SimulationOptions,
  step,
} from './sim/simulation.ts';
export { restoreSnapshot, takeSnapshot } from './sim/snapshot.ts';
export { type Summary, summarize } from './sim/summary.ts';
export { layoutWarnings } from './warnings/layoutWarnings.ts';
export { runWarnings } from './warnings/runWarnings.ts';

export interface RunOptions extends SimulationOptions, Omit<StudyOptions, 'controller' | 'interventions'> {
  /**
   * A name among `CONTROLLERS`, `learned`, or what makes the controller of one intersection. `fixed-time` unless
   * given.
   */
  readonly controller?: string | ControllerFactory;
  /** The policy of `learned`, from `loadPolicy`; the one that comes with the package unless given. */
  readonly policy?: Policy;
  /** Whether `learned` sees what detectors tell, and no more, whatever the policy was trained with. */
  readonly detectorsOnly?: boolean;
  /**
   * A name among `PROTOCOLS`. Unless given `scenario`; `literature-15` where a CityFlow file says that phases change only
   * when a controller says so (`rlTrafficLight`), as on the command line.
   */
  readonly protocol?: string;
  /** Time from decision to decision, s; unless given the protocol's own, then the controller's, then one step. */
  readonly decisionS?: number;
  /** For how long the run is meant to last, s: plans are made for the demand until then. The scenario's unless given. */
  readonly durationS?: number;
  /** Settings of the controller, where it is one of `CONTROLLERS`, over those of the scenario's `controllers`. */
  readonly settings?: SettingsGiven;
  /** Unless given 0, or of CityFlow's files what their configuration says. */
  readonly seed?: number;
}

/**
 * A run at its beginning, put together as by `greenwave run` with the same options. `operate(run)` takes it one step on:
 * controllers are asked if a decision is due, then everything moves.
 *
 * @param scenario  from `loadScenario`, or of `compile`, of which the file's format is not known
 * @throws {Error} for a controller, protocol or setting that is not known, a number that is not allowed, where a protocol
 *   prescribes phases to a controller that has its own, and for a policy without `learned`
 */
export function startRun(scenario: Compiled & Partial<LoadedScenario>, options: RunOptions = {}): Operation {
  const { study, measures } = studyOf(scenario, options);
  return operationOf(study, measures);
}

/**
 * The run of `startRun` with the same scenario and options, from a snapshot of it on: it ends as the whole run does.
 *
 * @param snapshot  of `takeSnapshot(run.sim)`
 * @param memories  of `memoriesOf(run)` at the same step
 * @throws {Error} as `startRun`, and for a snapshot that is damaged, or was taken under another protocol, preparation or network
 */
export function resumeRun(
  scenario: Compiled & Partial<LoadedScenario>,
  options: RunOptions,
  snapshot: ArrayBuffer,
  memories: Memories = [],
): Operation {
  const { study } = studyOf(scenario, options);
  const { controller, protocol, settings } = study;
  return resumeOperation(ruledFor(study), controller.factory(protocol, settings), snapshot, memories);
}

function studyOf(
  scenario: Compiled & Partial<LoadedScenario>,
  options: RunOptions,
): { readonly study: Study; readonly measures: SimulationOptions } {
  const { controller = 'fixed-time', policy, detectorsOnly = false, ...others } = options;
  const {
    protocol,
    decisionS,
    durationS,
    settings,
    seed,
    jitterS,
    demandScale,
    perfectDetection,
    ...measures
  } = others;
  if (controller !== LEARNED && (policy !== undefined || detectorsOnly)) {
    throw new Mistake('A policy, or seeing by detectors only, is for the controller "learned".');
  }
  const entry =
    typeof controller === 'function'
      ? ownEntry(controller)
      : controllerFor({ controller, detectorsOnly, ...(policy === undefined ? {} : { policy }) });
  const chosen = { protocol, decisionS, durationS, settings, seed, jitterS, demandScale, perfectDetection };
  const source = isUnchanged(given(chosen)) ? { ...scenario, compiled: scenario } : scenario;
  return { study: assembleStudy(source, { ...given(chosen), controller: entry }), measures };
}

/** A controller that is not of the registry. */
function ownEntry(factory: ControllerFactory): ControllerEntry {
  return {
    name: factory.name === '' ? 'own controller' : factory.name,
    summary: 'given to startRun',
    source: 'the program',
    sees: 'every vehicle',
    decisionS: null,
    settings: [],
    prepare: null,
    factory: () => factory,
  };
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the options that are `undefined`. */
function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}
