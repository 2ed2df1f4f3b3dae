/** The statistics of a comparison against published tables and examples, closed forms, and laws that hold for any sample. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { giniIndex } from '../../server/report/inequality.ts';
import { holm, wilcoxonP } from '../../server/report/ranks.ts';
import {
  bootstrapInterval,
  deviation,
  excludesZero,
  mean,
  quantile,
  seedsNeeded,
  tInterval,
} from '../../server/report/statistics.ts';
import { mser5 } from '../../server/report/warmup.ts';

const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 25 });

test.each([
  [2, 12.706],
  [3, 4.303],
  [6, 2.571],
  [11, 2.228],
  [20, 2.093],
  [31, 2.042],
  [121, 1.98],
])('half the width of the interval of %i values is the table’s t, %f, times s ÷ √n', (n, t) => {
  const values = Array.from({ length: n }, (_, k) => (k % 2 === 0 ? 1 : -1) + k / 7);
  const { low, high } = tInterval(values)!;
  expect((high - low) / 2 / (deviation(values) / Math.sqrt(n))).toBeCloseTo(t, 3);
  expect((high + low) / 2).toBeCloseTo(mean(values), 10);
});

/**
 * Darwin's maize (1876), cross-fertilised minus self-fertilised in eighths of an inch, as in Fisher, The Design
 * of Experiments (1935), § 17: mean 20.93, t = 2.148 on 14 degrees of freedom.
 */
const DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

test('Darwin’s maize: the t interval is Fisher’s, just above zero', () => {
  expect(mean(DARWIN)).toBeCloseTo(20.933, 3);
  expect(mean(DARWIN) / (deviation(DARWIN) / Math.sqrt(15))).toBeCloseTo(2.148, 3);
  const { low, high } = tInterval(DARWIN)!;
  expect(low).toBeCloseTo(0.03, 2);
  expect(high).toBeCloseTo(41.84, 2);
});

test('Darwin’s maize: Wilcoxon’s exact p is 0.0413', () => {
  expect(wilcoxonP(DARWIN)).toBeCloseTo(0.04126, 5);
});

test('the depression scale of Hollander & Wolfe (1973), page 29: exact p 0.0391', () => {
  const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  expect(wilcoxonP(before.map((value, k) => value - after[k]))).toBeCloseTo(0.0390625, 10);
});

test.each([2, 3, 4, 5, 6, 10])('%i differences of one sign have the exact p of 2 ÷ 2ⁿ', (n) => {
  expect(wilcoxonP(Array.from({ length: n }, (_, k) => k + 1))).toBeCloseTo(2 / 2 ** n, 12);
});

test('differences of zero tell nothing: none left is p 1, and others stay exact', () => {
  expect(wilcoxonP([])).toBe(1);
  expect(wilcoxonP([0, 0, 0])).toBe(1);
  expect(wilcoxonP([0, 3])).toBe(1);
  expect(wilcoxonP([0, 1, 2, 0, 3, 4, 5, 6])).toBeCloseTo(2 / 64, 12);
});

test('Wilcoxon’s p is a probability, and the same for the mirrored sample', () => {
  fc.assert(
    fc.property(sample, (values) => {
      const p = wilcoxonP(values);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(wilcoxonP(values.map((value) => -value))).toBeCloseTo(p, 9);
    }),
  );
});

test('Holm’s step-down: 0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02', () => {
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((p, k) => {
    expect(adjusted[k]).toBeCloseTo(p, 12);
  });
});

test('Holm leaves out what was not tested, and never exceeds one', () => {
  expect(holm([0.02, Number.NaN, 0.9])).toEqual([0.04, Number.NaN, 0.9]);
  expect(holm([0.6, 0.7])).toEqual([1, 1]);
});

test('Holm keeps the order, makes nothing smaller, and is no stricter than Bonferroni', () => {
  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(pValues, (ps) => {
      const adjusted = holm(ps);
      ps.forEach((p, k) => {
        expect(adjusted[k]).toBeGreaterThanOrEqual(p);
        expect(adjusted[k]).toBeLessThanOrEqual(Math.min(1, ps.length * p));
        ps.forEach((q, j) => {
          if (p < q) expect(adjusted[k]).toBeLessThanOrEqual(adjusted[j]);
        });
      });
    }),
  );
});

test('the bootstrap’s interval lies within the sample, around its mean, and is the same each time', () => {
  fc.assert(
    fc.property(sample, (values) => {
      const { low, high } = bootstrapInterval(values)!;
      expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
      expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      expect(low).toBeLessThanOrEqual(mean(values) + 1e-9);
      expect(high).toBeGreaterThanOrEqual(mean(values) - 1e-9);
      expect(bootstrapInterval(values)).toEqual({ low, high });
    }),
    { numRuns: 25 },
  );
});

test('for a large sample the bootstrap’s interval is ± 1.96 standard errors', () => {
  const values = Array.from({ length: 200 }, (_, k) => ((k * 73) % 200) - 99.5);
  const { low, high } = bootstrapInterval(values)!;
  const error = deviation(values) / Math.sqrt(200);
  expect(low / error).toBeCloseTo(-1.96, 1);
  expect(high / error).toBeCloseTo(1.96, 1);
});

