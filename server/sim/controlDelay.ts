import { MODEL, type Network, NONE, SHOWN } from './network.ts';
import { connectorFrom } from './route.ts';
import type { Simulation } from './simulation.ts';
import { NEXT, SLOT_IDENTITY, SLOT_STATE, TYPE, VEHICLE } from './traffic.ts';
import { grown } from './vehicles.ts';

/**
 * Control delay: what the signals cost each vehicle and movement.
 *
 * Let D be a vehicle's delay so far, with what it is yet to lose until it drives freely again:
 *
 *     D = time since creation − free-flow time of the way made + L(v),   L(v) = (v0 − v)² ÷ (2 a v0)
 *
 * where v0 is its free speed and a its acceleration: L is the time lost by speeding up from v to v0.
 * A signalised intersection is charged what D grows by, from the step in which the vehicle reaches the
 * approach to the one in which it has left the connector. So starting up after the stop line is charged to
 * the signal that made it stop, and not again to the next, and the charges of a trip add up: their sum,
 * with what D grows by elsewhere, is the delay of the trip. Unsignalised intersections are charged nothing.
 *
 * Waiting to enter belongs to the first intersection: the queue reaches out of the network from there.
 * What a vehicle loses by entering from standstill, as the CityFlow files' vehicles do, belongs to nobody.
 * Free-flow time knows no turns: slowing down for one counts as control delay.
 */
export interface ControlDelay {
  readonly acceleration: Float64Array; // m/s²  by vehicle type: a
  freeFlow: Float64Array; //  s  by vehicle: free-flow time of the elements it has left
  before: Float64Array; //    s  by vehicle: D when it reached the present approach; NaN on its first road
  total: Float64Array; //     s  by vehicle: charged so far

  readonly crossed: Int32Array; //  by connector: vehicles that crossed the stop line onto it
  readonly served: Int32Array; //   by connector: vehicles that left it
  readonly delay: Float64Array; // s by connector: of these, summed
  redCrossings: number; //          stop lines crossed at red

  servedNow: number; //     since the interval under way began
  delayNow: number; // s
}

export function createControlDelay({ types, elementCount }: Network, capacity: number): ControlDelay {
  return {
    // The reference model's drivers speed up as fast as they can, intelligent ones as they like.
    acceleration: types.maxAcceleration.map((a, t) =>
      types.model[t] === MODEL.idm ? types.usualAcceleration[t] : a,
    ),
    freeFlow: new Float64Array(capacity),
    before: new Float64Array(capacity).fill(Number.NaN),
    total: new Float64Array(capacity),
    crossed: new Int32Array(elementCount),
    served: new Int32Array(elementCount),
    delay: new Float64Array(elementCount),
    redCrossings: 0,
    servedNow: 0,
    delayNow: 0,
  };
}

/** Makes room for the vehicles created since. */
export function growControlDelay(log: ControlDelay, capacity: number): void {
  log.freeFlow = grown(log.freeFlow, capacity, 0);
  log.before = grown(log.before, capacity, Number.NaN);
  log.total = grown(log.total, capacity, 0);
}

/** Speed (m/s) at which a vehicle of `type` drives on element `e` when alone. */
export function freeSpeed(network: Network, e: number, type: number): number {
  const { elementSpeedLimit, elementRoad, connectorFrom: from, types } = network;
  const limit = elementSpeedLimit[elementRoad[e] === NONE ? from[e] : e];
  return limit < types.maxSpeed[type] ? limit : types.maxSpeed[type];
}

/** L: the time (s) that a vehicle at speed `v` will lose until it drives at `free`. */
export function lossToCome(v: number, free: number, acceleration: number): number {
  return v < free ? ((free - v) * (free - v)) / (2 * acceleration * free) : 0;
}

/** D as a vehicle begins its trip on `lane`. */
export function delayAtStart(network: Network, log: ControlDelay, lane: number, type: number): number {
  if (network.movingEntry === 1) return 0;
  return lossToCome(0, freeSpeed(network, lane, type), log.acceleration[type]);
}

/** D of a vehicle that is `x` along element `e` at speed `v`, `stamp` steps into the run. */
export function delayIn(
  { network, vehicles }: Simulation,
  log: ControlDelay,
  vehicle: number,
  e: number,
  x: number,
  v: number,
  stamp: number,
): number {
  const type = vehicles.type[vehicle];
  const free = freeSpeed(network, e, type);
  const since = (stamp - vehicles.createdAt[vehicle]) * network.stepS;
  return since - log.freeFlow[vehicle] - x / free + lossToCome(v, free, log.acceleration[type]);
}

/**
 * The vehicle in `slot` is driving off element `e`: follows it to where it has come to be, and charges the
 * intersection it has left. Called before it is taken out of the element.
 *
 * @param counts  whether the warm-up is over
 */
export function noteDriving(
  sim: Simulation,
  log: ControlDelay,
  e: number,
  slot: number,
  counts: boolean,
): void {
  const { network, vehicles, traffic, signals, step } = sim;
  const { elementLength, elementRoad, elementIntersection, connectorTo, signalised } = network;
  const { slotState, slotIdentity } = traffic;
  const s = slot * SLOT_STATE + (((step & 1) << 1) ^ 2);
  const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
  const type = slotIdentity[slot * SLOT_IDENTITY + TYPE];
  const route = vehicles.route[vehicle];
  if (Number.isNaN(log.before[vehicle])) log.before[vehicle] = delayAtStart(network, log, e, type);

  let position = vehicles.routePosition[vehicle];
  let x = slotState[s];
  let on = e;
  let next = slotIdentity[slot * SLOT_IDENTITY + NEXT];
  const closed = sim.closures === null ? null : sim.closures.closed;
  let left = NONE; // the first connector it has left
  while (x > elementLength[on]) {
    const i = elementIntersection[on];
    if (elementRoad[on] !== NONE) {
      if (next >= 0 && counts) noteCrossing(network, log, i, next, signals.shown[next]);
    } else if (left === NONE) {
      left = on;
    } else if (counts) {
      log.served[on]++; // within the same step: nothing is lost on the way
    }
    if (next < 0) break; // off the network; what is beyond its end counts as driven freely
    x -= elementLength[on];
    log.freeFlow[vehicle] += elementLength[on] / freeSpeed(network, on, type);
    on = next;
    if (elementRoad[on] === NONE) next = connectorTo[on];
    else next = connectorFrom(network, on, route, ++position, closed);
  }
  if (left === NONE) return;
  const delay = delayIn(sim, log, vehicle, on, x, slotState[s + 1], step + 1);
  const charge = delay - log.before[vehicle];
  log.before[vehicle] = delay;
  if (signalised[elementIntersection[left]] === 0) return;
  log.total[vehicle] += charge;
  log.servedNow++;
  log.delayNow += charge;
  if (!counts) return;
  log.served[left]++;
  log.delay[left] += charge;
}

/** Networks with a change phase show it in the place of yellow, so their red cannot be told from it. */
function noteCrossing(
  network: Network,
  log: ControlDelay,
  i: number,
  connector: number,
  shown: number,
): void {
  log.crossed[connector]++;
  if (shown === SHOWN.red && network.signalised[i] === 1 && network.changePhase[i] === NONE)
    log.redCrossings++;
}
