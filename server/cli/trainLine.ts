import type { TrainingState } from '../learning/trainer.ts';
import { counted, percent } from '../report/figures.ts';
import { type Progress, progressOf } from './progress.ts';
import type { Limit } from './trainPlan.ts';

/**
 * How a training goes: a bar with the time left on a terminal, a line for each generation in a pipe. What is
 * told is the delay on validation against max-pressure.
 */
export class TrainLine {
  readonly #progress: Progress;
  readonly #limit: Limit;
  readonly #from: TrainingState;
  readonly #beganMs = performance.now();
  #state: TrainingState;
  #runs = 0;

  private constructor(progress: Progress, limit: Limit, state: TrainingState) {
    this.#progress = progress;
    this.#limit = limit;
    this.#from = state;
    this.#state = state;
  }

  static async begin(limit: Limit, state: TrainingState): Promise<TrainLine> {
    const [unit, total] = Object.entries(limit)[0]!;
    const left = 'minutes' in limit ? 60 * total : total - doneOf(limit, state);
    const line = new TrainLine(
      await progressOf('training', Math.max(1, Math.round(left)), unit === 'minutes' ? 's' : unit),
      limit,
      state,
    );
    line.#show();
    return line;
  }

  /** After each run. */
  ran(): void {
    this.#runs++;
    this.#show();
  }

  /** After each generation. */
  generation(state: TrainingState): void {
    this.#state = state;
    this.#show();
    if (!process.stderr.isTTY) this.#progress.tell(`generation ${state.generation}: ${newsOf(state)}`);
  }

  end(): void {
    this.#progress.end();
  }

  #show(): void {
    const seconds = Math.floor((performance.now() - this.#beganMs) / 1000);
    const done =
      'minutes' in this.#limit ? seconds : doneOf(this.#limit, this.#state) - doneOf(this.#limit, this.#from);
    this.#progress.done(
      done,
      `${newsOf(this.#state)}${this.#runs > 0 ? `, ${counted(this.#runs, 'run')}` : ''}`,
    );
  }
}

function doneOf(limit: Limit, { generation, episodes }: TrainingState): number {
  return 'episodes' in limit ? episodes : generation;
}

function newsOf({ episodes, champion, history }: TrainingState): string {
  const latest = history.findLast(({ judgement }) => judgement !== null)?.judgement;
  const change = (share: number | undefined) => percent(share ?? null);
  return `${counted(episodes, 'episode')}, delay ${change(latest?.againstMaxPressure)} against max-pressure, best ${change(champion.judgement.againstMaxPressure)}`;
}
