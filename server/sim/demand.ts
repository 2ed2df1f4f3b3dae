import { noteArrival } from './measures.ts';
import { type Network, NONE } from './network.ts';
import { type RandomStream, randomStream } from './random.ts';
import { connectorFrom, leadsTo } from './route.ts';
import { createSchedule, type Schedule, scheduleArrival, takeDue, tripsOfFlow } from './schedule.ts';
import type { Simulation } from './simulation.ts';
import {
  append,
  BEFORE,
  COUNT,
  ENTERED,
  HALTING_SPEED,
  RECORD,
  RECORD_TAIL,
  TAIL_TYPE,
  type Traffic,
} from './traffic.ts';
import { growVehicles, type Vehicles } from './vehicles.ts';

/** Who arrives, when, bound where; and who waits outside because the entry lane is full. */
export interface Demand {
  readonly schedule: Schedule;
  readonly rank: Int32Array; //              by source: trips so far
  readonly arrivals: readonly RandomStream[]; // by origin: when
  readonly choices: readonly RandomStream[]; //  by origin: vehicle type and route
  readonly lanes: RandomStream; //           first lane of a flow's vehicle, where several qualify
  readonly waitingHead: Int32Array; //       by element: first vehicle in the queue to enter the lane
  readonly waitingTail: Int32Array;
  readonly waitingCount: Int32Array;
  waitingLaneCount: number;
  readonly waitingLanes: Int32Array; //      lanes with such a queue, in no particular order
  waiting: number; //                        vehicles in all of these queues
  readonly entry: Float64Array; //           scratch: x and v with which a vehicle enters
}

export function createDemand(network: Network, seed: number): Demand {
  const { flows, origins, elementCount } = network;
  const arrivals = origins.names.map((name) => randomStream(seed, `arrivals:${name}`));
  return {
    schedule: createSchedule(network, arrivals),
    rank: new Int32Array(flows.count + origins.count),
    arrivals,
    choices: origins.names.map((name) => randomStream(seed, `choices:${name}`)),
    lanes: randomStream(seed, 'lanes'),
    waitingHead: new Int32Array(elementCount).fill(NONE),
    waitingTail: new Int32Array(elementCount).fill(NONE),
    waitingCount: new Int32Array(elementCount),
    waitingLaneCount: 0,
    waitingLanes: new Int32Array(elementCount),
    waiting: 0,
    entry: new Float64Array(2),
  };
}

/** Creates the vehicles due in this step, then admits to every entry lane the first that waits for it. */
export function arrive(sim: Simulation): void {
  const { network, demand, vehicles, step } = sim;
  const { flows } = network;
  for (let source = takeDue(demand.schedule, step); source >= 0; source = takeDue(demand.schedule, step)) {
    if (source < flows.count) {
      const trips = tripsOfFlow(network, demand.schedule, source, step);
      for (let k = 0; k < trips; k++) {
        const route = flows.route[source];
        const lane = anyLane(network, demand.lanes, route);
        create(demand, vehicles, source, route, flows.type[source], lane, step);
      }
    } else {
      arriveAt(sim, source - flows.count);
    }
  }
  admit(sim);
}

/** One vehicle of a random origin: its type and route are drawn, its lane is the one with fewest ahead. */
function arriveAt({ network, demand, vehicles, traffic, step }: Simulation, o: number): void {
  const { origins, flows } = network;
  const stream = demand.choices[o];
  const type = origins.type[drawn(origins.typeShare, origins.typeStarts[o], stream.next())];
  const route = origins.route[drawn(origins.routeShare, origins.routeStarts[o], stream.next())];
  const lane = emptiestLane(network, demand, traffic, route);
  create(demand, vehicles, flows.count + o, route, type, lane, step);
  scheduleArrival(network, demand.schedule, o, demand.schedule.arrivalTime[o], demand.arrivals[o]);
}

/** The first row from `start` whose cumulative share exceeds the draw. */
function drawn(cumulativeShare: Float64Array, start: number, draw: number): number {
  let k = start;
  while (cumulativeShare[k] <= draw) k++;
  return k;
}

function create(
  demand: Demand,
  vehicles: Vehicles,
  source: number,
  route: number,
  type: number,
  lane: number,
  step: number,
): void {
  if (lane === NONE) return;
  if (vehicles.created === vehicles.capacity) growVehicles(vehicles);
  const v = vehicles.created++;
  vehicles.route[v] = route;
  vehicles.type[v] = type;
  vehicles.source[v] = source;
  vehicles.rank[v] = demand.rank[source]++;
  vehicles.createdAt[v] = step;
  vehicles.element[v] = lane;
  const { waitingHead, waitingTail } = demand;
  if (waitingTail[lane] === NONE) {
    waitingHead[lane] = v;
    demand.waitingLanes[demand.waitingLaneCount++] = lane;
  } else {
    vehicles.nextWaiting[waitingTail[lane]] = v;
  }
  waitingTail[lane] = v;
  demand.waitingCount[lane]++;
  demand.waiting++;
}

