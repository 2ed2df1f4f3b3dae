import { type RandomStream, randomStream } from '../sim/random.ts';
import { type Eigen, eigen, identity } from './eigen.ts';
import { logarithm, normal, power, smallExponential } from './exactMath.ts';

/** All that evolution remembers between two generations: a search taken up from it ends in the same bits. */
export interface CmaState {
  readonly generation: number;
  readonly mean: Float64Array;
  readonly sigma: number;
  /** By row. */
  readonly covariance: readonly Float64Array[];
  readonly covariancePath: Float64Array;
  readonly sigmaPath: Float64Array;
  readonly stream: readonly [number, number, number, number];
}

/** What does not change while a search goes on. */
export interface CmaSettings {
  /** How far one is from the other end: the unit of each number searched. */
  readonly scales: Float64Array;
  /** Candidates in a generation, 4 or more. */
  readonly population: number;
}

/** A search at its beginning: around `start`, as far as `sigma` units of each number. */
export function cmaStart(start: Float64Array, sigma: number, seed: number): CmaState {
  return {
    ...{ generation: 0, mean: start.slice(), sigma, covariance: identity(start.length) },
    ...{ covariancePath: new Float64Array(start.length), sigmaPath: new Float64Array(start.length) },
    stream: randomStream(seed, 'evolution').position(),
  };
}

/**
 * Evolution strategy with covariance matrix adaptation: draws candidates from a normal distribution, and moves
 * and shapes it towards those of lowest cost. Only the order of costs counts.
 *
 * Hansen (2016), The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, figure 6 and table 1, with weights of
 * the better half only. Symbols are the paper's where they are short.
 */
export class CmaEs {
  readonly #scales: Float64Array;
  readonly #population: number;
  readonly #rates: Rates;
  readonly #stream: RandomStream;
  readonly #mean: Float64Array;
  readonly #covariance: Float64Array[];
  readonly #covariancePath: Float64Array;
  readonly #sigmaPath: Float64Array;
  #generation: number;
  #sigma: number;
  #eigen: Eigen;
  /** By candidate: its step from the mean, in units of sigma and scale. */
  #steps: readonly Float64Array[] = [];

  constructor({ scales, population }: CmaSettings, state: CmaState) {
    this.#scales = scales;
    this.#population = population;
    this.#rates = ratesOf(scales.length, population);
    this.#stream = randomStream(0, '');
    this.#stream.resume(state.stream);
    this.#mean = state.mean.slice();
    this.#covariance = state.covariance.map((row) => row.slice());
    this.#covariancePath = state.covariancePath.slice();
    this.#sigmaPath = state.sigmaPath.slice();
    this.#generation = state.generation;
    this.#sigma = state.sigma;
    this.#eigen = eigen(this.#covariance);
  }

  /** The centre of the search: its best guess. */
  get mean(): Float64Array {
    return this.#mean.slice();
  }

  get sigma(): number {
    return this.#sigma;
  }

