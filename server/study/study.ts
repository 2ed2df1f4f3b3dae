import { described } from '../control/described.ts';
import { createOperation, type Operation, operate } from '../control/operation.ts';
import { hasFaults, withPerfectDetection } from '../control/perfectDetection.ts';
import { PROTOCOLS, type Protocol, type Ruled, underProtocol } from '../control/protocol.ts';
import type { ControllerEntry } from '../control/registry.ts';
import { type Settings, type SettingsGiven, settingsOf } from '../control/settings.ts';
import type { Intervention } from '../protocol/session.ts';
import { type Compiled, compile } from '../scenario/compile.ts';
import type { Layout } from '../scenario/layout.ts';
import { hasLiteraturePhases } from '../scenario/literaturePhases.ts';
import { perturb } from '../scenario/perturb.ts';
import type { Network } from '../sim/network.ts';
import type { SimulationOptions } from '../sim/simulation.ts';
import { once, startWarnings } from '../warnings/startWarnings.ts';
import { named, wholeSteps } from './flagValue.ts';
import { blockedBy, intervene } from './interventions.ts';
import { Mistake } from './mistake.ts';
import { studyWarnings } from './studyWarnings.ts';
import { IN_PROGRAM, type Wording } from './wording.ts';

/** A scenario or a network of another format, as it was read. */
export interface StudySource {
  readonly layout: Layout;
  /** Decides which protocol is usual, and which are possible; not looked at unless given. */
  readonly format?: 'scenario' | 'cityflow';
  /** CityFlow's `rlTrafficLight`: phases change only when a controller says so. */
  readonly controllersOnly?: boolean;
  readonly warnings?: readonly string[];
  /** The layout as `jitterS` and `demandScale` leave it, compiled, if that was done before. */
  readonly compiled?: Compiled;
}

/** What decides a run besides its demand; what is left out is the scenario's or the protocol's own. */
export interface StudyOptions {
  readonly controller: ControllerEntry;
  /** Settings of the controller, over those of the scenario. */
  readonly settings?: SettingsGiven;
  /** A name among `PROTOCOLS`. */
  readonly protocol?: string;
  /** Time from decision to decision, s. */
  readonly decisionS?: number;
  readonly durationS?: number;
  readonly seed?: number;
  /** Departures at fixed times are moved by up to this much, s: see `perturb`. */
  readonly jitterS?: number;
  /** Vehicles for each one of the scenario. */
  readonly demandScale?: number;
  /** Whether detectors work as they should, whatever the scenario says of faults. */
  readonly perfectDetection?: boolean;
  /** What is done to the road on the way. */
  readonly interventions?: readonly Intervention[];
}

