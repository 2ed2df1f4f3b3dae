import type { Loaded } from '../files/load.ts';
import type { RunResult } from '../report/runResult.ts';
import type { StudyFlags } from './commandStudy.ts';

/** What every worker gets when it starts. */
export interface WorkerSetup {
  readonly loaded: Loaded;
  /** By controller. */
  readonly studyFlags: readonly StudyFlags[];
}

/** One run of a comparison. */
export interface RunTask {
  /** Index into `studyFlags`. */
  readonly controller: number;
  readonly seed: number;
  readonly warmupS: number;
  /** A pilot run shows how long the warm-up is; a traced one is kept in detail, for the pictures. */
  readonly kind: 'pilot' | 'plain' | 'traced';
}

/** What comes back from it. */
export interface RunAnswer {
  /** Of its trips only what is drawn: when they were created and finished, and their delay. */
  readonly result: RunResult;
  /** The run's rows of trips.csv, in pieces; none of a pilot run. */
  readonly tripRows: readonly Uint8Array[];
}
