import { loneTimeAt, lossToCome } from './lone.ts';
import { type Network, NONE, SHOWN } from './network.ts';
import { connectorFrom } from './route.ts';
import type { Simulation } from './simulation.ts';
import { NEXT, SLOT_IDENTITY, SLOT_STATE, VEHICLE } from './traffic.ts';
import { grown } from './vehicles.ts';

/**
 * Control delay: what the signals cost each vehicle and movement.
 *
 * Let D be a vehicle's delay so far, with what it is yet to lose until it drives freely again:
 *
 *     D = time since creation − time that it would have needed alone + loss to come
 *
 * where alone means alone on its route with every signal green (`lone.ts`), and the loss to come is the time it will fall
 * behind its lone twin by speeding up again. D never falls: what hinders a vehicle costs it time, and nothing gives time
 * back but rounding to whole steps, which is taken as nothing.
 * A signalised intersection is charged what D grows by, from the step in which the vehicle reaches the
 * approach to the one in which it has left the connector. So starting up after the stop line is charged to
 * the signal that made it stop, and not again to the next, and the charges of a trip add up: their sum,
 * with what D grows by elsewhere, is the delay of the trip. Unsignalised intersections are charged nothing.
 *
 * Waiting to enter belongs to the first intersection: the queue reaches out of the network from there.
 */
export interface ControlDelay {
  before: Float64Array; //    s  by vehicle: D when it reached the present approach; 0 on its first road
  total: Float64Array; //     s  by vehicle: charged so far

  readonly crossed: Int32Array; //  by connector: vehicles that crossed the stop line onto it
  readonly served: Int32Array; //   by connector: vehicles that left it
  readonly delay: Float64Array; // s by connector: of these, summed
  redCrossings: number; //          stop lines crossed at red
  left: number; //                  first connector that the vehicle at hand has left in this step; NONE

  servedNow: number; //     since the interval under way began
  delayNow: number; // s
}

export function createControlDelay({ elementCount }: Network, capacity: number): ControlDelay {
  return {
    before: new Float64Array(capacity),
    total: new Float64Array(capacity),
    crossed: new Int32Array(elementCount),
    served: new Int32Array(elementCount),
    delay: new Float64Array(elementCount),
    redCrossings: 0,
    left: NONE,
    servedNow: 0,
    delayNow: 0,
  };
}

/** Makes room for the vehicles created since. */
export function growControlDelay(log: ControlDelay, capacity: number): void {
  log.before = grown(log.before, capacity, 0);
  log.total = grown(log.total, capacity, 0);
}

/** D of a vehicle that is `x` along element `e` at speed `v`, bound for `next`, `stamp` steps into the run; see above. */
export function delayIn(
  sim: Simulation,
  log: ControlDelay,
  vehicle: number,
  e: number,
  next: number,
  x: number,
  v: number,
  stamp: number,
): number {
  const lone = sim.lone!;
  const since = (stamp - sim.vehicles.createdAt[vehicle]) * sim.network.stepS;
  const alone = loneTimeAt(sim, lone, vehicle, e, next, x);
  const delay = since - alone + lossToCome(sim, lone, vehicle, e, next, x, v);
  return Math.max(delay, log.before[vehicle]);
}

/**
 * The vehicle in `slot` is driving off element `e`: notes the stop lines that it crosses and the connectors that it leaves
 * in this step. Called before it is taken out of the element.
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
  const { elementLength, elementRoad, elementIntersection, connectorTo } = network;
  const { slotState, slotIdentity } = traffic;
  const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
  const route = vehicles.route[vehicle];
  let position = vehicles.routePosition[vehicle];
  let x = slotState[slot * SLOT_STATE + (((step & 1) << 1) ^ 2)];
  let on = e;
  let next = slotIdentity[slot * SLOT_IDENTITY + NEXT];
  const closed = sim.closures === null ? null : sim.closures.closed;
  log.left = NONE;
  while (x > elementLength[on]) {
    if (elementRoad[on] !== NONE) {
      if (next >= 0 && counts) noteCrossing(network, log, elementIntersection[on], next, signals.shown[next]);
    } else if (log.left === NONE) {
      log.left = on;
    } else if (counts) {
      log.served[on]++; // within the same step: nothing is lost on the way
    }
    if (next < 0) break;
    x -= elementLength[on];
    on = next;
    if (elementRoad[on] === NONE) next = connectorTo[on];
    else next = connectorFrom(network, on, route, ++position, closed);
  }
}

/**
 * The vehicle that `noteDriving` saw is now `x` along element `to`, bound for `next`, at speed `v`, or out of the network
 * (NONE): charges the intersection whose connector it has left.
 */
export function chargeIntersection(
  sim: Simulation,
  log: ControlDelay,
  vehicle: number,
  to: number,
  next: number,
  x: number,
  v: number,
  counts: boolean,
): void {
  const { left } = log;
  if (left === NONE) return;
  const { network, vehicles, lone, step } = sim;
  const delay =
    to < 0
      ? Math.max(
          (step + 1 - vehicles.createdAt[vehicle] - lone!.steps[vehicle]) * network.stepS,
          log.before[vehicle],
        )
      : delayIn(sim, log, vehicle, to, next, x, v, step + 1);
  const charge = delay - log.before[vehicle];
  log.before[vehicle] = delay;
  if (network.signalised[network.elementIntersection[left]] === 0) return;
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
