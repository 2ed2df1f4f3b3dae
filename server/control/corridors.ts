import { type Network, NONE, PRIORITY } from '../sim/network.ts';
import { plannedIntersections } from './plan.ts';

/**
 * Signals one after another along a street: each is reached from the one before by going straight on.
 * The way there leads from the intersection that comes first in the file to the other end.
 */
export interface Corridor {
  readonly intersections: readonly number[];
  /** By intersection: the thru movement along the corridor. */
  readonly there: readonly number[];
  /** The same for the way back; `null` on a one-way street. */
  readonly back: readonly number[] | null;
}

/** All corridors of two or more signals, the longest first, then in file order. */
export function corridorsOf(network: Network): Corridor[] {
  const streets = new Streets(network);
  const used = new Set<number>(); // roads between signals that are in a corridor
  const corridors: Corridor[] = [];
  for (const movements of streets.paths()) {
    const between = movements.slice(1).map((m) => network.movementFrom[m]!);
    if (movements.length < 2 || between.some((road) => used.has(road))) continue;
    const back = streets.wayBack(movements);
    for (const road of between) used.add(road);
    for (const m of back?.slice(1) ?? []) used.add(network.movementFrom[m]!);
    corridors.push(directed(network, movements, back));
  }
  return corridors.sort((a, b) => b.intersections.length - a.intersections.length);
}

function directed(network: Network, movements: readonly number[], back: readonly number[] | null): Corridor {
  const places = (row: readonly number[]) => row.map((m) => network.movementIntersection[m]!);
  const there = places(movements);
  if (back !== null && there[0]! > there.at(-1)!) {
    return { intersections: places(back), there: back, back: [...movements].reverse() };
  }
  return { intersections: there, there: movements, back: back === null ? null : [...back].reverse() };
}

/** Thru movements at signals, and which leads to which. */
class Streets {
  readonly #network: Network;
  readonly #thru: readonly number[];
  readonly #from = new Map<number, number>(); // by road: the thru movement that leaves it
  readonly #into = new Map<number, number>(); // by road: the thru movement that leads into it

  constructor(network: Network) {
    const planned = new Set(plannedIntersections(network));
    const { movementCount, movementPriority, movementIntersection, movementFrom, movementTo } = network;
    this.#network = network;
    this.#thru = Array.from({ length: movementCount }, (_, m) => m).filter(
      (m) => movementPriority[m] === PRIORITY.thru && planned.has(movementIntersection[m]!),
    );
    for (const m of this.#thru) {
      if (!this.#from.has(movementFrom[m]!)) this.#from.set(movementFrom[m]!, m);
      if (!this.#into.has(movementTo[m]!)) this.#into.set(movementTo[m]!, m);
    }
  }

  /** Ways straight on through signals, as far as they go without passing one twice; longest first. */
  paths(): number[][] {
    const { movementFrom } = this.#network;
    const starts = this.#thru.filter((m) => !this.#into.has(movementFrom[m]!));
    // A ring has no start: any of its movements will do.
    const reached = new Set(starts.flatMap((m) => this.#path(m)));
    const rings = this.#thru.filter((m) => !reached.has(m));
    return [...starts, ...rings].map((m) => this.#path(m)).sort((a, b) => b.length - a.length);
  }

  #path(start: number): number[] {
    const { movementTo, movementIntersection } = this.#network;
    const path: number[] = [];
    const seen = new Set<number>();
    let m: number | undefined = start;
    while (m !== undefined && !seen.has(movementIntersection[m]!)) {
      path.push(m);
      seen.add(movementIntersection[m]!);
      m = this.#from.get(movementTo[m]!);
    }
    return path;
  }

  /** The thru movements of the same signals in the other order; `null` where there is no such way. */
  wayBack(path: readonly number[]): number[] | null {
    const { movementIntersection, movementFrom, movementTo, roadTo } = this.#network;
    const places = path.map((m) => movementIntersection[m]!).reverse();
    // The last signal on the way back is left by a thru movement, too, and so are all before it.
    const candidates = this.#thru.filter(
      (m) => movementIntersection[m] === places[0] && roadTo[movementTo[m]!] === places[1],
    );
    for (const first of candidates) {
      const back = this.#path(first).slice(0, places.length);
      const fits = places.every((i, k) => movementIntersection[back[k] ?? NONE] === i);
      // On the street itself: not by a way that comes from where the other one came from.
      if (fits && movementFrom[first] !== movementFrom[path.at(-1)!]) return back;
    }
    return null;
  }
}
