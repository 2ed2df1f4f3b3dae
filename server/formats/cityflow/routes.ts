import type { Intersection, Road } from '../../scenario/layout.ts';
import { NearestFirst } from './nearestFirst.ts';

/**
 * Fills the gaps in routes the way CityFlow does: by the shortest way between two named roads, where
 * a road counts with the mean length of its lanes.
 *
 * Of several shortest ways CityFlow takes the one its own search meets first, which depends on the
 * order of `roads` in each intersection and on how its priority queue is built. Both are kept here.
 */
export class Routes {
  readonly #onward: number[][];
  readonly #meanLength: number[];

  constructor(
    roads: readonly Road[],
    intersections: readonly Intersection[],
    attached: readonly (readonly number[])[],
  ) {
    const joined = roads.map(() => new Set<number>());
    for (const { movements } of intersections) {
      for (const { from, to, connectors } of movements) if (connectors.length > 0) joined[from]!.add(to);
    }
    this.#onward = roads.map((road, r) => attached[road.to]!.filter((next) => joined[r]!.has(next)));
    this.#meanLength = roads.map(
      ({ lanes }) => lanes.reduce((sum, lane) => sum + lane.length, 0) / lanes.length,
    );
  }

  /** The whole route through the named roads, or the index of the first one that cannot be reached. */
  through(named: readonly number[]): { route: number[] } | { unreachable: number } {
    const route = named.slice(0, 1);
    for (let k = 1; k < named.length; k++) {
      const start = named[k - 1]!;
      const end = named[k]!;
      if (start === end) continue;
      if (this.#onward[start]!.includes(end)) {
        route.push(end); // No way round is shorter: every way ends with the length of `end`.
        continue;
      }
      const way = this.#shortestWay(start, end);
      if (!way) return { unreachable: k };
      for (const road of way) route.push(road);
    }
    return { route };
  }

  /** The roads after `start` up to and including `end`, or `undefined` when no way leads there. */
  #shortestWay(start: number, end: number): number[] | undefined {
    const distance = new Map([[start, 0]]);
    const cameFrom = new Map<number, number>();
    const visited = new Set<number>();
    const queue = new NearestFirst();
    queue.push(start, 0);
    while (queue.count > 0) {
      const road = queue.nearest;
      if (road === end) return wayBack(cameFrom, start, end);
      queue.pop();
      if (visited.has(road)) continue;
      visited.add(road);
      for (const next of this.#onward[road]!) {
        const reached = distance.get(road)! + this.#meanLength[next]!;
        if (reached >= (distance.get(next) ?? Infinity)) continue;
        distance.set(next, reached);
        cameFrom.set(next, road);
        queue.push(next, reached);
      }
    }
    return undefined;
  }
}

function wayBack(cameFrom: ReadonlyMap<number, number>, start: number, end: number): number[] {
  const way = [end];
  for (let road = cameFrom.get(end); road !== undefined && road !== start; road = cameFrom.get(road))
    way.push(road);
  return way.reverse();
}
