import { randomStream } from '../sim/random.ts';
import type { TrainBackend } from './backend.ts';
import type { Batch } from './loss.ts';
import { initialWeights } from './perceptron.ts';
import { createRegressor, type Regressor } from './regressor.ts';

/** The work by which backends are compared: a step of deep Q-learning, of the size that it usually has. */
export const STEP_SIZES = [64, 128, 128, 8] as const;
export const STEP_ROWS = [32, 256, 2048] as const;

export interface StepSpeed {
  readonly rows: number;
  /** `null` where a step would have taken too long. */
  readonly stepsPerSecond: number | null;
}

/** The learner of that size, always with the same weights. */
export function stepLearner(backend: TrainBackend): Regressor {
  const { next } = randomStream(1, 'weights');
  return createRegressor(backend, {
    sizes: STEP_SIZES,
    weights: initialWeights(STEP_SIZES, next),
    learningRate: 1e-3,
  });
}

/** A batch for it, always the same. */
export function stepBatch(rows: number): Batch {
  const { next } = randomStream(1, 'batch');
  const random = (count: number) => Float32Array.from({ length: count }, () => 2 * next() - 1);
  const [inputs, outputs] = [STEP_SIZES[0], STEP_SIZES.at(-1)!];
  return {
    rows,
    x: random(rows * inputs),
    y: random(rows * outputs),
    weight: new Float32Array(rows).fill(1),
  };
}

/**
 * Training steps per second, each with its loss read back, at each of the sizes.
 *
 * @param eachS  time given to a size, s, after two steps that do not count; steps that would last longer
 *               than it, judged by the size before, are left out
 */
export async function stepSpeeds(backend: TrainBackend, eachS: number): Promise<StepSpeed[]> {
  const learner = stepLearner(backend);
  const speeds: StepSpeed[] = [];
  let rowS = 0;
  for (const rows of STEP_ROWS) {
    const tooLong = rowS * rows > eachS;
    const stepsPerSecond = tooLong ? null : await stepSpeed(learner, stepBatch(rows), eachS);
    if (stepsPerSecond !== null) rowS = 1 / (stepsPerSecond * rows);
    speeds.push({ rows, stepsPerSecond });
  }
  learner.dispose();
  return speeds;
}

/** Steps per second on one batch, over `eachS` seconds and three steps at least. */
export async function stepSpeed(learner: Regressor, batch: Batch, eachS: number): Promise<number> {
  for (let warmUp = 0; warmUp < 2; warmUp++) await learner.step(batch);
  const begin = performance.now();
  for (let steps = 1; ; steps++) {
    await learner.step(batch);
    const elapsedS = (performance.now() - begin) / 1000;
    if (steps >= 3 && elapsedS >= eachS) return steps / elapsedS;
  }
}
