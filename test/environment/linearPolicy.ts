import type { Scorer } from '../../server/policy/scorer.ts';

/** A weighted sum that came out of a search over drawn cities, in the order of `INPUT_FEATURES`: good, not the best. */
// biome-ignore format: a row a block of features
const WEIGHTS = [
  0.446, 0.770, 0.467, 0.781, -0.721, 0.036, -1.228, 0.621, 0.345, 0.542,
  1.555, 2.126, 0.649, 0.793, -0.156, -0.319, -0.71, -0.163, 0.458, 0.925,
  -0.659, 0.179, 0.012, -0.259, 0.599, 0.459,
];

export const LINEAR: Scorer = { linear: Float64Array.from(WEIGHTS), layers: [] };
