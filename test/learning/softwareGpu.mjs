import { openBackend } from '../../dist/server/learning/backend.js';
import { initialWeights } from '../../dist/server/learning/perceptron.js';
import { createRegressor } from '../../dist/server/learning/regressor.js';
import { randomStream } from '../../dist/server/sim/random.js';

/** Three training steps on a WebGPU adapter that is a program, and on the cpu: what each came to, as JSON. */

const refusal = await openBackend('webgpu').catch((error) => error.found);

const sizes = [4, 8, 8, 1];
const { next } = randomStream(1, 'software');
const weights = initialWeights(sizes, next);
const random = (count) => Float32Array.from({ length: count }, next);
const batch = { rows: 8, x: random(32), y: random(8), weight: new Float32Array(8).fill(1), groupRows: 4 };

async function threeSteps(name) {
  const { backend } = await openBackend(name, { fallbackAdapter: true });
  const learner = createRegressor(backend, { sizes, weights, learningRate: 0.01 });
  const losses = [];
  for (let k = 0; k < 3; k++) losses.push(await learner.step(batch));
  const [prediction] = await learner.predict(batch.x, batch.rows);
  const { numTensors } = backend.tf.memory();
  const used = backend.tf.getBackend();
  learner.dispose();
  backend.dispose();
  return { used, gpu: backend.gpu, device: backend.device, losses, prediction, numTensors };
}

const webgpu = await threeSteps('webgpu');
const cpu = await threeSteps('cpu');
process.stdout.write(JSON.stringify({ refusal, webgpu, cpu }));
