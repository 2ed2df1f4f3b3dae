import { LANE_FEATURES, PHASE_FEATURES } from '../environment/features.ts';
import { INPUT_COUNT } from '../environment/observer.ts';

/** Weight of each lane feature, of the phase that is green and of the others. */
const LANE_WEIGHTS: Readonly<Record<string, number>> = {
  ...{ queue: 1, within5: 0.94, within10: 0.94, within15: 0.94, within25: -0.2, beyond: -0.2 },
  ...{ exitQueue: -1, exitFull: -1.5, wait: 0.3 },
};

/** More weight where the phase is green: whoever drives up to a green should not be stopped. */
const GREEN_WEIGHTS: Readonly<Record<string, number>> = {
  ...{ queue: 0.11, within5: 0.07, within10: 0.07, within15: 0.07 },
};

const PHASE_WEIGHTS: Readonly<Record<string, number>> = { present: 1.3, changeTime: 3, longWait: 2 };

/**
 * The weighted sum that training begins with, by input of `Observer`: efficient pressure, with vehicles that
 * drive up counted nearly as queued ones, and a bonus for staying that grows with the change intervals. So it
 * stays close to Advanced-MaxPressure (Zhang et al. 2022), which cannot be had exactly by a sum.
 */
export const START_LINEAR: Float64Array = linear(
  (name) => LANE_WEIGHTS[name] ?? 0,
  (name) => (LANE_WEIGHTS[name] ?? 0) + (GREEN_WEIGHTS[name] ?? 0),
  (name) => PHASE_WEIGHTS[name] ?? 0,
);

/** How far from the start a weight is looked for at first: the two of staying are in whole vehicles. */
export const LINEAR_SCALES: Float64Array = linear(
  () => 0.5,
  () => 0.5,
  (name) => (name === 'present' || name === 'changeTime' ? 2 : 0.5),
);

type WeightOf = (name: string) => number;

function linear(other: WeightOf, green: WeightOf, phase: WeightOf): Float64Array {
  const weights = [
    ...LANE_FEATURES.map(({ name }) => other(name)),
    ...LANE_FEATURES.map(({ name }) => green(name)),
    ...PHASE_FEATURES.map(({ name }) => phase(name)),
  ];
  if (weights.length !== INPUT_COUNT) throw new Error(`${weights.length} weights for ${INPUT_COUNT} inputs`);
  return Float64Array.from(weights);
}
