import { CONTROLLERS } from '../control/registry.ts';
import { conduct, recordOf } from './conduct.ts';
import { writeFolder } from './folderDraft.ts';
import { interventionsOf, readLog } from './interventionsOf.ts';
import { loadLayout } from './load.ts';
import { checkFolder } from './outFolder.ts';
import { controllerFor, policiesOf, refuseIdleSight, withPolicy } from './policies.ts';
import type { PolicyText } from './policyFlag.ts';
import { holdsRun, runFiles } from './runFiles.ts';
import { runTable } from './runTable.ts';
import { type SetText, settingsByController } from './setFlag.ts';
import { type StudyFlags, studyOf } from './study.ts';
import { warn } from './warn.ts';

export interface RunFlags extends Omit<StudyFlags, 'policy' | 'interventions'> {
  /** The log of a session. */
  readonly interventions?: string;
  readonly policy?: readonly PolicyText[];
  readonly set?: readonly SetText[];
  readonly out?: string;
  readonly json?: boolean;
}

/** `greenwave run FILE`: runs a scenario to its end and prints, or writes, what it came to. */
export async function run(file: string, flags: RunFlags): Promise<void> {
  const {
    set = [],
    controller = 'fixed-time',
    policy: given = [],
    interventions: logFile,
    ...others
  } = flags;
  const log = logFile === undefined ? undefined : readLog(logFile);
  const policies = policiesOf(given, [controller]);
  refuseIdleSight(flags.detectorsOnly, policies);
  const chosen = { ...others, controller, ...withPolicy(policies, controller) };
  const entry = controllerFor(chosen);
  const settings = settingsByController(set, [entry], CONTROLLERS).get(entry.name) ?? {};
  const loaded = await loadLayout(file);
  const interventions = interventionsOf(log, file, loaded);
  const study = studyOf(loaded, { ...chosen, settings, interventions });
  warn(study.warnings);
  if (flags.out !== undefined) checkFolder(flags.out, holdsRun);
  const conducted = await conduct(study, flags.out !== undefined);
  const record = recordOf(conducted);
  if (flags.out !== undefined) await writeFolder(flags.out, holdsRun, runFiles(conducted, record));
  process.stdout.write(flags.json ? `${JSON.stringify(record, null, 2)}\n` : runTable(record));
  if (flags.out !== undefined && !flags.json) process.stdout.write(`\nWritten to ${flags.out}.\n`);
}
