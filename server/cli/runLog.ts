import type { RunResult } from '../report/runResult.ts';
import type { ComparisonPlan } from './comparePlan.ts';
import type { MissingRun } from './compareRecord.ts';
import type { RunListener } from './compareRuns.ts';
import type { RunAnswer, RunTask } from './compareTask.ts';
import type { Progress } from './progress.ts';

/** Time between two looks at how it goes, ms. */
const REDRAW_MS = 250;

const FAULT = 'This is a fault of Greenwave; please report it with what you did.';

/** Who wants to know what a run left. Numbers count the tasks. */
export interface Listener {
  finished(number: number, answer: RunAnswer): Promise<void>;
  failed?(number: number): Promise<void>;
}

/** Which runs of a comparison are done, under way, or failed; shown as they go on. */
export class RunLog {
  readonly #plan: ComparisonPlan;
  readonly #progress: Progress;
  readonly #timer: NodeJS.Timeout;
  readonly #underWay = new Set<RunTask>();
  readonly #results = new Map<string, RunResult>();
  readonly #reasons = new Map<string, string>();
  #done = 0;
  #faultTold = false;

  constructor(plan: ComparisonPlan, progress: Progress) {
    this.#plan = plan;
    this.#progress = progress;
    // It also keeps the process up when all workers have died and others are on their way.
    this.#timer = setInterval(() => this.#show(), REDRAW_MS);
  }

  add(result: RunResult): void {
    this.#results.set(nameOf(result.controller, result.seed), result);
  }

  /** Shows what becomes of runs, and hands it on. */
  heard({ finished, failed }: Listener): RunListener {
    return {
      started: (task) => void this.#underWay.add(task),
      died: (task, reason) =>
        this.#progress.tell(`${this.#name(task)}: ${reason}. The run is tried once more.`),
      finished: (number, task, answer) => {
        this.#ended(task);
        return finished(number, answer);
      },
      failed: async (number, { task, reason, stack }) => {
        this.#ended(task);
        if (task.kind !== 'pilot') this.#reasons.set(this.#name(task), reason);
        this.#progress.tell(`${this.#name(task)}: ${reason}. The run is left out.`);
        if (stack !== undefined && !this.#faultTold) this.#progress.tell(`${FAULT}\n${stack}`);
        this.#faultTold ||= stack !== undefined;
        await failed?.(number);
      },
    };
  }

  /** Says that the runs under way are given up. */
  stopping(): void {
    this.#progress.tell('Stopping; what is finished is written. Ctrl-C once more ends at once.');
  }

  end(): void {
    clearInterval(this.#timer);
    this.#progress.end();
  }

  /** Runs by controller, then by seed, whatever order they ended in. */
  outcome(): { readonly runs: RunResult[]; readonly missing: MissingRun[] } {
    const runs: RunResult[] = [];
    const missing: MissingRun[] = [];
    for (const { controller } of this.#plan.studies) {
      for (const seed of this.#plan.seeds) {
        const name = nameOf(controller.name, seed);
        const result = this.#results.get(name);
        if (result) runs.push(result);
        else missing.push({ controller: controller.name, seed, reason: this.#reasons.get(name) ?? null });
      }
    }
    return { runs, missing };
  }

  #ended(task: RunTask): void {
    this.#underWay.delete(task);
    this.#done++;
    this.#show();
  }

  #show(): void {
    const [first] = this.#underWay;
    const name = first && this.#plan.studies[first.controller]!.controller.name;
    this.#progress.done(this.#done, name);
  }

  #name({ controller, seed, kind }: RunTask): string {
    const name = nameOf(this.#plan.studies[controller]!.controller.name, seed);
    return kind === 'pilot' ? `${name} (pilot run)` : name;
  }
}

function nameOf(controller: string, seed: number): string {
  return `${controller}, seed ${seed}`;
}
