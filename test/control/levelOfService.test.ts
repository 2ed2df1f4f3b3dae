import { expect, test } from 'vitest';
import { levelOfService } from '../../server/control/hcm.ts';

test('the level of service by control delay: A to 10 s, B 20, C 35, D 55, E 80, F above', () => {
  const delays = [0, 10, 10.01, 20, 20.01, 35, 35.01, 55, 55.01, 80, 80.01, Infinity];
  expect(delays.map((delay) => levelOfService(delay)).join('')).toBe('AABBCCDDEEFF');
});

test('the manual’s worked cases: 32.467 s is C, 67.897 s is E by delay and F by v/c 800 ÷ 775', () => {
  expect(levelOfService(32.467, 0.8)).toBe('C');
  expect(levelOfService(67.897)).toBe('E');
  expect(levelOfService(67.897, 800 / 775)).toBe('F');
});

test('demand at capacity is not beyond it, demand of an unknown share is judged by delay', () => {
  expect(levelOfService(5, 1)).toBe('A');
  expect(levelOfService(5, 1.001)).toBe('F');
  expect(levelOfService(5, Number.NaN)).toBe('A');
});

test('where nobody came there is no level of service', () => {
  expect(levelOfService(Number.NaN)).toBeNull();
  expect(levelOfService(Number.NaN, 1.2)).toBeNull();
});
