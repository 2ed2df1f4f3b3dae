import { type Network, NONE } from '../sim/network.ts';

type Ways = Pick<
  Network,
  'elementCount' | 'elementSpeedLimit' | 'elementLength' | 'elementRoad' | 'connectorTo' | 'laneConnectors'
>;

/**
 * By connector: 1 where a driver on it or bound for it may have to slow down for a lower speed limit beyond it.
 * `null` where no driver ever has to, with one limit for all roads.
 *
 * @param range  how far drivers look ahead at most, m
 */
export function compileLimitsAhead(network: Ways, range: number): Uint8Array | null {
  const { elementCount, elementSpeedLimit, elementRoad } = network;
  if (elementSpeedLimit.every((limit) => limit === elementSpeedLimit[0])) return null;
  const ahead = new Uint8Array(elementCount);
  for (let e = 0; e < elementCount; e++) {
    if (elementRoad[e] === NONE && isLimitLowerAhead(network, e, range)) ahead[e] = 1;
  }
  return ahead;
}

/** Whether some element that begins within `range` of the end of element `e` has a lower limit. */
function isLimitLowerAhead(network: Ways, e: number, range: number): boolean {
  const { elementSpeedLimit, elementLength } = network;
  const nearest = new Map([[e, 0]]); // by element: distance from the end of `e` to its end, as far as known
  const pending = [e];
  while (pending.length > 0) {
    const on = pending.pop()!;
    const distance = nearest.get(on)!;
    if (distance > range) continue;
    for (const next of elementsAfter(network, on)) {
      if (elementSpeedLimit[next]! < elementSpeedLimit[e]!) return true;
      const further = distance + elementLength[next]!;
      if (further >= (nearest.get(next) ?? Infinity)) continue;
      nearest.set(next, further);
      pending.push(next);
    }
  }
  return false;
}

function elementsAfter({ elementRoad, connectorTo, laneConnectors }: Ways, e: number): Iterable<number> {
  if (elementRoad[e] === NONE) return [connectorTo[e]!];
  return laneConnectors.items.subarray(laneConnectors.starts[e]!, laneConnectors.starts[e + 1]!);
}
