import type { SingleBar } from 'cli-progress';

/** A run that ends sooner than this needs no bar. */
const SHOWN_AFTER_MS = 1000;
const REDRAWN_AFTER_MS = 100;

/** A progress bar on a terminal's stderr; nothing at all in a pipe. */
export interface Progress {
  /** Called after every step. */
  done(step: number): void;
  end(): void;
}

const SILENT: Progress = { done() {}, end() {} };

export async function progressOf(label: string, steps: number): Promise<Progress> {
  if (!process.stderr.isTTY) return SILENT;
  const { SingleBar } = (await import('cli-progress')).default;
  return new TerminalProgress(
    steps,
    new SingleBar({
      format: `${label} {bar} {percentage}% | {value} of {total} steps | {eta_formatted} left`,
      stream: process.stderr,
      barsize: 30,
      clearOnComplete: true,
      // Left as they are, so that Ctrl-C needs no one to put them back.
      hideCursor: null,
      linewrap: true,
    }),
  );
}

class TerminalProgress implements Progress {
  readonly #steps: number;
  readonly #bar: SingleBar;
  #shown = false;
  #dueAt = performance.now() + SHOWN_AFTER_MS;

  constructor(steps: number, bar: SingleBar) {
    this.#steps = steps;
    this.#bar = bar;
  }

  done(step: number): void {
    const now = performance.now();
    if (now < this.#dueAt) return;
    this.#dueAt = now + REDRAWN_AFTER_MS;
    if (this.#shown) this.#bar.update(step);
    else this.#bar.start(this.#steps, step);
    this.#shown = true;
  }

  end(): void {
    if (this.#shown) this.#bar.stop();
  }
}
