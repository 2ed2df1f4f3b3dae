import type { DecodedFrame, DecodedLanes, DecodedVehicles } from '../../server/protocol/frame.ts';
import { Playback } from './playback.ts';

export type ShownFrame = Extract<DecodedFrame, { kind: 'vehicles' | 'lanes' }>;

/** Frames that wait while nothing is drawn, as in a page out of sight; beyond that all but the last two are dropped. */
const WAITING_MAX = 8;
/** Who has missed more frames than this in a row sees the next as it is: the ways between are not known any more. */
const MISSED_MAX = 4;

/** Between two frames of vehicles, or one of lanes: what a side is drawn from. */
export type Moment =
  | {
      readonly kind: 'vehicles';
      readonly before: DecodedVehicles | null;
      readonly now: DecodedVehicles;
      readonly seconds: number;
    }
  | { readonly kind: 'lanes'; readonly now: DecodedLanes };

/** The frames between which one is, and those that wait for their turn. */
export class Timeline {
  readonly #playback = new Playback();
  readonly #stepS: number;
  #before: ShownFrame | null = null;
  #now: ShownFrame | null = null;
  #waiting: ShownFrame[] = [];

  constructor(stepS: number) {
    this.#stepS = stepS;
  }

  get drawnStep(): number {
    return this.#playback.drawn;
  }

  get kind(): ShownFrame['kind'] | null {
    return this.#now?.kind ?? null;
  }

  /** Nothing moves until another frame comes. */
  get isResting(): boolean {
    return this.#playback.resting && this.#waiting.length === 0;
  }

  /** How much of the way from the frame before to the last has passed, 0 to 1. */
  get fraction(): number {
    if (this.#before === null || this.#now === null) return 1;
    const way = this.#now.step - this.#before.step;
    return Math.min(1, Math.max(0, (this.#playback.drawn - this.#before.step) / way));
  }

  /** @returns whether what is drawn starts anew with it */
  take(frame: ShownFrame, nowMs: number): boolean {
    const latest = this.#waiting[this.#waiting.length - 1] ?? this.#now;
    const jump = latest === null || frame.kind !== latest.kind || isJump(latest.step, frame);
    this.#playback.arrive(frame.step, nowMs, jump);
    if (jump) {
      this.#startAt(frame, []);
      return true;
    }
    this.#waiting.push(frame);
    if (this.#waiting.length <= WAITING_MAX) return false;
    const [now, next] = this.#waiting.slice(-2);
    this.#startAt(now!, [next!]);
    return true;
  }

  /** Goes on to `nowMs`; `still`: to the last frame. @returns whether there is another pair of frames to be drawn between */
  advance(nowMs: number, still: boolean): boolean {
    this.#playback.advance(nowMs);
    if (still) this.#playback.finish();
    let hasNew = false;
    while (this.#waiting.length > 0 && this.#playback.drawn >= this.#now!.step) {
      this.#before = this.#now;
      this.#now = this.#waiting.shift()!;
      hasNew = true;
    }
    return hasNew;
  }

  #startAt(now: ShownFrame, waiting: ShownFrame[]): void {
    this.#before = null;
    this.#now = now;
    this.#waiting = waiting;
  }

  /** What a side is drawn from at present. */
  momentOf(side: number): Moment | null {
    const now = this.#now?.worlds[side];
    if (this.#now === null || now === undefined) return null;
    if (this.#now.kind === 'lanes') return { kind: 'lanes', now: now as never };
    const before = (this.#before?.worlds[side] ?? null) as DecodedVehicles | null;
    const seconds = before === null ? 0 : (this.#now.step - this.#before!.step) * this.#stepS;
    return { kind: 'vehicles', before, now: now as DecodedVehicles, seconds };
  }
}

/**
 * Whether nothing is to be drawn between a step and a frame. `sinceSteps` counts from the frame that was made before, which a
 * slow viewer may not have been sent: a leap of time among the frames it missed shows only in the steps themselves.
 */
function isJump(fromStep: number, { step, sinceSteps }: ShownFrame): boolean {
  return sinceSteps === 0 || step <= fromStep || step - fromStep > (MISSED_MAX + 1) * sinceSteps;
}
