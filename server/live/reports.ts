import type { Setup } from '../protocol/session.ts';
import { Refused } from './refused.ts';

/** A comparison of the controllers of a session, to be made. */
export interface ReportOrder {
  readonly setup: Setup;
  /** The log of the session, which holds what was done to the road. */
  readonly log: string;
  readonly seeds: number;
}

/**
 * Makes the page of a report.
 *
 * @throws {Error} in words for the viewer
 */
export type MakeReport = (order: ReportOrder, signal: AbortSignal) => Promise<string>;

interface Making {
  readonly session: string;
  readonly ending: AbortController;
  state:
    | { readonly kind: 'making' }
    | { readonly kind: 'made'; readonly page: string }
    | { readonly kind: 'stopped' }
    | { readonly kind: 'failed'; readonly message: string };
}

/** Reports being made at a time, of all sessions: each is heavy work. */
const MADE_AT_A_TIME = 1;
/** Reports that are kept. */
const KEPT = 8;

/** Reports of sessions, by session and number of seeds: made once, and kept for a while. */
export class Reports {
  readonly #make: MakeReport;
  readonly #fault: (where: string, error: unknown) => void;
  readonly #makings = new Map<string, Making>();

  constructor(make: MakeReport, fault: (where: string, error: unknown) => void) {
    this.#make = make;
    this.#fault = fault;
  }

  /**
   * Begins to make a report, in place of an earlier one of this session and as many seeds.
   *
   * @throws {Refused} when others are being made
   */
  begin(session: string, order: ReportOrder): void {
    const key = keyOf(session, order.seeds);
    if (this.#makings.get(key)?.state.kind === 'making') return;
    const busy = [...this.#makings.values()].filter(({ state }) => state.kind === 'making').length;
    if (busy >= MADE_AT_A_TIME)
      throw new Refused('busy', 'Another report is being made. Ask again when it is done.');
    const making: Making = { session, ending: new AbortController(), state: { kind: 'making' } };
    this.#makings.delete(key);
    this.#makings.set(key, making);
    for (const [old] of this.#makings) if (this.#makings.size > KEPT) this.#makings.delete(old);
    this.#make(order, making.ending.signal).then(
      (page) => {
        if (making.state.kind === 'making') making.state = { kind: 'made', page };
      },
      (error: unknown) => {
        if (making.state.kind !== 'making') return;
        if (!(error instanceof Refused)) this.#fault('report', error);
        const message =
          error instanceof Refused
            ? error.message
            : 'The report could not be made. It is noted in the server’s log.';
        making.state = { kind: 'failed', message };
      },
    );
  }

  /** How far it is; `null`: nobody has asked for it. */
  stateOf(session: string, seeds: number): Making['state'] | null {
    return this.#makings.get(keyOf(session, seeds))?.state ?? null;
  }

  /** @returns whether it was being made */
  stop(session: string, seeds: number): boolean {
    const making = this.#makings.get(keyOf(session, seeds));
    if (making?.state.kind !== 'making') return false;
    end(making);
    return true;
  }

  /** Ends and forgets those of a session that is over. */
  forget(session: string): void {
    for (const [key, making] of [...this.#makings]) {
      if (making.session !== session) continue;
      this.#makings.delete(key);
      end(making);
    }
  }

  /** Ends those that are being made. */
  close(): void {
    for (const making of this.#makings.values()) end(making);
  }
}

function end(making: Making): void {
  if (making.state.kind !== 'making') return;
  making.state = { kind: 'stopped' };
  making.ending.abort();
}

function keyOf(session: string, seeds: number): string {
  return `${session} ${seeds}`;
}
