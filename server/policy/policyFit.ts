import { LANE_FEATURES, PERMITTED_LEFT, PHASE_FEATURES, REACH_S } from '../environment/features.ts';
import { INPUT_COUNT } from '../environment/observer.ts';
import type { Problem } from '../scenario/problem.ts';
import type { PolicyContent, PolicyFeatures } from './policySchema.ts';

/** The numbers that policies see in this version. */
export const FEATURES: PolicyFeatures = {
  lane: LANE_FEATURES.map(({ name }) => name),
  phase: PHASE_FEATURES.map(({ name }) => name),
  reachS: [...REACH_S],
  permittedLeft: PERMITTED_LEFT,
};

/** Why a policy cannot be run here: it was made to see other numbers, or its weights have another shape. */
export function misfits(content: PolicyContent): Problem[] {
  const problems = featureMisfits(content.features);
  return problems.length > 0 ? problems : shapeMisfits(content);
}

function featureMisfits(features: PolicyFeatures): Problem[] {
  const [theirs, ours] = [layoutOf(features), layoutOf(FEATURES)];
  if (theirs === ours) return [];
  return [
    {
      place: 'features',
      message: `the policy sees ${theirs}; this version shows ${ours}.`,
      advice: 'Train it anew with this version, or run it with the version that it was trained with.',
    },
  ];
}

/** What a policy sees, in words. */
function layoutOf({ lane, phase, reachS, permittedLeft }: PolicyFeatures): string {
  return [
    `of a lane ${lane.length} numbers (${lane.join(', ')})`,
    `of a phase ${phase.length} (${phase.join(', ')})`,
    `with groups at ${reachS.join(', ')} s and permitted lefts at ${permittedLeft}`,
  ].join(', ');
}

function shapeMisfits({ architecture, weights }: PolicyContent): Problem[] {
  const { inputs, layers } = architecture;
  const problems: Problem[] = [];
  const differ = (place: string, found: number, needed: number, noun: string, why: string) => {
    if (found === needed) return;
    problems.push({ place, message: `found ${found} ${noun}, expected ${needed}: ${why}.`, advice: DAMAGED });
  };
  differ('architecture.inputs', inputs, INPUT_COUNT, 'inputs', 'lane features twice and phase features');
  if (layers.length > 0) {
    differ('architecture.layers', layers.at(-1)!, 1, 'outputs at the end', 'the score of a phase');
  }
  differ('weights.linear', weights.linear.length, INPUT_COUNT, 'weights', 'one for each input');
  differ('weights.layers', weights.layers.length, layers.length, 'layers', 'as the architecture says');
  if (weights.layers.length !== layers.length) return problems;
  weights.layers.forEach((layer, n) => {
    const width = n === 0 ? 2 * INPUT_COUNT : layers[n - 1]!;
    const [place, rows] = [`weights.layers[${n}]`, layers[n]!];
    differ(`${place}.weights`, layer.weights.length, rows, 'rows', 'one for each output');
    differ(`${place}.biases`, layer.biases.length, rows, 'biases', 'one for each output');
    const wrong = layer.weights.findIndex((row) => row.length !== width);
    if (wrong < 0) return;
    const found = layer.weights[wrong]!.length;
    differ(`${place}.weights[${wrong}]`, found, width, 'weights', 'one for each input of the layer');
  });
  return problems;
}

const DAMAGED = 'The file is damaged, or was written by something else than training. Take the original.';
