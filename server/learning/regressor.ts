import type { Tensor } from '@tensorflow/tfjs-core';
import { type AdamTensors, adamStep } from './adam.ts';
import type { TrainBackend } from './backend.ts';
import { type Batch, huberLoss } from './loss.ts';
import { backward, cutLayers, forward, weightCount } from './perceptron.ts';

export interface RegressorOptions {
  /** Of the input, each hidden layer, and the output. */
  readonly sizes: readonly number[];
  /** To begin with, laid out as in `perceptron.ts`. */
  readonly weights: Float32Array;
  readonly learningRate: number;
  /** Errors beyond it count by their size and no longer by its square. */
  readonly huberDelta?: number;
}

/** All that the next step depends on. */
export interface RegressorState {
  readonly weights: Float32Array;
  readonly adamM: Float32Array; // running mean of the gradient
  readonly adamV: Float32Array; // running mean of its square
  readonly steps: number;
}

/**
 * A perceptron that learns to predict, on the backend's device. The same batches from the same state give the
 * same bits on `cpu` and `wasm`. Await each call before the next.
 */
export interface Regressor {
  /** Learns from one batch, and answers the loss before it: the weighted mean of Huber's over rows and outputs. */
  step(batch: Batch): Promise<number>;
  /** The outputs, row by row. */
  predict(x: Float32Array, rows: number): Promise<Float32Array>;
  state(): Promise<RegressorState>;
  restore(state: RegressorState): void;
  dispose(): void;
}

export function createRegressor({ tf }: TrainBackend, options: RegressorOptions): Regressor {
  const { sizes, learningRate, huberDelta = 1 } = options;
  const count = weightCount(sizes);
  const [inputs, outputs] = [sizes[0]!, sizes.at(-1)!];
  let adam: AdamTensors | null = null;
  let steps = 0;

  /** Copies: a tensor of the cpu backend is the very array that it was made from. */
  const tensor = (values: Float32Array) => tf.tensor1d(values.slice());
  const copy = async (values: Tensor) => (await values.data<'float32'>()).slice();
  const current = () => {
    if (adam === null) throw new Error('The regressor has been disposed of.');
    return adam;
  };

  function restore({ weights, adamM, adamV, steps: made }: RegressorState): void {
    expectLength('weights', weights, count);
    expectLength('adamM', adamM, count);
    expectLength('adamV', adamV, count);
    dispose();
    adam = { weights: tensor(weights), mean: tensor(adamM), square: tensor(adamV) };
    steps = made;
  }

  async function state(): Promise<RegressorState> {
    const { weights, mean, square } = current();
    return { weights: await copy(weights), adamM: await copy(mean), adamV: await copy(square), steps };
  }

  async function step(batch: Batch): Promise<number> {
    const before = current();
    expectLength('x', batch.x, batch.rows * inputs);
    expectLength('y', batch.y, batch.rows * outputs);
    expectLength('weight', batch.weight, batch.rows);
    const { loss, ...after } = tf.tidy(() => {
      const layers = cutLayers(tf, sizes, before.weights);
      const said = forward(tf, layers, tf.tensor2d(batch.x, [batch.rows, inputs]));
      const { loss, slope } = huberLoss(tf, said.at(-1)!, batch, huberDelta);
      const gradient = backward(tf, layers, said, slope);
      return { loss, ...adamStep(tf, before, gradient, steps + 1, learningRate) };
    });
    dispose();
    adam = after;
    steps++;
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  }

  async function predict(x: Float32Array, rows: number): Promise<Float32Array> {
    const { weights } = current();
    expectLength('x', x, rows * inputs);
    const result = tf.tidy(() => {
      const layers = cutLayers(tf, sizes, weights);
      return forward(tf, layers, tf.tensor2d(x, [rows, inputs])).at(-1)!;
    });
    const values = await copy(result);
    result.dispose();
    return values;
  }

  function dispose(): void {
    if (adam !== null) tf.dispose([adam.weights, adam.mean, adam.square]);
    adam = null;
  }

  const zeros = new Float32Array(count);
  restore({ weights: options.weights, adamM: zeros, adamV: zeros, steps: 0 });
  return { step, predict, state, restore, dispose };
}

function expectLength(name: string, values: Float32Array, count: number): void {
  if (values.length !== count)
    throw new Error(`${name} has ${values.length} numbers, where ${count} belong.`);
}
