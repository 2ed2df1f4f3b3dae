import { INPUT_COUNT } from '../environment/observer.ts';

/** One layer of a network: `weights` row by row, one row of inputs per output. */
export interface Layer {
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/**
 * What gives a phase its score: a weighted sum of the phase's inputs, and a network on top that sees the inputs
 * of the phase and their mean over all phases. The same for every phase of every intersection, so that any number
 * of approaches, lanes and phases will do.
 */
export interface Scorer {
  /** By input of `Observer`. */
  readonly linear: Float64Array;
  /** From 2 × `INPUT_COUNT` numbers to one, ReLU between the layers; empty: the weighted sum alone. */
  readonly layers: readonly Layer[];
}

/**
 * Scores every phase: additions, multiplications and comparisons of doubles in a fixed order, hence the same bits
 * everywhere.
 *
 * @param inputs  of `Observer`, by phase and input
 */
export function scorePhases(scorer: Scorer, inputs: Float64Array, phaseCount: number): Float64Array {
  const scores = new Float64Array(phaseCount);
  const { linear, layers } = scorer;
  for (let p = 0; p < phaseCount; p++) {
    let score = 0;
    for (let k = 0; k < INPUT_COUNT; k++) score += linear[k]! * inputs[p * INPUT_COUNT + k]!;
    scores[p] = score;
  }
  if (layers.length === 0) return scores;
  const seen = new Float64Array(2 * INPUT_COUNT);
  for (let p = 0; p < phaseCount; p++) {
    for (let k = 0; k < INPUT_COUNT; k++) seen[INPUT_COUNT + k]! += inputs[p * INPUT_COUNT + k]! / phaseCount;
  }
  for (let p = 0; p < phaseCount; p++) {
    for (let k = 0; k < INPUT_COUNT; k++) seen[k] = inputs[p * INPUT_COUNT + k]!;
    scores[p]! += outputOf(layers, seen);
  }
  return scores;
}

function outputOf(layers: readonly Layer[], seen: Float64Array): number {
  let values = seen;
  for (let n = 0; n < layers.length; n++) {
    const { weights, biases } = layers[n]!;
    const next = new Float64Array(biases.length);
    for (let j = 0; j < next.length; j++) {
      let sum = biases[j]!;
      const row = j * values.length;
      for (let k = 0; k < values.length; k++) sum += weights[row + k]! * values[k]!;
      next[j] = n < layers.length - 1 && sum < 0 ? 0 : sum;
    }
    values = next;
  }
  return values[0]!;
}
