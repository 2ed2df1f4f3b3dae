import { availableParallelism } from 'node:os';
import { visible, visibleLines } from '../protocol/visibleText.ts';
import { compare as comparisonOf } from '../report/comparison.ts';
import { MEASURES } from '../report/measureList.ts';
import { COMPARISON, holdsComparison, REPORT, RUNS, runRows } from './compareFiles.ts';
import { type CompareFlags, planOf } from './comparePlan.ts';
import { comparisonRecord } from './compareRecord.ts';
import { compareTable } from './compareTable.ts';
import { conductComparison, type Outcome } from './conductComparison.ts';
import { FolderDraft } from './folderDraft.ts';
import { Interruption } from './interruption.ts';
import { endWithParent } from './parent.ts';
import { loadDrawing, reportText } from './reportText.ts';
import { print, tell } from './terminal.ts';
import { warn } from './warn.ts';

/**
 * `greenwave compare FILE`: runs controllers on the same arrivals, and writes and prints what they come to.
 *
 * Ends with 130 or 143 after a signal, and with 1 if runs failed; what is finished is written all the same.
 */
export async function compare(file: string, flags: CompareFlags): Promise<void> {
  const plan = await planOf(file, flags);
  warn(plan.warnings);
  const draft = new FolderDraft(flags.out, holdsComparison);
  const interruption = new Interruption(() => draft.removeNow());
  endWithParent(() => draft.removeNow());
  try {
    await draft.begin();
    const drawing = loadDrawing();
    drawing.catch(() => {}); // told when it is needed
    const outcome = await conductComparison(
      plan,
      flags.workers ?? availableParallelism(),
      draft,
      interruption.signal,
    );
    const { warmup, runs, missing } = outcome;
    process.exitCode = interruption.exitCode ?? (missing.length > 0 ? 1 : 0);
    if (runs.length === 0 || warmup === null) {
      tell(`${nothingFinished(outcome)} Nothing is written.\n`);
      return;
    }
    const comparison = comparisonOf(runs, {
      measures: MEASURES,
      asked: { controllers: plan.studies.map(({ controller }) => controller.name), seeds: plan.seeds },
      ...(flags.precisionS === undefined ? {} : { precision: flags.precisionS }),
    });
    const record = comparisonRecord(plan, warmup, runs, missing, comparison);
    warn(record.warnings.filter((text) => !plan.warnings.includes(text)));
    const json = visibleLines(`${JSON.stringify(record, null, 2)}\n`);
    await draft.write(REPORT, [reportText(plan, record, runs, await drawing)]);
    await draft.write(COMPARISON, [json]);
    await draft.write(RUNS, runRows(runs, MEASURES));
    await draft.publish();
    process.exitCode = interruption.exitCode ?? process.exitCode;
    print(flags.json ? json : compareTable(record));
    if (!flags.json) print(`\nWritten to ${visible(flags.out)}; open ${REPORT}.\n`);
  } finally {
    interruption.close();
    await draft.remove();
  }
}

function nothingFinished({ missing }: Outcome): string {
  return missing.some(({ reason }) => reason !== null)
    ? 'No run could be finished.'
    : 'Stopped before the first run was finished.';
}
