import type { Loaded } from '../files/load.ts';
import type { SessionStart } from '../live/sessionThread.ts';
import type { Policy } from '../policy/policySchema.ts';
import type { LogFlags } from '../session/log.ts';

/** What the thread of a session finds in its `workerData`. */
export interface SessionSetup {
  readonly loaded: Loaded;
  readonly start: SessionStart;
  /** What the log calls the file. */
  readonly file: string;
  readonly flags: LogFlags;
  /** By controller, of those that have one. */
  readonly policies: ReadonlyMap<string, Policy>;
}
