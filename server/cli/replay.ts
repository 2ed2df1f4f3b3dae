import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type Loaded, loadLayout } from '../files/load.ts';
import { shippedScenario } from '../files/shipped.ts';
import type { Figures } from '../protocol/session.ts';
import { visible } from '../protocol/visibleText.ts';
import type { LogHeader } from '../session/log.ts';
import { type Replayed, replay as replayLog } from '../session/replay.ts';
import { LEARNED } from '../study/controllerNames.ts';
import { UnknownLane } from '../study/interventions.ts';
import { Mistake } from '../study/mistake.ts';
import { readLog, type SessionLog } from './interventionsOf.ts';
import { layoutHash } from './layoutHash.ts';
import { policiesOf } from './policies.ts';
import type { PolicyText } from './policyFlag.ts';
import { type Progress, progressOf } from './progress.ts';
import { aligned, grouped, type Row } from './runTable.ts';
import { type SessionSource, sidesOf } from './sessionStudy.ts';
import { print, printJson, tell } from './terminal.ts';
import { warn } from './warn.ts';

/** Between two fingerprints of a log that somebody shortened, s. */
const GAP_MAX_S = 3600;

export interface ReplayFlags {
  /** In place of the file that the log names. */
  readonly scenario?: string;
  readonly policy?: readonly PolicyText[];
  readonly json?: boolean;
}

/** `greenwave replay LOG`: runs what was watched again, without a page, and holds it against the log's fingerprints. */
export async function replay(path: string, flags: ReplayFlags): Promise<void> {
  const log = readLog(path);
  const { header } = log;
  const loaded = await loadedFor(path, header, flags.scenario);
  const policies = policiesFor(header, flags.policy ?? []);
  const lastStep = lastStepOf(log, loaded);
  const progress = await progressOf('replay', lastStep, 'steps');
  const source = { loaded, flags: header.flags, policies };
  const { session, compared, parting } = replayed(log, source, progress);
  warn([...new Set(session.worlds.flatMap(({ study }) => study.warnings))]);
  const record = {
    scenario: header.scenario,
    setup: header.setup,
    interventions: header.interventions.length,
    step: session.step,
    compared,
    parting,
    fingerprints: session.fingerprints(),
    sides: session.figures(),
  };
  if (flags.json) printJson(record);
  else print(table(path, header, record.sides, session.step, compared));
  if (parting === null) return;
  const { step, side, recorded, found } = parting;
  const where = `at step ${grouped(step)} on side ${side + 1} (${header.setup.controllers[side]})`;
  tell(
    `The replay parted from the log ${where}: fingerprint ${found}, recorded ${recorded}.\n  The log was written by Greenwave ${header.greenwave}; ${compared - 1} marks before were equal.\n`,
  );
  process.exitCode = 1;
}

/** @throws {Mistake} for a log that names what this scenario does not have */
function replayed({ path, header, lines }: SessionLog, source: SessionSource, progress: Progress): Replayed {
  try {
    return replayLog(header, lines, sidesOf(source), (step) => progress.done(step));
  } catch (error) {
    if (!(error instanceof UnknownLane)) throw error;
    throw new Mistake(
      `${path}, line 1, interventions: ${error.message}`,
      'Correct the line, or give the log as the live page saved it.',
    );
  } finally {
    progress.end();
  }
}

/**
 * The last step that is compared.
 *
 * @throws {Mistake} where a log has no marks, some of after the run's end, or none for so long that nobody would wait for the next
 */
function lastStepOf({ path, header, lines }: SessionLog, { layout }: Loaded): number {
  const steps = lines.flatMap((line) => (line.kind === 'fingerprint' ? [line.step] : []));
  const last = steps.at(-1);
  if (last === undefined) throw new Mistake(`${path} holds no fingerprints: there is nothing to compare.`);
  const durationS = header.flags.durationS ?? layout.durationS;
  const end = Math.round(durationS / layout.stepS);
  const gap = steps.findIndex((at, k) => at - (steps[k - 1] ?? 0) > GAP_MAX_S / layout.stepS);
  if (gap >= 0 && last <= end) {
    throw new Mistake(
      `${path}: no fingerprint is between step ${grouped(steps[gap - 1] ?? 0)} and step ${grouped(steps[gap]!)}; a session writes one each minute.`,
      'Give the log as the live page saved it.',
    );
  }
  if (last <= end) return last;
  throw new Mistake(
    `${path}: a fingerprint is of step ${grouped(last)}, and the run of ${durationS} s ends with step ${grouped(end)}.`,
    'Give the log as the live page saved it.',
  );
}

/** @throws {Mistake} when the file is not to be found, or is not what was watched */
async function loadedFor(
  log: string,
  { file, layout }: LogHeader,
  given: string | undefined,
): Promise<Loaded> {
  const beside = isAbsolute(file) ? file : join(dirname(log), file);
  const found = given ?? [file, beside, shippedScenario(file)].find((path) => existsSync(path));
  if (found === undefined) {
    throw new Mistake(`The log is of ${file}, which is not here.`, 'Give --scenario FILE.');
  }
  const loaded = await loadLayout(found);
  const hash = layoutHash(loaded.layout);
  if (hash === layout) return loaded;
  throw new Mistake(
    `${found} is not what was watched: its content has hash ${hash}, the log's ${layout}.`,
    'Give the file as it was, with --scenario FILE.',
  );
}

/** @throws {Mistake} when a policy is missing, or another than was watched */
function policiesFor({ policies: recorded, setup }: LogHeader, given: readonly PolicyText[]) {
  const policies = policiesOf(given, setup.controllers);
  for (const name of setup.controllers) {
    const wanted = Object.hasOwn(recorded, name) ? recorded[name] : undefined;
    if (wanted === undefined) continue;
    const hash = policies.get(name)?.hash;
    if (hash === wanted) continue;
    const found = hash === undefined ? 'none was given' : `the one at hand has ${hash.slice(0, 12)}`;
    const flag = name === LEARNED ? 'FILE' : `${name}=FILE`;
    throw new Mistake(
      `${name} had the policy with hash ${wanted.slice(0, 12)}, and ${found}.`,
      `Give it with --policy ${flag}.`,
    );
  }
  return policies;
}

function table(
  path: string,
  { scenario, setup, interventions }: LogHeader,
  sides: readonly Figures[],
  step: number,
  compared: number,
): string {
  const row = (label: string, of: (figures: Figures) => string, unit = ''): Row => [
    label,
    ...sides.map(of),
    unit,
  ];
  const rows: Row[] = [
    ['', ...setup.controllers],
    row('vehicles finished', ({ finished }) => grouped(finished)),
    row('average delay', ({ averageDelayS }) => averageDelayS.toFixed(1), 's'),
    row('longest wait', ({ longestWaitS }) => longestWaitS.toFixed(1), 's'),
    row('standing on approaches, mean', ({ averageQueue }) => averageQueue.toFixed(1), 'vehicles'),
  ];
  const what = `${visible(scenario)}, seed ${setup.seed}, ${grouped(step)} steps, ${interventions.length} interventions`;
  return `${what}\n\n${aligned(rows, sides.length)}\n${visible(path)}: ${compared} marks compared.\n`;
}
