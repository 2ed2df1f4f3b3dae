import type { Network } from '../sim/network.ts';

/** The same network with detectors that work: none dropped, none stuck, no count lost. */
export function withPerfectDetection(network: Network): Network {
  const { detectors } = network;
  const none = () => new Uint8Array(detectors.count);
  return {
    ...network,
    detectors: {
      ...detectors,
      dropped: none(),
      stuckOn: none(),
      lossRate: new Float64Array(detectors.count),
    },
  };
}

/** Whether any detector has a fault. */
export function hasFaults({ detectors }: Network): boolean {
  const { dropped, stuckOn, lossRate } = detectors;
  return dropped.includes(1) || stuckOn.includes(1) || lossRate.some((rate) => rate > 0);
}
