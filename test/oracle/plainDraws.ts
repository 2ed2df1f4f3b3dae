import type { UndrivableFlow } from '../../server/scenario/layout.ts';
import { createTwister, nextInt32 } from '../../server/sim/mersenneTwister.ts';
import { leadsTo, type PlainLane, type PlainVehicle } from './plainNetwork.ts';

/** CityFlow's random draws in the plain model, in the order in which its text has them. */
export class PlainDraws {
  readonly #words: Int32Array;
  readonly #undrivable: readonly UndrivableFlow[];
  readonly #done = new Set<UndrivableFlow>();

  constructor(seed: number, undrivable: readonly UndrivableFlow[]) {
    this.#words = createTwister(seed);
    this.#undrivable = undrivable;
  }

  /** The priority of a new vehicle, which no other now in the run has, and the draw after it. */
  priority(vehicles: readonly PlainVehicle[]): number {
    let priority = nextInt32(this.#words);
    while (vehicles.some((other) => other.finish === null && other.priority === priority)) {
      priority = nextInt32(this.#words);
    }
    nextInt32(this.#words);
    return priority;
  }

  /** What flows that cannot be driven take, once, of those that come before flow `f`. */
  passOver(f: number, clock: number, vehicles: readonly PlainVehicle[]): void {
    for (const flow of this.#undrivable) {
      if (flow.before !== f || this.#done.has(flow) || clock < flow.startS) continue;
      this.#done.add(flow);
      if (flow.endS === -1 || clock <= flow.endS) this.priority(vehicles);
    }
  }

  /** Every road's new vehicles, in the order of roads, each with a first lane by one draw. */
  assignLanes(spawned: readonly PlainVehicle[], lanes: readonly (readonly PlainLane[])[]): void {
    lanes.forEach((roadLanes, road) => {
      for (const vehicle of spawned.filter(({ route }) => route[0] === road)) {
        const leading = roadLanes.filter((lane) => leadsTo(lane, vehicle.route[1]));
        const open = leading.filter(({ closed }) => !closed);
        const candidates = open.length > 0 ? open : leading;
        candidates[(nextInt32(this.#words) >>> 0) % candidates.length].waiting.push(vehicle);
      }
    });
  }
}
