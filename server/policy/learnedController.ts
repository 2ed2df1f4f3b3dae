import type { ControllerEntry } from '../control/registry.ts';
import { withStages } from '../control/stages.ts';
import type { SightName } from '../environment/laneSight.ts';
import { formatProblems } from '../scenario/problem.ts';
import { Mistake } from '../study/mistake.ts';
import { Learned } from './learned.ts';
import { policyProblems, scorerOf } from './policyFile.ts';
import type { Policy } from './policySchema.ts';
import type { Scorer } from './scorer.ts';
import { sightOf } from './sight.ts';

export interface LearnedOptions {
  /** What it is called in a comparison; `learned` unless given. */
  readonly name?: string;
  /** Whether it learns only what detectors tell, whatever the policy was trained with. */
  readonly detectorsOnly?: boolean;
}

/**
 * A trained policy as one of the controllers: named, described, prepared and made like those of the registry.
 *
 * @throws {Mistake} with all that keeps the policy from being run, for example weights that are no numbers
 */
export function learnedController(policy: Policy, options: LearnedOptions = {}): ControllerEntry {
  requirePolicy(policy);
  const { name = 'learned', detectorsOnly = false } = options;
  const sight = detectorsOnly ? 'detectors' : policy.sight;
  const { decisionS, stages } = policy;
  return scorerController({
    ...{ name, sight, decisionS, stages },
    source: `policy "${policy.name}", ${policy.hash.slice(0, 12)}`,
    scorer: () => scorerOf(policy),
    facts: (isStaged) => factsOf(policy, sight, isStaged),
  });
}

function requirePolicy(policy: Policy): void {
  const { hash: _, ...content } = (policy ?? {}) as Partial<Policy>;
  const problems = policyProblems(content);
  if (problems.length > 0) throw new Mistake(formatProblems('The policy', problems));
}

/** What a controller is made of that gives phases scores. */
export interface Scoring {
  readonly name: string;
  readonly source: string;
  readonly sight: SightName;
  /** How often it wants to be asked where the protocol does not say, s. */
  readonly decisionS: number;
  /** Whether it chooses among all legal pairs of dual-ring phases, where a protocol does not prescribe the phases. */
  readonly stages: boolean;
  readonly scorer: () => Scorer;
  readonly facts: (isStaged: boolean) => readonly string[];
}

/** A scorer as one of the controllers. */
export function scorerController(scoring: Scoring): ControllerEntry {
  const { name, source, sight, stages } = scoring;
  return {
    name,
    summary:
      'a trained policy: it scores every phase, the same way at every intersection, and takes the best',
    source,
    sees: sight === 'detectors' ? 'detectors' : 'every vehicle',
    decisionS: scoring.decisionS,
    settings: [],
    prepare: (network, _, { phasesPrescribed = false }) => {
      const isStaged = stages && !phasesPrescribed;
      const prepared = isStaged ? withStages(network) : { network, facts: [] };
      return { ...prepared, facts: [...scoring.facts(isStaged), ...prepared.facts] };
    },
    factory: ({ decisionS }) => {
      const scorer = scoring.scorer();
      const seeing = sightOf(sight);
      return (view) => {
        const steps = Math.max(1, Math.round((decisionS ?? scoring.decisionS) / view.stepS));
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
