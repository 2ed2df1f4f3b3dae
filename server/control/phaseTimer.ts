import type { View } from './view.ts';

/** When a phase that is green may end. */
export interface Extension {
  /** How long a detector may be empty before its lane counts as done, s. */
  readonly passageS: number;
  /** Most green after somebody else has called, s. */
  readonly maxGreenS: number;
  /** Whether each lane may be done at a time of its own, or all must be done at once. */
  readonly laneByLane: boolean;
  /** A stop-line detector empty for so long calls, s; 0: never. */
  readonly noActivityS: number;
}

/** An advance detector calls for as long as a vehicle needs from it to the zone at the stop line, s. */
const ADVANCE_CALL_S = 4;

/**
 * One phase of a ring as an actuated controller knows it: the detectors of its lanes, its calls, and how its
 * green is extended. It sees detectors and push buttons only.
 *
 * Calls are not locked: who has turned off or driven through leaves none behind. A detector that has been
 * empty for longer than traffic can explain is taken to be broken, and calls.
 */
export class PhaseTimer {
  readonly minGreenS: number;
  readonly #view: View;
  readonly #phase: number;
  readonly #stop: readonly number[]; //                detectors at stop lines
  readonly #advance: readonly number[]; //             detectors in advance
  readonly #lanes: readonly (readonly number[])[]; //  by lane: its detectors
  readonly #extension: Extension;
  readonly #done: boolean[]; // by lane: it has had a gap in this green
  #watched = false;
  #opposedSince: number | null = null; // s: since when somebody else has been calling in this green

  constructor(view: View, phase: number, extension: Extension) {
    this.#view = view;
    this.#phase = phase;
    this.#extension = extension;
    const lanes = view.detectionLanes(phase);
    const known = (d: number) => d >= 0;
    this.#stop = lanes.map((lane) => view.stopDetector(lane)).filter(known);
    this.#advance = lanes.map((lane) => view.advanceDetector(lane)).filter(known);
    this.#lanes = lanes.map((lane) => [view.stopDetector(lane), view.advanceDetector(lane)].filter(known));
    this.#done = lanes.map(() => false);
    this.minGreenS = view.minGreenS(phase);
  }

  /** Whether nobody ever goes in this phase: what a ring shows while it has nothing to do. */
  get idle(): boolean {
    return this.#lanes.length === 0;
  }

  /** Whether somebody wants this phase. */
  get called(): boolean {
    const { noActivityS } = this.#extension;
    for (const d of this.#stop) {
      if (this.#view.present(d)) return true;
      if (noActivityS > 0 && this.#view.emptyS(d) >= noActivityS) return true;
    }
    for (const d of this.#advance) if (this.#view.emptyS(d) < ADVANCE_CALL_S) return true;
    return this.#view.pedestrianCall(this.#phase);
  }

  /** The phase is not green. */
  rest(): void {
    if (!this.#watched) return;
    this.#watched = false;
    this.#opposedSince = null;
    this.#done.fill(false);
  }

  /** Takes notice of the detectors while the phase is green; `opposed`: somebody else has called. */
  watch(opposed: boolean): void {
    const { passageS, laneByLane } = this.#extension;
    this.#watched = true;
    if (!opposed) this.#opposedSince = null;
    else this.#opposedSince ??= this.#view.timeS;
    for (let k = 0; k < this.#lanes.length; k++) {
      let gapS = Infinity;
      for (const d of this.#lanes[k]!) gapS = Math.min(gapS, this.#view.emptyS(d));
      if (gapS >= passageS - 1e-9) this.#done[k] = true;
      else if (!laneByLane) this.#done[k] = false;
    }
  }

  remember(memory: number[]): void {
    memory.push(Number(this.#watched), this.#opposedSince ?? Number.NaN, ...this.#done.map(Number));
  }

  recall(next: () => number): void {
    this.#watched = next() === 1;
    const since = next();
    this.#opposedSince = Number.isNaN(since) ? null : since;
    for (let k = 0; k < this.#done.length; k++) this.#done[k] = next() === 1;
  }

  get minimumServed(): boolean {
    return this.#view.greenS >= this.minGreenS - 1e-9;
  }

  /** Every lane has had a gap of the passage time. */
  get gapOut(): boolean {
    return this.#done.every((done) => done);
  }

  /** Somebody else has been waiting for as long as the maximum green. */
  get maxOut(): boolean {
    const since = this.#opposedSince;
    return since !== null && this.#view.timeS - since >= this.#extension.maxGreenS - 1e-9;
  }
}
