/** How fast the estimates of interval and jitter follow what arrives. */
const ADAPTION = 0.2;
const INTERVAL_MIN_MS = 16;
const INTERVAL_MAX_MS = 1500;
/** Frames that come apart by more than this many intervals and this long had a pause between them. */
const PAUSE_INTERVALS = 3;
const PAUSE_MS = 400;
/** Who is further behind than this jumps. */
const BEHIND_INTERVALS_MAX = 4;
/** Frames come a picture early or late even where nothing jitters: so much of an interval is kept in hand. */
const SPARE = 0.12;
const SLOWEST = 0.7;
const FASTEST = 2;

/**
 * The moment that is drawn, in steps: it follows the frames that arrive about one frame late, at an even pace
 * whatever the jitter of their arrival, and never runs ahead of the last.
 *
 * Pace and delay come from the arrivals: the mean interval is the delay, their jitter is added to it, and the
 * pace is pulled gently toward where the moment should be. All times are ms of one clock, handed in.
 */
export class Playback {
  /** The step drawn, with its fraction. */
  drawn = 0;
  #last = 0;
  #lastAt = 0;
  #toldAt = 0;
  #arrivals = 0;
  #intervalMs = 0;
  #jitterMs = 0;
  /** Steps from frame to frame. */
  #stride = 0;

  /** The last frame's step has been reached. */
  get resting(): boolean {
    return this.drawn >= this.#last;
  }

  /** Takes note of a frame. @param jump  nothing is to be drawn between the frame before and this one */
  arrive(step: number, nowMs: number, jump: boolean): void {
    if (jump || this.#arrivals === 0 || step <= this.#last) {
      this.#restart(step, nowMs);
      return;
    }
    const gap = nowMs - this.#lastAt;
    const stride = step - this.#last;
    const expected = this.#intervalMs;
    if (expected === 0) {
      this.#intervalMs = Math.min(INTERVAL_MAX_MS, Math.max(INTERVAL_MIN_MS, gap));
      this.#stride = stride;
    } else if (gap <= Math.max(PAUSE_INTERVALS * expected, expected + PAUSE_MS)) {
      const weight = Math.max(ADAPTION, 1 / this.#arrivals);
      this.#jitterMs += (Math.abs(gap - expected) - this.#jitterMs) * weight;
      this.#intervalMs += (Math.max(INTERVAL_MIN_MS, gap) - expected) * weight;
      this.#stride += (stride - this.#stride) * weight;
    }
    this.#arrivals++;
    if (this.resting) this.#toldAt = nowMs;
    this.#last = step;
    this.#lastAt = nowMs;
    if (step - this.drawn > BEHIND_INTERVALS_MAX * Math.max(stride, this.#stride)) this.drawn = step - stride;
  }

  /** Goes on to `nowMs`. */
  advance(nowMs: number): void {
    const passed = Math.max(0, nowMs - this.#toldAt);
    this.#toldAt = nowMs;
    if (this.resting) return;
    const pace = this.#stride / this.#intervalMs;
    const delayMs = this.#intervalMs * (1 + SPARE) + Math.min(this.#jitterMs * 1.5, this.#intervalMs / 2);
    const wanted = this.#last + (nowMs - this.#lastAt - delayMs) * pace;
    const pull = 1 + ((wanted - this.drawn) / this.#stride) * 0.5;
    this.drawn = Math.min(
      this.#last,
      this.drawn + passed * pace * Math.min(FASTEST, Math.max(SLOWEST, pull)),
    );
  }

  /** Draws the last frame as it is. */
  finish(): void {
    this.drawn = this.#last;
  }

  #restart(step: number, nowMs: number): void {
    this.drawn = step;
    this.#last = step;
    this.#lastAt = nowMs;
    this.#toldAt = nowMs;
    this.#arrivals = 1;
  }
}
