import { DETECTOR, type Network, NONE, type RaggedRows, SHOWN } from '../sim/network.ts';
import { INTERVAL } from '../sim/signal.ts';
import type { Simulation } from '../sim/simulation.ts';
import {
  ARRIVED,
  COUNT,
  HALTING_SPEED,
  HEAD,
  RECORD,
  SLOT_IDENTITY,
  SLOT_STATE,
  VEHICLE,
} from '../sim/traffic.ts';

/** Rules of the interlock that keep a phase as it is. */
export type Hold = 'change under way' | 'minimum green' | 'people on foot';

/**
 * What a controller may see of one intersection: its phases and movements, its signal, and the queues
 * on its approaches and exits. Read-only: there is no way from here to the simulation's state.
 *
 * Phases are counted 0, 1, … among those the protocol allows; movements and lanes are indices of the
 * network, good for asking this view only.
 */
export class View {
  readonly #sim: Simulation;
  readonly #ring: number;
  readonly #intersection: number;
  readonly #phases: Int32Array; // allowed phases of the ring, as indices of the network

  constructor(sim: Simulation, ring: number, phases: Int32Array) {
    this.#sim = sim;
    this.#ring = ring;
    this.#intersection = sim.network.ringIntersection[ring]!;
    this.#phases = phases;
  }

  /** 0, or 1 for the second ring of an intersection with two: what is said of phases is said of this ring's. */
  get ring(): number {
    return this.#ring === this.#intersection ? 0 : 1;
  }

  get intersection(): number {
    return this.#intersection;
  }

  /** Seconds since the start of the run. */
  get timeS(): number {
    return this.#sim.step * this.#sim.network.stepS;
  }

  get stepS(): number {
    return this.#sim.network.stepS;
  }

  get phaseCount(): number {
    return this.#phases.length;
  }

  /** The phase shown; during a change the one that is coming. −1 if the protocol does not allow it. */
  get phase(): number {
    const { phase, next } = this.#sim.signals;
    const r = this.#ring;
    return this.#phases.indexOf(next[r] === NONE ? phase[r]! : next[r]!);
  }

  /** Whether a yellow change or red clearance interval is being shown. */
  get changing(): boolean {
    return this.#sim.signals.interval[this.#ring] !== INTERVAL.green;
  }

  /** Seconds for which the phase has been green; 0 during a change. */
  get greenS(): number {
    return this.changing ? 0 : this.#sim.signals.elapsed[this.#ring]! * this.stepS;
  }

