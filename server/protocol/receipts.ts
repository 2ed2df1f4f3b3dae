// Of every engine; the library of the language alone does not know them.
declare function setTimeout(run: () => void, ms: number): number;
declare function clearTimeout(timer: number | undefined): void;

/** How long a frame may go without a receipt, ms. */
const HOLD_MS = 200;

/** Whether a frame has a receipt of its own; the others go with the next one that has. */
export function hasReceipt(sequence: number): boolean {
  return sequence % 2 === 0;
}

/** Tells the server what has been drawn: every second frame, and the last before a pause. */
export class Receipts {
  readonly #send: (sequence: number) => void;
  #timer: number | undefined;

  constructor(send: (sequence: number) => void) {
    this.#send = send;
  }

  drawn(sequence: number): void {
    clearTimeout(this.#timer);
    if (hasReceipt(sequence)) this.#send(sequence);
    else this.#timer = setTimeout(() => this.#send(sequence), HOLD_MS);
  }
}
