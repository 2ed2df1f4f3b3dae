import { ANSWER } from './answer.ts';
import { followIntelligently } from './following.ts';
import { limitToReach, limitToSpeedsAhead } from './limits.ts';
import { MODEL, type Network, NONE } from './network.ts';
import { connectorFrom } from './route.ts';
import type { Simulation } from './simulation.ts';
import { grown } from './vehicles.ts';

/**
 * Lone vehicles: beside every vehicle on the network, the same vehicle as it would drive alone, on the same lanes and
 * connectors, with every signal green. Free-flow time is the time that the lone vehicle takes; delay is what the real
 * one takes beyond it. Both obey the same rules (acceleration, limits, turns), so a vehicle that nothing
 * hinders has no delay at all, and only rounding to whole steps can make a delay negative.
 *
 * A lone vehicle is kept at the beginning of the element that the real one is on, and is taken across it when the real one
 * leaves it: only then is it known which way the route goes on.
 */
export interface Lone {
  capacity: number;
  steps: Int32Array; //    by vehicle: steps since it entered until it was where `state` has it
  state: Float64Array; //  by vehicle × LONE_STATE: x on the present element (m), v (m/s)
  /** Steps that the lone vehicle took across the first element that the vehicle moved last has left. */
  crossing: number;
  readonly scratch: Float64Array; // by row × LONE_STATE
}

const LONE_STATE = 2;
/** After so long a vehicle that cannot get on is given up, steps. */
const STEPS_MAX = 1_000_000;

export function createLone(capacity: number): Lone {
  return {
    capacity,
    steps: new Int32Array(capacity),
    state: new Float64Array(capacity * LONE_STATE),
    crossing: 0,
    scratch: new Float64Array(4),
  };
}

export function growLone(lone: Lone, capacity: number): void {
  lone.capacity = capacity;
  lone.steps = grown(lone.steps, capacity, 0);
  lone.state = grown(lone.state, capacity * LONE_STATE, 0);
}

/** Vehicle `v` enters the network on `lane`; alone it would do so as fast as it may. */
export function enterAlone({ network, vehicles }: Simulation, lone: Lone, v: number, lane: number): void {
  if (lone.capacity < vehicles.capacity) growLone(lone, vehicles.capacity);
  lone.steps[v] = 0;
  lone.state[v * LONE_STATE] = 0;
  lone.state[v * LONE_STATE + 1] = network.movingEntry === 1 ? freeSpeed(network, lane, vehicles.type[v]) : 0;
}

/** Vehicle `v` has left element `e` for `next` (NONE: the network): takes its lone twin across `e`. */
export function crossAlone(sim: Simulation, lone: Lone, v: number, e: number, next: number): void {
  const { network, vehicles } = sim;
  const length = network.elementLength[e];
  const at = v * LONE_STATE;
  const { state } = lone;
  const before = lone.steps[v];
  lone.steps[v] += driveAlone(
    sim,
    state,
    at,
    e,
    next,
    vehicles.type[v],
    vehicles.route[v],
    vehicles.routePosition[v],
    length,
  );
  lone.crossing = lone.steps[v] - before;
  state[at] -= length;
}

/**
 * Time (s) from entry at which vehicle `v` would be `x` along element `e`, where it is, alone. Its speed there is left in
 * `lone.scratch[1]`.
 */
export function loneTimeAt(
  sim: Simulation,
  lone: Lone,
  v: number,
  e: number,
  next: number,
  x: number,
): number {
  const { network, vehicles } = sim;
  const { scratch, state } = lone;
  const { stepS } = network;
  if (v >= lone.capacity) return 0;
  scratch[0] = state[v * LONE_STATE];
  scratch[1] = state[v * LONE_STATE + 1];
  const steps = driveAlone(
    sim,
    scratch,
    0,
    e,
    next,
    vehicles.type[v],
    vehicles.route[v],
    vehicles.routePosition[v],
    x,
  );
  // In its last step it drove past: back by the rest of it.
  const beyond = scratch[0] - x;
  const back = scratch[1] > 0 ? Math.min(beyond / scratch[1], stepS) : 0;
  return (lone.steps[v] + steps) * stepS - (steps > 0 || beyond > 0 ? back : 0);
}

/**
 * Drives a lone vehicle, whose x and v are `state[at]` and `state[at + 1]`, along element `e` until it is beyond
 * `target` (m, at most the length of the element). Returns the number of steps.
 */
