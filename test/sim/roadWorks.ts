import { clearIncident, closeLane, openLane, placeIncident } from '../../server/sim/closures.ts';
import { type Simulation, step } from '../../server/sim/simulation.ts';
import { vehiclesOn } from '../networks.ts';
import type { Work } from './randomCity.ts';

/** What is done to lanes, and what one sees of it from the roadside. */

/** Further than a rounding error beyond a spot (m). */
export const BEYOND = 1e-6;

/** Does to a lane what was drawn. */
export function doWork(sim: Simulation, { kind, share }: Work, lane: number): void {
  if (kind === 'close') closeLane(sim, lane);
  else if (kind === 'open') openLane(sim, lane);
  else if (kind === 'block') placeIncident(sim, lane, share * sim.network.elementLength[lane]);
  else clearIncident(sim, lane);
}

/** Asks for every phase in turn, at all signals at once. */
export function cycle(sim: Simulation, everySteps: number): void {
  const { intersectionCount, phases } = sim.network;
  for (let i = 0; i < intersectionCount; i++) {
    const count = phases.starts[i + 1] - phases.starts[i];
    if (count > 0) sim.signals.wanted[i] = phases.starts[i] + (Math.floor(sim.step / everySteps) % count);
  }
}

/** Vehicles that can stop within `gap` m, as its maximum deceleration allows. */
function canStop({ network }: Simulation, type: number, v: number, gap: number): boolean {
  return (v * v) / 2 / network.types.maxDeceleration[type] <= gap + BEYOND;
}

/** Watches over the incidents of a run: who is held by one stays behind it, and who is not could not stop. */
export class IncidentWatch {
  readonly #sim: Simulation;
  readonly #at: Float64Array;
  readonly #placed = new Map<number, number>(); // by lane: step
  readonly #on = new Map<number, Set<number>>(); //   by blocked lane: who is on it
  readonly #held = new Map<number, Set<number>>(); // by blocked lane: of these, who is short of the spot and can stop
  /** How often somebody was held for a step. */
  held = 0;

  constructor(sim: Simulation) {
    this.#sim = sim;
    this.#at = new Float64Array(sim.network.elementCount).fill(Infinity);
  }

  before(): void {
    const { closures, network, step: now } = this.#sim;
    this.#held.clear();
    this.#on.clear();
    for (let e = 0; e < network.elementCount; e++) {
      const at = closures === null ? Infinity : closures.incident[e];
      if (at !== this.#at[e]) this.#placed.set(e, now);
      this.#at[e] = at;
      if (at === Infinity) continue;
      const on = vehiclesOn(this.#sim, e);
      const held = on.filter(({ x, v, type }) => x <= at + BEYOND && canStop(this.#sim, type, v, at - x));
      this.#on.set(e, new Set(on.map(({ vehicle }) => vehicle)));
      this.#held.set(e, new Set(held.map(({ vehicle }) => vehicle)));
    }
  }

  /** What has happened in the step that should not. */
  after(): string[] {
    const sim = this.#sim;
    const wrong: string[] = [];
    for (const [e, held] of this.#held) {
      const at = this.#at[e];
      const seenForS = (sim.step - this.#placed.get(e)!) * sim.network.stepS;
      const on = vehiclesOn(sim, e);
      for (const vehicle of held) {
        const seen = on.find((one) => one.vehicle === vehicle);
        if (!(seen !== undefined && seen.x <= at + BEYOND)) wrong.push(`${vehicle} passed ${at} m on ${e}`);
        this.held++;
      }
      for (const { vehicle, x, v, type } of on) {
        // Who comes when it has long been there has seen it in time.
        if (this.#on.get(e)!.has(vehicle) || seenForS < 30) continue;
        const sound = x <= at + BEYOND && canStop(sim, type, v, at - x);
        if (!sound) wrong.push(`${vehicle} comes too fast at ${at} m on ${e}`);
      }
    }
    return wrong;
  }
}

/** Runs for so many seconds. */
export function run(sim: Simulation, seconds: number): void {
  for (const end = sim.step + Math.round(seconds / sim.network.stepS); sim.step < end; ) step(sim);
}

/** Runs and counts, by lane, the vehicles that were ever seen on it. */
export function passing(sim: Simulation, lanes: readonly number[], seconds: number): number[] {
  const seen = lanes.map(() => new Set<number>());
  for (const end = sim.step + Math.round(seconds / sim.network.stepS); sim.step < end; ) {
    step(sim);
    lanes.forEach((lane, k) => {
      for (const { vehicle } of vehiclesOn(sim, lane)) seen[k].add(vehicle);
    });
  }
  return seen.map(({ size }) => size);
}
