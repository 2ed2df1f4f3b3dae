import { createDraws, type Draws, drawPriority, drawRank, growDraws } from './draws.ts';
import { enterAlone } from './lone.ts';
import { noteArrival } from './measures.ts';
import { type Network, NONE } from './network.ts';
import { type RandomStream, randomStream } from './random.ts';
import { connectorFrom, LAST, leadsTo } from './route.ts';
import { createSchedule, type Schedule, scheduleArrival, takeDue, tripsOfFlow } from './schedule.ts';
import type { Simulation } from './simulation.ts';
import { append, BEFORE, COUNT, ENTERED, HALTING_SPEED, RECORD, RECORD_TAIL, TAIL_TYPE } from './traffic.ts';
import { growVehicles, type Vehicles } from './vehicles.ts';

/** Who arrives, when, bound where; and who waits outside because the entry lane is full. */
export interface Demand {
  readonly schedule: Schedule;
  readonly rank: Int32Array; //              by source: trips so far
  readonly arrivals: readonly RandomStream[]; // by origin: when
  readonly choices: readonly RandomStream[]; //  by origin: vehicle type and route
  readonly lanes: RandomStream; //           first lane of a flow's vehicle, where several qualify
  readonly draws: Draws | null; //           what CityFlow draws, for its files
  readonly waitingHead: Int32Array; //       by element: first vehicle in the queue to enter the lane
  readonly waitingTail: Int32Array;
  readonly waitingCount: Int32Array;
  waitingLaneCount: number;
  readonly waitingLanes: Int32Array; //      lanes with such a queue, in no particular order
  waiting: number; //                        vehicles in all of these queues
  readonly entry: Float64Array; //           scratch, by ENTRY: how a vehicle enters
}

/** Columns of `entry`. */
const ENTRY_SPEED = 1; //        m/s  with which a vehicle enters, at 0 m
const ENTRY_GAP = 2; //          m    from there to its leader
const ENTRY_LEADER_SPEED = 3; // m/s

export function createDemand(network: Network, seed: number): Demand {
  const { flows, origins, elementCount } = network;
  const arrivals = origins.names.map((name) => randomStream(seed, `arrivals:${name}`));
  return {
    schedule: createSchedule(network, arrivals),
    rank: new Int32Array(flows.count + origins.count),
    arrivals,
    choices: origins.names.map((name) => randomStream(seed, `choices:${name}`)),
    lanes: randomStream(seed, 'lanes'),
    draws: network.reference === null ? null : createDraws(seed),
    waitingHead: new Int32Array(elementCount).fill(NONE),
    waitingTail: new Int32Array(elementCount).fill(NONE),
    waitingCount: new Int32Array(elementCount),
    waitingLaneCount: 0,
    waitingLanes: new Int32Array(elementCount),
    waiting: 0,
    entry: new Float64Array(4),
  };
}

/** Creates the vehicles due in this step, then admits to every entry lane the first that waits for it. */
export function arrive(sim: Simulation): void {
  const { network, demand, vehicles, step } = sim;
  if (demand.draws !== null) {
    arriveAsDrawn(sim, demand.draws);
    admit(sim);
    return;
  }
  const { flows } = network;
  const closed = sim.closures === null ? null : sim.closures.closed;
  for (let source = takeDue(demand.schedule, step); source >= 0; source = takeDue(demand.schedule, step)) {
    if (source < flows.count) {
      const trips = tripsOfFlow(network, demand.schedule, source, step);
      for (let k = 0; k < trips; k++) {
        const route = flows.route[source];
        const lane = anyLane(network, demand.lanes, route, closed);
        create(demand, vehicles, source, route, flows.type[source], lane, step);
      }
    } else {
      arriveAt(sim, source - flows.count);
    }
  }
  admit(sim);
}

/** One vehicle of a random origin: its type and route are drawn, its lane is the one with fewest ahead. */
function arriveAt(sim: Simulation, o: number): void {
  const { network, demand, vehicles, step } = sim;
  const { origins, flows } = network;
  const stream = demand.choices[o];
  const type = origins.type[drawn(origins.typeShare, origins.typeStarts[o], stream.next())];
  const route = origins.route[drawn(origins.routeShare, origins.routeStarts[o], stream.next())];
  const lane = emptiestLane(sim, route);
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
  const v = createOutside(demand, vehicles, source, route, type, step);
  waitFor(demand, vehicles, lane, v);
  demand.waiting++;
}

/** A new vehicle that has no lane yet. */
function createOutside(
  demand: Demand,
  vehicles: Vehicles,
  source: number,
  route: number,
  type: number,
  step: number,
): number {
  if (vehicles.created === vehicles.capacity) growVehicles(vehicles);
  const v = vehicles.created++;
  vehicles.route[v] = route;
  vehicles.type[v] = type;
  vehicles.source[v] = source;
  vehicles.rank[v] = demand.rank[source]++;
  vehicles.createdAt[v] = step;
  return v;
}

