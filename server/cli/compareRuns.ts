import type { RunAnswer, RunTask } from './compareTask.ts';
import type { WorkerPool } from './workerPool.ts';

/** A run that failed twice. */
export interface FailedRun {
  readonly task: RunTask;
  readonly reason: string;
  /** Where it failed, if that was in code of ours. */
  readonly stack?: string | undefined;
}

/** Who hears of the runs while they go on. */
export interface RunListener {
  started(task: RunTask): void;
  /** The runs wait until this settles. Numbers count the tasks. */
  finished(number: number, task: RunTask, answer: RunAnswer): Promise<void>;
  /** The run is tried once more. */
  died(task: RunTask, reason: string): void;
  /** It was tried twice, and is left out. */
  failed(number: number, failure: FailedRun): Promise<void>;
}

/**
 * Does all runs, several at a time, each once more if it fails. Returns early when `stop` is aborted, without
 * what was under way.
 *
 * @throws what the listener throws; the runs under way are given up then
 */
export async function doRuns(
  pool: WorkerPool<RunTask, RunAnswer>,
  tasks: readonly RunTask[],
  workers: number,
  stop: AbortSignal,
  listener: RunListener,
): Promise<void> {
  const queue = tasks.entries();
  let broken = false;
  const stopped = () => stop.aborted || broken;
  const lane = async () => {
    for (const [number, task] of queue) {
      if (stopped()) return;
      listener.started(task);
      const outcome = await attempt(pool, task, stopped, listener);
      if (outcome === null) return;
      if ('reason' in outcome) await listener.failed(number, outcome);
      else await listener.finished(number, task, outcome);
    }
  };
  // Two for each worker: one under way, and one at hand when that ends.
  const lanes = Array.from({ length: 2 * workers }, async () => {
    try {
      await lane();
    } catch (error) {
      broken = true;
      throw error;
    }
  });
  const settled = Promise.allSettled(lanes);
  await Promise.all(lanes).catch(async (error: unknown) => {
    await pool.stop();
    await settled;
    throw error;
  });
}

/** `null`: the work was stopped. */
async function attempt(
  pool: WorkerPool<RunTask, RunAnswer>,
  task: RunTask,
  stopped: () => boolean,
  listener: RunListener,
): Promise<RunAnswer | FailedRun | null> {
  for (let last = false; ; last = true) {
    try {
      return await pool.run(task);
    } catch (error) {
      if (stopped()) return null;
      if (pool.ended) return { task, reason: 'no worker is left' };
      const reason = reasonOf(error);
      if (last) return { task, reason, stack: stackOf(error) };
      listener.died(task, reason);
    }
  }
}

const EXIT = /^worker exited with code: (\d+)$/;

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = EXIT.exec(error.message)?.[1];
  if (code !== undefined) return `its worker ended with exit code ${code}`;
  return ranOutOfMemory(error) ? 'its worker ran out of memory' : error.message.replace(/\.$/, '');
}

/** `undefined` where a worker just ended, which has nothing to tell. */
function stackOf(error: unknown): string | undefined {
  return error instanceof Error && !EXIT.test(error.message) && !ranOutOfMemory(error)
    ? error.stack
    : undefined;
}

function ranOutOfMemory(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
