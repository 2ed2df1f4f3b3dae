import { Worker } from 'node:worker_threads';
import { described } from '../control/described.ts';
import { type EnvironmentOptions, SignalEnvironment } from '../environment/environment.ts';
import type { ActionSpace, Beginning, ObservationSpace, Outcome } from '../environment/spaces.ts';
import type { Layout } from '../scenario/layout.ts';
import type { EnvironmentOrder, EnvironmentReport, EnvironmentSetup } from './environmentTask.ts';

export interface VectorOptions extends EnvironmentOptions {
  /** How many copies of the environment there are. */
  readonly copies: number;
  /** Threads that run them; as many as copies at most. */
  readonly workers: number;
  /** Most that the heap of a worker may come to, MB; Node's own limit unless given. */
  readonly heapMb?: number;
}

/** A thread, and which copies it runs, as their indices. */
interface Crew {
  readonly worker: Worker;
  readonly copies: readonly number[];
}

/**
 * Many copies of `SignalEnvironment` side by side in worker threads. Results are in the order of the copies and do
 * not depend on the number of workers.
 *
 * A copy whose episode has ended begins the next one at the following step, whose actions are not looked at and
 * whose rewards are 0 (Gymnasium's next-step autoreset). Its seed is the last one plus the number of copies.
 */
export class VectorEnvironment {
  readonly copies: number;
  readonly agents: readonly string[];
  readonly #model: SignalEnvironment;
  readonly #crews: readonly Crew[];
  #dead: Error | null = null;
  #isBusy = false;
  #fail: ((error: Error) => void) | null = null;

  /** @throws {Error} as `SignalEnvironment`, and for counts below 1 */
  constructor(layout: Layout, { copies, workers, heapMb, ...options }: VectorOptions) {
    for (const [what, count] of Object.entries({ copies, workers })) {
      if (!Number.isInteger(count) || count < 1)
        throw new Error(`${what} is ${count}: it must be 1 or more.`);
    }
    this.#model = new SignalEnvironment(layout, options);
    this.agents = this.#model.agents;
    this.copies = copies;
    const crewCount = Math.min(workers, copies);
    this.#crews = Array.from({ length: crewCount }, (_, w) => {
      const own = Array.from({ length: copies }, (_, k) => k).filter((k) => k % crewCount === w);
      const setup: EnvironmentSetup = { layout, options, count: own.length, seedStride: copies };
      const worker = new Worker(new URL('./environmentWorker.js', import.meta.url), {
        workerData: setup,
        ...(heapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMb } }),
      });
      const name = `Worker ${w + 1} of ${crewCount}, which runs copies ${own.join(', ')},`;
      worker.on('error', ({ message }) => this.#bury(`${name} died: ${message}`));
      worker.on('exit', (code) => this.#bury(`${name} ended with code ${code}.`));
      worker.unref();
      return { worker, copies: own };
    });
  }

  observationSpace(agent: number): ObservationSpace {
    return this.#model.observationSpace(agent);
  }

  actionSpace(agent: number): ActionSpace {
    return this.#model.actionSpace(agent);
  }

  /** Begins an episode in every copy, the first with `seed`, the next with `seed + 1`, and so on. */
  async reset(seed: number): Promise<Beginning[]> {
    const reports = await this.#ask(({ copies }) => ({ kind: 'reset', seeds: copies.map((k) => seed + k) }));
    return this.#inOrder(reports.map((report) => (report.kind === 'reset' ? report.beginnings : [])));
  }

  /**
   * A step of every copy.
   *
   * @param actions  by copy and agent
   * @throws {Error} naming the copy, for actions that are refused: other copies have taken their step then, so
   *   `reset` is what can follow; and when a worker has died
   */
  async step(actions: readonly ArrayLike<number>[]): Promise<Outcome[]> {
    if (!Array.isArray(actions)) {
      throw new Error(`Got ${described(actions)} for actions: give a list of actions for each copy.`);
    }
    if (actions.length !== this.copies) {
      throw new Error(`Got actions for ${actions.length} copies of ${this.copies}: give each its own.`);
    }
    const plain = actions.map((own: ArrayLike<number>, k) => this.#plain(own, k));
    const reports = await this.#ask(({ copies }) => ({
      kind: 'step',
      actions: copies.map((k) => plain[k]!),
    }));
    return this.#inOrder(reports.map((report) => (report.kind === 'step' ? report.outcomes : [])));
  }

  /** Actions of a copy that can be sent to its worker, which looks at their values. */
  #plain(actions: ArrayLike<number>, copy: number): readonly number[] {
    if (typeof actions !== 'object' || typeof actions?.length !== 'number') {
      throw new Error(`Copy ${copy}: got ${described(actions)} for actions: give a list of numbers.`);
    }
    return Array.from(actions, (action: unknown, agent) => {
      if (typeof action === 'number') return action;
      const name = this.agents[agent] ?? agent;
      throw new Error(`Copy ${copy}: agent "${name}" is given action ${described(action)}: give a number.`);
    });
  }

  /** Ends the workers. */
  async close(): Promise<void> {
    this.#bury('The environments are closed.');
    await Promise.all(this.#crews.map(({ worker }) => worker.terminate()));
  }

  async #ask(orderFor: (crew: Crew) => EnvironmentOrder): Promise<EnvironmentReport[]> {
    if (this.#dead !== null) throw this.#dead;
    if (this.#isBusy) throw new Error('The copies are at work: wait for the last call to come back.');
    this.#isBusy = true;
    try {
      const death = new Promise<never>((_, reject) => {
        this.#fail = reject;
      });
      const answers = this.#crews.map(
        (crew) =>
          new Promise<EnvironmentReport>((resolve) => {
            crew.worker.once('message', resolve);
            crew.worker.ref();
            crew.worker.postMessage(orderFor(crew));
          }),
      );
      const reports = await Promise.race([Promise.all(answers), death]);
      reports.forEach((report, w) => {
        if (report.kind !== 'error') return;
        throw new Error(`Copy ${this.#crews[w]!.copies[report.copy]}: ${report.message}`);
      });
      return reports;
    } finally {
      this.#isBusy = false;
      this.#fail = null;
      for (const { worker } of this.#crews) worker.unref();
    }
  }

  #bury(why: string): void {
    this.#dead ??= new Error(why);
    this.#fail?.(this.#dead);
  }

  /** What the crews brought, in the order of the copies. */
  #inOrder<T>(parts: readonly (readonly T[])[]): T[] {
    return Array.from({ length: this.copies }, (_, k) => {
      const w = k % this.#crews.length;
      return parts[w]![(k - w) / this.#crews.length]!;
    });
  }
}
