import type { View } from '../control/view.ts';
import { REACH_S } from './features.ts';
import { crossingS, Inflow } from './inflow.ts';
import { isServed, JAM_SPACING_M, LaneEstimate } from './laneEstimate.ts';
import { type LaneSight, QUEUE, WITHIN_5 } from './laneSight.ts';

/** Arrivals on a lane of which no detector has told anything yet, veh/s. */
const ASSUMED_FLOW = 300 / 3600;

/**
 * Sees what detectors tell, faults included: one for all signals of a run, so that each knows of its exits what the next
 * signal's detectors tell. See `LaneEstimate` for queues and `DetectorHealth` for what is believed. Upstream of
 * the advance detector moving vehicles are not seen; the usual flow stands for them.
 */
export class DetectorSight implements LaneSight {
  readonly remembers = true;
  readonly #lanes = new Map<number, LaneEstimate | null>();
  readonly #inflows = new Map<number, Inflow | null>();
  readonly #served = new Map<number, readonly boolean[]>();
  #keeper: object | null = null;

  see(view: View, lane: number, values: Float64Array, at: number): void {
    const estimate = this.#estimate(view, lane);
    if (estimate === null) return;
    const isGreen = this.#isGreen(view, lane);
    estimate.update(view, isGreen, this.#assumedFlow(view, lane));
    values[at + QUEUE] = estimate.queue;
    const laneS = drivingS(view, lane);
    const inflow = this.#inflow(view, lane, estimate);
    if (inflow !== null) {
      for (const feeder of inflow.lanes) this.#elsewhere(view, feeder);
      inflow.learn(view);
    }
    let fromS = estimate.setbackS;
    for (let k = 0; k <= REACH_S.length; k++) {
      const untilS = Math.min(laneS, REACH_S[k] ?? laneS);
      if (untilS <= fromS) continue;
      values[at + WITHIN_5 + k]! +=
        inflow === null ? estimate.flow * (untilS - fromS) : inflow.due(view.timeS, fromS, untilS);
      fromS = untilS;
    }
    values[at + WITHIN_5]! += estimate.moving;
  }

  headDelayS(view: View, lane: number): number {
    return this.#estimate(view, lane)?.headDelayS ?? 0;
  }

  exitQueue(view: View, lanes: Int32Array): number {
    let queue = 0;
    for (const lane of lanes) queue += this.#elsewhere(view, lane)?.queue ?? 0;
    return queue / lanes.length;
  }

  exitFilled(view: View, lanes: Int32Array): number {
    let vehicles = 0;
    let room = 0;
    for (const lane of lanes) {
      vehicles += this.#elsewhere(view, lane)?.count ?? 0;
      room += view.laneLengthM(lane) / JAM_SPACING_M;
    }
    return vehicles / room;
  }

  /** Which detectors of a lane are believed; `null` where there are none, or nobody has looked yet. */
  believed(lane: number): { readonly stop: boolean; readonly advance: boolean } | null {
    const health = this.#lanes.get(lane)?.health;
    return health === undefined ? null : { stop: health.stopIsTrusted, advance: health.advanceIsTrusted };
  }

  /** Of all lanes: their estimates, what comes from upstream, and in which phases of their signals they have green. */
  memory(signal: object): Float64Array | null {
    this.#keeper ??= signal;
    if (signal !== this.#keeper) return null;
    const estimates = known(this.#lanes);
    const inflows = known(this.#inflows);
    const memory = [estimates.length, inflows.length, this.#served.size];
    for (const [lane, part] of [...estimates, ...inflows]) {
      memory.push(lane);
      part.remember(memory);
    }
    for (const [lane, served] of this.#served) memory.push(lane, served.length, ...served.map(Number));
    return Float64Array.from(memory);
  }

  recall(view: View, memory: Float64Array): void {
    let at = 0;
    const next = () => memory[at++]!;
    const [estimates, inflows, served] = [next(), next(), next()];
    for (const map of [this.#lanes, this.#inflows, this.#served]) map.clear();
    for (let k = 0; k < estimates; k++) this.#estimate(view, next())!.recall(next);
    for (let k = 0; k < inflows; k++) {
      const lane = next();
      this.#inflow(view, lane, this.#estimate(view, lane)!)!.recall(next);
    }
    for (let k = 0; k < served; k++) {
      const lane = next();
      this.#served.set(
        lane,
        Array.from({ length: next() }, () => next() === 1),
      );
    }
  }

  /** `null` without detectors: toward the boundary, or a place without a signal. */
  #estimate(view: View, lane: number): LaneEstimate | null {
    let estimate = this.#lanes.get(lane);
    if (estimate === undefined) {
      estimate = view.stopDetector(lane) < 0 ? null : new LaneEstimate(view, lane);
      this.#lanes.set(lane, estimate);
    }
    return estimate;
  }

  /** What comes from the signal upstream; `null` where there is none, or not on all ways here. */
  #inflow(view: View, lane: number, estimate: LaneEstimate): Inflow | null {
    let inflow = this.#inflows.get(lane);
    if (inflow !== undefined) return inflow;
    const ways = view.feeders(lane).map((way) => ({ ...way, estimate: this.#estimate(view, way.lane) }));
    const feeders = ways.flatMap((way) =>
      way.estimate === null
        ? []
        : {
            estimate: way.estimate,
            crossingS: crossingS(way.distanceM, view.speedLimit(lane)),
            share: 1 / view.movementsOf(way.lane).reduce((lanes, m) => lanes + view.exitLanes(m).length, 0),
          },
    );
    inflow =
      ways.length > 0 && feeders.length === ways.length
        ? new Inflow(
            estimate,
            drivingS(view, lane),
            ways.map((way) => way.lane),
            feeders,
          )
        : null;
    this.#inflows.set(lane, inflow);
    return inflow;
  }

  /** Another signal's lane as that last saw it; where it does not look at it, as it is now. */
  #elsewhere(view: View, lane: number): LaneEstimate | null {
    const estimate = this.#estimate(view, lane);
    if (estimate !== null && !this.#served.has(lane)) estimate.update(view, null, ASSUMED_FLOW);
    return estimate;
  }

  #isGreen(view: View, lane: number): boolean {
    let served = this.#served.get(lane);
    if (served === undefined) {
      served = Array.from({ length: view.phaseCount }, (_, p) => isServed(view, p, lane));
      this.#served.set(lane, served);
    }
    return !view.changing && (served[view.phase] ?? false);
  }

  /**
   * What to expect of a lane whose detectors are not believed: the most that comes on a lane that has green in the same
   * phases, else on any lane of the intersection.
   */
  #assumedFlow(view: View, lane: number): number {
    const own = this.#served.get(lane);
    let alike = 0;
    let any = 0;
    for (const other of view.approachLanes) {
      const estimate = this.#lanes.get(other);
      if (other === lane || estimate == null || !estimate.health.isTrusted) continue;
      const served = this.#served.get(other);
      const same = own !== undefined && served !== undefined && own.every((one, p) => one === served[p]);
      if (same) alike = Math.max(alike, estimate.flow);
      any = Math.max(any, estimate.flow);
    }
    return alike || any || ASSUMED_FLOW;
  }
}

/** Time to drive along a lane at the speed limit, s. */
function drivingS(view: View, lane: number): number {
  return view.laneLengthM(lane) / view.speedLimit(lane);
}

function known<Part>(parts: ReadonlyMap<number, Part | null>): [number, Part][] {
  return [...parts].flatMap(([lane, part]) => (part === null ? [] : [[lane, part] as [number, Part]]));
}
