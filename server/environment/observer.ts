import type { View } from '../control/view.ts';
import { SHOWN } from '../sim/network.ts';
import { LANE_FEATURES, PERMITTED_LEFT, PHASE_FEATURES } from './features.ts';
import { EXIT_FULL, EXIT_QUEUE, type LaneSight, WAIT, WITHIN_5 } from './laneSight.ts';

/** Lane features of the phase that is green, lane features of any other, and the phase's own. */
export const INPUT_COUNT = 2 * LANE_FEATURES.length + PHASE_FEATURES.length;

const LANE = LANE_FEATURES.length;
const SERVED = LANE - 1;
/** Time from one vehicle to the next at saturation, s, and what the first loses. */
const SATURATION_HEADWAY_S = 2;
const STARTUP_S = 1;

/** Unit of `wait`, and the wait beyond which `longWait` begins, s. */
const WAIT_UNIT_S = 20;
export const LONG_WAIT_S = 60;
/** Beyond 120 s all are alike: where all phases are overdue, pressure decides again. */
const OVERDUE_MAX = 3;

/** What holds still of an intersection, by its lanes and phases. */
interface Tables {
  readonly lanes: readonly number[];
  readonly service: Float64Array;
  readonly clearanceS: Float64Array;
  readonly minGreenS: Float64Array;
  /** By lane: the exits its movements lead to, each by its lanes. */
  readonly exits: readonly (readonly Int32Array[])[];
}

/**
 * What a policy sees of one intersection: for every phase that it may ask for, `INPUT_COUNT` numbers. See
 * `LANE_FEATURES` and `PHASE_FEATURES` for what they mean; the first block holds the lane features where the
 * phase is not green, the second where it is, so that each may have a weight of its own.
 *
 * Lanes that go in all phases are left out: they tell none from another.
 */
export class Observer {
  /** By lane and lane feature. */
  readonly laneValues: Float64Array;
  /** By phase and input. */
  readonly inputs: Float64Array;
  readonly #tables: Tables;
  readonly #sight: LaneSight;
  readonly #decisionS: number;

  /**
   * @param sight      how lanes are seen: every vehicle, or what detectors tell
   * @param decisionS  time from decision to decision, s
   * @param like       an observer of the same intersection, whose tables are shared
   */
  constructor(view: View, sight: LaneSight, decisionS: number, like?: Observer) {
    this.#tables = like === undefined ? tablesOf(view) : like.#tables;
    this.#sight = sight;
    this.#decisionS = decisionS;
    this.laneValues = new Float64Array(this.lanes.length * LANE);
    this.inputs = new Float64Array(this.phaseCount * INPUT_COUNT);
  }

  /** Lanes looked at, as indices of the network. */
  get lanes(): readonly number[] {
    return this.#tables.lanes;
  }

  get phaseCount(): number {
    return this.#tables.clearanceS.length;
  }

  /** By phase and lane: how much of the lane's traffic the phase serves, 0 to 1. */
  get service(): Float64Array {
    return this.#tables.service;
  }

