import { expect, test } from 'vitest';
import { giniIndex } from '../../server/report/inequality.ts';

const gini = (...values: number[]) => giniIndex(Float64Array.from(values));

test('the Gini index of equal shares is 0, of one who has all (n − 1) ÷ n, of 1 … n (n − 1) ÷ (3 n)', () => {
  expect(gini(7, 7, 7, 7)).toBe(0);
  expect(gini(0, 0, 0, 12)).toBe(0.75);
  expect(gini(3, 1, 2)).toBeCloseTo(2 / 9, 12);
  const hundred = Array.from({ length: 100 }, (_, k) => k + 1);
  expect(gini(...hundred)).toBeCloseTo(99 / 300, 12);
  expect(gini(1, 3)).toBeCloseTo(gini(10, 30), 12);
});

test('the Gini index of nothing is 0, and negative values count as 0', () => {
  expect(gini()).toBe(0);
  expect(gini(0, 0)).toBe(0);
  expect(gini(-1, 1)).toBe(gini(0, 1));
});
