import type { View } from '../control/view.ts';
import { REACH_S } from './features.ts';

/** Positions of `LANE_FEATURES`. */
export const QUEUE = 0;
export const WITHIN_5 = 1;
export const EXIT_QUEUE = 6;
export const EXIT_FULL = 7;
export const WAIT = 8;

/** Length of road that a standing vehicle takes, m. */
const JAM_SPACING_M = 7.5;

/** What lanes are seen by: every vehicle, or what detectors tell. */
export type SightName = 'vehicles' | 'detectors';

/** How lanes are seen. */
export interface LaneSight {
  /** Whether it must look at every decision instant, as it would else miss what it is told between. */
  readonly remembers: boolean;
  /** Writes queue and moving vehicles of a lane into `values[at…]`, in the order of `LANE_FEATURES`. */
  see(view: View, lane: number, values: Float64Array, at: number): void;
  /** How much longer than at the speed limit the first vehicle of a lane has been on it, s; 0 without any. */
  headDelayS(view: View, lane: number): number;
  /** Vehicles standing on the lanes of an exit, mean by lane. */
  exitQueue(view: View, lanes: Int32Array): number;
  /** Share of an exit's room that is taken. */
  exitFilled(view: View, lanes: Int32Array): number;
  /**
   * What it knows that is not in the view, for one of the signals that share it to keep: whichever asks first. `null` for
   * the others, and where it remembers nothing.
   */
  memory(signal: object): Float64Array | null;
  /** Takes up where `memory` of another sight left. */
  recall(view: View, memory: Float64Array): void;
}

/** Sees every vehicle, as a camera over the street or a city of connected cars would. */
export class VehicleSight implements LaneSight {
  readonly remembers = false;
  readonly #reachM = new Map<number, readonly number[]>();

  see(view: View, lane: number, values: Float64Array, at: number): void {
    let reachM = this.#reachM.get(lane);
    if (reachM === undefined) {
      reachM = REACH_S.map((s) => s * view.speedLimit(lane));
      this.#reachM.set(lane, reachM);
    }
    values[at + QUEUE] = view.queue(lane);
    view.countMoving(lane, reachM, values, at + WITHIN_5);
  }

  headDelayS(view: View, lane: number): number {
    return view.headDelayS(lane);
  }

  exitQueue(view: View, lanes: Int32Array): number {
    let queue = 0;
    for (const lane of lanes) queue += view.queue(lane);
    return queue / lanes.length;
  }

  exitFilled(view: View, lanes: Int32Array): number {
    let vehicles = 0;
    let room = 0;
    for (const lane of lanes) {
      vehicles += view.count(lane);
      room += view.laneLengthM(lane) / JAM_SPACING_M;
    }
    return vehicles / room;
  }

  memory(): null {
    return null;
  }

  recall(): void {}
}
