import { CONTROLLERS } from '../control/registry.ts';
import { loadLayout } from '../files/load.ts';
import { controllerFor } from '../files/policies.ts';
import { visible } from '../protocol/visibleText.ts';
import { type StudyFlags, studyOf } from './commandStudy.ts';
import { conduct, recordOf } from './conduct.ts';
import { writeFolder } from './folderDraft.ts';
import { interventionsOf, readLog } from './interventionsOf.ts';
import { claimFolder } from './outFolder.ts';
import { policiesOf, refuseIdleSight, withPolicy } from './policies.ts';
import type { PolicyText } from './policyFlag.ts';
import { holdsRun, runFiles } from './runFiles.ts';
import { runTable } from './runTable.ts';
import { type SetText, settingsByController } from './setFlag.ts';
import { print, printJson } from './terminal.ts';
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
  if (flags.out !== undefined) claimFolder(flags.out, holdsRun);
  const conducted = await conduct(study, flags.out !== undefined);
  warn(conducted.endWarnings);
  const record = recordOf(conducted);
  if (flags.out !== undefined) await writeFolder(flags.out, holdsRun, runFiles(conducted, record));
  if (flags.json) printJson(record);
  else print(runTable(record));
  if (flags.out !== undefined && !flags.json) print(`\nWritten to ${visible(flags.out)}.\n`);
}
