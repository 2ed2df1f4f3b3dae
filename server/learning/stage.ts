import type { Scorer } from '../policy/scorer.ts';
import type { Syllabus } from './curriculum.ts';
import type { Evaluation, Runner } from './evaluation.ts';

/**
 * A way to make policies better, one generation after another.
 *
 * A stage remembers nothing itself. All that the next generation depends on is in its state, which a checkpoint
 * holds: plain objects and arrays, texts, numbers and typed arrays. The same state gives the same next one,
 * whatever the number of workers.
 */
export interface Stage<State> {
  readonly name: string;
  /** Figures of its own that it tells of every generation: columns of history.csv. */
  readonly facts: readonly string[];
  /** Its state before its first generation, from the best policy there is. */
  begin(champion: Scorer, context: StageContext): Promise<State>;
  /** @param generation  counted over all stages, from 0: it chooses the episodes */
  advance(state: State, generation: number, context: StageContext): Promise<Advance<State>>;
}

/** What stages work with. */
export interface StageContext {
  readonly syllabus: Syllabus;
  readonly runner: Runner;
  readonly evaluation: Evaluation;
}

/** What a generation came to. */
export interface Advance<State> {
  readonly state: State;
  /** A policy to be judged on validation; `null`: none that is worth it. */
  readonly candidate: Scorer | null;
  /** Runs made by policies that are in training. */
  readonly episodes: number;
  /** Mean over these, as `scoreOf`; `null` where the stage has none. */
  readonly trainingScore: number | null;
  /** One for each name in `Stage.facts`. */
  readonly facts: Readonly<Record<string, number>>;
}