  /** Movements with right of way in a phase. */
  movements(phase: number): Int32Array {
    return row(this.#sim.network.phaseMovements, this.#phases[phase]!);
  }

  /** Whether a movement is a right turn. */
  isRightTurn(movement: number): boolean {
    return this.#sim.network.movementPriority[movement] === 1;
  }

  /** Approach lanes that feed a movement. */
  lanes(movement: number): Int32Array {
    return row(this.#sim.network.movementLanes, movement);
  }

  /** Lanes of the exit that a movement leads into. */
  exitLanes(movement: number): Int32Array {
    const { movementTo, roadLanes } = this.#sim.network;
    return row(roadLanes, movementTo[movement]!);
  }

  /** Lanes toward the intersection. */
  get approachLanes(): Int32Array {
    return row(this.#sim.network.approachLanes, this.#intersection);
  }

  /** Length of a lane, m. */
  laneLengthM(lane: number): number {
    return this.#sim.network.elementLength[lane]!;
  }

  /** Speed limit of a lane, m/s. */
  speedLimit(lane: number): number {
    return this.#sim.network.elementSpeedLimit[lane]!;
  }

  /** Movements that a lane feeds. */
  movementsOf(lane: number): number[] {
    const { laneConnectors, connectorMovement } = this.#sim.network;
    return [...new Set(Array.from(row(laneConnectors, lane), (c) => connectorMovement[c]!))];
  }

  /** Lanes from which vehicles come onto a lane, and the way from their stop line to its beginning, m. */
  feeders(lane: number): { readonly lane: number; readonly distanceM: number }[] {
    const { connectors, connectorFrom, connectorTo, elementLength, elementRoad, roadFrom } =
      this.#sim.network;
    const into = row(connectors, roadFrom[elementRoad[lane]!]!).filter((c) => connectorTo[c] === lane);
    return Array.from(into, (c) => ({ lane: connectorFrom[c]!, distanceM: elementLength[c]! }));
  }

  /** What a phase shows a movement: `SHOWN` value, the best of its connectors. */
  shown(phase: number, movement: number): number {
    const { connectors, connectorMovement, phaseShown, phaseShownStart, elementRank } = this.#sim.network;
    const start = phaseShownStart[this.#phases[phase]!]!;
    let best: number = SHOWN.red;
    for (const c of row(connectors, this.#intersection)) {
      if (connectorMovement[c] === movement) best = Math.max(best, phaseShown[start + elementRank[c]!]!);
    }
    return best;
  }

  /** Whether a request for another phase would be honoured now: minimum green and people on foot are done. */
  get mayChange(): boolean {
    return this.hold === null;
  }

  /** The rule that keeps the phase as it is for now, whatever is asked for; `null`: none does. */
  get hold(): Hold | null {
    const { interval, elapsed, walkGreen, phase } = this.#sim.signals;
    const r = this.#ring;
    if (interval[r] !== INTERVAL.green) return 'change under way';
    if (elapsed[r]! < this.#sim.network.minGreen[phase[r]!]!) return 'minimum green';
    return elapsed[r]! < walkGreen[r]! ? 'people on foot' : null;
  }

  /** The detector at a lane's stop line; −1 without one. */
  stopDetector(lane: number): number {
    return this.#detector(lane, DETECTOR.stopLine);
  }

  /** The detector in advance of a lane's stop line; −1 without one. */
  advanceDetector(lane: number): number {
    return this.#detector(lane, DETECTOR.advance);
  }

  #detector(lane: number, kind: number): number {
    const { starts, kind: kinds } = this.#sim.network.detectors;
    for (let d = starts[lane]!; d < starts[lane + 1]!; d++) if (kinds[d] === kind) return d;
    return -1;
  }

  /** How far before the stop line a detector's zone begins, which is where it counts, m. */
  setbackM(lane: number, detector: number): number {
    return this.laneLengthM(lane) - this.#sim.network.detectors.zoneStart[detector]!;
  }

  /** Whether somebody was over a detector's zone in the last step, as far as the detector can tell. */
  present(detector: number): boolean {
    return this.#sim.detectors!.present[detector] === 1;
  }

  /** Seconds since somebody was over a detector's zone; 0 while somebody is. */
  emptyS(detector: number): number {
    return this.#sim.detectors!.emptyS[detector]!;
  }

  /** Vehicles that a detector has counted since the start. */
  counted(detector: number): number {
    return this.#sim.detectors!.count[detector]!;
  }

  /** Seconds for which a detector's zone has been occupied since the start. */
  occupiedS(detector: number): number {
    return this.#sim.detectors!.occupied[detector]!;
  }

  /** Whether somebody has pushed the button of a crosswalk that walks with a phase, or it is on recall. */
  pedestrianCall(phase: number): boolean {
    const { pedestrians, network } = this.#sim;
    if (pedestrians === null) return false;
    const served = row(network.phaseCrosswalks, this.#phases[phase]!);
    return served.some((c) => network.crosswalks.recall[c] === 1 || pedestrians.waiting[c]! > 0);
  }

  /** Walk and pedestrian clearance of a phase, s; 0 if nobody can walk with it. */
  pedestrianGreenS(phase: number): number {
    const { walk, pedestrianClearance } = this.#sim.network;
    const p = this.#phases[phase]!;
    return (walk[p]! + pedestrianClearance[p]!) * this.stepS;
  }

  /**
   * Lanes whose detectors call and extend a phase: those that feed its movements, but not those of a left
   * turn that is only permitted in it and has a phase of its own.
   */
  detectionLanes(phase: number): number[] {
    const lanes = new Set<number>();
    const { network } = this.#sim;
    for (const m of this.movements(phase)) {
      const own = hasOwnPhase(network, m);
      for (const lane of this.lanes(m)) {
        const foreign = own && this.movements(phase).length > 1 && servesOnly(network, lane, m);
        if (!foreign) lanes.add(lane);
      }
    }
    return [...lanes];
  }

  /** Whether the plan is made for several signals together: equal cycles, and offsets that differ. */
  get planIsCoordinated(): boolean {
    const { signalised, ringPhases, split, offset } = this.#sim.network;
    const cycles = new Set<number>();
    const offsets = new Set<number>();
    signalised.forEach((signal, i) => {
      if (signal === 0) return;
      cycles.add(row(ringPhases, i).reduce((sum, p) => sum + split[p]!, 0));
      offsets.add(offset[i]!);
    });
    return cycles.size === 1 && offsets.size > 1;
  }

  /** The barrier group of a phase. */
  group(phase: number): number {
    return this.#sim.network.phaseGroup[this.#phases[phase]!]!;
  }

  /** Minimum green of a phase, s. */
  minGreenS(phase: number): number {
    return this.#sim.network.minGreen[this.#phases[phase]!]! * this.stepS;
  }

  /** Vehicles standing on a lane, below the queueing speed. */
  queue(lane: number): number {
    return this.#sim.traffic.halted[lane]!;
  }

  /** Vehicles on a lane. */
  count(lane: number): number {
    return this.#sim.traffic.record[lane * RECORD + COUNT]!;
  }

  /** How much longer than at the speed limit the first vehicle of a lane has been on it, s; 0 without any. */
  headDelayS(lane: number): number {
    const { traffic, vehicles, network, step } = this.#sim;
    const { record, slotIdentity } = traffic;
    if (record[lane * RECORD + COUNT] === 0) return 0;
    const k = record[lane * RECORD + HEAD]! * SLOT_IDENTITY;
    const arrived = slotIdentity[k + ARRIVED]!;
    const since = arrived >= 0 ? arrived : vehicles.enteredAt[slotIdentity[k + VEHICLE]!]!;
    const freeS = network.elementLength[lane]! / network.elementSpeedLimit[lane]!;
    return Math.max(0, (step - since) * network.stepS - freeS);
  }

  /** Vehicles on a lane that are not standing, no farther than `distanceM` from the stop line. */
  movingWithin(lane: number, distanceM: number): number {
    const { traffic, network, step } = this.#sim;
    const { record, slotState } = traffic;
    const head = record[lane * RECORD + HEAD]!;
    const end = head + record[lane * RECORD + COUNT]!;
    const from = network.elementLength[lane]! - distanceM;
    const parity = (step & 1) << 1;
    let moving = 0;
    for (let slot = head; slot < end; slot++) {
      const s = slot * SLOT_STATE + parity;
      if (slotState[s]! < from) break; // they stand front to back
      if (slotState[s + 1]! >= HALTING_SPEED) moving++;
    }
    return moving;
  }

  /**
   * Moving vehicles of a lane by their distance from the stop line: adds to `counts[k]` those no farther than
   * `reachM[k]` but farther than `reachM[k − 1]`, and to the last those beyond all.
   *
   * @param reachM  rising distances, one fewer than there are counts
   */
  countMoving(lane: number, reachM: readonly number[], counts: Float64Array, at: number): void {
    const { traffic, network, step } = this.#sim;
    const { record, slotState } = traffic;
    const head = record[lane * RECORD + HEAD]!;
    const end = head + record[lane * RECORD + COUNT]!;
    const length = network.elementLength[lane]!;
    const parity = (step & 1) << 1;
    let k = 0;
    for (let slot = head; slot < end; slot++) {
      const s = slot * SLOT_STATE + parity;
      if (slotState[s + 1]! < HALTING_SPEED) continue;
      const distance = length - slotState[s]!; // they stand front to back
      while (k < reachM.length && distance > reachM[k]!) k++;
      counts[at + k]! += 1;
    }
  }

  /** The scenario's share of the cycle for a phase, its change intervals included, s. */
  splitS(phase: number): number {
    return this.#sim.network.split[this.#phases[phase]!]! * this.stepS;
  }

  /** How long a phase lasts in a plan whose phases need not be whole steps, CityFlow's own, s; `null`: another plan holds. */
  exactSplitS(phase: number): number | null {
    const times = this.#sim.network.reference?.phaseTime ?? null;
    return times === null ? null : times[this.#phases[phase]!]!;
  }

  /** Yellow change and red clearance after a phase, s. */
  clearanceS(phase: number): number {
    const { yellowChange, redClearance } = this.#sim.network;
    const p = this.#phases[phase]!;
    return (yellowChange[p]! + redClearance[p]!) * this.stepS;
  }

  /** When the first phase starts after the master reference, s. */
  get offsetS(): number {
    return this.#sim.network.offset[this.#intersection]! * this.stepS;
  }
}

function row(rows: RaggedRows, r: number): Int32Array {
  return rows.items.subarray(rows.starts[r]!, rows.starts[r + 1]!);
}

/** Whether a phase serves this movement and no other. */
function hasOwnPhase({ phases, phaseMovements, movementIntersection }: Network, m: number): boolean {
  return row(phases, movementIntersection[m]!).some((p) => {
    const served = row(phaseMovements, p);
    return served.length === 1 && served[0] === m;
  });
}

/** Whether all connectors of a lane belong to one movement. */
function servesOnly({ laneConnectors, connectorMovement }: Network, lane: number, m: number): boolean {
  return row(laneConnectors, lane).every((c) => connectorMovement[c] === m);
}
