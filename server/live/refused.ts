import type { Refusal } from '../protocol/events.ts';
import { withoutPaths } from './withoutPaths.ts';

/** `stroke`: no page of ours would have asked. `haste`: it came sooner than it is taken. */
export type Offence = 'stroke' | 'haste';

/** What a viewer asked for and does not get, and why, in a sentence for the viewer: without the paths of this machine. */
export class Refused extends Error {
  readonly code: Refusal['code'];
  /** Who goes on like this is disconnected. `null`: anybody may have asked. */
  readonly offence: Offence | null;

  constructor(code: Refusal['code'], message: string, offence: Offence | null = null) {
    super(withoutPaths(message));
    this.name = 'Refused';
    this.code = code;
    this.offence = offence;
  }

  get reply(): Refusal {
    return { ok: false, code: this.code, message: this.message };
  }
}
