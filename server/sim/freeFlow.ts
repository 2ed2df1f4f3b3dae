import { type Network, NONE } from './network.ts';

/** Time (s) that a vehicle alone on the network needs for `distance` (m) of an element. */
export function freeFlowTime(network: Network, e: number, type: number, distance: number): number {
  const { elementSpeedLimit, elementRoad, connectorFrom, types } = network;
  const limit = elementSpeedLimit[elementRoad[e] === NONE ? connectorFrom[e] : e];
  return distance / Math.min(types.maxSpeed[type], limit);
}
