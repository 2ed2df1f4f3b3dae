import type { Flows, Origins, RaggedRows } from '../sim/network.ts';
import type { Flow, Origin } from './layout.ts';

/** Routes as rows of roads, equal ones stored once. */
export class RouteTable {
  readonly #indexByArray = new Map<readonly number[], number>();
  readonly #indexByKey = new Map<string, number>();
  readonly #routes: (readonly number[])[] = [];

  index(route: readonly number[]): number {
    const known = this.#indexByArray.get(route); // shared arrays need no key
    if (known !== undefined) return known;
    const key = route.join();
    const index = this.#indexByKey.get(key) ?? this.#routes.push(route) - 1;
    this.#indexByKey.set(key, index);
    this.#indexByArray.set(route, index);
    return index;
  }

  rows(): RaggedRows {
    const starts = new Int32Array(this.#routes.length + 1);
    this.#routes.forEach((route, r) => {
      starts[r + 1] = starts[r]! + route.length;
    });
    const items = new Int32Array(starts[this.#routes.length]!);
    this.#routes.forEach((route, r) => {
      items.set(route, starts[r]!);
    });
    return { starts, items };
  }
}

export function compileFlows(flows: readonly Flow[], routes: RouteTable): Flows {
  return {
    count: flows.length,
    route: Int32Array.from(flows, (flow) => routes.index(flow.route)),
    type: Int32Array.from(flows, (flow) => flow.vehicleType),
    interval: Float64Array.from(flows, (flow) => flow.intervalS),
    start: Float64Array.from(flows, (flow) => flow.startS),
    end: Float64Array.from(flows, (flow) => flow.endS),
  };
}

export function compileOrigins(origins: readonly Origin[], routes: RouteTable): Origins {
  const periods = origins.flatMap((origin) => origin.profile);
  const alternatives = origins.flatMap((origin) => origin.routes);
  const types = origins.flatMap((origin) => origin.vehicleTypes);
  return {
    count: origins.length,
    names: origins.map((origin) => origin.id),
    uniform: Uint8Array.from(origins, (origin) => Number(origin.arrivals === 'uniform')),
    profileStarts: startsOf(origins.map((origin) => origin.profile.length)),
    periodStart: Float64Array.from(periods, (period) => period.startS),
    periodEnd: Float64Array.from(periods, (period) => period.endS),
    periodRate: Float64Array.from(periods, (period) => period.flowVph / 3600),
    routeStarts: startsOf(origins.map((origin) => origin.routes.length)),
    route: Int32Array.from(alternatives, (alternative) => routes.index(alternative.roads)),
    routeShare: cumulative(origins.map((origin) => origin.routes.map((x) => x.share))),
    typeStarts: startsOf(origins.map((origin) => origin.vehicleTypes.length)),
    type: Int32Array.from(types, (x) => x.vehicleType),
    typeShare: cumulative(origins.map((origin) => origin.vehicleTypes.map((x) => x.share))),
  };
}

function startsOf(counts: readonly number[]): Int32Array {
  const starts = new Int32Array(counts.length + 1);
  counts.forEach((count, k) => {
    starts[k + 1] = starts[k]! + count;
  });
  return starts;
}

/** Running sums within each row; the last of a row is exactly 1, so that a draw below 1 always lands. */
function cumulative(rows: readonly (readonly number[])[]): Float64Array {
  const sums: number[] = [];
  for (const row of rows) {
    let sum = 0;
    row.forEach((share, k) => {
      sum += share;
      sums.push(k === row.length - 1 ? 1 : sum);
    });
  }
  return Float64Array.from(sums);
}
