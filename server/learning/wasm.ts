import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { Device, Tf } from './backend.ts';

/** WebAssembly, one thread: TensorFlow's own threads need a browser. */
export async function wasm(tf: Tf): Promise<Device> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const place = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(join(dirname(place), 'wasm-out') + sep);
  transposeFirst(tf);
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return { gpu: false, device: `WebAssembly ${simd ? 'with' : 'without'} SIMD, one thread` };
}

const mended = new WeakSet<KernelConfig['kernelFunc']>();

/**
 * Mends the product of matrices. The backend multiplies a transposed operand number by number, nine
 * times slower than a plain one, and every gradient of a dense layer has one. So transpose it first;
 * the sums are the same but for their order.
 */
function transposeFirst(tf: Tf): void {
  const product = tf.getKernel('BatchMatMul', 'wasm');
  if (mended.has(product.kernelFunc)) return;
  const { kernelFunc: transpose } = tf.getKernel('Transpose', 'wasm');

  const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs, attrs, backend }) => {
    const turned: TensorInfo[] = [];
    const plain = (x: TensorInfo, transposed: unknown): TensorInfo => {
      if (!transposed) return x;
      const axes = x.shape.map((_, axis) => axis);
      const perm = [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!];
      const result = transpose({ inputs: { x }, attrs: { perm }, backend }) as TensorInfo;
      turned.push(result);
      return result;
    };
    const a = plain(inputs.a!, attrs?.transposeA);
    const b = plain(inputs.b!, attrs?.transposeB);
    const attributes = { transposeA: false, transposeB: false };
    const out = product.kernelFunc({ inputs: { a, b }, attrs: attributes, backend });
    for (const { dataId } of turned) (backend as { disposeData(id: object): void }).disposeData(dataId);
    return out;
  };
  mended.add(kernelFunc);
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({ ...product, kernelFunc });
}