  /** To be taken between `tell` and the next `ask`. */
  get state(): CmaState {
    return {
      ...{ generation: this.#generation, mean: this.mean, sigma: this.#sigma },
      covariance: this.#covariance.map((row) => row.slice()),
      covariancePath: this.#covariancePath.slice(),
      sigmaPath: this.#sigmaPath.slice(),
      stream: this.#stream.position(),
    };
  }

  /** The candidates of the next generation. */
  ask(): Float64Array[] {
    const { values, vectors } = this.#eigen;
    this.#steps = Array.from({ length: this.#population }, () => {
      const z = values.map((value) => Math.sqrt(Math.max(0, value)) * normal(this.#stream));
      return Float64Array.from(vectors, (row) => dot(row, z));
    });
    return this.#steps.map((step) => step.map((y, i) => this.#mean[i]! + this.#sigma * this.#scales[i]! * y));
  }

  /** @param costs  by candidate of `ask`; what is no number counts as worst */
  tell(costs: readonly number[]): void {
    const { weights, c1, cMu, cC, cSigma, damping, muEff, chiN } = this.#rates;
    const cost = (k: number) => (Number.isNaN(costs[k]!) ? Infinity : costs[k]!);
    const ranks = costs.map((_, k) => k).sort((a, b) => compare(cost(a), cost(b)) || a - b);
    const best = ranks.slice(0, weights.length).map((k) => this.#steps[k]!);
    const n = this.#mean.length;
    const step = new Float64Array(n);
    best.forEach((y, k) => {
      for (let i = 0; i < n; i++) step[i]! += weights[k]! * y[i]!;
    });
    for (let i = 0; i < n; i++) this.#mean[i]! += this.#sigma * this.#scales[i]! * step[i]!;

    const whitened = inverseRootTimes(this.#eigen, step);
    const sigmaPull = Math.sqrt(cSigma * (2 - cSigma) * muEff);
    for (let i = 0; i < n; i++) {
      this.#sigmaPath[i] = (1 - cSigma) * this.#sigmaPath[i]! + sigmaPull * whitened[i]!;
    }
    const length = Math.sqrt(dot(this.#sigmaPath, this.#sigmaPath));
    this.#generation++;
    // A path as long as this is of a step that grows at once: the covariance waits until it has.
    const settled = Math.sqrt(1 - power(1 - cSigma, 2 * this.#generation));
    const follows = length / settled / chiN < 1.4 + 2 / (n + 1) ? 1 : 0;
    const pull = follows * Math.sqrt(cC * (2 - cC) * muEff);
    for (let i = 0; i < n; i++) {
      this.#covariancePath[i] = (1 - cC) * this.#covariancePath[i]! + pull * step[i]!;
    }
    const keep = 1 - c1 - cMu + (1 - follows) * c1 * cC * (2 - cC);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let spread = 0;
        best.forEach((y, k) => {
          spread += weights[k]! * y[i]! * y[j]!;
        });
        const path = this.#covariancePath[i]! * this.#covariancePath[j]!;
        const value = keep * this.#covariance[i]![j]! + c1 * path + cMu * spread;
        this.#covariance[i]![j] = value;
        this.#covariance[j]![i] = value;
      }
    }
    this.#sigma *= smallExponential(Math.min(1, (cSigma / damping) * (length / chiN - 1)));
    this.#eigen = eigen(this.#covariance);
  }
}

/** How quickly each part learns: table 1 of the tutorial. */
interface Rates {
  /** Of the better half, best first; they sum to 1. */
  readonly weights: readonly number[];
  readonly muEff: number;
  readonly cC: number;
  readonly cSigma: number;
  readonly c1: number;
  readonly cMu: number;
  readonly damping: number;
  /** How long a vector of normal numbers is on average. */
  readonly chiN: number;
}

function ratesOf(n: number, population: number): Rates {
  const mu = Math.floor(population / 2);
  const raw = Array.from({ length: mu }, (_, k) => logarithm((population + 1) / 2) - logarithm(k + 1));
  const sum = raw.reduce((a, b) => a + b, 0);
  const weights = raw.map((weight) => weight / sum);
  const muEff = 1 / weights.reduce((a, b) => a + b * b, 0);
  const c1 = 2 / ((n + 1.3) * (n + 1.3) + muEff);
  const cSigma = (muEff + 2) / (n + muEff + 5);
  return {
    ...{ weights, muEff, c1, cSigma },
    cC: (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    cMu: Math.min(1 - c1, (2 * (muEff - 2 + 1 / muEff)) / ((n + 2) * (n + 2) + muEff)),
    damping: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    chiN: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** C^(−½) y: what a step would be had all directions the same spread. */
function inverseRootTimes({ values, vectors }: Eigen, y: Float64Array): Float64Array {
  const along = values.map((value, j) => {
    let sum = 0;
    for (let i = 0; i < y.length; i++) sum += vectors[i]![j]! * y[i]!;
    return sum / Math.sqrt(Math.max(1e-28, value));
  });
  return Float64Array.from(vectors, (row) => dot(row, along));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Of two infinities neither is greater. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