test('both intervals move and stretch with the values', () => {
  fc.assert(
    fc.property(
      sample,
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: 1, max: 9 }),
      (values, shift, scale) => {
        for (const interval of [tInterval, bootstrapInterval]) {
          const { low, high } = interval(values)!;
          const moved = interval(values.map((value) => value * scale + shift))!;
          expect(moved.low).toBeCloseTo(low * scale + shift, 6);
          expect(moved.high).toBeCloseTo(high * scale + shift, 6);
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('one value has no interval; equal values have one without width', () => {
  expect(tInterval([3])).toBeNull();
  expect(bootstrapInterval([3])).toBeNull();
  expect(tInterval([3, 3, 3])).toEqual({ low: 3, high: 3 });
  expect(bootstrapInterval([3, 3, 3])).toEqual({ low: 3, high: 3 });
  expect([{ low: 0, high: 1 }, { low: -1, high: 0 }, null].some(excludesZero)).toBe(false);
});

test('seeds needed: 18 for half a standard deviation, where the normal distribution would say 16', () => {
  expect(seedsNeeded(1, 0.5)).toBe(18);
  expect(seedsNeeded(10, 5)).toBe(18);
  expect(seedsNeeded(0, 1)).toBe(2);
  expect(seedsNeeded(1, 0)).toBe(Infinity);
  expect(seedsNeeded(1, 1e-9)).toBe(Infinity);
  expect(seedsNeeded(Number.NaN, 1)).toBe(Infinity);
});

test('seeds needed are enough, and one fewer is not', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.03, max: 5, noNaN: true }), (wanted) => {
      const n = seedsNeeded(1, wanted);
      // A sample with standard deviation 1: ±√((n − 1) ÷ n), balanced, plus a middle where n is odd.
      const half = (count: number) => {
        const pairs = Math.floor(count / 2);
        const size = Math.sqrt((count - 1) / (2 * pairs));
        const values = Array.from({ length: count }, (_, k) =>
          k < pairs ? -size : k < 2 * pairs ? size : 0,
        );
        const { low, high } = tInterval(values)!;
        return (high - low) / 2;
      };
      expect(half(n)).toBeLessThanOrEqual(wanted * (1 + 1e-9));
      if (n > 2) expect(half(n - 1)).toBeGreaterThan(wanted);
    }),
    { numRuns: 40 },
  );
});

test('quantiles are interpolated between ranks', () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile([10, 20, 30, 40, 50], share))).toEqual([
    10, 20, 30, 46, 50,
  ]);
  expect(quantile([], 0.5)).toBeNaN();
});

test('Gini’s index: 0 for all alike, (n − 1) ÷ n for one who has all, 4/15 for 1 … 5', () => {
  expect(giniIndex(Float64Array.of(7, 7, 7))).toBeCloseTo(0, 12);
  expect(giniIndex(Float64Array.of(0, 0, 0, 9))).toBeCloseTo(0.75, 12);
  expect(giniIndex(Float64Array.of(5, 3, 1, 2, 4))).toBeCloseTo(4 / 15, 12);
  expect(giniIndex(new Float64Array(3))).toBe(0);
});

test('MSER-5 cuts a start that differs: two batches high, eight around ten', () => {
  const batches = [100, 60, 10, 11, 9, 10, 11, 9, 10, 10];
  const series = batches.flatMap((value) => [value - 2, value - 1, value, value + 1, value + 2]);
  expect(mser5(series)).toEqual({ cut: 10, steady: true });
});

test('MSER-5 cuts nothing from a series that is steady from the start', () => {
  const series = Array.from({ length: 100 }, (_, k) => 10 + (Math.floor(k / 5) % 2));
  expect(mser5(series)).toEqual({ cut: 0, steady: true });
  expect(mser5(new Float64Array(50).fill(4))).toEqual({ cut: 0, steady: true });
});

test('MSER-5 finds no steady state in a queue that keeps growing, or in next to nothing', () => {
  expect(mser5(Array.from({ length: 100 }, (_, k) => k)).steady).toBe(false);
  expect(mser5([1, 2, 3, 4, 5, 6]).steady).toBe(false);
  expect(mser5([]).steady).toBe(false);
});

test('MSER-5 by its definition: the least Σ(z − z̄)² ÷ count² over the first half, whatever the series', () => {
  const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 10, maxLength: 120 });
  fc.assert(
    fc.property(values, (series) => {
      const means = Array.from({ length: Math.floor(series.length / 5) }, (_, b) =>
        mean(series.slice(5 * b, 5 * b + 5)),
      );
      const error = (d: number) => {
        const rest = means.slice(d);
        const middle = mean(rest);
        return rest.reduce((sum, z) => sum + (z - middle) ** 2, 0) / rest.length ** 2;
      };
      const { cut } = mser5(series);
      for (let d = 0; d <= means.length / 2; d++) {
        expect(error(cut / 5)).toBeLessThanOrEqual(error(d) * (1 + 1e-9) + 1e-12);
      }
    }),
  );
});

test('MSER-5 passes over intervals in which nobody was there', () => {
  const series = Array.from({ length: 60 }, (_, k) =>
    k < 10 ? Number.NaN : k < 15 ? 80 : 10 + (Math.floor(k / 5) % 2),
  );
  expect(mser5(series)).toEqual({ cut: 15, steady: true });
});
