import type { Refusal } from '../protocol/events.ts';

/** What a viewer asked for and does not get, and why, in a sentence for the viewer. */
export class Refused extends Error {
  readonly code: Refusal['code'];
  /** Whether no page of ours would have asked: who goes on like this is disconnected. */
  readonly isStroke: boolean;

  constructor(code: Refusal['code'], message: string, isStroke = false) {
    super(message);
    this.name = 'Refused';
    this.code = code;
    this.isStroke = isStroke;
  }

  get reply(): Refusal {
    return { ok: false, code: this.code, message: this.message };
  }
}
