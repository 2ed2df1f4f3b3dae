import { expect, test } from 'vitest';
import { dispersed, meanLag, smoothingFactor } from '../../server/control/platoon.ts';

/** Robertson's platoon dispersion for 30 s of travel on a street of moderate friction. */

test('F is 0.1064, and the mean lag 32.4 s', () => {
  expect(smoothingFactor(30)).toBeCloseTo(0.1064, 4);
  expect(meanLag(30)).toBeCloseTo(32.4, 10);
});

test('the platoon arrives whole, as late in the mean as the lag says', () => {
  const platoon = Array.from({ length: 12 }, () => 0.5);
  const arriving = dispersed(platoon, 30, 400);
  const count = (flow: readonly number[]) => flow.reduce((sum, q) => sum + q, 0);
  const meanTime = (flow: readonly number[]) => flow.reduce((sum, q, t) => sum + q * t, 0) / count(flow);
  expect(count(arriving)).toBeCloseTo(count(platoon), 10);
  expect(meanTime(arriving) - meanTime(platoon)).toBeCloseTo(meanLag(30), 6);
  expect(Math.max(...arriving)).toBeLessThan(0.5);
  expect(arriving.findIndex((q) => q > 0)).toBe(24);
});
