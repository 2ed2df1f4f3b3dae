import { ANSWER } from './answer.ts';
import { NONE } from './network.ts';
import { connectorFrom } from './route.ts';
import type { Simulation } from './simulation.ts';

/**
 * Lowers `ANSWER.limit` to the speed that lower limits on the way ahead allow a driver of `type` with `ANSWER.speed`,
 * `ANSWER.gap` before the end of element `e`. Drivers brake as usual, so that they have slowed down where a limit begins.
 *
 * @param next      the element that it drives onto next
 * @param position  of its road in its route; on a connector, of the road before it
 */
export function limitToSpeedsAhead(
  sim: Simulation,
  next: number,
  type: number,
  route: number,
  position: number,
): void {
  const { network, answer, drivers } = sim;
  const { elementRoad, elementLength, elementSpeedLimit, connectorTo } = network;
  const closed = sim.closures === null ? null : sim.closures.closed;
  const range = drivers.lookAhead[type];
  let element = next;
  let at = position;
  answer[ANSWER.ahead] = answer[ANSWER.gap];
  while (element >= 0 && answer[ANSWER.ahead] <= range) {
    limitToReach(sim, type, elementSpeedLimit, element);
    answer[ANSWER.ahead] += elementLength[element];
    if (elementRoad[element] === NONE) element = connectorTo[element];
    else element = connectorFrom(network, element, route, ++at, closed);
  }
}

/**
 * Lowers `ANSWER.limit` to the highest speed w at the end of the step from which a driver of `type`, with
 * `ANSWER.speed` at its beginning, still slows down to `speeds[row]` within `ANSWER.ahead` by usual braking: the larger
 * root of
 *
 *     v·dt/2 + w·dt/2 + (w² − u²)/(2d) = distance
 *
 * but no lower than u itself.
 */
export function limitToReach(
  { network, answer }: Simulation,
  type: number,
  speeds: Float64Array,
  row: number,
): void {
  const u = speeds[row];
  if (!(u < answer[ANSWER.limit])) return;
  const dt = network.stepS;
  const a = 0.5 / network.types.usualDeceleration[type];
  const b = 0.5 * dt;
  const c = (answer[ANSWER.speed] * dt) / 2 - answer[ANSWER.ahead] - a * u * u;
  const discriminant = b * b - 4 * a * c;
  let w = discriminant > 0 ? (0.5 / a) * (Math.sqrt(discriminant) - b) : u;
  if (w < u) w = u;
  if (w < answer[ANSWER.limit]) answer[ANSWER.limit] = w;
}
