import { basename } from 'node:path';
import { CONTROLLERS } from '../control/registry.ts';
import { type Loaded, loadLayout } from '../files/load.ts';
import { controllerFor } from '../files/policies.ts';
import { compile } from '../scenario/compile.ts';
import { quoted } from '../scenario/problem.ts';
import { numberFlag, wholeSteps } from '../study/flagValue.ts';
import { Mistake } from '../study/mistake.ts';
import { seedMatters } from '../study/seedMatters.ts';
import { isUnchanged, type Study } from '../study/study.ts';
import { type StudyFlags, studyOf } from './commandStudy.ts';
import { interventionsOf, readLog } from './interventionsOf.ts';
import { policiesOf, refuseIdleSight, withPolicy } from './policies.ts';
import type { PolicyText } from './policyFlag.ts';
import { compareCommand } from './reproduce.ts';
import { type SetText, settingsByController } from './setFlag.ts';

export interface CompareFlags
  extends Omit<StudyFlags, 'controller' | 'policy' | 'seed' | 'settings' | 'interventions'> {
  /** The log of a session. */
  readonly interventions?: string;
  /** Names with commas between them. */
  readonly controllers: string;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly traceSeed?: number;
  /** Seconds, or `auto`. */
  readonly warmupS: string;
  readonly workers?: number;
  /** The half width that the main measure's intervals should have, s. */
  readonly precisionS?: number;
  readonly set?: readonly SetText[];
  readonly policy?: readonly PolicyText[];
  readonly json?: boolean;
  readonly out: string;
}

/** A comparison that can be run: every name, number and combination has been looked at. */
export interface ComparisonPlan {
  /** The scenario's file, without its folder: a report must not depend on where it lay. */
  readonly fileName: string;
  /** What repeats the comparison, as it is typed. */
  readonly command: string;
  readonly loaded: Loaded;
  /** By controller, in the order given: its study of the first seed. */
  readonly studies: readonly Study[];
  /** By controller: what makes its study of any seed. */
  readonly studyFlags: readonly StudyFlags[];
  readonly seeds: readonly number[];
  /** The seed whose runs are kept in detail, for the pictures. */
  readonly traceSeed: number;
  /** `null`: to be found out. */
  readonly warmupS: number | null;
  readonly warnings: readonly string[];
}

/**
 * Puts a file and flags together.
 *
 * @throws {Mistake} for the first thing that would keep a run from starting
 */
export async function planOf(file: string, flags: CompareFlags): Promise<ComparisonPlan> {
  const names = controllersOf(flags.controllers);
  const policies = policiesOf(flags.policy ?? [], names);
  refuseIdleSight(flags.detectorsOnly, policies);
  const learned = names.map((controller) => ({ controller, ...withPolicy(policies, controller) }));
  const entries = learned.map(controllerFor);
  const settings = settingsByController(flags.set ?? [], entries, CONTROLLERS);
  const log = flags.interventions === undefined ? undefined : readLog(flags.interventions);
  const asked = seedsOf(flags);
  const loaded = await loadLayout(file);
  const interventions = interventionsOf(log, file, loaded);
  const compiled = compile(loaded.layout);
  const alike = asked.seeds.length > 1 && !seedMatters(compiled.network, flags);
  const { seeds, traceSeed } = alike ? { seeds: [flags.firstSeed], traceSeed: flags.firstSeed } : asked;
  const studyFlags = learned.map((one) => ({
    ...studyFlagsOf(flags, one, settings.get(one.controller)),
    ...(interventions.length === 0 ? {} : { interventions }),
  }));
  const unchanged = isUnchanged(flags) ? compiled : undefined;
  const studies = studyFlags.map((one) => studyOf(loaded, { ...one, seed: seeds[0]! }, unchanged));
  return {
    fileName: basename(file),
    command: compareCommand(file, flags),
    loaded,
    studies,
    studyFlags,
    seeds,
    traceSeed,
    warmupS: warmupOf(flags.warmupS, studies[0]!),
    warnings: [
      ...new Set(studies.flatMap((study) => study.warnings)),
      ...(alike
        ? [
            'All seeds would be the same run, as every trip has a fixed time: one is run. With --jitter-s 60 each seed is a day of its own.',
          ]
        : []),
    ],
  };
}

/** @throws {Mistake} for a seed to be drawn that is not run */
function seedsOf({ seeds: count, firstSeed, traceSeed = firstSeed }: CompareFlags) {
  const seeds = Array.from({ length: count }, (_, k) => firstSeed + k);
  if (seeds.includes(traceSeed)) return { seeds, traceSeed };
  throw new Mistake(
    `--trace-seed: ${traceSeed} is not among the seeds.`,
    `Use one from ${seeds[0]} to ${seeds.at(-1)}.`,
  );
}

function controllersOf(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) {
    throw new Mistake(
      `--controllers: ${quoted(text)} has an empty name.`,
      'Write names with commas between them.',
    );
  }
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined) {
    throw new Mistake(`--controllers: ${quoted(twice)} is there twice.`, 'Name every controller once.');
  }
  return names;
}

function studyFlagsOf(
  { protocol, durationS, decisionS, jitterS, demandScale, perfectDetection, detectorsOnly }: CompareFlags,
  learned: Pick<StudyFlags, 'controller' | 'policy'>,
  settings: StudyFlags['settings'],
): StudyFlags {
  return {
    ...learned,
    ...(protocol === undefined ? {} : { protocol }),
    ...(durationS === undefined ? {} : { durationS }),
    ...(decisionS === undefined ? {} : { decisionS }),
    ...(jitterS === undefined ? {} : { jitterS }),
    ...(demandScale === undefined ? {} : { demandScale }),
    ...(perfectDetection === undefined ? {} : { perfectDetection }),
    ...(detectorsOnly === undefined ? {} : { detectorsOnly }),
    ...(settings === undefined ? {} : { settings }),
  };
}

function warmupOf(text: string, { durationS, compiled }: Study): number | null {
  if (text === 'auto') return null;
  if (Number.isNaN(Number(text))) {
    throw new Mistake(`--warmup-s: ${quoted(text)} is not a number.`, 'Use auto, or a number of seconds.');
  }
  const seconds = numberFlag('--warmup-s', { min: 0, max: durationS, unit: 's' })(text);
  if (seconds > 0) wholeSteps('--warmup-s', seconds, compiled.layout.stepS);
  if (seconds === durationS) {
    throw new Mistake(
      `--warmup-s: ${seconds} s is the whole run; nothing would be left to measure.`,
      'Use less, or a longer --duration-s.',
    );
  }
  return seconds;
}
