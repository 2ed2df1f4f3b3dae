import type { TrainingState } from '../learning/trainer.ts';
import { counted, figure, percent } from '../report/figures.ts';
import { type Progress, progressBar } from './progress.ts';
import { isWatched } from './terminal.ts';
import type { Limit } from './trainPlan.ts';

/** Parts that a generation, or a minute, is counted in. */
const PARTS = 1000;

/**
 * How a training goes: a bar with the time left on a terminal, a line for each generation in a pipe. What is
 * told is the average delay on validation against max-pressure's.
 */
export class TrainLine {
  readonly #progress: Progress;
  readonly #limit: Limit;
  readonly #from: TrainingState;
  readonly #beganMs = performance.now();
  #state: TrainingState;
  /** Runs since the last generation, and how many that one took; 0: it is not known yet. */
  #runs = 0;
  #runsEach = 0;

  private constructor(progress: Progress, limit: Limit, state: TrainingState) {
    this.#progress = progress;
    this.#limit = limit;
    this.#from = state;
    this.#state = state;
  }

  static async begin(limit: Limit, state: TrainingState): Promise<TrainLine> {
    const whole = Object.values(limit)[0]! - doneOf(limit, state, 0);
    // The bar and the time take 30 columns of 80.
    const progress = await progressBar('{bar} | {left} left{what}', 10, Math.max(1, PARTS * whole));
    return new TrainLine(progress, limit, state);
  }

  /** After each run. */
  ran(): void {
    this.#runs++;
    this.#show();
  }

  /** After each generation. */
  generation(state: TrainingState): void {
    this.#state = state;
    this.#runsEach = this.#runs;
    this.#runs = 0;
    this.#show();
    if (isWatched()) return;
    const count = counted(state.episodes, 'episode');
    this.#progress.tell(`generation ${state.generation}, ${count}: ${newsOf(state)}`);
  }

  end(): void {
    this.#progress.end();
  }

  #show(): void {
    const minutes = (performance.now() - this.#beganMs) / 60_000;
    const share = this.#runsEach === 0 ? 0 : Math.min(1, this.#runs / this.#runsEach);
    const each = this.#state.episodes / Math.max(1, this.#state.generation);
    const under = 'episodes' in this.#limit ? share * each : share;
    const done = doneOf(this.#limit, this.#state, minutes) + ('minutes' in this.#limit ? 0 : under);
    const count = Math.round(PARTS * (done - doneOf(this.#limit, this.#from, 0)));
    this.#progress.done(count, `episode ${figure(this.#state.episodes, 0)}: ${newsOf(this.#state)}`);
  }
}

/** In the unit of the limit. */
function doneOf(limit: Limit, { generation, episodes }: TrainingState, minutes: number): number {
  if ('minutes' in limit) return minutes;
  return 'episodes' in limit ? episodes : generation;
}

function newsOf({ champion, history }: TrainingState): string {
  const latest = history.findLast(({ judgement }) => judgement !== null)?.judgement;
  const change = (share: number | undefined) => percent(share ?? null);
  return `${change(latest?.againstMaxPressure)} vs max-pressure, best ${change(champion.judgement.againstMaxPressure)}`;
}
