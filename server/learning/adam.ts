import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Tf } from './backend.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
/**
 * Not the paper's 1e-8: where a loss does not depend on a weight, as on a bias that lifts all outputs of a group,
 * the gradient is rounding alone, about 1e-9, and would be taken for a direction.
 */
const EPSILON = 1e-6;

/** Weights, and what Adam remembers of their gradients: three arrays of one length. */
export interface AdamTensors {
  readonly weights: Tensor1D;
  /** Running mean of the gradient. */
  readonly mean: Tensor1D;
  /** Running mean of its square. */
  readonly square: Tensor1D;
}

/**
 * One step of Adam: Kingma & Ba (2015), in the form at the end of their section 2. Ours, since TensorFlow's
 * has a state that cannot be written down and taken up again to the last bit. Inside `tf.tidy`.
 *
 * @param steps  made so far, this one included
 */
export function adamStep(
  tf: Tf,
  { weights, mean, square }: AdamTensors,
  gradient: Tensor1D,
  steps: number,
  learningRate: number,
): AdamTensors {
  const rate = (learningRate * Math.sqrt(1 - power(BETA2, steps))) / (1 - power(BETA1, steps));
  const nextMean = tf.add(tf.mul(mean, BETA1), tf.mul(gradient, 1 - BETA1)) as Tensor1D;
  const nextSquare = tf.add(tf.mul(square, BETA2), tf.mul(tf.square(gradient), 1 - BETA2)) as Tensor1D;
  const change = tf.div(tf.mul(nextMean, rate), tf.add(tf.sqrt(nextSquare), EPSILON));
  return { weights: tf.sub(weights, change) as Tensor1D, mean: nextMean, square: nextSquare };
}

/** By squaring: `Math.pow` has other bits in another version of Node. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let [square, rest] = [base, exponent]; rest > 0; rest = Math.floor(rest / 2), square *= square) {
    if (rest % 2 === 1) result *= square;
  }
  return result;
}
