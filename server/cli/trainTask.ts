import type { EpisodeTask } from '../learning/evaluation.ts';
import type { SightName } from '../learning/learnedRun.ts';
import type { Figures } from '../learning/objective.ts';
import type { Layout } from '../scenario/layout.ts';

/** What every worker gets when it starts. */
export interface TrainSetup {
  /** By file. */
  readonly layouts: readonly Layout[];
  readonly sight: SightName;
}

export type TrainTask = EpisodeTask;
export type TrainAnswer = Figures;
