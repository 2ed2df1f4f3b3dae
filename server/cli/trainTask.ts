import type { SightName } from '../environment/laneSight.ts';
import type { Episode } from '../learning/episode.ts';
import type { EpisodeTask } from '../learning/evaluation.ts';
import type { Figures } from '../learning/objective.ts';
import type { Replay } from '../learning/replay.ts';
import type { Scorer } from '../policy/scorer.ts';
import type { Layout } from '../scenario/layout.ts';

/** What every worker gets when it starts. */
export interface TrainSetup {
  /** By file. */
  readonly layouts: readonly Layout[];
  readonly sight: SightName;
}

/** Decisions of a policy to be looked into. */
export interface LookTask {
  readonly episode: Episode;
  readonly lookInto: Scorer;
}

export type TrainTask = EpisodeTask | LookTask;
export type TrainAnswer = Figures | Replay;
