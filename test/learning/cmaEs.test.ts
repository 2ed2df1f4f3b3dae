import { expect, test } from 'vitest';
import { CmaEs, type CmaSettings, type CmaState, cmaStart } from '../../server/learning/cmaEs.ts';
import { decoded, encoded } from '../../server/learning/encoding.ts';
import { logarithm, normal, smallExponential } from '../../server/learning/exactMath.ts';
import { randomStream } from '../../server/sim/random.ts';

/** Functions whose minimum, 0, is known. */
const sphere = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0);

const rosenbrock = (x: Float64Array) => {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  return sum;
};

/** A million times steeper in one direction than in another, and no direction is that of an axis. */
const rotatedEllipsoid = (x: Float64Array) => {
  const n = x.length;
  // The cosine transform's matrix is a rotation.
  const along = (j: number) =>
    x.reduce((sum, value, i) => sum + value * Math.cos((Math.PI * (i + 0.5) * j) / n), 0) *
    Math.sqrt((j === 0 ? 1 : 2) / n);
  let sum = 0;
  for (let j = 0; j < n; j++) sum += 10 ** ((6 * j) / (n - 1)) * along(j) ** 2;
  return sum;
};

const settings = (n: number, population: number): CmaSettings => ({
  scales: new Float64Array(n).fill(1),
  population,
});

function searched(
  { scales, population }: CmaSettings,
  state: CmaState,
  cost: (x: Float64Array) => number,
  generations: number,
): CmaEs {
  const search = new CmaEs({ scales, population }, state);
  for (let g = 0; g < generations; g++) search.tell(search.ask().map(cost));
  return search;
}

test.each([
  ['sphere', sphere, 200],
  ['Rosenbrock', rosenbrock, 550],
  ['rotated ellipsoid', rotatedEllipsoid, 500],
])('finds the minimum of the %s function in 8 dimensions', (_, cost, generations) => {
  const start = cmaStart(new Float64Array(8).fill(3), 1, 1);
  const found = searched(settings(8, 12), start, cost, generations);
  expect(cost(found.mean)).toBeLessThan(1e-12);
});

test('scales are units: a number of large scale is searched widely', () => {
  const far = (x: Float64Array) => (x[0] - 5000) ** 2 / 1e6 + x[1] ** 2;
  const scaled = { scales: Float64Array.of(1000, 1), population: 8 };
  const found = searched(scaled, cmaStart(new Float64Array(2), 1, 1), far, 80);
  expect(far(found.mean)).toBeLessThan(1e-9);
});

test('a search that is written down and taken up again ends in the same bits', () => {
  const start = cmaStart(new Float64Array(8).fill(3), 1, 7);
  const whole = searched(settings(8, 12), start, rosenbrock, 40);
  const half = searched(settings(8, 12), start, rosenbrock, 17);
  const text = encoded(half.state);
  const resumed = searched(settings(8, 12), decoded(text) as CmaState, rosenbrock, 23);
  expect(encoded(resumed.state)).toBe(encoded(whole.state));
  const other = searched(settings(8, 12), cmaStart(new Float64Array(8).fill(3), 1, 8), rosenbrock, 40);
  expect(encoded(other.state)).not.toBe(encoded(whole.state));
});

test('a candidate without a cost counts as worst', () => {
  const holed = (x: Float64Array) => (x[0] > 3.5 ? Number.NaN : sphere(x));
  const found = searched(settings(4, 8), cmaStart(new Float64Array(4).fill(3), 1, 1), holed, 120);
  expect(sphere(found.mean)).toBeLessThan(1e-12);
});

test('logarithm, exponential and normal numbers are what they are called', () => {
  for (const x of [1e-9, 0.3, 1, 1.7, 250, 1e12]) expect(logarithm(x)).toBeCloseTo(Math.log(x), 12);
  for (const x of [-1, -0.2, 0, 0.6, 1]) expect(smallExponential(x)).toBeCloseTo(Math.exp(x), 14);
  const stream = randomStream(1, 'normal');
  const drawn = Array.from({ length: 20_000 }, () => normal(stream));
  const mean = drawn.reduce((a, b) => a + b) / drawn.length;
  const variance = drawn.reduce((a, b) => a + b * b, 0) / drawn.length;
  expect(Math.abs(mean)).toBeLessThan(3 / Math.sqrt(20_000));
  expect(Math.abs(variance - 1)).toBeLessThan(3 * Math.sqrt(2 / 20_000));
});
