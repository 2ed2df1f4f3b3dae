import { FRAMES_IN_FLIGHT } from '../protocol/events.ts';
import type { FrameKind } from '../protocol/frame.ts';
import { hasReceipt } from '../protocol/receipts.ts';
import type { Wire } from './wire.ts';

/** What a viewer is sent of its own accord, the newest of each kind. */
export type News = 'session' | 'status' | FrameKind;

/** Packets that may wait for a viewer before the next text waits as well, to be replaced by a newer one. */
const TEXTS_WAITING = 8;

/**
 * What may be sent to a viewer now, and what it is owed. A viewer that reads slowly gets less, not later: nothing waits
 * in a queue, and when there is room it gets the newest of each kind. Room for frames is credit: `FRAMES_IN_FLIGHT` that
 * the viewer has not yet said to have drawn.
 */
export class Outbox {
  readonly #wire: Wire;
  readonly #send: (news: News) => number | null;
  readonly #aged: (seconds: number) => void;
  /** Frames that are under way, in order, and when they were sent, ms of the process's clock. */
  #underWay: { readonly sequence: number; readonly sentMs: number }[] = [];
  /** Owed for longest first. */
  readonly #owed = new Set<News>();

  /**
   * @param send  sends the newest of a kind; tells the sequence of a frame, `null` if there is nothing to tell of
   * @param aged  told how long ago a frame was sent that the viewer now says to have drawn, s
   */
  constructor(wire: Wire, send: (news: News) => number | null, aged: (seconds: number) => void) {
    this.#wire = wire;
    this.#send = send;
    this.#aged = aged;
    wire.onFree(() => {
      if (this.#owed.size > 0) this.pump();
    });
  }

  /** Begins anew, with another session. */
  clear(): void {
    this.#underWay = [];
    this.#owed.clear();
  }

  /**
   * Whether something new may be sent at once; else it is owed. Of a frame that may, this is the note that it was.
   *
   * @param sequence  of a frame
   */
  takes(news: News, sequence: number | null): boolean {
    const owesOther = this.#owed.size > (this.#owed.has(news) ? 1 : 0);
    if (owesOther || !this.#hasRoom(news)) return false;
    this.#owed.delete(news);
    if (sequence !== null) this.#note(sequence);
    return true;
  }

  /** @returns whether an older one was still owed, and is now passed over */
  owe(news: News): boolean {
    const before = this.#owed.has(news);
    this.#owed.add(news);
    return before;
  }

  /** Frames up to this one have been drawn. */
  seen(sequence: number): void {
    const now = performance.now();
    this.#underWay = this.#underWay.filter((one) => {
      if (one.sequence > sequence) return true;
      // The receipt of another frame may have been waited with.
      if (one.sequence === sequence && hasReceipt(sequence)) this.#aged((now - one.sentMs) / 1000);
      return false;
    });
  }

  /** Sends what is owed, as far as there is room. */
  pump(): void {
    // What a session is comes before what is shown of it.
    if (this.#owed.has('session') && !this.#pay('session')) return;
    for (const news of [...this.#owed]) this.#pay(news);
  }

  #pay(news: News): boolean {
    if (!this.#hasRoom(news)) return false;
    this.#owed.delete(news);
    const sequence = this.#send(news);
    if (sequence !== null) this.#note(sequence);
    return true;
  }

  #note(sequence: number): void {
    this.#underWay.push({ sequence, sentMs: performance.now() });
  }

  #hasRoom(news: News): boolean {
    if (news === 'session' || news === 'status') return this.#wire.unreadPackets < TEXTS_WAITING;
    return this.#wire.isFree && this.#underWay.length < FRAMES_IN_FLIGHT;
  }
}
