import { expect, test } from 'vitest';
import {
  decelerationToAvoid,
  inDilemmaZone,
  inIndecisionZone,
  timeToCollision,
} from '../../server/sim/safety.ts';

test('15 m apart and closing by 10 m/s: 1.5 s to the collision, 3.33 m/s² to avoid it', () => {
  expect(timeToCollision(15, 10)).toBe(1.5);
  expect(decelerationToAvoid(15, 10)).toBeCloseTo(3.333, 3);
  expect(timeToCollision(15, 0)).toBe(Infinity);
  expect(decelerationToAvoid(15, -2)).toBe(0);
});

test('the dilemma zone lies between where one can still stop and where one can still clear', () => {
  // At 15 m/s stopping takes 15 + 225 ÷ 6.1 = 51.9 m. In 4 s of change one drives 60 m, less 20 m to clear: 40 m.
  const dilemma = (distance: number) => inDilemmaZone(distance, 15, 20, 4);
  expect([39, 41, 51, 53].map(dilemma)).toEqual([false, true, true, false]);
  // With a yellow and red clearance for this speed there is none: 15 × 5 − 20 = 55 m.
  for (let distance = 0; distance < 100; distance++) expect(inDilemmaZone(distance, 15, 20, 5)).toBe(false);
  expect(inDilemmaZone(1, 0, 20, 4)).toBe(false);
});

test('the indecision zone is 2.5 to 5.5 s before the stop line', () => {
  expect([24, 25, 55, 56].map((distance) => inIndecisionZone(distance, 10))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(inIndecisionZone(0, 0)).toBe(false);
});
