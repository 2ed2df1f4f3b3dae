import type { SingleBar } from 'cli-progress';
import { visible } from '../protocol/visibleText.ts';
import { barStream, isWatched, tell } from './terminal.ts';

/** Work that ends sooner than this needs no bar. */
const SHOWN_AFTER_MS = 1000;
const REDRAWN_AFTER_MS = 100;

/** A progress bar on a terminal's stderr; nothing at all in a pipe. */
export interface Progress {
  /** Called as often as there is news; `what` is at work now. */
  done(count: number, what?: string): void;
  /** Writes a line to stderr, above the bar where there is one. */
  tell(text: string): void;
  end(): void;
}

const SILENT: Progress = {
  done() {},
  tell: (text) => tell(`${text}\n`),
  end() {},
};

/** @param unit  what is counted, in the plural */
export function progressOf(label: string, total: number, unit: string): Promise<Progress> {
  // 20 leaves room for the rest on 80 columns.
  return progressBar(
    `${label} {bar} {percentage}% | {value} of {total} ${unit} | {left} left{what}`,
    20,
    total,
  );
}

/** @param format  with `{bar}`, `{left}` for the time left, `{what}` for what is at work; see cli-progress */
export async function progressBar(format: string, barsize: number, total: number): Promise<Progress> {
  if (!isWatched()) return SILENT;
  const { SingleBar } = (await import('cli-progress')).default;
  return new TerminalProgress(
    total,
    new SingleBar({
      ...{ format, barsize },
      stream: barStream(),
      clearOnComplete: true,
      // Left as they are, so that Ctrl-C needs no one to put them back.
      hideCursor: null,
      linewrap: true,
    }),
  );
}

class TerminalProgress implements Progress {
  readonly #total: number;
  readonly #bar: SingleBar;
  #shown = false;
  #count = 0;
  #what = '';
  readonly #since = performance.now();
  #dueAt = this.#since + SHOWN_AFTER_MS;

  constructor(total: number, bar: SingleBar) {
    this.#total = total;
    this.#bar = bar;
  }

  done(count: number, what = ''): void {
    this.#count = count;
    this.#what = what;
    const now = performance.now();
    if (now < this.#dueAt) return;
    this.#dueAt = now + REDRAWN_AFTER_MS;
    this.#draw(now);
  }

  tell(text: string): void {
    if (this.#shown) this.#bar.stop();
    tell(`${text}\n`);
    if (!this.#shown) return;
    this.#shown = false;
    this.#draw(performance.now());
  }

  end(): void {
    if (this.#shown) this.#bar.stop();
    this.#shown = false;
  }

  #draw(now: number): void {
    const shown = { left: this.#left(now), what: this.#what === '' ? '' : ` | ${visible(this.#what)}` };
    if (this.#shown) this.#bar.update(this.#count, shown);
    else this.#bar.start(this.#total, this.#count, shown);
    this.#shown = true;
  }

  /** As if the rest went on at the pace so far. */
  #left(now: number): string {
    if (this.#count === 0) return '…';
    const seconds = Math.ceil((((now - this.#since) / this.#count) * (this.#total - this.#count)) / 1000);
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    if (hours > 0) return `${hours} h ${minutes} min`;
    return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
  }
}
