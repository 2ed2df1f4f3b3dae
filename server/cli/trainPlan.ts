import { PROTOCOLS } from '../control/protocol.ts';
import type { SightName } from '../environment/laneSight.ts';
import { type Loaded, loadLayout } from '../files/load.ts';
import { loadPolicy } from '../files/policies.ts';
import { BACKEND_NAMES, type BackendChoice } from '../learning/backend.ts';
import type { Syllabus, TrainingFile } from '../learning/curriculum.ts';
import { GOAL_WEIGHTS, type GoalWeights } from '../learning/objective.ts';
import { START_LINEAR } from '../learning/startPolicy.ts';
import { scorerOf } from '../policy/policyFile.ts';
import { FEATURES } from '../policy/policyFit.ts';
import type { PolicyFeatures } from '../policy/policySchema.ts';
import type { Scorer } from '../policy/scorer.ts';
import type { Layout } from '../scenario/layout.ts';
import { named, unknownName } from '../study/flagValue.ts';
import { Mistake } from '../study/mistake.ts';
import { operationOf } from '../study/study.ts';
import { studyOf } from './commandStudy.ts';
import { layoutHash } from './layoutHash.ts';
import type { Schedule } from './trainFlags.ts';

/** What a network may be trained on. */
const BACKENDS: readonly BackendChoice[] = ['auto', ...BACKEND_NAMES];

export interface TrainFlags {
  readonly cities?: number;
  readonly protocol?: string;
  readonly seed?: number;
  readonly population?: number;
  readonly start?: string;
  /** Whether policies see what detectors tell, and no more. */
  readonly detectorsOnly?: boolean;
  readonly backend?: string;
  readonly schedule?: Schedule;
  readonly name?: string;
  readonly weights?: GoalWeights;
  readonly generations?: number;
  readonly episodes?: number;
  readonly minutes?: number;
  readonly workers?: number;
  readonly resume?: string;
  readonly out?: string;
}

/** When training ends: exactly one of these. */
export type Limit =
  | { readonly generations: number }
  | { readonly episodes: number }
  | { readonly minutes: number };

/** All that decides what a training comes to, but for its length. A checkpoint holds it, and fits no other. */
export interface TrainOrder {
  readonly files: readonly { readonly path: string; readonly hash: string }[];
  readonly cities: number;
  readonly protocol: string | null;
  readonly seed: number;
  readonly population: number;
  readonly sight: SightName;
  readonly start: { readonly path: string; readonly hash: string } | null;
  readonly features: PolicyFeatures;
  /** What the network is trained on; `auto` until it is known which that is. */
  readonly backend: BackendChoice;
  /** After how many generations the network is learned, and after how many evolution goes on; `null`: by the limit. */
  readonly schedule: Schedule | null;
  /** What counts. */
  readonly weights: GoalWeights;
}

/** The same as shares of a training. */
export const SCHEDULE_SHARES: Schedule = [0.6, 0.8];

/** A training that can begin, or go on: every name, number and combination has been looked at. */
export interface TrainPlan {
  readonly order: TrainOrder;
  readonly limit: Limit;
  /** What the policy is called. */
  readonly name: string;
  readonly layouts: readonly Layout[];
  readonly syllabus: Syllabus;
  readonly start: Scorer;
  readonly warnings: readonly string[];
}

const POPULATION = 16;
const GENERATIONS = 30;

/**
 * Puts files and flags together.
 *
 * @throws {Mistake} for the first thing that would keep training from starting
 */
