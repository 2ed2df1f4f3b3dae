import type { TensorInfo } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { openBackend } from '../../server/learning/backend.ts';
import { randomStream } from '../../server/sim/random.ts';

test('wasm multiplies transposed matrices as it did before it was mended', async () => {
  // The kernel as the package brings it, taken before the first opening mends it.
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-wasm');
  const unmended = tf.getKernel('BatchMatMul', 'wasm').kernelFunc;
  const { backend } = await openBackend('wasm');
  expect(tf.getKernel('BatchMatMul', 'wasm').kernelFunc).not.toBe(unmended);
  const { next } = randomStream(5, 'matrices');
  const random = (...shape: number[]) =>
    tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => 2 * next() - 1),
      shape,
    );
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ]) {
    for (const batch of [[], [3]]) {
      const a = random(...batch, ...(transposeA ? [37, 64] : [64, 37]));
      const b = random(...batch, ...(transposeB ? [29, 37] : [37, 29]));
      const before = tf.backend().numDataIds();
      const mended = tf.matMul(a, b, transposeA, transposeB);
      expect(tf.backend().numDataIds()).toBe(before + 1);
      const result = unmended({
        inputs: { a: a as TensorInfo, b: b as TensorInfo },
        attrs: { transposeA, transposeB },
        backend: tf.backend(),
      });
      const expected = await tf
        .engine()
        .makeTensorFromTensorInfo(result as TensorInfo)
        .data();
      const found = await mended.data();
      expect(mended.shape).toEqual([...batch, 64, 29]);
      expect(found.length).toBe(expected.length);
      expect(Math.max(...Array.from(found, (x, k) => Math.abs(x - expected[k])))).toBeLessThan(1e-5);
    }
  }
  backend.dispose();
});
