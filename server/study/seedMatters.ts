import { hasFaults } from '../control/perfectDetection.ts';
import type { Network } from '../sim/network.ts';
import { leadsTo } from '../sim/route.ts';
import type { Perturbing } from './study.ts';

/** Whether anything is left to chance. If not, many seeds would be one run many times, and look like certainty. */
export function seedMatters(
  network: Network,
  { jitterS = 0, demandScale = 1 }: Partial<Perturbing>,
): boolean {
  return (
    network.origins.count > 0 ||
    hasFaults(network) ||
    jitterS > 0 ||
    !Number.isInteger(demandScale) ||
    drawsLanes(network)
  );
}

/** Whether some trip of a CityFlow file may begin on more than one lane of its first road, and so draws one. */
function drawsLanes(network: Network): boolean {
  const { reference, flows, routes, roadLanes } = network;
  if (reference === null) return false;
  const seen = new Set<number>();
  for (const route of flows.route) {
    if (seen.has(route)) continue;
    seen.add(route);
    const first = routes.starts[route]!;
    const road = routes.items[first]!;
    const next = routes.items[first + 1]!;
    const lanes = roadLanes.items.subarray(roadLanes.starts[road]!, roadLanes.starts[road + 1]!);
    if (lanes.reduce((count, lane) => count + Number(leadsTo(network, lane, next)), 0) > 1) return true;
  }
  return false;
}
