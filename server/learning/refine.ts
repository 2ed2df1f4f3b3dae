import { INPUT_COUNT } from '../environment/observer.ts';
import type { Layer, Scorer } from '../policy/scorer.ts';
import { type RandomStream, randomStream } from '../sim/random.ts';
import type { TrainBackend } from './backend.ts';
import { trainingEpisodes } from './curriculum.ts';
import type { Batch } from './loss.ts';
import { initialWeights } from './perceptron.ts';
import { createRegressor, type Regressor, type RegressorState } from './regressor.ts';
import { EMPTY_REPLAY, joinedReplay, type Replay } from './replay.ts';
import type { Stage } from './stage.ts';

/** Neurons of the hidden layer. */
const HIDDEN = 24;
const SIZES = [2 * INPUT_COUNT, HIDDEN, 1];
const LEARNING_RATE = 0.002;
/** Decisions in a batch. */
const BATCH = 128;
/** How often each decision of the replay is learned from in a generation, on average. */
const EPOCHS = 6;
/** Decisions kept. */
const REPLAY_MAX = 16_000;
/** What a target of 1 stands for, veh·s. */
const COST_SCALE = 100;
/** How much the weighted sum counts beside the network: costs are seen with noise, which makes its share too small. */
const TRUSTS = [1, 2, 4];

export interface RefineState {
  /** The policy whose decisions are looked into. */
  readonly base: Scorer;
  /** What the weighted sum is multiplied by to be in units of `COST_SCALE`; `null`: not known yet. */
  readonly unit: number | null;
  readonly replay: Replay;
  /** By input of the network: what it is divided by. */
  readonly inputScale: Float64Array | null;
  readonly network: RegressorState | null;
  readonly position: readonly [number, number, number, number];
}

/**
 * A network on top of the weighted sum, learned from what decisions turn out to be worth (`collectSamples`): it is
 * shown the inputs of each phase and by how many vehicle-seconds choosing it was better than the other phases, with
 * the weighted sum's own share taken off. Each generation looks into new episodes, learns from all that is kept, and
 * tries on those episodes how far the network is to be trusted.
 *
 * Q-learning would have to find the same differences in rewards that hold the noise of all other signals.
 */
export function refine(backend: TrainBackend): Stage<RefineState> {
  return {
    name: 'refine',
    facts: ['loss', 'decisions', 'trust'],
    begin: async (champion, { syllabus }) => ({
      ...{ base: champion, unit: null, replay: EMPTY_REPLAY, inputScale: null, network: null },
      position: randomStream(syllabus.seed, 'refine').position(),
    }),
    advance: async (before, generation, { syllabus, runner, evaluation }) => {
      const episodes = trainingEpisodes(syllabus, generation);
      const parts = await runner.collect(episodes, before.base);
      const replay = joinedReplay([before.replay, ...parts], REPLAY_MAX);
      const { linear } = before.base;
      const unit = before.unit ?? unitOf(replay, linear);
      const inputScale = before.inputScale ?? scaleOf(replay);
      const stream = randomStream(syllabus.seed, 'refine');
      stream.resume(before.position);
      const regressor = regressorFrom(backend, before.network, stream);
      const loss = await learn(regressor, new Lessons(replay, linear, unit, inputScale), stream);
      const network = await regressor.state();
      regressor.dispose();
      const candidates = TRUSTS.map((trust): Scorer => {
        return { linear, layers: layersOf(network.weights, inputScale, 1 / (unit * trust)) };
      });
      const scores = await evaluation.scores(candidates, episodes);
      const best = scores.indexOf(Math.min(...scores));
      return {
        state: { base: before.base, unit, replay, inputScale, network, position: stream.position() },
        candidate: candidates[best]!,
        episodes: (candidates.length + 1) * episodes.length,
        trainingScore: scores[best]!,
        facts: { loss, decisions: replay.phases.length, trust: TRUSTS[best]! },
      };
    },
  };
}

function regressorFrom(backend: TrainBackend, state: RegressorState | null, stream: RandomStream): Regressor {
  // The last layer begins at zero: so does the network's say.
  const weights = state?.weights ?? initialWeights(SIZES, () => stream.next(), 0);
  const regressor = createRegressor(backend, { sizes: SIZES, weights, learningRate: LEARNING_RATE });
  if (state !== null) regressor.restore(state);
  return regressor;
}

/** Learns from all lessons, in a new order each time, and answers the mean loss of the last time. */
async function learn(regressor: Regressor, lessons: Lessons, stream: RandomStream): Promise<number> {
  const order = Int32Array.from({ length: lessons.count }, (_, k) => k);
  const batches = Math.ceil(lessons.count / BATCH);
  let sum = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order, stream);
    sum = 0;
    for (let b = 0; b < batches; b++) {
      sum += await regressor.step(lessons.batch(order.subarray(b * BATCH, (b + 1) * BATCH)));
    }
  }
  return batches === 0 ? 0 : sum / batches;
}

function shuffle(order: Int32Array, stream: RandomStream): void {
  for (let k = order.length - 1; k > 0; k--) {
    const j = Math.floor(stream.next() * (k + 1));
    [order[k], order[j]] = [order[j]!, order[k]!];
  }
}

