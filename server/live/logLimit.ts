import type { Rate } from './limits.ts';

/** How many lines of one kind are written, by the least level they have. */
const RATES: readonly (Rate & { readonly level: number })[] = [
  // With a stack each.
  { level: 50, times: 1, seconds: 10 },
  { level: 40, times: 3, seconds: 10 },
  { level: 30, times: 20, seconds: 1 },
  { level: 0, times: 100, seconds: 1 },
];
/** Kinds that are told apart; all others are one. */
const KINDS_MAX = 200;
const OTHERS = 'other lines';

interface Span {
  readonly level: number;
  readonly rate: Rate;
  readonly sinceMs: number;
  count: number;
}

/** Lines of one kind that were left out. */
export interface LeftOut {
  readonly level: number;
  readonly kind: string;
  readonly count: number;
  readonly seconds: number;
}

/**
 * Leaves out log lines that repeat: a kind of line is a level and a message, of an error its text too. What outsiders can make
 * happen often fills no disk, and the first lines of everything else stay to be found.
 */
export class LogLimit {
  readonly #spans = new Map<string, Span>();
  readonly #tell: (leftOut: LeftOut) => void;
  #timer: NodeJS.Timeout | null = null;

  /** @param tell  writes how many were left out, which is not counted itself */
  constructor(tell: (leftOut: LeftOut) => void) {
    this.#tell = tell;
  }

  /** Whether this line is to be written. */
  takes(level: number, message: string, error: unknown): boolean {
    const now = performance.now();
    const kind = this.#kindOf(level, message, error);
    let span = this.#spans.get(kind);
    if (span !== undefined && now - span.sinceMs >= span.rate.seconds * 1000) {
      this.#close(kind, span);
      span = undefined;
    }
    if (span === undefined) {
      const rate = RATES.find((one) => level >= one.level)!;
      span = { level, rate, sinceMs: now, count: 0 };
      this.#spans.set(kind, span);
      this.#timer ??= setTimeout(() => this.#sweep(), 1000).unref();
    }
    return ++span.count <= span.rate.times;
  }

  /** Tells what has not been told yet. */
  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const [kind, span] of [...this.#spans]) this.#close(kind, span);
  }

  #kindOf(level: number, message: string, error: unknown): string {
    const cause = error instanceof Error ? `: ${error.message.slice(0, 100)}` : '';
    const kind = `${level} ${message}${cause}`;
    return this.#spans.size < KINDS_MAX || this.#spans.has(kind) ? kind : `${level} ${OTHERS}`;
  }

  #sweep(): void {
    const now = performance.now();
    for (const [kind, span] of [...this.#spans]) {
      if (now - span.sinceMs >= span.rate.seconds * 1000) this.#close(kind, span);
    }
    this.#timer = this.#spans.size > 0 ? setTimeout(() => this.#sweep(), 1000).unref() : null;
  }

  #close(kind: string, { level, rate, sinceMs, count }: Span): void {
    this.#spans.delete(kind);
    if (count <= rate.times) return;
    const seconds = Math.round((performance.now() - sinceMs) / 1000);
    this.#tell({ level, kind: kind.slice(kind.indexOf(' ') + 1), count: count - rate.times, seconds });
  }
}
