import { type Network, NONE, type RaggedRows } from '../sim/network.ts';

/** From when to when traffic is counted, s. */
export interface Span {
  readonly fromS: number;
  readonly toS: number;
}

/**
 * How many vehicles per hour the demand sends over each movement, by movement: the mean over a span of their
 * departures. The time that they take to get there is not looked at, and neither is what a queue holds back.
 */
export function movementDemand(network: Network, span: Span): Float64Array {
  const vph = new Float64Array(network.movementCount);
  const movements = routeMovements(network);
  const add = (route: number, flowVph: number) => {
    for (let k = movements.starts[route]!; k < movements.starts[route + 1]!; k++) {
      vph[movements.items[k]!]! += flowVph;
    }
  };
  const { flows, origins } = network;
  const hours = (span.toS - span.fromS) / 3600;
  for (let f = 0; f < flows.count; f++) add(flows.route[f]!, tripsWithin(network, f, span) / hours);
  for (let o = 0; o < origins.count; o++) {
    const flowVph = arrivalsWithin(network, o, span) / hours;
    let before = 0;
    for (let k = origins.routeStarts[o]!; k < origins.routeStarts[o + 1]!; k++) {
      add(origins.route[k]!, flowVph * (origins.routeShare[k]! - before));
      before = origins.routeShare[k]!;
    }
  }
  return vph;
}

/**
 * The quarter of an hour with the most departures, or the whole run where it is shorter: what signals are
 * designed for (HCM: the peak 15 min). It starts at a whole number of minutes; the first of equals.
 */
export function busiestQuarter(network: Network, durationS: number): Span {
  const lengthS = Math.min(900, durationS);
  const departures = (span: Span) => {
    let sum = 0;
    for (let f = 0; f < network.flows.count; f++) sum += tripsWithin(network, f, span);
    for (let o = 0; o < network.origins.count; o++) sum += arrivalsWithin(network, o, span);
    return sum;
  };
  let best: Span = { fromS: 0, toS: lengthS };
  let most = departures(best);
  for (let fromS = 60; fromS + lengthS <= durationS; fromS += 60) {
    const span = { fromS, toS: fromS + lengthS };
    const count = departures(span);
    if (count > most * (1 + 1e-9)) {
      most = count;
      best = span;
    }
  }
  return best;
}

/** By route: the movements it makes, one an intersection. */
function routeMovements({ routes, movementCount, movementFrom, movementTo }: Network): RaggedRows {
  const leaving = new Map<number, number[]>(); // by road: movements from it
  for (let m = 0; m < movementCount; m++) {
    const from = movementFrom[m]!;
    leaving.set(from, [...(leaving.get(from) ?? []), m]);
  }
  const starts = new Int32Array(routes.starts.length);
  const items: number[] = [];
  for (let r = 0; r + 1 < routes.starts.length; r++) {
    for (let k = routes.starts[r]!; k + 1 < routes.starts[r + 1]!; k++) {
      const to = routes.items[k + 1]!;
      const m = leaving.get(routes.items[k]!)?.find((movement) => movementTo[movement] === to) ?? NONE;
      if (m !== NONE) items.push(m);
    }
    starts[r + 1] = items.length;
  }
  return { starts, items: Int32Array.from(items) };
}

/** Trips of a flow whose time is in [fromS, toS). */
function tripsWithin({ flows }: Network, f: number, { fromS, toS }: Span): number {
  const start = flows.start[f]!;
  const interval = flows.interval[f]!;
  const end = flows.end[f]! < 0 ? Infinity : flows.end[f]!;
  const before = (timeS: number) => {
    const last = Math.min(timeS, end + 1e-9); // the end is included, the span's is not
    return last <= start ? 0 : Math.ceil((last - start) / interval - 1e-12);
  };
  return before(toS) - before(fromS);
}

/** Mean arrivals of an origin within a span. */
function arrivalsWithin({ origins }: Network, o: number, { fromS, toS }: Span): number {
  let count = 0;
  for (let k = origins.profileStarts[o]!; k < origins.profileStarts[o + 1]!; k++) {
    const from = Math.max(fromS, origins.periodStart[k]!);
    const to = Math.min(toS, origins.periodEnd[k]!);
    if (to > from) count += (to - from) * origins.periodRate[k]!;
  }
  return count;
}