/**
 * The vehicles of this step with CityFlow's draws: first all are created, flow by flow, then each gets its first lane, road by
 * road.
 */
function arriveAsDrawn(sim: Simulation, draws: Draws): void {
  const { network, demand, vehicles, closures, step } = sim;
  const { flows, routes, reference } = network;
  const { undrivableStep, undrivableBefore } = reference!;
  const first = vehicles.created;
  let idle = firstAt(undrivableStep, step);
  for (let source = takeDue(demand.schedule, step); source >= 0; source = takeDue(demand.schedule, step)) {
    for (; undrivableStep[idle] === step && undrivableBefore[idle] <= source; idle++)
      drawPriority(draws, vehicles);
    const trips = tripsOfFlow(network, demand.schedule, source, step);
    for (let k = 0; k < trips; k++) {
      const priority = drawPriority(draws, vehicles);
      const v = createOutside(demand, vehicles, source, flows.route[source], flows.type[source], step);
      if (draws.priority.length < vehicles.capacity) growDraws(draws, vehicles);
      draws.priority[v] = priority;
    }
  }
  for (; undrivableStep[idle] === step; idle++) drawPriority(draws, vehicles);

  const count = vehicles.created - first;
  if (draws.fresh.length < count) draws.fresh = new Float64Array(2 * count);
  const { fresh } = draws;
  for (let k = 0; k < count; k++) {
    const v = first + k;
    fresh[k] = routes.items[routes.starts[vehicles.route[v]]] * ROADS_APART + v;
  }
  if (count > 1) fresh.subarray(0, count).sort();
  const closed = closures === null ? null : closures.closed;
  for (let k = 0; k < count; k++) {
    const v = fresh[k] % ROADS_APART;
    waitFor(demand, vehicles, drawnLane(network, draws, vehicles.route[v], closed), v);
    demand.waiting++;
  }
}

/** More than there are vehicles: a road times this plus a vehicle sorts by road, then by order of creation. */
const ROADS_APART = 0x80000000;

