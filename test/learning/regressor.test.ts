import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type BackendName, openBackend, type TrainBackend } from '../../server/learning/backend.ts';
import type { Batch } from '../../server/learning/loss.ts';
import { initialWeights, weightCount } from '../../server/learning/perceptron.ts';
import { createRegressor, type RegressorState } from '../../server/learning/regressor.ts';
import { stepBatch, stepLearner } from '../../server/learning/stepSpeed.ts';
import { randomStream } from '../../server/sim/random.ts';

/** A perceptron that learns: the same on every backend, the same every time, and by the gradient that it says. */

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

/** Fifty steps of deep Q-learning's usual size on one batch, and the weights after them. */
async function fiftySteps(backend: TrainBackend) {
  const learner = stepLearner(backend);
  const losses: number[] = [];
  for (let k = 0; k < 50; k++) losses.push(await learner.step(stepBatch(32)));
  const state = await learner.state();
  learner.dispose();
  return { losses, state };
}

const hash = (state: RegressorState) =>
  createHash('sha256').update(state.weights).update(state.adamM).update(state.adamV).digest('hex');

test('cpu and wasm agree over fifty steps to 1e-5, and each repeats itself bit for bit', async () => {
  const cpu = await on('cpu', fiftySteps);
  const wasm = await on('wasm', fiftySteps);
  expect(cpu.losses[49]).toBeLessThan(cpu.losses[0] / 2);
  for (let k = 0; k < 50; k++) {
    expect(Math.abs(wasm.losses[k] - cpu.losses[k])).toBeLessThan(1e-5 * cpu.losses[k]);
  }
  const [cpuAgain, wasmAgain] = [await on('cpu', fiftySteps), await on('wasm', fiftySteps)];
  expect([cpuAgain.losses, hash(cpuAgain.state)]).toEqual([cpu.losses, hash(cpu.state)]);
  expect([wasmAgain.losses, hash(wasmAgain.state)]).toEqual([wasm.losses, hash(wasm.state)]);
});

for (const name of ['cpu', 'wasm'] as const) {
  test(`on ${name}, a learner that is written down and taken up goes on to the same bits`, () =>
    on(name, async (backend) => {
      const [first, second] = [stepLearner(backend), stepLearner(backend)];
      for (let k = 0; k < 5; k++) await first.step(stepBatch(32));
      second.restore(structuredClone(await first.state()));
      for (let k = 0; k < 5; k++) {
        expect(await second.step(stepBatch(32))).toBe(await first.step(stepBatch(32)));
      }
      expect(hash(await second.state())).toBe(hash(await first.state()));
      expect((await second.state()).steps).toBe(10);
    }));

  test(`on ${name}, steps leave no tensor behind, and what is handed in and out stays its owner's`, () =>
    on(name, async (backend) => {
      const weights = initialWeights([3, 4, 1], randomStream(1, 'weights').next);
      const given = weights.slice();
      const learner = createRegressor(backend, { sizes: [3, 4, 1], weights: given, learningRate: 0.1 });
      given.fill(Number.NaN);
      (await learner.state()).weights.fill(Number.NaN);
      expect((await learner.state()).weights).toEqual(weights);
      const before = backend.tf.memory().numTensors;
      const batch = phases();
      for (let k = 0; k < 20; k++) await learner.step(batch);
      await learner.predict(batch.x, batch.rows);
      learner.restore(await learner.state());
      expect(backend.tf.memory().numTensors).toBe(before);
      learner.dispose();
      expect(backend.tf.memory().numTensors).toBe(before - 3);
      await expect(learner.step(batch)).rejects.toThrow('disposed of');
    }));
}

/** Five decisions among up to four phases: the last of each second one is not there. */
function phases(): Batch & { readonly groupRows: number } {
  const { next } = randomStream(2, 'phases');
  const random = (count: number) => Float32Array.from({ length: count }, () => 4 * next() - 2);
  const weight = Float32Array.from({ length: 20 }, (_, row) => (row % 8 === 7 ? 0 : 1));
  return { rows: 20, x: random(60), y: random(20), weight, groupRows: 4 };
}

test('the gradient is the slope of the loss, with groups and without', () =>
  on('cpu', async (backend) => {
    const MOVE = 1 / 1024;
    const sizes = [3, 5, 4, 1];
    const weights = initialWeights(sizes, randomStream(3, 'weights').next);
    const options = { sizes, weights, learningRate: 0, huberDelta: 0.7 };
    const { groupRows, ...alone } = phases();
    for (const batch of [alone, { ...alone, groupRows }]) {
      const learner = createRegressor(backend, options);
      const lossAt = async (k: number, move: number) => {
        const moved = weights.slice();
        moved[k] += move;
        const adam = new Float32Array(weights.length);
        learner.restore({ weights: moved, adamM: adam, adamV: adam, steps: 0 });
        return learner.step(batch);
      };
      const loss = await lossAt(0, 0);
      // After one step Adam's mean is a tenth of the gradient.
      const { adamM } = await learner.state();
      expect(adamM.length).toBe(weightCount(sizes));
      for (let k = 0; k < weights.length; k++) {
        // To the left and to the right: they differ where a ReLU begins in between.
        const slopes = [(loss - (await lossAt(k, -MOVE))) / MOVE, ((await lossAt(k, MOVE)) - loss) / MOVE];
        expect(10 * adamM[k]).toBeGreaterThan(Math.min(...slopes) - 1e-3);
        expect(10 * adamM[k]).toBeLessThan(Math.max(...slopes) + 1e-3);
      }
      learner.dispose();
    }
  }));

test('of a group only the differences count, and a row that is not there not at all', () =>
  on('cpu', async (backend) => {
    const sizes = [3, 8, 1];
    const weights = initialWeights(sizes, randomStream(4, 'weights').next);
    const lossOf = async (batch: Batch) => {
      const learner = createRegressor(backend, { sizes, weights, learningRate: 0.01 });
      const losses = [await learner.step(batch), await learner.step(batch)];
      learner.dispose();
      return losses;
    };
    const batch = phases();
    const raised = batch.y.map((y, row) => y + 8 * Math.floor(row / 4));
    const hidden = batch.y.map((y, row) => (batch.weight[row] === 0 ? 1000 : y));
    const plain = await lossOf(batch);
    const raisedLosses = await lossOf({ ...batch, y: raised });
    plain.forEach((loss, k) => {
      expect(raisedLosses[k]).toBeCloseTo(loss, 5);
    });
    expect(await lossOf({ ...batch, y: hidden })).toEqual(plain);

    // By hand: one group of three, one of which is not there. Outputs are all 0 at the start.
    const zero = new Float32Array(weightCount([1, 1]));
    const learner = createRegressor(backend, { sizes: [1, 1], weights: zero, learningRate: 0.01 });
    const three = { rows: 3, x: new Float32Array(3), weight: Float32Array.of(1, 1, 0), groupRows: 3 };
    // Less their mean, 3, the targets are −2 and 2: each 1 · (2 − ½) by Huber.
    expect(await learner.step({ ...three, y: Float32Array.of(1, 5, 99) })).toBe(1.5);
    await expect(learner.step({ ...three, groupRows: 2, y: new Float32Array(3) })).rejects.toThrow(
      '3 rows are not groups of 2.',
    );
    await expect(learner.step({ ...three, y: new Float32Array(2) })).rejects.toThrow(
      'y has 2 numbers, where 3 belong.',
    );
  }));