/** A replay as batches: groups of as many rows as the most phases of any decision. */
class Lessons {
  readonly count: number;
  readonly #replay: Replay;
  readonly #first: Int32Array; // by decision: its first row in the replay
  readonly #group: number;
  readonly #sums: Float64Array; // by row: the weighted sum's own share of the target
  readonly #inputScale: Float64Array;

  constructor(replay: Replay, linear: Float64Array, unit: number, inputScale: Float64Array) {
    const { phases } = replay;
    this.count = phases.length;
    this.#replay = replay;
    this.#first = firstRows(phases);
    this.#group = phases.reduce((most, count) => Math.max(most, count), 1);
    this.#sums = sumsOf(replay, linear).map((sum) => sum * unit);
    this.#inputScale = inputScale;
  }

  batch(decisions: Int32Array): Batch {
    const { phases, inputs, costs } = this.#replay;
    const group = this.#group;
    const width = SIZES[0]!;
    const rows = decisions.length * group;
    const x = new Float32Array(rows * width);
    const y = new Float32Array(rows);
    const weight = new Float32Array(rows);
    decisions.forEach((d, k) => {
      const first = this.#first[d]!;
      const count = phases[d]!;
      const mean = meanInputs(inputs, first, count);
      for (let p = 0; p < count; p++) {
        const row = k * group + p;
        for (let f = 0; f < INPUT_COUNT; f++) {
          x[row * width + f] = inputs[(first + p) * INPUT_COUNT + f]! / this.#inputScale[f]!;
          x[row * width + INPUT_COUNT + f] = mean[f]! / this.#inputScale[INPUT_COUNT + f]!;
        }
        y[row] = -costs[first + p]! / COST_SCALE - this.#sums[first + p]!;
        weight[row] = 1 / count;
      }
    });
    return { rows, x, y, weight, groupRows: group };
  }
}

function firstRows(phases: Int32Array): Int32Array {
  const first = new Int32Array(phases.length);
  for (let d = 1; d < phases.length; d++) first[d] = first[d - 1]! + phases[d - 1]!;
  return first;
}

function meanInputs(inputs: Float32Array, first: number, count: number): Float64Array {
  const mean = new Float64Array(INPUT_COUNT);
  for (let row = first; row < first + count; row++) {
    for (let f = 0; f < INPUT_COUNT; f++) mean[f]! += inputs[row * INPUT_COUNT + f]! / count;
  }
  return mean;
}

/** By row: the weighted sum, less its mean over the decision's phases. */
function sumsOf({ phases, inputs, costs }: Replay, linear: Float64Array): Float64Array {
  const sums = new Float64Array(costs.length);
  let row = 0;
  for (const count of phases) {
    let mean = 0;
    for (let r = row; r < row + count; r++) {
      for (let f = 0; f < INPUT_COUNT; f++) sums[r]! += linear[f]! * inputs[r * INPUT_COUNT + f]!;
      mean += sums[r]! / count;
    }
    for (let r = row; r < row + count; r++) sums[r]! -= mean;
    row += count;
  }
  return sums;
}

/** Least squares: what the weighted sum is worth, in units of `COST_SCALE`. */
function unitOf(replay: Replay, linear: Float64Array): number {
  const sums = sumsOf(replay, linear);
  let product = 0;
  let square = 0;
  sums.forEach((sum, row) => {
    product -= (sum * replay.costs[row]!) / COST_SCALE;
    square += sum * sum;
  });
  // A sum that is worth nothing, or less, still says which phase the policy takes.
  return product > 0 && square > 0 ? product / square : 0.01;
}

/** By input of the network: its root mean square, 1 where it is always 0. */
function scaleOf({ phases, inputs }: Replay): Float64Array {
  const squares = new Float64Array(2 * INPUT_COUNT);
  let row = 0;
  for (const count of phases) {
    const mean = meanInputs(inputs, row, count);
    for (let r = row; r < row + count; r++) {
      for (let f = 0; f < INPUT_COUNT; f++) {
        squares[f]! += inputs[r * INPUT_COUNT + f]! ** 2;
        squares[INPUT_COUNT + f]! += mean[f]! ** 2;
      }
    }
    row += count;
  }
  return squares.map((sum) => Math.sqrt(sum / Math.max(1, row)) || 1);
}

/**
 * The network as a scorer has it: a row of weights for each neuron, for inputs as they are, and its output in the
 * units of the weighted sum.
 */
function layersOf(weights: Float32Array, inputScale: Float64Array, outputScale: number): Layer[] {
  let start = 0;
  return SIZES.slice(1).map((outputs, k): Layer => {
    const inputs = SIZES[k]!;
    const times = k === SIZES.length - 2 ? outputScale : 1;
    const biases = weights.subarray(start + inputs * outputs, start + (inputs + 1) * outputs);
    const layer = {
      weights: new Float64Array(inputs * outputs),
      biases: Float64Array.from(biases, (bias) => bias * times),
    };
    for (let i = 0; i < inputs; i++) {
      const scale = times / (k === 0 ? inputScale[i]! : 1);
      for (let j = 0; j < outputs; j++) {
        layer.weights[j * inputs + i] = weights[start + i * outputs + j]! * scale;
      }
    }
    start += (inputs + 1) * outputs;
    return layer;
  });
}
