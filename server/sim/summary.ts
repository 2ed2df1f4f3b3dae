import { ROUNDING } from './following.ts';
import { loneTimeAt } from './lone.ts';
import type { Measures } from './measures.ts';
import { NEVER, NONE } from './network.ts';
import type { Simulation } from './simulation.ts';
import { COUNT, eachOccupied, HEAD, NEXT, RECORD, SLOT_IDENTITY, SLOT_STATE, VEHICLE } from './traffic.ts';

/** What a run comes to. Times in seconds; the average of nothing is 0. */
export interface Summary {
  readonly vehicles: {
    readonly created: number;
    readonly entered: number;
    readonly finished: number;
    readonly running: number;
    readonly waitingToEnter: number;
  };
  /** Every created vehicle, from creation to the step in which it finished, or to now. CityFlow's measure. */
  readonly averageTravelTimeS: number;
  /**
   * Every vehicle seen on an approach, the time on approaches summed over its intersections: the
   * literature's measure. Waiting to enter, intersections and the last road do not count.
   */
  readonly averageApproachTimeS: number;
  /** Finished vehicles only, from creation. */
  readonly finishedTravelTimeS: number;
  /** Every created vehicle: time since creation minus free-flow time for the way made so far. */
  readonly averageDelayS: number;
  readonly delayP95S: number;
  /** The longest that anyone stood on one approach, in total, or waited to enter. */
  readonly maxWaitS: number;
  /** Halts per vehicle that entered; standing at entry is none. */
  readonly stopsPerVehicle: number;
  /** Vehicles standing on approaches, mean over the steps. */
  readonly averageQueue: number;
  /** Finished vehicles per hour. */
  readonly throughputVph: number;
}

const NO_MEASURES = 'This simulation was created with `measures: false`.';

/**
 * Sums up a run so far.
 *
 * @throws {Error} when the simulation was created without measures
 */
export function summarize(sim: Simulation): Summary {
  const { network, vehicles, measures, step } = sim;
  if (measures === null) throw new Error(NO_MEASURES);
  return {
    ...summarizeVehicles(sim, measures, 0),
    averageQueue: ratio(measures.queueSum, step),
    throughputVph: ratio(vehicles.finished * 3600, step * network.stepS),
  };
}

/** The part of a summary that belongs to vehicles, of those from number `first` on, in order of creation. */
export function summarizeVehicles(
  sim: Simulation,
  measures: Measures,
  first: number,
): Omit<Summary, 'averageQueue' | 'throughputVph'> {
  const { network, vehicles, step } = sim;
  const { created, createdAt, enteredAt, finishedAt } = vehicles;
  const { stepS } = network;
  const delay = delays(sim).subarray(first);
  const count = created - first;
  let travel = 0;
  let finishedTravel = 0;
  let maxWait = 0;
  let entered = 0;
  let finished = 0;
  for (let v = first; v < created; v++) {
    const end = finishedAt[v] === NEVER ? step : finishedAt[v];
    travel += end - createdAt[v];
    maxWait = Math.max(maxWait, longestWait(sim, measures, v));
    if (enteredAt[v] !== NEVER) entered++;
    if (finishedAt[v] === NEVER) continue;
    finished++;
    finishedTravel += end - createdAt[v];
  }
  return {
    vehicles: {
      created: count,
      entered,
      finished,
      running: entered - finished,
      waitingToEnter: count - entered,
    },
    averageTravelTimeS: ratio(travel * stepS, count),
    averageApproachTimeS: averageApproachTime(sim, measures, first),
    finishedTravelTimeS: ratio(finishedTravel * stepS, finished),
    averageDelayS: ratio(sum(delay), count),
    delayP95S: percentile(delay, 0.95),
    maxWaitS: maxWait * stepS,
    stopsPerVehicle: ratio(sum(measures.stops.subarray(first, created)), entered),
  };
}

