/** Change intervals against the worked examples of the field, which are in feet and miles per hour. */
import { expect, test } from 'vitest';
import {
  defaultRedClearance,
  defaultYellowChange,
  isWholeSteps,
  kinematicRedClearance,
  kinematicYellowChange,
  upToSteps,
} from '../../server/scenario/changeIntervals.ts';

const FOOT = 0.3048;
/** The field's formulas take 1.47 ft/s for one mile per hour. */
const milesPerHour = (v: number) => v * 1.47 * FOOT;

test('yellow change at 45 mph is 3.93 s uphill at 4 % and 4.31 s on the flat', () => {
  expect(kinematicYellowChange(milesPerHour(45), 0.04)).toBeCloseTo(3.93, 2);
  expect(kinematicYellowChange(milesPerHour(45))).toBeCloseTo(4.31, 2);
});

test('red clearance over 60 ft for a 16 ft vehicle at 35 mph is 1.48 s', () => {
  expect(kinematicRedClearance(60 * FOOT, milesPerHour(35), 16 * FOOT)).toBeCloseTo(1.48, 2);
});

test('yellow change is rounded up to half a second and kept within 3 to 6 s', () => {
  expect(defaultYellowChange(50 / 3.6)).toBe(3.5);
  expect(defaultYellowChange(20 / 3.6)).toBe(3);
  expect(defaultYellowChange(150 / 3.6)).toBe(6);
});

test('red clearance is rounded up to half a second and lasts 1 s at least', () => {
  expect(defaultRedClearance(29, 50 / 3.6)).toBe(3);
  expect(defaultRedClearance(2, 50 / 3.6)).toBe(1);
});

test('times become whole steps, never shorter', () => {
  expect(upToSteps(3.5, 1)).toBe(4);
  expect(upToSteps(3.5, 0.5)).toBe(3.5);
  expect(upToSteps(0.3, 0.1)).toBe(0.3);
  expect(upToSteps(1, 0.3)).toBe(1.2);
  expect(isWholeSteps(0.7, 0.1)).toBe(true);
  expect(isWholeSteps(0.75, 0.1)).toBe(false);
});
