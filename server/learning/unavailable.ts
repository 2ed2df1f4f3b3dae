import type { BackendName } from './backend.ts';

/** A backend that is not to be had on this machine: what was found instead, and what would help. */
export class BackendUnavailable extends Error {
  readonly backend: BackendName;
  /** A sentence: what was tried and found. */
  readonly found: string;
  /** What to do about it, a sentence; empty where nothing is known. */
  readonly remedy: string;

  constructor(backend: BackendName, found: string, remedy = '', cause?: unknown) {
    super(`The backend "${backend}" is not to be had here. ${found}`, cause === undefined ? {} : { cause });
    this.name = 'BackendUnavailable';
    this.backend = backend;
    this.found = found;
    this.remedy = remedy;
  }
}

/** The first line of what was thrown. */
export function firstLine(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.split('\n')[0]!.trim();
}
