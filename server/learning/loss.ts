import type { Scalar, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Tf } from './backend.ts';

/** What to learn from, row by row. */
export interface Batch {
  readonly rows: number;
  readonly x: Float32Array; //       rows × inputs
  readonly y: Float32Array; //       rows × outputs
  readonly weight: Float32Array; //  rows; 0 for a row that is not there
  /**
   * Rows come in groups of this many, such as the phases among which one decision chooses: only differences
   * within a group are learned. Outputs and targets are each taken less their weighted mean over the group.
   */
  readonly groupRows?: number;
}

/**
 * The weighted mean over rows, and the mean over outputs, of Huber's loss: e² ÷ 2 for errors up to `delta`,
 * δ(|e| − δ ÷ 2) beyond (Huber 1964). With it, its gradient by the outputs. Inside `tf.tidy`.
 */
export function huberLoss(
  tf: Tf,
  values: Tensor2D,
  { rows, y, weight, groupRows }: Batch,
  delta: number,
): { readonly loss: Scalar; readonly slope: Tensor2D } {
  const outputs = values.shape[1];
  const group = groupRows ?? 1;
  if (rows % group !== 0) throw new Error(`${rows} rows are not groups of ${group}.`);
  const column = (shares: Float32Array) => tf.tensor3d(shares, [rows / group, group, 1]);
  const share = column(sharesIn(weight, group));
  const inAll = column(sharesIn(weight, rows));
  const overGroup = (x: Tensor3D): Tensor3D => tf.sum(x, 1, true);
  const centred = (x: Tensor3D): Tensor3D =>
    groupRows === undefined ? x : tf.sub(x, overGroup(tf.mul(x, share)));

  const target = tf.tensor3d(y, [rows / group, group, outputs]);
  const error = centred(tf.sub(tf.reshape(values, target.shape), target));
  const near = tf.clipByValue(error, -delta, delta);
  const huber = tf.mul(near, tf.sub(error, tf.mul(near, 0.5)));
  const loss: Scalar = tf.div(tf.sum(tf.mul(huber, inAll)), outputs);

  const byError: Tensor3D = tf.div(tf.mul(near, inAll), outputs);
  const byValue = groupRows === undefined ? byError : tf.sub(byError, tf.mul(share, overGroup(byError)));
  return { loss, slope: tf.reshape(byValue, [rows, outputs]) };
}

/** Each weight as a share of all weights of its group; zeros for a group that is not there. */
function sharesIn(weight: Float32Array, groupRows: number): Float32Array {
  const shares = new Float32Array(weight.length);
  for (let start = 0; start < weight.length; start += groupRows) {
    const end = start + groupRows;
    let total = 0;
    for (let row = start; row < end; row++) total += weight[row]!;
    for (let row = start; row < end && total > 0; row++) shares[row] = weight[row]! / total;
  }
  return shares;
}