  /** An observer of the same intersection in a world that goes on from here. */
  fork(view: View): Observer {
    return new Observer(view, this.#sight, this.#decisionS, this);
  }

  /**
   * Looks at the lanes. To be called at every decision instant, also while nothing can be decided, for who sees
   * by detectors must have heard them all; who sees every vehicle remembers nothing, and does not look then.
   */
  look(view: View): void {
    if (!this.#sight.remembers && !view.mayChange) return;
    this.laneValues.fill(0);
    for (let l = 0; l < this.lanes.length; l++) {
      const lane = this.lanes[l]!;
      const at = l * LANE;
      this.#sight.see(view, lane, this.laneValues, at);
      this.#lookAtExits(view, l);
      this.laneValues[at + WAIT] = this.#sight.headDelayS(view, lane) / WAIT_UNIT_S;
    }
  }

  /** Fills `inputs` from what `look` saw, for the phase that is green. */
  compare(view: View): void {
    const present = view.phase;
    const clearanceS = this.#tables.clearanceS[present] ?? 0;
    this.inputs.fill(0);
    for (let p = 0; p < this.phaseCount; p++) this.#comparePhase(view, p, p === present, clearanceS);
  }

  #comparePhase(view: View, p: number, isPresent: boolean, clearanceS: number): void {
    const { inputs, laneValues, lanes, service } = this;
    const row = p * INPUT_COUNT;
    const block = isPresent ? row + LANE : row;
    const otherS = Math.max(this.#decisionS, clearanceS + this.#tables.minGreenS[p]!);
    const fromS = isPresent ? 0 : clearanceS + STARTUP_S;
    const untilS = Math.max(isPresent ? this.#decisionS : otherS, fromS + 1);
    let discharged = 0;
    let longestWait = 0;
    for (let l = 0; l < lanes.length; l++) {
      const share = service[p * lanes.length + l]!;
      if (share === 0) continue;
      const at = l * LANE;
      for (let f = 0; f < SERVED; f++) inputs[block + f]! += share * laneValues[at + f]!;
      const coming = arrivedBy(laneValues, at, untilS);
      discharged += share * Math.min(coming, (untilS - fromS) / SATURATION_HEADWAY_S);
      longestWait = Math.max(longestWait, laneValues[at + WAIT]!);
    }
    inputs[block + SERVED] = (discharged / untilS) * 10;
    const own = row + 2 * LANE;
    if (isPresent) {
      inputs[own] = 1;
      inputs[own + 1] = clearanceS / 5;
      inputs[own + 2] = Math.min(view.greenS, 60) / 20;
      inputs[own + 3] = this.#decisionS / 10;
    }
    const overdue = Math.min(OVERDUE_MAX, Math.max(0, longestWait - LONG_WAIT_S / WAIT_UNIT_S));
    inputs[own + 4] = overdue * overdue;
    inputs[own + 5] = isPresent ? 0 : otherS / 15;
  }

  #lookAtExits(view: View, l: number): void {
    const exits = this.#tables.exits[l]!;
    let queue = 0;
    let full = 0;
    for (const lanes of exits) {
      queue += this.#sight.exitQueue(view, lanes);
      full += Math.max(0, this.#sight.exitFilled(view, lanes) - 0.5);
    }
    const at = l * LANE;
    this.laneValues[at + EXIT_QUEUE] = exits.length === 0 ? 0 : queue / exits.length;
    this.laneValues[at + EXIT_FULL] = exits.length === 0 ? 0 : full / exits.length;
  }
}

function tablesOf(view: View): Tables {
  const phases = Array.from({ length: view.phaseCount }, (_, p) => p);
  const lanes = [...view.approachLanes].filter((lane) => !phases.every((p) => serviceOf(view, p, lane) > 0));
  return {
    lanes,
    service: Float64Array.from(phases.flatMap((p) => lanes.map((lane) => serviceOf(view, p, lane)))),
    clearanceS: Float64Array.from(phases, (p) => view.clearanceS(p)),
    minGreenS: Float64Array.from(phases, (p) => view.minGreenS(p)),
    exits: lanes.map((lane) => {
      const exits = new Map(view.movementsOf(lane).map((m) => [view.exitLanes(m)[0]!, view.exitLanes(m)]));
      return [...exits.values()];
    }),
  };
}

/** Vehicles of a lane that are at the stop line by a time, s: all who stand, and those who drive up in time. */
function arrivedBy(values: Float64Array, at: number, untilS: number): number {
  let arrived = values[at]!;
  for (let k = 0; k < 3; k++) {
    const share = Math.max(0, Math.min(1, (untilS - 5 * k) / 5));
    arrived += values[at + WITHIN_5 + k]! * share;
  }
  return arrived;
}

/** How much of a lane's traffic a phase serves: as the best served of its movements. */
function serviceOf(view: View, phase: number, lane: number): number {
  let best = 0;
  for (const m of view.movementsOf(lane)) {
    const shown = view.shown(phase, m);
    const yields = view.isRightTurn(m) ? 1 : PERMITTED_LEFT;
    best = Math.max(best, shown === SHOWN.protected ? 1 : shown === SHOWN.permitted ? yields : 0);
  }
  return best;
}