function driveAlone(
  sim: Simulation,
  state: Float64Array,
  at: number,
  e: number,
  next: number,
  type: number,
  route: number,
  position: number,
  target: number,
): number {
  const { network, answer, drivers } = sim;
  const { types, stepS: dt, elementLength, limitsAhead } = network;
  const length = elementLength[e];
  const isLane = network.elementRoad[e] !== NONE;
  const top = Math.min(types.maxSpeed[type], network.elementSpeedLimit[e]);
  const gain = types.maxAcceleration[type] * dt;
  const loss = types.maxDeceleration[type] * dt;
  const range = drivers.lookAhead[type];
  const turns = isLane && next >= 0 && network.connectorTurns[next] === 1;
  const slows = limitsAhead !== null && next >= 0 && limitsAhead[isLane ? next : e] === 1;
  const intelligent = types.model[type] === MODEL.idm;
  const freeUntil = turns || slows ? length - range : length;
  let x = state[at];
  let v = state[at + 1];
  let steps = 0;
  if (!(top > 0)) x = Math.max(x, target); // CityFlow reads lanes of 0 m/s: no time is lost against a vehicle that stands
  while (!(x > target) && top > 0 && steps < STEPS_MAX) {
    if (v === top && !intelligent) {
      // At a steady speed until something ahead matters: all of these steps at once.
      const whole = Math.floor((Math.min(target, freeUntil) - x) / (v * dt));
      if (whole > 1) {
        x += whole * v * dt;
        steps += whole;
        continue;
      }
    }
    let speed = v + gain;
    if (top < speed) speed = top;
    const rest = length - x;
    answer[ANSWER.speed] = v;
    answer[ANSWER.limit] = speed;
    if (intelligent) {
      answer[ANSWER.desired] = top;
      answer[ANSWER.leaderSpeed] = 0;
      answer[ANSWER.gap] = Infinity;
      followIntelligently(sim, type);
    }
    answer[ANSWER.gap] = rest;
    if (slows && rest <= range) limitToSpeedsAhead(sim, next, type, route, position);
    if (turns && rest <= range) limitToTurn(sim, type);
    speed = answer[ANSWER.limit];
    if (speed < v - loss) speed = v - loss;
    x += ((v + speed) * dt) / 2;
    v = speed;
    steps++;
  }
  state[at] = x;
  state[at + 1] = v;
  return steps;
}

/**
 * Lowers `ANSWER.limit` to the speed before a left or right turn whose stop line is `ANSWER.gap` ahead. CityFlow's
 * drivers are as slow from where they first mind the intersection; ours slow down to be so at the stop line.
 */
export function limitToTurn(sim: Simulation, type: number): void {
  const { network, answer } = sim;
  const { turnSpeed } = network.types;
  if (network.slowsAhead === 1) {
    answer[ANSWER.ahead] = answer[ANSWER.gap];
    limitToReach(sim, type, turnSpeed, type);
  } else if (turnSpeed[type] < answer[ANSWER.limit]) {
    answer[ANSWER.limit] = turnSpeed[type];
  }
}

/** Lowers `ANSWER.limit` to the speed before a permitted turn across or into a protected stream, `ANSWER.gap` ahead. */
export function limitToPermittedTurn(sim: Simulation, type: number): void {
  const { network, answer } = sim;
  answer[ANSWER.ahead] = answer[ANSWER.gap];
  limitToReach(sim, type, network.types.permittedTurnSpeed, type);
}

/** Speed (m/s) at which a vehicle of `type` drives on element `e` when alone, once it is as fast as it may. */
export function freeSpeed(network: Network, e: number, type: number): number {
  const { elementSpeedLimit, types } = network;
  return Math.min(types.maxSpeed[type], elementSpeedLimit[e]);
}

/** Speeds (m/s) that differ by less are the same. */
const SAME_SPEED = 1e-3;
/** Beyond so many elements nobody is still speeding up. */
const ELEMENTS_MAX = 12;

/**
 * Time (s) that vehicle `v`, `x` along element `e` at speed `speed`, is yet to lose against its lone twin if nothing hinders
 * it any more: both drive on alone from here, until they are equally fast.
 */
export function lossToCome(
  sim: Simulation,
  lone: Lone,
  v: number,
  e: number,
  next: number,
  x: number,
  speed: number,
): number {
  const { network, vehicles } = sim;
  const { elementLength, elementRoad, connectorTo, stepS } = network;
  const { scratch } = lone;
  const type = vehicles.type[v];
  const route = vehicles.route[v];
  const closed = sim.closures === null ? null : sim.closures.closed;
  loneTimeAt(sim, lone, v, e, next, x);
  const twin = scratch[1];
  scratch[0] = x;
  scratch[1] = speed;
  scratch[2] = x;
  scratch[3] = twin;
  let loss = 0;
  let position = vehicles.routePosition[v];
  let on = e;
  let onto = next;
  for (let k = 0; k < ELEMENTS_MAX && on >= 0; k++) {
    if (Math.abs(scratch[1] - scratch[3]) < SAME_SPEED) break;
    const length = elementLength[on];
    const steps = driveAlone(sim, scratch, 0, on, onto, type, route, position, length);
    const twinSteps = driveAlone(sim, scratch, 2, on, onto, type, route, position, length);
    scratch[0] -= length;
    scratch[2] -= length;
    loss += (steps - twinSteps) * stepS;
    on = onto;
    if (on < 0) break;
    if (elementRoad[on] === NONE) onto = connectorTo[on];
    else onto = connectorFrom(network, on, route, ++position, closed);
  }
  // Equally fast now, or at the end of the route: what is between them, in time.
  if (scratch[3] > 0) loss += (scratch[2] - scratch[0]) / scratch[3];
  return loss > 0 ? loss : 0;
}
