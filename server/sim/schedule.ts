import { NEVER, type Network } from './network.ts';
import { exponential, type RandomStream } from './random.ts';

/**
 * When each source has its next trip.
 *
 * Sources are the network's flows, then its origins. A heap holds each source's next moment, ordered
 * by step and then by source, so that a step costs nothing for the sources that are silent in it.
 */
export interface Schedule {
  heapCount: number;
  readonly heapStep: Int32Array;
  readonly heapSource: Int32Array;
  readonly accumulated: Float64Array; // by flow: time gathered toward the next trip, s
  readonly arrivalTime: Float64Array; // by origin: the next arrival, s
  readonly lastStep: Int32Array; //      by flow: the last step in which it may have a trip
}

/** Steps after which the search for a flow's next trip rests, to bound the work of one step. */
const WAYPOINT_STEPS = 20_000;

/**
 * The last step that a source can be due in. Later moments are beyond every run and do not fit into `heapStep`: such a source
 * leaves the schedule, and its next trip never comes.
 */
const LAST_DUE = NEVER - 1;

/** A shift for times that are whole steps up to rounding. */
const EPSILON = 1e-9;

export function createSchedule(network: Network, arrivals: readonly RandomStream[]): Schedule {
  const { flows, origins, stepS, reference } = network;
  const lastStep =
    reference?.lastStep ??
    Int32Array.from(flows.end, (end) =>
      end < 0 ? NEVER : Math.min(NEVER, Math.floor(end / stepS + EPSILON)),
    );
  const sourceCount = flows.count + origins.count;
  const schedule: Schedule = {
    heapCount: 0,
    heapStep: new Int32Array(sourceCount),
    heapSource: new Int32Array(sourceCount),
    accumulated: Float64Array.from(flows.interval),
    arrivalTime: new Float64Array(origins.count),
    lastStep,
  };
  for (let f = 0; f < flows.count; f++) {
    // A flow's clock starts at 0 and gains one step a step; it is active once the clock reaches its start.
    const first = reference?.firstStep[f] ?? Math.max(0, Math.ceil(flows.start[f] / stepS - EPSILON));
    if (first <= lastStep[f]) push(schedule, first, f);
  }
  for (let o = 0; o < origins.count; o++) {
    scheduleArrival(network, schedule, o, 0, arrivals[o]);
  }
  return schedule;
}

/** The source that is due in `step` or was due before, first in order; −1 when there is none. */
export function takeDue(schedule: Schedule, step: number): number {
  if (schedule.heapCount === 0 || schedule.heapStep[0] > step) return -1;
  const source = schedule.heapSource[0];
  pop(schedule);
  return source;
}

/**
 * How many trips a flow has in `step`, and puts its next moment into the schedule.
 *
 * CityFlow's rule: an accumulator starts at `interval` and gains one step a step; each time it holds
 * an interval or more, a trip is made and an interval is taken off. Start and end are included.
 */
export function tripsOfFlow(network: Network, schedule: Schedule, f: number, step: number): number {
  const { interval } = network.flows;
  const { accumulated } = schedule;
  const { stepS } = network;
  let trips = 0;
  while (accumulated[f] >= interval[f]) {
    accumulated[f] -= interval[f];
    trips++;
  }
  const lastStep = Math.min(schedule.lastStep[f], NEVER - WAYPOINT_STEPS);
  let next = step;
  do {
    accumulated[f] += stepS;
    next++;
  } while (next <= lastStep && accumulated[f] < interval[f] && next < step + WAYPOINT_STEPS);
  if (next <= lastStep) push(schedule, next, f);
  return trips;
}

/** Draws the arrival of an origin that follows the one at `time` (s), and puts it into the schedule. */
export function scheduleArrival(
  network: Network,
  schedule: Schedule,
  o: number,
  time: number,
  stream: RandomStream,
): void {
  const { origins, flows, stepS } = network;
  // Evenly spaced arrivals start half a headway in; random ones wait for an exponential share of it.
  const first = time === 0 && schedule.arrivalTime[o] === 0;
  const share = origins.uniform[o] === 1 ? (first ? 0.5 : 1) : exponential(stream);
  const arrival = afterHazard(network, o, time, share);
  schedule.arrivalTime[o] = arrival;
  push(schedule, Math.ceil(arrival / stepS - EPSILON), flows.count + o);
}

/**
 * When an origin that was at `time` (s) has let `hazard` mean arrivals pass. The rate differs from
 * period to period: what one period does not use up carries over into the next, so the process is
 * Poisson with exactly the profile's rate.
 */
function afterHazard(network: Network, o: number, time: number, hazard: number): number {
  const { profileStarts, periodStart, periodEnd, periodRate } = network.origins;
  let left = hazard;
  for (let k = profileStarts[o]; k < profileStarts[o + 1]; k++) {
    if (periodEnd[k] <= time || periodRate[k] === 0) continue;
    const from = Math.max(time, periodStart[k]);
    const passing = (periodEnd[k] - from) * periodRate[k];
    if (left < passing) return from + left / periodRate[k];
    left -= passing;
  }
  return Infinity;
}

function before(schedule: Schedule, a: number, b: number): boolean {
  const { heapStep, heapSource } = schedule;
  return heapStep[a] < heapStep[b] || (heapStep[a] === heapStep[b] && heapSource[a] < heapSource[b]);
}

function exchange({ heapStep, heapSource }: Schedule, a: number, b: number): void {
  const step = heapStep[a];
  const source = heapSource[a];
  heapStep[a] = heapStep[b];
  heapSource[a] = heapSource[b];
  heapStep[b] = step;
  heapSource[b] = source;
}

/** @param step  a whole number of any size, Infinity too */
function push(schedule: Schedule, step: number, source: number): void {
  if (!(step <= LAST_DUE)) return;
  let at = schedule.heapCount++;
  schedule.heapStep[at] = step;
  schedule.heapSource[at] = source;
  while (at > 0 && before(schedule, at, (at - 1) >> 1)) {
    exchange(schedule, at, (at - 1) >> 1);
    at = (at - 1) >> 1;
  }
}

function pop(schedule: Schedule): void {
  const last = --schedule.heapCount;
  schedule.heapStep[0] = schedule.heapStep[last];
  schedule.heapSource[0] = schedule.heapSource[last];
  let at = 0;
  while (true) {
    let least = at;
    if (2 * at + 1 < last && before(schedule, 2 * at + 1, least)) least = 2 * at + 1;
    if (2 * at + 2 < last && before(schedule, 2 * at + 2, least)) least = 2 * at + 2;
    if (least === at) return;
    exchange(schedule, at, least);
    at = least;
  }
}
