import { createRequire } from 'node:module';
import { afterEach, expect, test } from 'vitest';
import type { TrainBackend } from '../../server/learning/backend.ts';
import { type BackendChoice, type BackendOptions, openBackend } from '../../server/learning/backend.ts';
import { BackendUnavailable } from '../../server/learning/unavailable.ts';
import { loadable, packageOf, UNLOADABLE_LIBRARY, WITHOUT_LIBRARY } from './brokenPackage.ts';

/** Which backend is opened, and what is said of those that are not. */

let opened: TrainBackend | undefined;
afterEach(() => {
  opened?.dispose();
  opened = undefined;
});

async function open(choice: BackendChoice, options?: BackendOptions) {
  const answer = await openBackend(choice, options);
  opened = answer.backend;
  return answer;
}

async function refusal(choice: BackendChoice, options?: BackendOptions): Promise<BackendUnavailable> {
  const error = await open(choice, options).then(
    ({ backend }) => `${backend.name} was opened`,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(BackendUnavailable);
  return error;
}

test('a package that was dropped, one without its library, and one whose library does not load are refused alike', async () => {
  const missing = await refusal('tensorflow', { from: packageOf(null) });
  expect(missing.found).toBe('The package @tensorflow/tfjs-node-gpu is not installed.');
  expect(missing.remedy).toContain('mirror');
  expect(missing.cause).toMatchObject({ code: 'MODULE_NOT_FOUND' });

  const without = await refusal('tensorflow', { from: packageOf(WITHOUT_LIBRARY) });
  expect(without.found).toBe('The package @tensorflow/tfjs-node-gpu was installed without its library.');
  expect(without.remedy).toBe(missing.remedy);
  expect((without.cause as Error).message).toContain('can not be found at path');

  const unloadable = await refusal('tensorflow', { from: packageOf(UNLOADABLE_LIBRARY) });
  expect(unloadable.found).toMatch(/^Its library does not load: .*tfjs_binding\.node/);
  expect(unloadable.remedy).toContain('CUDA 11.2');
  expect(unloadable.cause).toMatchObject({ code: 'ERR_DLOPEN_FAILED' });
});

test('what else goes wrong while a backend starts is told in its words', async () => {
  const { found, cause } = await refusal('tensorflow', {
    from: packageOf(`throw new RangeError('out of paper\\nand ink');`),
  });
  expect(found).toBe('It failed while starting: out of paper');
  expect(cause).toBeInstanceOf(RangeError);
});

test('a backend asked for by name is opened or refused, and no other takes its place', async () => {
  const { message } = await refusal('tensorflow', { from: packageOf(null) });
  expect(message).toBe(
    'The backend "tensorflow" is not to be had here. The package @tensorflow/tfjs-node-gpu is not installed.',
  );
  for (const name of ['wasm', 'cpu'] as const) {
    const { backend, passedOver } = await open(name);
    expect([backend.name, backend.tf.getBackend(), backend.gpu, passedOver]).toEqual([name, name, false, []]);
    backend.dispose();
  }
});

test('TensorFlow itself is taken where its library loads and sees a GPU, and only there', async () => {
  const blind = await refusal('tensorflow', { from: packageOf(loadable(false)) });
  expect(blind.found).toBe('The library loads, but it sees no GPU.');
  const { removeBackend } = await import('@tensorflow/tfjs-core');
  removeBackend('tensorflow');
  Reflect.deleteProperty(createRequire(import.meta.url)('node:util'), 'isNullOrUndefined'); // as Node 23 has
  const { backend, passedOver } = await open('auto', { from: packageOf(loadable(true)) });
  expect([backend.name, backend.tf.getBackend(), backend.gpu, passedOver]).toEqual([
    'tensorflow',
    'tensorflow',
    true,
    [],
  ]);
  expect(backend.device).toContain('NVIDIA');
});

test('auto says whom it has passed over, in order, and why', async () => {
  const { backend, passedOver } = await open('auto', { from: packageOf(null) });
  const order = ['tensorflow', 'webgpu', 'wasm', 'cpu'];
  expect(passedOver.map(({ name }) => name)).toEqual(order.slice(0, order.indexOf(backend.name)));
  expect(passedOver[0].reason).toBe('The package @tensorflow/tfjs-node-gpu is not installed.');
  for (const { reason } of passedOver) expect(reason).toMatch(/\w\.$/);
  expect(['webgpu', 'wasm']).toContain(backend.name);
});

test('one backend is open at a time', async () => {
  await open('cpu');
  await expect(openBackend('wasm')).rejects.toThrow(
    'The backend "cpu" is open; dispose of it before opening "wasm".',
  );
});
