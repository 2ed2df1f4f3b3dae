import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import { type BackendName, openBackend, type TrainBackend } from '../../server/learning/backend.ts';
import { stepBatch, stepLearner, stepSpeed } from '../../server/learning/stepSpeed.ts';
import { BackendUnavailable } from '../../server/learning/unavailable.ts';
import { randomStream } from '../../server/sim/random.ts';

/**
 * That training runs on a real GPU where there is one, is right there, and is worth it. A benchmark too, hence the
 * one test that compares times; what it measured is kept in test/bench/results.
 */

/** How far sums may be off: in another order, and by TensorFlow's default with TF32's ten bits of mantissa. */
const TOLERANCES = {
  tensorflow: { product: 0.1, loss: 1e-2 },
  webgpu: { product: 1e-3, loss: 1e-4 },
} as const;
const SIDE = 1024;
const STEPS = 50;

async function on<Answer>(
  name: BackendName,
  use: (backend: TrainBackend) => Promise<Answer>,
): Promise<Answer> {
  const { backend } = await openBackend(name);
  try {
    return await use(backend);
  } finally {
    backend.dispose();
  }
}

/** Why there is no proof to be had from a backend here, or `null`. */
async function reasonAgainst(name: BackendName): Promise<string | null> {
  try {
    return await on(name, async () => null);
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    console.info(`Skipped: no GPU through ${name}. ${error.found}`);
    return error.found;
  }
}

const matrix = (name: string) => {
  const { next } = randomStream(1, name);
  return Float32Array.from({ length: SIDE * SIDE }, () => 2 * next() - 1);
};

/** The product of two fixed matrices of 1024 × 1024, and the device's own time for it, where it tells. */
async function product({ tf }: TrainBackend) {
  const [a, b] = ['a', 'b'].map((name) => tf.tensor2d(matrix(name), [SIDE, SIDE]));
  const result = tf.matMul(a, b);
  const values = await result.data<'float32'>();
  const { kernelMs } = (await tf.time(() => tf.matMul(a, b).dispose())) as { kernelMs?: number };
  tf.dispose([a, b, result]);
  return { values, kernelMs };
}

async function losses(backend: TrainBackend): Promise<number[]> {
  const learner = stepLearner(backend);
  const answer: number[] = [];
  for (let k = 0; k < STEPS; k++) answer.push(await learner.step(stepBatch(32)));
  learner.dispose();
  return answer;
}

async function largeStepsPerSecond(backend: TrainBackend): Promise<number> {
  const learner = stepLearner(backend);
  const speed = await stepSpeed(learner, stepBatch(2048), 3);
  learner.dispose();
  return speed;
}

const proofs: object[] = [];
afterAll(() => {
  if (proofs.length === 0) return;
  const date = new Date().toISOString().slice(0, 10);
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  const what = `${SIDE} × ${SIDE} product and ${STEPS} training steps against cpu; steps per second of 2048 rows`;
  const folder = new URL('../bench/results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    new URL(`${date}-gpu.json`, folder),
    `${JSON.stringify({ machine, what, proofs }, null, 2)}\n`,
  );
});

for (const name of ['tensorflow', 'webgpu'] as const) {
  const reason = await reasonAgainst(name);
  const title = `a real GPU trains through ${name}${reason === null ? '' : ` (${reason})`}`;
  test.skipIf(reason !== null)(title, { timeout: 300_000 }, async () => {
    const there = await on(name, async (backend) => {
      const { gpu, device, tf } = backend;
      expect([gpu, tf.getBackend(), device]).toEqual([true, name, expect.stringMatching(/\w/)]);
      if (name === 'webgpu') expect(tf.env().getBool('WEBGPU_CPU_FORWARD')).toBe(false);
      const speed = await largeStepsPerSecond(backend);
      return { device, ...(await product(backend)), losses: await losses(backend), speed };
    });
    const cpu = await on('cpu', async (backend) => ({
      ...(await product(backend)),
      losses: await losses(backend),
    }));
    const wasmSpeed = await on('wasm', largeStepsPerSecond);

    const productError = cpu.values.reduce(
      (worst, value, k) => Math.max(worst, Math.abs(value - there.values[k])),
      0,
    );
    const lossError = Math.max(...cpu.losses.map((loss, k) => Math.abs(there.losses[k] / loss - 1)));
    const { device, kernelMs, speed } = there;
    proofs.push({ backend: name, device, kernelMs, productError, lossError, speed, wasmSpeed });
    console.info(
      `${name} on ${device}: ${speed.toFixed(0)} steps/s of 2048 rows, wasm ${wasmSpeed.toFixed(0)}`,
    );
    expect(productError).toBeLessThan(TOLERANCES[name].product);
    expect(lossError).toBeLessThan(TOLERANCES[name].loss);
    expect(speed).toBeGreaterThan(wasmSpeed);
  });
}
