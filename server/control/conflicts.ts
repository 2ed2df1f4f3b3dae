import type { Network } from '../sim/network.ts';

/** Whether the paths of two movements of one intersection cross or merge, unless they come from the same approach. */
export function movementsConflict(network: Network, m: number, n: number): boolean {
  const { connectors, connectorMovement, crosses, movementIntersection, movementFrom } = network;
  if (movementFrom[m] === movementFrom[n]) return false;
  const i = movementIntersection[m]!;
  for (let k = connectors.starts[i]!; k < connectors.starts[i + 1]!; k++) {
    const c = connectors.items[k]!;
    if (connectorMovement[c] !== m) continue;
    for (let x = crosses.starts[c]!; x < crosses.starts[c + 1]!; x++) {
      if (connectorMovement[crosses.foe[x]!] === n) return true;
    }
  }
  return false;
}