export async function trainPlanOf(files: readonly string[], flags: TrainFlags): Promise<TrainPlan> {
  const { cities = 0, protocol, seed = 0, population = POPULATION } = flags;
  const twice = files.find((file, k) => files.indexOf(file) < k);
  if (twice !== undefined) throw new Mistake(`${twice} is named twice.`, 'Name every file once.');
  if (files.length === 0 && cities === 0) {
    throw new Mistake(
      'There is nothing to train on.',
      'Name scenarios or CityFlow configurations, or give --cities 60 for cities drawn at random.',
    );
  }
  if (files.length === 0 && protocol !== undefined) {
    throw new Mistake(
      '--protocol is for files, and none is named: cities have protocols of their own.',
      'Leave it out.',
    );
  }
  const backend = BACKENDS.find((name) => name === (flags.backend ?? 'auto'));
  if (backend === undefined) throw unknownName('backend', flags.backend!, BACKENDS);
  const limit = limitOf(flags) ?? { generations: GENERATIONS };
  const start = flags.start === undefined ? null : loadPolicy(flags.start);
  const loaded: Loaded[] = [];
  for (const file of files) loaded.push(await loadLayout(file));
  const training = loaded.map((one, k) => trainingFile(files[k]!, one, protocol));
  const names = training.map(({ name }) => name);
  return {
    order: {
      files: loaded.map(({ layout }, k) => ({ path: files[k]!, hash: layoutHash(layout) })),
      ...{ cities, protocol: protocol ?? null, seed, population },
      sight: flags.detectorsOnly ? 'detectors' : 'vehicles',
      start: start && { path: flags.start!, hash: start.hash },
      features: FEATURES,
      backend,
      schedule: flags.schedule ?? scheduleOf(limit),
      weights: flags.weights ?? GOAL_WEIGHTS,
    },
    limit,
    name: flags.name ?? 'learned',
    layouts: loaded.map(({ layout }) => layout),
    syllabus: { files: training.map((file, k) => ({ ...file, name: distinct(names, k) })), cities, seed },
    start: start === null ? { linear: START_LINEAR, layers: [] } : scorerOf(start),
    warnings: loaded.flatMap(({ warnings }) => warnings),
  };
}

/** By the shares, where it is known how many generations there will be. */
function scheduleOf(limit: Limit): Schedule | null {
  if (!('generations' in limit)) return null;
  const [first, second] = SCHEDULE_SHARES.map((share) => Math.round(share * limit.generations));
  return [first!, second!];
}

/** The one given; `null` without any. */
export function limitOf({ generations, episodes, minutes }: TrainFlags): Limit | null {
  const given = [
    ...(generations === undefined ? [] : [{ generations }]),
    ...(episodes === undefined ? [] : [{ episodes }]),
    ...(minutes === undefined ? [] : [{ minutes }]),
  ];
  if (given.length <= 1) return given[0] ?? null;
  const names = given.flatMap(Object.keys).map((name) => `--${name}`);
  throw new Mistake(`${names.join(' and ')} both say when training ends.`, 'Give one of them.');
}

/** @throws {Mistake} when there is nothing to learn, or the protocol does not fit */
function trainingFile(path: string, loaded: Loaded, protocol: string | undefined): TrainingFile {
  const { layout, format } = loaded;
  if (protocol !== undefined && format === 'scenario' && named('protocol', PROTOCOLS, protocol).literature) {
    throw new Mistake(
      `${path}: protocol "${protocol}" is made for CityFlow files, and this is none.`,
      'Leave --protocol out, or this file.',
    );
  }
  const study = told(path, () => studyOf(loaded, protocol === undefined ? {} : { protocol }));
  const literature = ['literature-15', 'literature-5'];
  const usual = study.protocol.literature === null ? ['scenario'] : literature;
  if (operationOf(study).seats.length === 0) {
    throw new Mistake(
      `${path} has no signal with a choice between phases: there is nothing to learn.`,
      'Leave it out.',
    );
  }
  return {
    name: layout.name,
    protocols: protocol === undefined ? usual : [study.protocol.name],
    fixedTrips: layout.flows.length > 0,
  };
}

/** With the file that a mistake is about. */
function told<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Mistake ? new Mistake(`${path}: ${error.message}`) : error;
  }
}

/** Two files of one name are told apart by their place. */
function distinct(names: readonly string[], k: number): string {
  const name = names[k]!;
  return names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (file ${k + 1})`;
}
