import { Piscina } from 'piscina';
import { heapLimitMb } from './heapLimit.ts';

/** Worker threads that do tasks. A worker that dies fails its task, and another takes its place. */
export class WorkerPool<Task, Answer> {
  readonly #pool: Piscina<Task, Answer>;
  #ended = false;

  /**
   * @param file   beside this one: its default export does a task
   * @param setup  what every worker finds in `workerData`
   */
  constructor(file: string, setup: unknown, workers: number) {
    this.#pool = new Piscina<Task, Answer>({
      filename: new URL(file, import.meta.url).href,
      workerData: setup,
      minThreads: workers,
      maxThreads: workers,
      resourceLimits: { maxOldGenerationSizeMb: heapLimitMb(workers) },
    });
    // A worker that dies while it starts is not replaced. When none is left, nobody would ever answer.
    const seeWhoIsLeft = () => {
      if (this.#pool.threads.length === 0 && !this.#ended) void this.stop();
    };
    this.#pool.on('workerDestroy', () => queueMicrotask(seeWhoIsLeft));
    this.#pool.on('error', () => {}); // it has died between two tasks, and none is the poorer
  }

  /** Whether it takes no more tasks: it was stopped, or all workers died as they started. */
  get ended(): boolean {
    return this.#ended;
  }

  /** @throws {Error} what the task threw, or why its worker died; also when the pool is stopped */
  run(task: Task): Promise<Answer> {
    if (this.#ended) return Promise.reject(new Error('no worker is left'));
    return this.#pool.run(task);
  }

  /** Ends the workers where they stand. */
  async stop(): Promise<void> {
    this.#ended = true;
    await this.#pool.destroy();
  }
}