/** A scenario and everything that decides how it is run. */
export interface Study {
  readonly source: StudySource;
  readonly options: StudyOptions;
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

/** The options that make another network of every seed. */
export type Perturbing = Pick<StudyOptions, 'jitterS' | 'demandScale'>;

/** Whether every seed runs on the same network: demand is as the file has it. */
export function isUnchanged({ jitterS = 0, demandScale = 1 }: Perturbing): boolean {
  return jitterS === 0 && demandScale === 1;
}

/**
 * Puts a run together: the only place that does, for the command line, the library, sessions, environments, training and
 * explanations alike.
 *
 * @throws {Mistake} for an unknown name or setting, a number out of range, a time that is no multiple of the step, a lane
 *   that does not exist, or a protocol that does not fit the file or the controller
 */
export function assembleStudy(
  source: StudySource,
  options: StudyOptions,
  wording: Wording = IN_PROGRAM,
): Study {
  const { layout } = source;
  const { controller, jitterS = 0, demandScale = 1, interventions = [] } = options;
  const seed = options.seed ?? layout.reference?.seed ?? 0;
  requireRanges({ seed, jitterS, demandScale }, wording);
  const { protocol, settings } = rulesOf(source, options, wording);
  const durationS = options.durationS ?? layout.durationS;
  const steps = wholeSteps(wording('durationS'), durationS, layout.stepS);
  const compiled = source.compiled ?? compile(perturb(layout, { seed, durationS, jitterS, demandScale }));
  for (const one of interventions) placeOf(compiled, one, wording);
  const faulty = hasFaults(compiled.network);
  const network = options.perfectDetection ? withPerfectDetection(compiled.network) : compiled.network;
  const phasesPrescribed = protocol.literature !== null;
  const occasion = { durationS, names: compiled.names, phasesPrescribed };
  const prepared = controller.prepare?.(network, settings, occasion) ?? { network, facts: [] };
  if (phasesPrescribed && prepared.phaseNames !== undefined) {
    throw new Mistake(
      `${controller.name} shows phases of its own, and protocol "${protocol.name}" prescribes the file's.`,
      `Give ${wording('protocol', 'scenario')}, for all that are compared.`,
    );
  }
  return {
    source,
    options,
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
    warnings: once([
      ...(source.warnings ?? []),
      ...startWarnings({
        file: layout,
        planRuns: source.controllersOnly !== true,
        ...{ layout: compiled.layout, durationS, protocol: protocol.name, controller: controller.name },
        ruled: underProtocol(prepared.network, protocol, protocol.decisionS ?? undefined),
        followsPlan: controller.sees === 'nothing' && protocol.literature === null,
      }),
      ...(options.protocol === undefined && source.controllersOnly ? [CHOSEN[usualProtocol(source)]] : []),
      ...studyWarnings(
        {
          ...{ layout, controller, protocol, jitterS },
          hasFaults: faulty && options.perfectDetection !== true,
          planIsReplaced: phasesPrescribed && prepared.network !== network,
        },
        wording,
      ),
    ]),
  };
}

/** The same study at another seed, where demand is as the file has it. */
export function atSeed(study: Study, seed: number): Study {
  return { ...study, seed, options: { ...study.options, seed } };
}

/** The study with another controller in place of its own, on the same network. */
export function underController(study: Study, controller: ControllerEntry, settings: SettingsGiven): Study {
  const { source, options, compiled } = study;
  return assembleStudy({ ...source, compiled }, { ...options, controller, settings });
}

/**
 * The protocol asked for, or the usual one of the file, with the decision interval that holds; and the controller's
 * settings: the scenario's, then those given, which win.
 *
 * @throws {Mistake} for an unknown name, a value that is not allowed, or a protocol that does not fit the file
 */
export function rulesOf(
  source: StudySource,
  options: StudyOptions,
  wording: Wording = IN_PROGRAM,
): Pick<Study, 'protocol' | 'settings'> {
  const { layout, format } = source;
  const { controller, decisionS } = options;
  const protocol = named('protocol', PROTOCOLS, options.protocol ?? usualProtocol(source));
  if (protocol.literature !== null && format === 'scenario') {
    throw new Mistake(
      `Protocol "${protocol.name}" is made for CityFlow files, whose first phase stands for the change between two others; this file's first phase is a green like the rest.`,
      `Leave ${wording('protocol')} out, and give ${wording('decisionS')} if controllers are to be asked less often.`,
    );
  }
  if (decisionS !== undefined) wholeSteps(wording('decisionS'), decisionS, layout.stepS);
  return {
    protocol: { ...protocol, decisionS: decisionS ?? protocol.decisionS ?? controller.decisionS },
    settings: chosenSettings(controller, layout, options.settings ?? {}),
  };
}

/** What a file is run under unless a protocol is asked for: the literature's, where its signals are made for that. */
function usualProtocol({ layout, format, controllersOnly }: StudySource): keyof typeof CHOSEN {
  const literature = format === 'cityflow' && controllersOnly && hasLiteraturePhases(layout);
  return literature ? 'literature-15' : 'scenario';
}

/** Why a CityFlow file whose configuration leaves the phases to controllers is run as it is. */
const CHOSEN = {
  'literature-15':
    "rlTrafficLight is true and the phases are those of the literature, so protocol literature-15 is run; protocol scenario runs the file's own plan.",
  scenario:
    "rlTrafficLight is true, but the phases are not those of the literature's protocols (phase 0 for the change, then thru and left turns), so the file's own phases and plan are run.",
} as const;

function chosenSettings(controller: ControllerEntry, layout: Layout, given: SettingsGiven): Settings {
  const own = layout.controllers?.[controller.name] ?? {};
  const { settings, problems } = settingsOf(controller.settings, { ...own, ...given });
  if (problems.length === 0) return settings;
  const [first = '', ...others] = problems.map(
    ({ key, message, advice }) => `${controller.name}.${key}: ${message} ${advice}`,
  );
  throw new Mistake(first, ...others);
}

/** @throws {Mistake} for a number that makes no sense as what it is */
function requireRanges(
  { seed, jitterS, demandScale }: Required<Pick<StudyOptions, 'seed' | 'jitterS' | 'demandScale'>>,
  wording: Wording,
): void {
  if (!Number.isSafeInteger(seed)) {
    throw new Mistake(`${wording('seed')}: ${described(seed)} is not a whole number.`, 'Use a whole number.');
  }
  if (!(Number.isFinite(jitterS) && jitterS >= 0)) {
    throw new Mistake(`${wording('jitterS')}: ${described(jitterS)} s is out of range.`, 'Use 0 s or more.');
  }
  if (!(Number.isFinite(demandScale) && demandScale > 0)) {
    throw new Mistake(
      `${wording('demandScale')}: ${described(demandScale)} is out of range.`,
      'Use a number above 0.',
    );
  }
}

/** @throws {Mistake} for an intervention at a lane that is not there */
function placeOf({ names }: Compiled, one: Intervention, wording: Wording): void {
  try {
    blockedBy(names, one);
  } catch (error) {
    throw new Mistake(`${wording('interventions')}: ${(error as Error).message}`);
  }
}

function phaseIds({ intersections }: Layout): string[] {
  return intersections.flatMap(({ signal }) => signal?.phases.map(({ id }) => id) ?? []);
}

/** The network of a study under its protocol, with names for messages. */
export function ruledFor({ network, protocol, controller, compiled, phaseNames }: Study): Ruled {
  const { intersection: intersections } = compiled.names;
  const naming = { controller: controller.name, intersections, phases: phaseNames };
  return { ...underProtocol(network, protocol, protocol.decisionS ?? undefined), naming };
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
