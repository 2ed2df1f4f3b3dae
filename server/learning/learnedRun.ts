import type { ControllerEntry } from '../control/registry.ts';
import type { SightName } from '../environment/laneSight.ts';
import { scorerController } from '../policy/learnedController.ts';
import type { Scorer } from '../policy/scorer.ts';

/** How often a learned policy is asked where the protocol does not say, s. */
export const LEARNED_DECISION_S = 1;

/** A scorer in training as a controller: where phases are not prescribed it chooses among all legal pairs. */
export function controllerInTraining(scorer: Scorer, sight: SightName): ControllerEntry {
  return scorerController({
    ...{ name: 'learned', source: 'a training', sight, decisionS: LEARNED_DECISION_S, stages: true },
    scorer: () => scorer,
    facts: () => [],
  });
}
