import { NONE, type RaggedRows } from '../sim/network.ts';
import { INTERVAL } from '../sim/signal.ts';
import type { Simulation } from '../sim/simulation.ts';
import { COUNT, RECORD } from '../sim/traffic.ts';

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

  /** Vehicles standing on a lane, below the queueing speed. */
  queue(lane: number): number {
    return this.#sim.traffic.halted[lane]!;
  }

  /** Vehicles on a lane. */
  count(lane: number): number {
    return this.#sim.traffic.record[lane * RECORD + COUNT]!;
  }

  /** The scenario's share of the cycle for a phase, its change intervals included, s. */
  splitS(phase: number): number {
    return this.#sim.network.split[this.#phases[phase]!]! * this.stepS;
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
