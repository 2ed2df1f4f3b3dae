import { hasLiteraturePhases } from '../control/literaturePhases.ts';
import { createOperation, type Operation, operate } from '../control/operation.ts';
import { hasFaults, withPerfectDetection } from '../control/perfectDetection.ts';
import { PROTOCOLS, type Protocol, type Ruled, underProtocol } from '../control/protocol.ts';
import type { ControllerEntry } from '../control/registry.ts';
import { type Settings, type SettingsGiven, settingsOf } from '../control/settings.ts';
import type { Intervention } from '../protocol/session.ts';
import { type Compiled, compile } from '../scenario/compile.ts';
import type { Layout } from '../scenario/layout.ts';
import { perturb } from '../scenario/perturb.ts';
import { blockedBy, intervene } from '../session/interventions.ts';
import type { Network } from '../sim/network.ts';
import type { SimulationOptions } from '../sim/simulation.ts';
import { named, wholeSteps } from './flagValue.ts';
import type { Loaded } from './load.ts';
import { Mistake } from './mistake.ts';
import { type ControllerFlags, controllerFor } from './policies.ts';

/** What a run may be told on the command line; what is left out is the scenario's or the protocol's own. */
export interface StudyFlags extends ControllerFlags {
  readonly protocol?: string;
  readonly seed?: number;
  readonly durationS?: number;
  readonly decisionS?: number;
  readonly jitterS?: number;
  readonly demandScale?: number;
  /** Settings of the controller, over those of the scenario. */
  readonly settings?: SettingsGiven;
  /** Whether detectors work as they should, whatever the scenario says of faults. */
  readonly perfectDetection?: boolean;
  /** What is done to the road on the way. */
  readonly interventions?: readonly Intervention[];
}

/** A scenario and everything that decides how it is run. */
export interface Study {
  readonly compiled: Compiled;
  /** The compiled network, as the controller wants it. */
  readonly network: Network;
  /** By phase of `network`: its name at its intersection. */
  readonly phaseNames: readonly string[];
  readonly controller: ControllerEntry;
  readonly settings: Settings;
  /** What the controller's preparation came to. */
  readonly facts: readonly string[];
  readonly protocol: Protocol;
  readonly seed: number;
  readonly durationS: number;
  readonly steps: number;
  readonly jitterS: number;
  readonly demandScale: number;
  readonly interventions: readonly Intervention[];
  readonly warnings: readonly string[];
}

/**
 * Puts a file and flags together.
 *
 * @param unchanged  the file compiled, if that was done before; for runs without jitter or scaled demand
 * @throws {Mistake} for an unknown name, a time that is no multiple of the step, or a protocol that
 *   does not fit the file
 */
export function studyOf(loaded: Loaded, flags: StudyFlags, unchanged?: Compiled): Study {
  const {
    seed = loaded.layout.reference?.seed ?? 0,
    jitterS = 0,
    demandScale = 1,
    interventions = [],
  } = flags;
  const { stepS } = loaded.layout;
  const controller = controllerFor(flags);
  const durationS = flags.durationS ?? loaded.layout.durationS;
  const steps = wholeSteps('--duration-s', durationS, stepS);
  const perturbation = { seed, durationS, jitterS, demandScale };
  const settings = chosenSettings(controller, loaded.layout, flags.settings ?? {});
  const compiled = unchanged ?? compile(perturb(loaded.layout, perturbation));
  const usual = usualProtocol(loaded, compiled.network);
  const protocol = protocolFor(loaded, controller, flags, usual);
  for (const one of interventions) placeOf(compiled, one);
  const faulty = hasFaults(compiled.network);
  const network = flags.perfectDetection ? withPerfectDetection(compiled.network) : compiled.network;
  const phasesPrescribed = protocol.literature !== null;
  const occasion = { durationS, names: compiled.names, phasesPrescribed };
  const prepared = controller.prepare?.(network, settings, occasion) ?? { network, facts: [] };
  if (phasesPrescribed && prepared.phaseNames !== undefined) {
    throw new Mistake(
      `${controller.name} shows phases of its own, and protocol "${protocol.name}" prescribes the file's.`,
      'Give --protocol scenario, for all that are compared.',
    );
  }
  return {
    compiled,
    network: prepared.network,
    phaseNames: prepared.phaseNames ?? phaseIds(compiled.layout),
    controller,
    settings,
    facts: prepared.facts,
    protocol,
    seed,
    durationS,
    steps,
    jitterS,
    demandScale,
    interventions,
    warnings: [
      ...loaded.warnings,
      ...(flags.protocol === undefined && loaded.controllersOnly ? [CHOSEN[usual]] : []),
      ...jitterWarnings(loaded.layout, jitterS),
      ...decisionWarnings(controller, protocol, stepS),
      ...(faulty && !flags.perfectDetection ? faultWarnings(controller) : []),
      ...(phasesPrescribed && prepared.network !== network ? planWarnings(controller, protocol) : []),
    ],
  };
}

