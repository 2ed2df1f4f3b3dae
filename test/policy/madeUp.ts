import seedrandom from 'seedrandom';
import { LANE_FEATURES, PHASE_FEATURES } from '../../server/environment/features.ts';
import { policyOf } from '../../server/policy/policyFile.ts';
import type { Policy } from '../../server/policy/policySchema.ts';
import type { Layer, Scorer } from '../../server/policy/scorer.ts';

/** Policies that nobody trained: a sensible weighted sum, and a network of small random weights on top. */

/** By feature. Those that are not named here have no weight, so that new ones change nothing. */
const LANE_WEIGHTS: Readonly<Record<string, number>> = {
  ...{ queue: 1, within5: 0.94, within10: 0.94, within15: 0.94, within25: -0.2, beyond: -0.2 },
  ...{ exitQueue: -1, exitFull: 0, wait: 1, served: 0.3 },
};
const PHASE_WEIGHTS: Readonly<Record<string, number>> = {
  ...{ present: 1.3, changeTime: 3, age: 0, interval: 0, longWait: 2, commitment: 0 },
};

/** By input: where it is of the policies here, its name among all inputs. */
const INPUTS = [
  ...LANE_FEATURES.map(({ name }) => ({ name: `other.${name}`, weight: LANE_WEIGHTS[name] })),
  ...LANE_FEATURES.map(({ name }) => ({ name: `green.${name}`, weight: LANE_WEIGHTS[name] })),
  ...PHASE_FEATURES.map(({ name }) => ({ name, weight: PHASE_WEIGHTS[name] })),
];

/** @param widths  outputs by layer; none: the weighted sum alone */
export function madeUpScorer(widths: readonly number[] = []): Scorer {
  const linear = Float64Array.from(INPUTS, ({ weight = 0 }) => weight);
  const seen = [...INPUTS, ...INPUTS.map(({ name, weight }) => ({ name: `mean.${name}`, weight }))];
  const layers = widths.map((rows, n): Layer => {
    const from =
      n === 0 ? seen : Array.from({ length: widths[n - 1] }, (_, k) => ({ name: `${k}`, weight: 0 }));
    const weights = Array.from({ length: rows }, (_, j) =>
      from.map(({ name, weight }) => (weight === undefined ? 0 : fraction(`${n} ${j} ${name}`) - 0.5)),
    );
    const biases = Float64Array.from({ length: rows }, (_, j) => fraction(`${n} ${j} bias`) / 10);
    return { weights: Float64Array.from(weights.flat()), biases };
  });
  return { linear, layers };
}

/** What an observer might see of so many phases. */
export function madeUpInputs(phaseCount: number): Float64Array {
  const row = (p: number) => INPUTS.map(({ name }) => 8 * fraction(`${p} ${name}`));
  return Float64Array.from(Array.from({ length: phaseCount }, (_, p) => row(p)).flat());
}

export function madeUpPolicy(about: Partial<Policy> = {}, widths: readonly number[] = [8, 4, 1]): Policy {
  return policyOf(madeUpScorer(widths), {
    name: 'made-up',
    sight: 'vehicles',
    decisionS: 5,
    stages: true,
    training: {
      scenarios: ['isolated'],
      protocols: ['scenario'],
      seeds: [1, 2],
      backend: 'cpu',
      device: 'none',
      episodes: 0,
      command: 'npx greenwave train isolated.yaml --out runs/made-up',
      stageNames: ['by hand'],
    },
    scores: [
      {
        scenario: 'isolated',
        protocol: 'scenario',
        measure: 'averageDelayS',
        seeds: [101, 102],
        policy: 30.25,
        rivals: { 'max-pressure': 31.5 },
      },
    ],
    ...about,
  });
}

/** From 0 to 1, the same everywhere for the same words. */
function fraction(words: string): number {
  return seedrandom(words)();
}
