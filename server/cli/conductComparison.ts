import type { RunResult } from '../report/runResult.ts';
import { TRIPS } from './compareFiles.ts';
import type { ComparisonPlan } from './comparePlan.ts';
import type { MissingRun } from './compareRecord.ts';
import { doRuns } from './compareRuns.ts';
import type { RunAnswer, RunTask, WorkerSetup } from './compareTask.ts';
import type { FolderDraft } from './folderDraft.ts';
import { InOrder } from './inOrder.ts';
import { progressOf } from './progress.ts';
import { type Listener, RunLog } from './runLog.ts';
import { TRIP_HEADING } from './tripRows.ts';
import { type Pilot, type Warmup, warmupGiven, warmupOf } from './warmup.ts';
import { WorkerPool } from './workerPool.ts';

/** What the runs of a comparison left. */
export interface Outcome {
  /** `null`: it was stopped before there was one. */
  readonly warmup: Warmup | null;
  /** By controller, then by seed. */
  readonly runs: readonly RunResult[];
  /** In the same order. */
  readonly missing: readonly MissingRun[];
}

/**
 * Does all the runs of a comparison on worker threads, and writes their trips on the way: by seed, then by
 * controller, which is the order of the runs, so that stopping early leaves pairs.
 *
 * @throws {Mistake} when trips cannot be written
 */
export async function conductComparison(
  plan: ComparisonPlan,
  workers: number,
  draft: FolderDraft,
  stop: AbortSignal,
): Promise<Outcome> {
  const { loaded, studyFlags, studies, seeds } = plan;
  const pilots = plan.warmupS === null ? studies.length : 0;
  const total = pilots + seeds.length * studies.length;
  const setup: WorkerSetup = { loaded, studyFlags };
  const pool = new WorkerPool<RunTask, RunAnswer>('./compareWorker.js', setup, Math.min(workers, total));
  const log = new RunLog(plan, await progressOf('comparing', total, 'runs'));
  const giveUp = () => {
    log.stopping();
    void pool.stop();
  };
  stop.addEventListener('abort', giveUp);
  try {
    const warmup = await chosenWarmup(plan, (tasks, listener) =>
      doRuns(pool, tasks, workers, stop, log.heard(listener)),
    );
    if (stop.aborted) return { warmup: null, ...log.outcome() };
    await draft.append(TRIPS, TRIP_HEADING);
    const trips = new InOrder<readonly Uint8Array[]>(async (pieces) => {
      for (const piece of pieces) await draft.append(TRIPS, piece);
    });
    const tasks = tasksOf(plan, warmup.warmupS);
    const listener = {
      finished: (number: number, { result, tripRows }: RunAnswer) => {
        log.add(result);
        return trips.take(number, tripRows);
      },
      failed: (number: number) => trips.take(number, null),
    };
    await doRuns(pool, tasks, workers, stop, log.heard(listener));
    await trips.end();
    return { warmup, ...log.outcome() };
  } finally {
    stop.removeEventListener('abort', giveUp);
    log.end();
    await pool.stop();
  }
}

async function chosenWarmup(
  { studies, seeds, warmupS }: ComparisonPlan,
  run: (tasks: readonly RunTask[], listener: Listener) => Promise<void>,
): Promise<Warmup> {
  if (warmupS !== null) return warmupGiven(warmupS);
  const tasks = studies.map((_, controller) => {
    return { controller, seed: seeds[0]!, warmupS: 0, kind: 'pilot' } as const;
  });
  const pilots: (Pilot | undefined)[] = studies.map(() => undefined);
  await run(tasks, {
    async finished(k, { result: { controller, series } }) {
      pilots[k] = { controller, series };
    },
  });
  return warmupOf(
    pilots.filter((pilot) => pilot !== undefined),
    studies[0]!.durationS,
  );
}

function tasksOf({ studies, seeds, traceSeed }: ComparisonPlan, warmupS: number): RunTask[] {
  return seeds.flatMap((seed) =>
    studies.map((_, controller): RunTask => {
      return { controller, seed, warmupS, kind: seed === traceSeed ? 'traced' : 'plain' };
    }),
  );
}