/** @throws {Mistake} for an intervention at a lane that is not there */
function placeOf({ names }: Compiled, one: Intervention): void {
  try {
    blockedBy(names, one);
  } catch (error) {
    throw new Mistake(`--interventions: ${(error as Error).message}`);
  }
}

/** The flags that make another network of every seed. */
export type Perturbing = Pick<StudyFlags, 'jitterS' | 'demandScale'>;

/** Whether every seed runs on the same network: demand is as the file has it. */
export function isUnchanged({ jitterS = 0, demandScale = 1 }: Perturbing): boolean {
  return jitterS === 0 && demandScale === 1;
}

/** What a file is run under unless a protocol is asked for: the literature's, where its signals are made for that. */
function usualProtocol({ format, controllersOnly }: Loaded, network: Network): keyof typeof CHOSEN {
  const literature = format === 'cityflow' && controllersOnly && hasLiteraturePhases(network);
  return literature ? 'literature-15' : 'scenario';
}

/** Why a CityFlow file whose configuration leaves the phases to controllers is run as it is. */
const CHOSEN = {
  'literature-15':
    "rlTrafficLight is true and the phases are those of the literature, so protocol literature-15 is run; --protocol scenario runs the file's own plan.",
  scenario:
    "rlTrafficLight is true, but the phases are not those of the literature's protocols (phase 0 for the change, then thru and left turns), so the file's own phases and plan are run.",
} as const;

/** The protocol asked for, or the usual one of the file, with the decision interval that holds. */
function protocolFor(
  { format, layout }: Loaded,
  controller: ControllerEntry,
  flags: StudyFlags,
  usual: string,
): Protocol {
  const protocol = named('protocol', PROTOCOLS, flags.protocol ?? usual);
  if (protocol.literature !== null && format === 'scenario') {
    throw new Mistake(
      `Protocol "${protocol.name}" is made for CityFlow files, whose first phase stands for the change between two others; this file's first phase is a green like the rest.`,
      'Leave --protocol out, and give --decision-s if controllers are to be asked less often.',
    );
  }
  const { decisionS } = flags;
  if (decisionS !== undefined) wholeSteps('--decision-s', decisionS, layout.stepS);
  return { ...protocol, decisionS: decisionS ?? protocol.decisionS ?? controller.decisionS };
}

function phaseIds({ intersections }: Layout): string[] {
  return intersections.flatMap(({ signal }) => signal?.phases.map(({ id }) => id) ?? []);
}

/** The scenario's choices, then those of the command line, which win. */
function chosenSettings(controller: ControllerEntry, layout: Layout, given: SettingsGiven): Settings {
  const own = layout.controllers?.[controller.name] ?? {};
  const { settings, problems } = settingsOf(controller.settings, { ...own, ...given });
  if (problems.length === 0) return settings;
  throw new Mistake(
    ...(problems.map(({ key, message, advice }) => `${controller.name}.${key}: ${message} ${advice}`) as [
      string,
    ]),
  );
}

/** Who sees every vehicle is not hindered by what is wrong with detectors, which makes comparisons unfair. */
function faultWarnings({ name, sees }: ControllerEntry): string[] {
  return sees === 'every vehicle'
    ? [
        `${name} sees every vehicle, so the scenario's detector faults do not touch it. --perfect-detection lifts them for all.`,
      ]
    : [];
}

function jitterWarnings({ flows }: Layout, jitterS: number): string[] {
  return jitterS > 0 && flows.length === 0
    ? [
        '--jitter-s changes nothing here: there are no trips at fixed times. Random arrivals differ with --seed.',
      ]
    : [];
}

/** A plan that is looked at only now and then is not the plan. */
function decisionWarnings(
  { name }: ControllerEntry,
  { literature, decisionS }: Protocol,
  stepS: number,
): string[] {
  return name === 'fixed-time' && literature === null && decisionS !== null && decisionS > stepS
    ? [`--decision-s lets fixed-time change every ${decisionS} s only: its greens differ from the plan's.`]
    : [];
}

/** A plan made for phases and intervals that the protocol then replaces. */
function planWarnings(controller: ControllerEntry, protocol: Protocol): string[] {
  return [
    `${controller.name} plans for the file's own phases and intervals; ${protocol.name} replaces these, so its plan is not what is shown.`,
  ];
}

/** The network of a study under its protocol. */
export function ruledFor({ network, protocol, controller }: Study): Ruled {
  return underProtocol(network, protocol, protocol.decisionS ?? controller.decisionS ?? undefined);
}

/** A simulation of the study at step 0, with its controllers seated. */
export function operationOf(study: Study, options: SimulationOptions = {}): Operation {
  const { protocol, controller, settings, seed } = study;
  return createOperation(ruledFor(study), controller.factory(protocol, settings), seed, {
    detectors: controller.sees === 'detectors',
    ...options,
  });
}

/** One step of a study, with what is done to the road at its beginning. */
export function advance({ interventions, compiled }: Study, operation: Operation): void {
  const { sim } = operation;
  for (const one of interventions) if (one.step === sim.step) intervene(sim, compiled.names, one);
  operate(operation);
}
