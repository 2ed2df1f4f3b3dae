import type { ControllerFactory } from '../control/controller.ts';
import { type Protocol, type Ruled, underProtocol } from '../control/protocol.ts';
import { withStages } from '../control/stages.ts';
import type { SightName } from '../environment/laneSight.ts';
import { Learned } from '../policy/learned.ts';
import type { Scorer } from '../policy/scorer.ts';
import { sightOf } from '../policy/sight.ts';
import type { Network } from '../sim/network.ts';

/** How often a learned policy is asked where the protocol does not say, s. */
export const LEARNED_DECISION_S = 1;

/** The network that a learned policy is trained and run on: where the file's phases are not prescribed, any legal pair. */
export function preparedNetwork(network: Network, protocol: Protocol): Network {
  return protocol.literature === null ? withStages(network).network : network;
}

/** A network made ready for a learned policy, under a protocol. */
export function ruledForLearned(network: Network, protocol: Protocol): Ruled {
  return underProtocol(
    preparedNetwork(network, protocol),
    protocol,
    protocol.decisionS ?? LEARNED_DECISION_S,
  );
}

/** A scorer as the controller of every intersection of one run. */
export function learnedFactory(
  { network, decisionSteps }: Ruled,
  scorer: Scorer,
  sightName: SightName,
): ControllerFactory {
  const sight = sightOf(sightName);
  return (view) => new Learned(view, scorer, decisionSteps * network.stepS, sight);
}
