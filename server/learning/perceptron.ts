import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from './backend.ts';

/**
 * A multilayer perceptron in one flat array: for each layer the matrix, row by row (a row for each
 * input), and then the biases. ReLU between layers, nothing after the last.
 *
 * @param sizes  of the input, each hidden layer, and the output: [64, 128, 128, 8]
 */
export function weightCount(sizes: readonly number[]): number {
  return layersOf(sizes).reduce((count, { inputs, outputs }) => count + (inputs + 1) * outputs, 0);
}

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Where its weights begin. */
  readonly start: number;
}

function layersOf(sizes: readonly number[]): Layer[] {
  let start = 0;
  return sizes.slice(1).map((outputs, k) => {
    const layer = { inputs: sizes[k]!, outputs, start };
    start += (layer.inputs + 1) * outputs;
    return layer;
  });
}

/**
 * Weights to begin with: uniform within ±√(6 ÷ inputs), biases zero. He et al. (2015), for ReLU.
 *
 * @param uniform      random numbers in 0..1
 * @param outputScale  of the last layer; with 0 the network answers 0 until it has learned something
 */
export function initialWeights(
  sizes: readonly number[],
  uniform: () => number,
  outputScale = 1,
): Float32Array {
  const weights = new Float32Array(weightCount(sizes));
  const layers = layersOf(sizes);
  for (const layer of layers) {
    const scale = layer === layers.at(-1) ? outputScale : 1;
    const bound = scale * Math.sqrt(6 / layer.inputs);
    const end = layer.start + layer.inputs * layer.outputs;
    for (let k = layer.start; k < end; k++) weights[k] = (2 * uniform() - 1) * bound;
  }
  return weights;
}

export interface LayerTensors {
  readonly matrix: Tensor2D; // inputs × outputs
  readonly biases: Tensor1D;
}

/** Each layer in turn, cut out of the flat weights. Inside `tf.tidy`, as all of the following. */
export function cutLayers(tf: Tf, sizes: readonly number[], weights: Tensor1D): LayerTensors[] {
  return layersOf(sizes).map(({ inputs, outputs, start }) => ({
    matrix: tf.reshape(tf.slice1d(weights, start, inputs * outputs), [inputs, outputs]),
    biases: tf.slice1d(weights, start + inputs * outputs, outputs),
  }));
}

/** What each layer says, row by row: first `x` itself, last the outputs. */
export function forward(tf: Tf, layers: readonly LayerTensors[], x: Tensor2D): Tensor2D[] {
  const said = [x];
  layers.forEach(({ matrix, biases }, k) => {
    const sums: Tensor2D = tf.add(tf.matMul(said[k]!, matrix), biases);
    said.push(k < layers.length - 1 ? tf.relu(sums) : sums);
  });
  return said;
}

/**
 * The gradient of a loss by all weights, flat as they are: backpropagation, written out, since TensorFlow's
 * own comes with a package twice the size of its core.
 *
 * @param said   what `forward` has answered
 * @param slope  the gradient of the loss by the outputs
 */
export function backward(
  tf: Tf,
  layers: readonly LayerTensors[],
  said: readonly Tensor2D[],
  slope: Tensor2D,
): Tensor1D {
  const parts: Tensor1D[] = [];
  let delta = slope;
  for (let k = layers.length - 1; k >= 0; k--) {
    const below = said[k]!;
    const byMatrix = tf.matMul(below, delta, true);
    parts.unshift(tf.reshape(byMatrix, [byMatrix.size]), tf.sum(delta, 0));
    if (k > 0) delta = tf.mul(tf.matMul(delta, layers[k]!.matrix, false, true), tf.step(below));
  }
  return tf.concat1d(parts);
}