/** The first row of a sorted column that is no less than `value`. */
function firstAt(column: Int32Array, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A lane of the route's first road that leads on into the second, by one draw; open, if there is one. */
function drawnLane(network: Network, draws: Draws, route: number, closed: Uint8Array | null): number {
  const open = usableLane(network, route, -1, closed);
  if (open > 0) return usableLane(network, route, drawRank(draws, open), closed);
  return usableLane(network, route, drawRank(draws, usableLane(network, route, -1, null)), null);
}

/** Puts a vehicle at the back of the queue to enter a lane. */
function waitFor(demand: Demand, vehicles: Vehicles, lane: number, v: number): void {
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
}

/**
 * A lane of a road has been closed or opened: who waits outside for a closed one joins the back of the queue for the
 * open one, of those from which the route can be driven, with the fewest vehicles on it or waiting for it.
 */
export function queueElsewhere(sim: Simulation, road: number): void {
  const { demand, vehicles, network } = sim;
  const { waitingHead, waitingTail, waitingCount, waitingLanes } = demand;
  const { starts, items } = network.roadLanes;
  for (let k = starts[road]; k < starts[road + 1]; k++) {
    const lane = items[k];
    if (waitingHead[lane] === NONE || sim.closures?.closed[lane] !== 1) continue;
    let v = waitingHead[lane];
    waitingHead[lane] = NONE;
    waitingTail[lane] = NONE;
    waitingCount[lane] = 0;
    waitingLanes[waitingLanes.indexOf(lane)] = waitingLanes[--demand.waitingLaneCount];
    while (v !== NONE) {
      const behind = vehicles.nextWaiting[v];
      vehicles.nextWaiting[v] = NONE;
      const other = emptiestLane(sim, vehicles.route[v]);
      waitFor(demand, vehicles, other === NONE || sim.closures.closed[other] === 1 ? lane : other, v);
      v = behind;
    }
  }
}

/** A lane of the route's first road that leads on into the second, each with equal chance; open, if there is one. */
function anyLane(network: Network, stream: RandomStream, route: number, closed: Uint8Array | null): number {
  const count = usableLane(network, route, -1, closed);
  if (count === 0) return closed === null ? NONE : anyLane(network, stream, route, null);
  const rank = count === 1 ? 0 : Math.floor(stream.next() * count);
  return usableLane(network, route, rank, closed);
}

/**
 * The `rank`th lane of a route's first road that is not closed and leads on into the second; how many there are for
 * rank −1.
 */
function usableLane(network: Network, route: number, rank: number, closed: Uint8Array | null): number {
  const { routes, roadLanes } = network;
  const road = routes.items[routes.starts[route]];
  const roadAfter = routes.items[routes.starts[route] + 1];
  let count = 0;
  for (let k = roadLanes.starts[road]; k < roadLanes.starts[road + 1]; k++) {
    const lane = roadLanes.items[k];
    if ((closed !== null && closed[lane] === 1) || !leadsTo(network, lane, roadAfter)) continue;
    if (count === rank) return lane;
    count++;
  }
  return rank < 0 ? count : NONE;
}

/**
 * The lane, among those from which the route can be driven, with the fewest vehicles on it or waiting for it; an open
 * one, if there is one.
 */
function emptiestLane({ network, demand, traffic, closures }: Simulation, route: number): number {
  const { routes, roadLanes } = network;
  const road = routes.items[routes.starts[route]];
  let chosen = NONE;
  let fewest = 0;
  for (let k = roadLanes.starts[road]; k < roadLanes.starts[road + 1]; k++) {
    const lane = roadLanes.items[k];
    if (connectorFrom(network, lane, route, 0, null) < 0) continue;
    let count = demand.waitingCount[lane] + traffic.record[lane * RECORD + COUNT];
    if (closures !== null && closures.closed[lane] === 1) count += LAST;
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
 * Moving: when it can enter as fast as the last vehicle drives. Nobody enters a closed lane, nor one with an incident
 * nearer than the entrant's minimum gap.
 */
function admit(sim: Simulation): void {
  const { network, demand, vehicles, traffic, closures, step } = sim;
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
    if (closures !== null && (closures.closed[lane] === 1 || !(closures.incident[lane] > minGap[type])))
      continue;
    entry[ENTRY_SPEED] = 0;
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
    const closed = closures === null ? null : closures.closed;
    const next = connectorFrom(network, lane, vehicles.route[v], 0, closed);
    append(traffic, lane, v, type, next, NONE, BEFORE, parity, entry, 0);
    record[r + ENTERED] = step;
    const stands = entry[ENTRY_SPEED] < HALTING_SPEED;
    if (stands) halted[lane]++;
    if (sim.lone !== null) enterAlone(sim, sim.lone, v, lane);
    if (sim.measures !== null) noteArrival(sim, NONE, lane, next, v, stands);
  }
}

/**
 * Leaves in `entry` the speed with which a vehicle of `type` may enter a lane: as fast as it likes, but
 * safely behind the last vehicle and at its headway. Returns whether that is as fast as the last one
 * drives; who enters slower than traffic would waste the lane. For an incident it slows down as well, and enters all the
 * same.
 */
function enterMoving(sim: Simulation, lane: number, type: number): boolean {
  const { network, demand, traffic, closures, step } = sim;
  const { types } = network;
  const { record, tail } = traffic;
  const { entry } = demand;
  const r = lane * RECORD;
  const top = Math.min(types.maxSpeed[type], network.elementSpeedLimit[lane]);
  entry[ENTRY_SPEED] = top;
  if (record[r + COUNT] > 0) {
    const t = lane * RECORD_TAIL + ((step & 1) << 1);
    const leader = record[r + TAIL_TYPE];
    entry[ENTRY_GAP] = tail[t] - types.length[leader];
    entry[ENTRY_LEADER_SPEED] = tail[t + 1];
    slowBehind(sim, type, leader);
    if (!(entry[ENTRY_SPEED] >= Math.min(top, entry[ENTRY_LEADER_SPEED]))) return false;
  }
  if (closures !== null && closures.incident[lane] < Infinity) {
    entry[ENTRY_GAP] = closures.incident[lane];
    entry[ENTRY_LEADER_SPEED] = 0;
    slowBehind(sim, type, type);
  }
  return true;
}

/** Lowers the speed in `entry` to what is safe, and keeps the headway, behind a leader of `leaderType` as `entry` has it. */
function slowBehind({ network, demand }: Simulation, type: number, leaderType: number): void {
  const { types, stepS: dt } = network;
  const { entry } = demand;
  const gap = entry[ENTRY_GAP];
  const leaderV = entry[ENTRY_LEADER_SPEED];
  // The larger root v of v·dt + v²/(2d) + minGap = gap + vL²/(2dL).
  const a = 0.5 / types.usualDeceleration[type];
  const c = types.minGap[type] - gap - (0.5 * leaderV * leaderV) / types.usualDeceleration[leaderType];
  const safe = (Math.sqrt(dt * dt - 4 * a * c) - dt) / (2 * a);
  const steady = (gap + leaderV * dt) / (types.headway[type] + dt);
  entry[ENTRY_SPEED] = Math.min(entry[ENTRY_SPEED], safe, steady);
}
