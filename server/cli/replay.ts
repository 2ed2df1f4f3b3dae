import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileText } from '../files/fileText.ts';
import { type Loaded, loadLayout } from '../files/load.ts';
import { shippedScenario } from '../files/shipped.ts';
import type { Figures } from '../protocol/session.ts';
import { visible } from '../protocol/visibleText.ts';
import { formatProblems } from '../scenario/problem.ts';
import type { LogHeader } from '../session/log.ts';
import { parseLog } from '../session/logSchema.ts';
import { replay as replayLog } from '../session/replay.ts';
import { LEARNED } from '../study/controllerNames.ts';
import { Mistake } from '../study/mistake.ts';
import { LOG_BYTES_MAX } from './interventionsOf.ts';
import { layoutHash } from './layoutHash.ts';
import { policiesOf } from './policies.ts';
import type { PolicyText } from './policyFlag.ts';
import { progressOf } from './progress.ts';
import { aligned, grouped, type Row } from './runTable.ts';
import { sidesOf } from './sessionStudy.ts';
import { print, printJson, tell } from './terminal.ts';
import { warn } from './warn.ts';

export interface ReplayFlags {
  /** In place of the file that the log names. */
  readonly scenario?: string;
  readonly policy?: readonly PolicyText[];
  readonly json?: boolean;
}

/** `greenwave replay LOG`: runs what was watched again, without a page, and holds it against the log's fingerprints. */
export async function replay(path: string, flags: ReplayFlags): Promise<void> {
  const parsed = parseLog(fileText(path, LOG_BYTES_MAX, 'log'));
  if (!parsed.ok) throw new Mistake(formatProblems(path, parsed.problems));
  const { header, lines } = parsed;
  const loaded = await loadedFor(path, header, flags.scenario);
  const policies = policiesFor(header, flags.policy ?? []);
  const lastStep = lines.reduce(
    (last, line) => (line.kind === 'fingerprint' ? Math.max(last, line.step) : last),
    0,
  );
  const progress = await progressOf('replay', lastStep, 'steps');
  const source = { loaded, flags: header.flags, policies };
  const { session, compared, parting } = replayLog(header, lines, sidesOf(source), (step) =>
    progress.done(step),
  );
  progress.end();
  warn([...new Set(session.worlds.flatMap(({ study }) => study.warnings))]);
  if (compared === 0) throw new Mistake(`${path} holds no fingerprints: there is nothing to compare.`);
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
    const wanted = recorded[name];
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