/**
 * Average delay of every created vehicle so far, s, as `summarize` has it.
 *
 * @throws {Error} when the simulation was created without measures
 */
export function averageDelay(sim: Simulation): number {
  if (sim.measures === null) throw new Error(NO_MEASURES);
  return ratio(sum(delays(sim)), sim.vehicles.created);
}

/**
 * Delay of every created vehicle so far, s, by vehicle: what it has taken beyond the time that it would have needed alone.
 * A vehicle may gain up to one step on its lone twin, because both decide once a step; such a delay is 0.
 */
export function delays(sim: Simulation): Float64Array {
  const { network, vehicles, traffic, step } = sim;
  const { created, createdAt, finishedAt } = vehicles;
  const lone = sim.lone!;
  const delay = new Float64Array(created);
  for (let v = 0; v < created; v++) {
    // A finish is dated to the start of its step, in which the vehicle still drove for a part.
    const end = finishedAt[v] === NEVER ? step : finishedAt[v] + 1;
    const loneSteps = finishedAt[v] === NEVER ? 0 : lone.steps[v];
    delay[v] = (end - createdAt[v] - loneSteps) * network.stepS;
  }
  const parity = (step & 1) << 1;
  eachOccupied(traffic, (e) => {
    const head = traffic.record[e * RECORD + HEAD];
    const end = head + traffic.record[e * RECORD + COUNT];
    for (let slot = head; slot < end; slot++) {
      const v = traffic.slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
      const next = traffic.slotIdentity[slot * SLOT_IDENTITY + NEXT];
      delay[v] -= loneTimeAt(sim, lone, v, e, next, traffic.slotState[slot * SLOT_STATE + parity]);
    }
  });
  const rounding = -network.stepS - ROUNDING;
  for (let v = 0; v < created; v++) if (delay[v] < 0 && delay[v] >= rounding) delay[v] = 0;
  return delay;
}

function averageApproachTime({ network, vehicles, step }: Simulation, m: Measures, first: number): number {
  let total = 0;
  let seen = 0;
  for (let v = first; v < Math.min(vehicles.created, m.capacity); v++) {
    if (m.approachTotal[v] === NONE) continue;
    seen++;
    if (m.routeRevisits[vehicles.route[v]] === 1) continue; // kept by stay, below
    total += m.approachTotal[v];
    if (m.approachSince[v] !== NEVER && m.unmeasured[v] === 0) total += step - m.approachSince[v];
  }
  for (const { vehicle, since, until } of m.revisits.values()) {
    if (vehicle >= first) total += (until === NEVER ? step : until) - since;
  }
  return ratio(total * network.stepS, seen);
}

/** The longest that vehicle `v` stood on one approach, in total, or waited to enter; in steps. */
export function longestWait({ vehicles, step }: Simulation, m: Measures, v: number): number {
  const outside = Math.min(vehicles.enteredAt[v], step) - vehicles.createdAt[v];
  if (vehicles.enteredAt[v] === NEVER) return outside;
  const halts = vehicles.finishedAt[v] === NEVER && m.haltedSince[v] !== NEVER;
  const underWay = m.waited[v] + (halts ? step - m.haltedSince[v] : 0);
  return Math.max(outside, m.longestWait[v], underWay);
}

/** The smallest value that at least `share` of the values do not exceed. */
function percentile(values: Float64Array, share: number): number {
  if (values.length === 0) return 0;
  return nth(Float64Array.from(values), Math.ceil(share * values.length) - 1);
}

/** The value at place `n` if these were in order, which they are brought into as far as it takes: Hoare's FIND. */
function nth(values: Float64Array, n: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[n];
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (pivot < values[j]) j--;
      if (i > j) break;
      const swapped = values[i];
      values[i++] = values[j];
      values[j--] = swapped;
    }
    if (j < n) low = i;
    if (n < i) high = j;
  }
  return values[n];
}

function sum(values: Float64Array | Int32Array): number {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += values[k];
  return total;
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
