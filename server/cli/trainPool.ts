import type { Episode } from '../learning/episode.ts';
import type { EpisodeTask, Runner } from '../learning/evaluation.ts';
import type { Figures } from '../learning/objective.ts';
import type { Replay } from '../learning/replay.ts';
import type { Scorer } from '../policy/scorer.ts';
import { Mistake } from '../study/mistake.ts';
import type { TrainAnswer, TrainSetup, TrainTask } from './trainTask.ts';
import { WorkerPool } from './workerPool.ts';

/** Episodes on worker threads. What comes back depends on the tasks alone, not on who did them when. */
export class TrainPool implements Runner {
  readonly #pool: WorkerPool<TrainTask, TrainAnswer>;
  readonly #workers: number;
  readonly #ran: () => void;

  /** @param ran  called after each episode */
  constructor(setup: TrainSetup, workers: number, ran: () => void) {
    this.#pool = new WorkerPool('./trainWorker.js', setup, workers);
    this.#workers = workers;
    this.#ran = ran;
  }

  /**
   * @throws {Mistake} when a worker runs out of memory
   * @throws {Error} what an episode threw twice; also when the pool is stopped
   */
  run(tasks: readonly EpisodeTask[]): Promise<Figures[]> {
    return this.#all<Figures>(tasks);
  }

  /** Throws as `run` does. */
  collect(episodes: readonly Episode[], scorer: Scorer): Promise<Replay[]> {
    return this.#all<Replay>(episodes.map((episode) => ({ episode, lookInto: scorer })));
  }

  async #all<Answer extends TrainAnswer>(tasks: readonly TrainTask[]): Promise<Answer[]> {
    const answers: Answer[] = new Array(tasks.length);
    const queue = tasks.entries();
    const lane = async () => {
      for (const [index, task] of queue) {
        answers[index] = (await this.#attempt(task)) as Answer;
        this.#ran();
      }
    };
    // Two for each worker: one under way, and one at hand when that ends.
    await Promise.all(Array.from({ length: 2 * this.#workers }, lane));
    return answers;
  }

  /** Ends the workers where they stand. */
  stop(): Promise<void> {
    return this.#pool.stop();
  }

  /** Once more if its worker dies: that may have had other reasons than the episode. */
  async #attempt(task: TrainTask): Promise<TrainAnswer> {
    try {
      return await this.#pool.run(task);
    } catch (first) {
      if (this.#pool.ended) throw first;
      return this.#pool.run(task).catch((error: unknown) => {
        throw outOfMemory(error)
          ? new Mistake('A worker ran out of memory.', 'Give fewer --workers.')
          : error;
      });
    }
  }
}

function outOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