/** A lane of the route's first road that leads on into the second, each with equal chance. */
function anyLane(network: Network, stream: RandomStream, route: number): number {
  const count = usableLane(network, route, -1);
  if (count === 0) return NONE;
  const rank = count === 1 ? 0 : Math.floor(stream.next() * count);
  return usableLane(network, route, rank);
}

/** The `rank`th lane of a route's first road that leads on into the second; how many there are for rank −1. */
function usableLane(network: Network, route: number, rank: number): number {
  const { routes, roadLanes } = network;
  const road = routes.items[routes.starts[route]];
  const roadAfter = routes.items[routes.starts[route] + 1];
  let count = 0;
  for (let k = roadLanes.starts[road]; k < roadLanes.starts[road + 1]; k++) {
    if (!leadsTo(network, roadLanes.items[k], roadAfter)) continue;
    if (count === rank) return roadLanes.items[k];
    count++;
  }
  return rank < 0 ? count : NONE;
}

/** The lane, among those from which the route can be driven, with the fewest vehicles on it or waiting for it. */
function emptiestLane(network: Network, demand: Demand, traffic: Traffic, route: number): number {
  const { routes, roadLanes } = network;
  const road = routes.items[routes.starts[route]];
  let chosen = NONE;
  let fewest = 0;
  for (let k = roadLanes.starts[road]; k < roadLanes.starts[road + 1]; k++) {
    const lane = roadLanes.items[k];
    if (connectorFrom(network, lane, route, 0) < 0) continue;
    const count = demand.waitingCount[lane] + traffic.record[lane * RECORD + COUNT];
    if (chosen === NONE || count < fewest) {
      chosen = lane;
      fewest = count;
    }
  }
  return chosen;
}

/**
 * At most one vehicle a step enters a lane, at its upstream end. From standstill: when the lane is empty,
 * or its last vehicle has moved on by its own length and the entrant's minimum gap. (CityFlow's rule.)
 * Moving: when it can enter as fast as the last vehicle drives.
 */
function admit(sim: Simulation): void {
  const { network, demand, vehicles, traffic, step } = sim;
  const { waitingLanes, waitingHead, waitingTail, entry } = demand;
  const { record, tail, halted } = traffic;
  const { length, minGap } = network.types;
  const parity = (step & 1) << 1;
  for (let k = demand.waitingLaneCount - 1; k >= 0; k--) {
    const lane = waitingLanes[k];
    const v = waitingHead[lane];
    const type = vehicles.type[v];
    const r = lane * RECORD;
    const room = tail[lane * RECORD_TAIL + parity] > length[record[r + TAIL_TYPE]] + minGap[type];
    if (record[r + COUNT] > 0 && !room) continue;
    entry[1] = 0;
    if (network.movingEntry === 1 && !enterMoving(sim, lane, type)) continue;

    waitingHead[lane] = vehicles.nextWaiting[v];
    if (waitingHead[lane] === NONE) {
      waitingTail[lane] = NONE;
      waitingLanes[k] = waitingLanes[--demand.waitingLaneCount];
    }
    demand.waitingCount[lane]--;
    demand.waiting--;
    vehicles.entered++;
    vehicles.enteredAt[v] = step;
    vehicles.nextWaiting[v] = NONE;
    const next = connectorFrom(network, lane, vehicles.route[v], 0);
    append(traffic, lane, v, type, next, NONE, BEFORE, parity, entry, 0);
    record[r + ENTERED] = step;
    const stands = entry[1] < HALTING_SPEED;
    if (stands) halted[lane]++;
    if (sim.measures !== null) noteArrival(sim, NONE, lane, next, v, stands);
  }
}

/**
 * Leaves in `entry` the speed with which a vehicle of `type` may enter a lane: as fast as it likes, but
 * safely behind the last vehicle and at its headway. Returns whether that is as fast as the last one
 * drives; who enters slower than traffic would waste the lane.
 */
function enterMoving({ network, demand, traffic, step }: Simulation, lane: number, type: number): boolean {
  const { types, stepS: dt } = network;
  const { record, tail } = traffic;
  const r = lane * RECORD;
  const top = Math.min(types.maxSpeed[type], network.elementSpeedLimit[lane]);
  demand.entry[1] = top;
  if (record[r + COUNT] === 0) return true;
  const t = lane * RECORD_TAIL + ((step & 1) << 1);
  const leader = record[r + TAIL_TYPE];
  const leaderV = tail[t + 1];
  const gap = tail[t] - types.length[leader];
  // The larger root v of v·dt + v²/(2d) + minGap = gap + vL²/(2dL).
  const a = 0.5 / types.usualDeceleration[type];
  const c = types.minGap[type] - gap - (0.5 * leaderV * leaderV) / types.usualDeceleration[leader];
  const safe = (Math.sqrt(dt * dt - 4 * a * c) - dt) / (2 * a);
  const steady = (gap + leaderV * dt) / (types.headway[type] + dt);
  demand.entry[1] = Math.min(top, safe, steady);
  return demand.entry[1] >= Math.min(top, leaderV);
}
