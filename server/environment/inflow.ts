import type { View } from '../control/view.ts';
import type { LaneEstimate } from './laneEstimate.ts';

/** A lane upstream, and what is known of its traffic's way here. */
interface Feeder {
  readonly estimate: LaneEstimate;
  /** From its stop line to the beginning of this lane, s. */
  readonly crossingS: number;
  /** Which part of its vehicles comes here. */
  share: number;
}

/** Over how long predicted and counted arrivals are compared, s, and how much of a difference is made up for at once. */
const LESSON_S = 30;
const LESSON_GAIN = 0.3;
/** A zone tells that somebody has left it so much later than what setting off costs, s (measured). */
const SEEN_LATE_S = 1;

/**
 * Vehicles on their way to a lane's advance detector, from those who left the signal upstream. Which part of a lane's
 * vehicles turns here is learned as they come: after every lesson the shares are moved toward what would have
 * predicted the count (normalised least mean squares, Widrow & Hoff 1960).
 */
export class Inflow {
  /** Lanes upstream. */
  readonly lanes: readonly number[];
  readonly #lane: LaneEstimate;
  readonly #laneS: number;
  readonly #feeders: readonly Feeder[];
  #lessonFromS = 0;

  /**
   * @param lane     what is known of the lane, which takes `laneS` to drive along
   * @param lanes    all lanes upstream
   * @param feeders  their estimates, with the way from there and an assumed share
   */
  constructor(lane: LaneEstimate, laneS: number, lanes: readonly number[], feeders: readonly Feeder[]) {
    this.lanes = lanes;
    this.#lane = lane;
    this.#laneS = laneS;
    this.#feeders = feeders;
  }

  /** Vehicles that would reach the stop line, at the speed limit, between `fromS` and `untilS` from now. */
  due(timeS: number, fromS: number, untilS: number): number {
    let due = 0;
    for (const { estimate, crossingS, share } of this.#feeders) {
      const wayS = crossingS + this.#laneS;
      due += share * estimate.left.within(timeS - wayS + fromS, timeS - wayS + untilS);
    }
    return due;
  }

  /** Learns from what the advance detector has counted. */
  learn({ timeS }: View): void {
    if (timeS - this.#lessonFromS < LESSON_S) return;
    const fromS = this.#lessonFromS;
    this.#lessonFromS = timeS;
    if (!this.#lane.health.advanceIsTrusted || this.#lane.hidden > 0) return; // who stands has not been counted
    const toDetectorS = this.#laneS - this.#lane.setbackS;
    const came = this.#feeders.map(({ estimate, crossingS }) => {
      const wayS = crossingS + toDetectorS;
      return estimate.left.within(fromS - wayS, timeS - wayS);
    });
    let error = this.#lane.passed.within(fromS, timeS);
    let power = 1;
    this.#feeders.forEach(({ share }, k) => {
      error -= share * came[k]!;
      power += came[k]! * came[k]!;
    });
    this.#feeders.forEach((feeder, k) => {
      const moved = feeder.share + (LESSON_GAIN * error * came[k]!) / power;
      feeder.share = Math.min(1, Math.max(0, moved));
    });
  }

  remember(memory: number[]): void {
    memory.push(this.#lessonFromS);
    for (const { share } of this.#feeders) memory.push(share);
  }

  recall(next: () => number): void {
    this.#lessonFromS = next();
    for (const feeder of this.#feeders) feeder.share = next();
  }
}

/** The time from when somebody is seen to leave over a stop line to the beginning of the lane beyond, s. */
export function crossingS(distanceM: number, speedLimit: number): number {
  return distanceM / speedLimit - SEEN_LATE_S;
}
