import type { ControllerEntry } from '../control/registry.ts';
import { withStages } from '../control/stages.ts';
import { Learned } from './learned.ts';
import { scorerOf } from './policyFile.ts';
import type { Policy } from './policySchema.ts';
import { sightOf } from './sight.ts';

export interface LearnedOptions {
  /** What it is called in a comparison; `learned` unless given. */
  readonly name?: string;
  /** Whether it learns only what detectors tell, whatever the policy was trained with. */
  readonly detectorsOnly?: boolean;
}

/** A trained policy as one of the controllers: named, described, prepared and made like those of the registry. */
export function learnedController(policy: Policy, options: LearnedOptions = {}): ControllerEntry {
  const { name = 'learned', detectorsOnly = false } = options;
  const sight = detectorsOnly ? 'detectors' : policy.sight;
  return {
    name,
    summary:
      'a trained policy: it scores every phase, the same way at every intersection, and takes the best',
    source: `policy "${policy.name}", ${policy.hash.slice(0, 12)}`,
    sees: sight === 'detectors' ? 'detectors' : 'every vehicle',
    decisionS: policy.decisionS,
    settings: [],
    prepare: (network, _, { phasesPrescribed = false }) => {
      const isStaged = policy.stages && !phasesPrescribed;
      const prepared = isStaged ? withStages(network) : { network, facts: [] };
      return { ...prepared, facts: [...factsOf(policy, sight, isStaged), ...prepared.facts] };
    },
    factory: ({ decisionS }) => {
      const scorer = scorerOf(policy);
      const seeing = sightOf(sight);
      return (view) => {
        const steps = Math.max(1, Math.round((decisionS ?? policy.decisionS) / view.stepS));
        return new Learned(view, scorer, steps * view.stepS, seeing);
      };
    },
  };
}

function factsOf({ name, hash, training }: Policy, sight: Policy['sight'], isStaged: boolean): string[] {
  const seen = sight === 'detectors' ? 'what detectors tell' : 'every vehicle';
  const chooses = isStaged ? 'every legal pair of dual-ring phases' : 'the phases of the file';
  return [
    `Policy ${name}, hash ${hash.slice(0, 12)}, trained in ${training.episodes} episodes.`,
    `It sees ${seen}, and chooses among ${chooses}.`,
  ];
}
