import type { Layout } from '../../server/scenario/layout.ts';
import type { PlainModel } from './plainModel.ts';
import type { PlainLane } from './plainNetwork.ts';

interface Visit {
  readonly arrival: number;
  leave: number | null;
}

/**
 * The average travel time of the signal-control papers, with its quirks: per signalised intersection
 * one record a vehicle of when it was first seen on an approach and when it was last seen to leave.
 */
export class ApproachTimes {
  readonly #model: PlainModel;
  readonly #approaches: readonly (readonly PlainLane[])[];
  readonly #visits: Map<string, Visit>[];
  #present: Set<string>[];

  constructor(model: PlainModel) {
    this.#model = model;
    this.#approaches = approachLanes(model.layout, model);
    this.#visits = this.#approaches.map(() => new Map());
    this.#present = this.#approaches.map(() => new Set());
  }

  /** Takes notice of the state after a step. */
  observe(): void {
    const now = this.#model.time;
    this.#present = this.#approaches.map((lanes, i) => {
      const before = this.#present[i];
      const visits = this.#visits[i];
      const present = new Set(lanes.flatMap((lane) => lane.vehicles.map((vehicle) => vehicle.id)));
      const arrived = [...present].filter((id) => !before.has(id));
      for (const id of arrived) if (!visits.has(id)) visits.set(id, { arrival: now, leave: null });
      // The papers' code takes the difference of the two sets the wrong way round when nobody was there.
      const left = before.size === 0 ? arrived : [...before].filter((id) => !present.has(id));
      for (const id of left) visits.get(id)!.leave = now;
      return present;
    });
  }

  /** Mean over vehicles that were ever seen; visits without an end last until `end`. */
  average(end: number): number {
    const perVehicle = this.#durations(end);
    let sum = 0;
    for (const duration of perVehicle.values()) sum += duration;
    return perVehicle.size === 0 ? 0 : sum / perVehicle.size;
  }

  get seenCount(): number {
    return this.#durations(0).size;
  }

  /** Vehicles that left at least one approach. */
  get leftCount(): number {
    const left = new Set<string>();
    for (const visits of this.#visits) for (const [id, { leave }] of visits) if (leave !== null) left.add(id);
    return left.size;
  }

  #durations(end: number): Map<string, number> {
    const durations = new Map<string, number>();
    for (const visits of this.#visits) {
      for (const [id, { arrival, leave }] of visits) {
        durations.set(id, (durations.get(id) ?? 0) + (leave ?? end) - arrival);
      }
    }
    return durations;
  }
}

/** The lanes toward each signalised intersection. */
export function approachLanes(layout: Layout, model: PlainModel): PlainLane[][] {
  return layout.intersections.flatMap(({ signal }, i) =>
    signal === null ? [] : [model.network.lanes.filter((_, r) => layout.roads[r].to === i).flat()],
  );
}
