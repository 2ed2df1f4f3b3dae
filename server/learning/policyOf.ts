import { createHash } from 'node:crypto';
import { LANE_FEATURES, PHASE_FEATURES } from '../environment/features.ts';
import { INPUT_COUNT } from '../environment/observer.ts';
import type { Layer, Scorer } from '../policy/scorer.ts';
import type { Judgement } from './evaluation.ts';
import { LEARNED_DECISION_S, type SightName } from './learnedRun.ts';

const FORMAT = 'greenwave-policy';
const VERSION = 1;

/** How a policy came about. */
export interface TrainingRecord {
  readonly scenarios: readonly { readonly name: string; readonly hash: string }[];
  /** Cities drawn at random, of each style. */
  readonly cities: number;
  readonly protocols: readonly string[];
  readonly seed: number;
  /** What TensorFlow computed on; `null`: it was not needed. */
  readonly backend: string | null;
  readonly device: string | null;
  readonly generations: number;
  readonly episodes: number;
  /** What makes the same policy again, as it is typed. */
  readonly command: string;
}

/** What it came to on the episodes of validation, and what the training began with. */
export interface PolicyScores {
  readonly start: Judgement;
  readonly validation: Judgement;
}

/** The text of a policy file. */
export function policyText(
  name: string,
  { linear, layers }: Scorer,
  sight: SightName,
  training: TrainingRecord,
  scores: PolicyScores,
): string {
  const content = {
    ...{ format: FORMAT, version: VERSION, name, features: featureNames() },
    ...{ sight, decisionS: LEARNED_DECISION_S, stages: false },
    architecture: { inputs: INPUT_COUNT, layers: layers.map(({ biases }) => biases.length) },
    weights: {
      linear: [...linear],
      layers: layers.map(({ weights, biases }) => ({ weights: [...weights], biases: [...biases] })),
    },
    ...{ training, scores },
  };
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return `${JSON.stringify({ ...content, hash }, null, 2)}\n`;
}

/** A policy's scorer, or what is wrong with its text. */
export type PolicyReading =
  | { readonly ok: true; readonly scorer: Scorer }
  | { readonly ok: false; readonly problem: string };

export function readPolicy(text: string): PolicyReading {
  const wrong = (problem: string) => ({ ok: false, problem }) as const;
  const policy = jsonObject(text);
  if (policy?.format !== FORMAT) return wrong('it is not a policy');
  if (policy.version !== VERSION)
    return wrong(`it is of version ${policy.version}, and version ${VERSION} is read`);
  const { hash, ...content } = policy;
  if (hash !== createHash('sha256').update(JSON.stringify(content)).digest('hex')) {
    return wrong('its content is not what its hash says');
  }
  if (JSON.stringify(policy.features) !== JSON.stringify(featureNames())) {
    const [theirs, ours] = [policy.features, featureNames()].map((names) => JSON.stringify(names));
    return wrong(`it sees other features: ${theirs}, where these are seen: ${ours}`);
  }
  const { linear, layers } = policy.weights as { linear: number[]; layers: Record<keyof Layer, number[]>[] };
  const all = [linear, ...layers.flatMap(({ weights, biases }) => [weights, biases])];
  if (linear.length !== INPUT_COUNT || !all.every((numbers) => numbers.every(Number.isFinite))) {
    return wrong('its weights are not numbers, one for each input');
  }
  return {
    ok: true,
    scorer: {
      linear: Float64Array.from(linear),
      layers: layers.map(({ weights, biases }) => ({
        weights: Float64Array.from(weights),
        biases: Float64Array.from(biases),
      })),
    },
  };
}

/** What a policy sees, by name: a policy that sees anything else does not fit. */
export function featureNames(): { lane: readonly string[]; phase: readonly string[] } {
  const names = (features: readonly { name: string }[]) => features.map(({ name }) => name);
  return { lane: names(LANE_FEATURES), phase: names(PHASE_FEATURES) };
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}
