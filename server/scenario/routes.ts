import type { Drawing } from './drawing.ts';

/** Road visits that one scenario's searches may take together: a bound on time, not a model. */
const VISITS_MAX = 60_000_000;

interface Move {
  readonly road: number;
  /** Mean length of the paths across the intersection, m. */
  readonly length: number;
}

/**
 * Finds routes by free-flow time: road lengths and paths across intersections at the speed limit.
 * A route is a list of roads, each joined to the next by a movement.
 */
export class RouteFinder {
  /** By road: the roads one can go on to. */
  readonly moves: readonly (readonly Move[])[];
  readonly timeOf: Float64Array;
  private readonly speedOf: Float64Array;
  private visitsLeft = VISITS_MAX;

  constructor({ roads, intersections }: Drawing) {
    const moves: Move[][] = roads.map(() => []);
    for (const { movements } of intersections) {
      for (const { from, to, connectors } of movements) {
        let length = 0;
        for (const connector of connectors) length += connector.length;
        moves[from]!.push({ road: to, length: length / connectors.length });
      }
    }
    this.moves = moves;
    this.timeOf = new Float64Array(roads.length);
    this.speedOf = new Float64Array(roads.length);
    roads.forEach(({ lanes }, r) => {
      let length = 0;
      let speed = 0;
      for (const lane of lanes) {
        length += lane.length;
        speed += lane.speedLimit;
      }
      this.speedOf[r] = speed / lanes.length;
      this.timeOf[r] = length / speed;
    });
  }

  /** Whether the searches have used up their time; answers are then no longer to be trusted. */
  get exhausted(): boolean {
    return this.visitsLeft <= 0;
  }

  /** Counts work done on the scenario's behalf elsewhere. */
  spend(visits: number): void {
    this.visitsLeft -= visits;
  }

  /**
   * The fastest routes from any of `starts` to each road that `isTarget` accepts, until `count` of
   * them are found. A start may be a target itself.
   */
  fastest(
    starts: readonly number[],
    isTarget: (road: number) => boolean,
    count: number,
  ): Map<number, number[]> {
    const time = new Float64Array(this.timeOf.length).fill(Infinity);
    const previous = new Int32Array(this.timeOf.length).fill(-1);
    const done = new Uint8Array(this.timeOf.length);
    const queue = new RoadQueue();
    this.visitsLeft -= this.timeOf.length / 8;
    for (const road of starts) {
      time[road] = this.timeOf[road]!;
      queue.push(road, time[road]!);
    }
    const found = new Map<number, number[]>();
    for (let road = queue.pop(); road >= 0 && found.size < count && !this.exhausted; road = queue.pop()) {
      if (done[road]) continue;
      done[road] = 1;
      this.visitsLeft--;
      if (isTarget(road)) found.set(road, routeBack(previous, road));
      for (const { road: next, length } of this.moves[road]!) {
        const arrival = time[road]! + length / this.speedOf[road]! + this.timeOf[next]!;
        if (arrival >= time[next]!) continue;
        time[next] = arrival;
        previous[next] = road;
        queue.push(next, arrival);
      }
    }
    return found;
  }
}

function routeBack(previous: Int32Array, last: number): number[] {
  const route = [];
  for (let road = last; road >= 0; road = previous[road]!) route.push(road);
  return route.reverse();
}

/** A binary heap of roads by time; equal times come out by road, so that routes do not depend on the heap. */
class RoadQueue {
  private readonly roads: number[] = [];
  private readonly times: number[] = [];

  push(road: number, time: number): void {
    let k = this.roads.length;
    this.roads.push(road);
    this.times.push(time);
    while (k > 0) {
      const parent = (k - 1) >> 1;
      if (!this.before(k, parent)) break;
      this.swap(k, parent);
      k = parent;
    }
  }

  /** The road with the least time, −1 if there is none. */
  pop(): number {
    const count = this.roads.length;
    if (count === 0) return -1;
    this.swap(0, count - 1);
    const road = this.roads.pop()!;
    this.times.pop();
    for (let k = 0; ; ) {
      const left = 2 * k + 1;
      if (left >= count - 1) break;
      const right = left + 1;
      const child = right < count - 1 && this.before(right, left) ? right : left;
      if (!this.before(child, k)) break;
      this.swap(k, child);
      k = child;
    }
    return road;
  }

  private before(a: number, b: number): boolean {
    const difference = this.times[a]! - this.times[b]!;
    return difference < 0 || (difference === 0 && this.roads[a]! < this.roads[b]!);
  }

  private swap(a: number, b: number): void {
    [this.roads[a], this.roads[b]] = [this.roads[b]!, this.roads[a]!];
    [this.times[a], this.times[b]] = [this.times[b]!, this.times[a]!];
  }
}
