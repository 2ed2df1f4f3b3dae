import { named } from './cli/flagValue.ts';
import { controllerFor } from './cli/policies.ts';
import { LEARNED } from './cli/policyFlag.ts';
import type { ControllerFactory } from './control/controller.ts';
import { createOperation, type Operation } from './control/operation.ts';
import { PROTOCOLS, underProtocol } from './control/protocol.ts';
import { type SettingsGiven, settingsOf } from './control/settings.ts';
import type { Policy } from './policy/policySchema.ts';
import type { Compiled } from './scenario/compile.ts';
import type { SimulationOptions } from './sim/simulation.ts';

/**
 * The library: load a scenario, run it under a controller that may be your own, read what it came to.
 *
 *     const scenario = await loadScenario('corridor.yaml');
 *     const run = startRun(scenario, { controller: 'max-pressure', seed: 1 });
 *     while (run.sim.step < 3600) operate(run);
 *     console.log(summarize(run.sim).averageDelayS);
 */
export { loadScenario } from './cli/load.ts';
export { loadPolicy } from './cli/policies.ts';
export type { Controller, ControllerFactory } from './control/controller.ts';
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

export interface RunOptions extends SimulationOptions {
  /**
   * A name among `CONTROLLERS`, `learned`, or what makes the controller of one intersection. `fixed-time` unless
   * given.
   */
  readonly controller?: string | ControllerFactory;
  /** The policy of `learned`, from `loadPolicy`; the one that comes with the package unless given. */
  readonly policy?: Policy;
  /** Whether `learned` sees what detectors tell, and no more, whatever the policy was trained with. */
  readonly detectorsOnly?: boolean;
  /** A name among `PROTOCOLS`; `scenario` unless given. */
  readonly protocol?: string;
  /** Time from decision to decision, s; unless given the protocol's own, then the controller's, then one step. */
  readonly decisionS?: number;
  /** Settings of the controller, where it is one of `CONTROLLERS`. */
  readonly settings?: SettingsGiven;
  /** Unless given 0, or of CityFlow's files what their configuration says. */
  readonly seed?: number;
}

/**
 * A run at its beginning. `operate(run)` takes it one step on: controllers are asked if a decision is
 * due, then everything moves.
 *
 * @throws {Error} for a controller, protocol or setting that is not known, where a protocol prescribes phases to a
 *   controller that has its own, and for a policy without `learned`
 */
export function startRun(scenario: Compiled, options: RunOptions = {}): Operation {
  const { controller = 'fixed-time', protocol = 'scenario', decisionS, ...rest } = options;
  const seed = options.seed ?? scenario.layout.reference?.seed ?? 0;
  const { settings: given = {}, policy, detectorsOnly = false, seed: _, ...measures } = rest;
  const rules = named('protocol', PROTOCOLS, protocol);
  if (controller !== LEARNED && (policy !== undefined || detectorsOnly)) {
    throw new Error('A policy, or seeing by detectors only, is for the controller "learned".');
  }
  if (typeof controller === 'function') {
    const own = { ...rules, decisionS: decisionS ?? rules.decisionS };
    return createOperation(underProtocol(scenario.network, own), controller, seed, measures);
  }
  const entry = controllerFor({ controller, detectorsOnly, ...(policy === undefined ? {} : { policy }) });
  const own = { ...rules, decisionS: decisionS ?? rules.decisionS ?? entry.decisionS };
  const { settings, problems } = settingsOf(entry.settings, given);
  for (const { key, message, advice } of problems)
    throw new Error(`${entry.name}.${key}: ${message} ${advice}`);
  const phasesPrescribed = rules.literature !== null;
  const occasion = { durationS: scenario.layout.durationS, names: scenario.names, phasesPrescribed };
  const prepared = entry.prepare?.(scenario.network, settings, occasion);
  if (phasesPrescribed && prepared?.phaseNames !== undefined) {
    throw new Error(
      `${entry.name} shows phases of its own, and protocol "${rules.name}" prescribes the file's.`,
    );
  }
  const network = prepared?.network ?? scenario.network;
  return createOperation(underProtocol(network, own), entry.factory(own, settings), seed, {
    detectors: entry.sees === 'detectors',
    ...measures,
  });
}
