import type { Network } from '../sim/network.ts';
import { prepared } from '../sim/networkHash.ts';

/** The same network with detectors that work: none dropped, none stuck, no count lost. */
export function withPerfectDetection(network: Network): Network {
  if (!hasFaults(network)) return network;
  const none = () => new Uint8Array(network.detectors.count);
  const detectors = {
    ...network.detectors,
    dropped: none(),
    stuckOn: none(),
    lossRate: new Float64Array(network.detectors.count),
  };
  return prepared(network, { detectors }, { detectors: 'all detectors working' });
}

/** Whether any detector has a fault. */
export function hasFaults({ detectors }: Network): boolean {
  const { dropped, stuckOn, lossRate } = detectors;
  return dropped.includes(1) || stuckOn.includes(1) || lossRate.some((rate) => rate > 0);
}
