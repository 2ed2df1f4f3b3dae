import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { emptyFolder } from '../cli/greenwave.ts';

const CORE = createRequire(import.meta.url).resolve('@tensorflow/tfjs-core');
const CPU = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-cpu');

/** What npm leaves when install scripts may not run: the package, whose own check then finds no library. */
export const WITHOUT_LIBRARY = `
  const path = require('path').join(__dirname, 'lib/napi-v8/tfjs_binding.node');
  if (!require('fs').existsSync(path)) {
    throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: ' + path);
  }`;

/** The library is there and does not load, as where CUDA is missing. */
export const UNLOADABLE_LIBRARY = `require('./lib/napi-v8/tfjs_binding.node');`;

/**
 * As the package does where it loads: it registers its backend and makes it the current one. That backend
 * is the cpu's here. The package calls what Node 23 took away, so this does too.
 */
export function loadable(seesGpu: boolean): string {
  return `
    const tf = require(${JSON.stringify(CORE)});
    const { MathBackendCPU } = require(${JSON.stringify(CPU)});
    require('util').isNullOrUndefined(null);
    tf.copyRegisteredKernels('cpu', 'tensorflow');
    const backend = () => Object.assign(new MathBackendCPU(), { isUsingGpuDevice: ${seesGpu} });
    if (!tf.findBackend('tensorflow')) tf.registerBackend('tensorflow', backend, 3);
    tf.setBackend('tensorflow');`;
}

/** A folder in which `@tensorflow/tfjs-node-gpu` is this code, or is missing; a file in it to require from. */
export function packageOf(code: string | null): string {
  const folder = emptyFolder();
  if (code !== null) {
    const place = join(folder, 'node_modules/@tensorflow/tfjs-node-gpu');
    mkdirSync(join(place, 'lib/napi-v8'), { recursive: true });
    writeFileSync(
      join(place, 'package.json'),
      '{ "name": "@tensorflow/tfjs-node-gpu", "version": "4.22.0" }',
    );
    writeFileSync(join(place, 'index.js'), code);
    if (code === UNLOADABLE_LIBRARY)
      writeFileSync(join(place, 'lib/napi-v8/tfjs_binding.node'), 'no library');
  }
  return join(folder, 'anyone.js');
}
