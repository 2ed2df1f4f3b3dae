import type { DetectorTold, Told } from './detectorHealth.ts';

/** Nobody stands behind a zone that has been empty for so long, s. */
export const CLEAR_S = 2.5;
/** What is added to the flow behind a queue for each green that has left it uncleared, and at most, in usual flows. */
const BOOST = 0.5;
const MOST_BOOST = 2;

/**
 * The part of a queue that reaches back beyond a lane's last detector. While somebody stands on that, the usual flow
 * is taken to arrive behind; what comes over it is taken off; a gap that comes over it says that the queue is at its
 * end. A queue that green after green leaves uncleared is longer than the usual flow says, for that is only
 * what was served.
 */
export class HiddenQueue {
  count = 0;
  #uncleared = 0;
  #hadGreen = false;

  /**
   * @param last    the last detector that is believed
   * @param stands  whether somebody stands on it
   * @param flow    usual arrivals, veh/s
   * @param room    vehicles that fit
   */
  update({ elapsedS, isGreen }: Told, last: DetectorTold, stands: boolean, flow: number, room: number): void {
    if (stands || this.count > 0) {
      const boost = Math.min(MOST_BOOST, BOOST * Math.max(0, this.#uncleared - 1));
      this.grow(flow * (1 + boost) * elapsedS - last.counted, room);
    }
    if (last.emptyS >= CLEAR_S) {
      this.count = 0;
      this.#uncleared = 0;
    } else if (this.#hadGreen && isGreen === false) {
      this.#uncleared++;
    }
    this.#hadGreen = isGreen === true;
  }

  grow(vehicles: number, room: number): void {
    this.count = Math.min(Math.max(0, this.count + vehicles), room);
  }

  remember(memory: number[]): void {
    memory.push(this.count, this.#uncleared, Number(this.#hadGreen));
  }

  recall(next: () => number): void {
    this.count = next();
    this.#uncleared = next();
    this.#hadGreen = next() === 1;
  }
}
