/** `npx` passes on a Ctrl-C that the terminal has sent us already: two at once are one. */
const SAME_PRESS_MS = 400;

/**
 * Ctrl-C and SIGTERM while a long piece of work is under way. The first asks for an end in good order; the
 * next ends the process on the spot.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #atOnce: () => void;
  #exitCode: number | null = null;
  #at = 0;

  /** @param atOnce  what must not be left behind when the process ends on the spot */
  constructor(atOnce: () => void) {
    this.#atOnce = atOnce;
    process.on('SIGINT', this.#take).on('SIGTERM', this.#take);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the process should end with; `null`: there was no signal. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** From here on signals do what they usually do. */
  close(): void {
    process.off('SIGINT', this.#take).off('SIGTERM', this.#take);
  }

  readonly #take = (name: NodeJS.Signals): void => {
    const now = performance.now();
    if (this.#exitCode === null) {
      this.#exitCode = name === 'SIGINT' ? 130 : 143;
      this.#at = now;
      this.#controller.abort();
    } else if (now - this.#at > SAME_PRESS_MS) {
      this.#atOnce();
      process.exit(this.#exitCode);
    }
  };
}
