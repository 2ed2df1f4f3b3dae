import { hasFaults } from '../control/perfectDetection.ts';
import type { Network } from '../sim/network.ts';
import type { Perturbing } from './study.ts';

/** Whether anything is left to chance. If not, many seeds would be one run many times, and look like certainty. */
export function seedMatters(
  network: Network,
  { jitterS = 0, demandScale = 1 }: Partial<Perturbing>,
): boolean {
  return network.origins.count > 0 || hasFaults(network) || jitterS > 0 || !Number.isInteger(demandScale);
}
