import type { Flow, Layout, Origin } from '../../scenario/layout.ts';
import { exponential, randomStream } from '../../sim/random.ts';

/** One or more vehicles with one type and route: at `startS`, then every `intervalS` up to `endS`. */
export type Trips = Omit<Flow, 'id'>;

/** Times that are a whole number up to rounding are that number. */
const EPSILON = 1e-9;

/**
 * The trips of a random origin within `[0, durationS)`, as single departures at whole seconds.
 *
 * The streams and the order of draws are the simulator's own, so these are the vehicles of a run with
 * the same seed, each at the first whole second at or after its arrival.
 */
export function tripsOfOrigin(origin: Origin, seed: number, durationS: number): Trips[] {
  const arrivals = randomStream(seed, `arrivals:${origin.id}`);
  const choices = randomStream(seed, `choices:${origin.id}`);
  const uniform = origin.arrivals === 'uniform';
  const trips: Trips[] = [];
  let time = afterHazard(origin, 0, uniform ? 0.5 : exponential(arrivals));
  while (Math.ceil(time - EPSILON) < durationS) {
    const { vehicleType } = drawn(origin.vehicleTypes, choices.next());
    const route = drawn(origin.routes, choices.next()).roads;
    const startS = Math.ceil(time - EPSILON);
    trips.push({ vehicleType, route, intervalS: 1, startS, endS: startS });
    time = afterHazard(origin, time, uniform ? 1 : exponential(arrivals));
  }
  return trips;
}

/** The first entry at which the running sum of shares exceeds the draw; the last one closes the sum. */
function drawn<T extends { readonly share: number }>(entries: readonly T[], draw: number): T {
  let sum = 0;
  for (const entry of entries.slice(0, -1)) {
    sum += entry.share;
    if (sum > draw) return entry;
  }
  return entries.at(-1)!;
}

/** When an origin that was at `time` has let `hazard` mean arrivals pass; infinity after its profile. */
function afterHazard({ profile }: Origin, time: number, hazard: number): number {
  let left = hazard;
  for (const { startS, endS, flowVph } of profile) {
    const rate = flowVph / 3600;
    if (endS <= time || rate === 0) continue;
    const from = Math.max(time, startS);
    const passing = (endS - from) * rate;
    if (left < passing) return from + left / rate;
    left -= passing;
  }
  return Number.POSITIVE_INFINITY;
}

/** Whether CityFlow can repeat a flow by itself: whole seconds at both ends, and one second or more between. */
export function isRepeatable({ startS, endS, intervalS }: Flow): boolean {
  return Number.isInteger(startS) && Number.isInteger(endS) && (intervalS >= 1 || startS === endS);
}

/** The departures of a flow within the layout's duration, each rounded to a whole second. */
export function singleTrips(flow: Flow, { durationS }: Layout): Trips[] {
  const { vehicleType, route, startS, intervalS } = flow;
  const trips: Trips[] = [];
  const endS = flow.endS < 0 ? Number.POSITIVE_INFINITY : flow.endS;
  for (let k = 0; ; k++) {
    const time = startS + k * intervalS;
    const whole = Math.max(0, Math.round(time));
    if (time > endS || whole >= durationS) return trips;
    trips.push({ vehicleType, route, intervalS: 1, startS: whole, endS: whole });
  }
}
