import { expect, test } from 'vitest';
import { arrbFuelRate, EMISSION_CLASS, hbefaRate, POLLUTANT } from '../../server/sim/emissions.ts';

/** Both emission models against values worked out by hand from their sources. */

const { car, bus, truck } = EMISSION_CLASS;
const { co2, nox, pm, fuel } = POLLUTANT;

test.each([
  ['an idling car', car, co2, 0, 0, 2624.7],
  ['an idling car', car, nox, 0, 0, 1.204],
  ['an idling car', car, pm, 0, 0, 0.06597],
  ['an idling car', car, fuel, 0, 0, 837.2],
  ['a car at 50 km/h', car, co2, 13.89, 0, 2337.0],
  ['a car at 50 km/h', car, nox, 13.89, 0, 0.703],
  ['a car at 50 km/h, speeding up by 1 m/s²', car, co2, 13.89, 1, 5957.7],
  ['a car at 5 m/s, speeding up by 1.5 m/s²', car, co2, 5, 1.5, 4127.2],
  // 19030 + 6475·10·0.5 + 2073·10, 218.7 + 46.17·5 + 112.7 and 6016 + 2049·5 + 6566, over 3.6
  ['a bus at 10 m/s, speeding up by 0.5 m/s²', bus, co2, 10, 0.5, 20037.5],
  ['a bus at 10 m/s, speeding up by 0.5 m/s²', bus, nox, 10, 0.5, 156.181],
  ['a bus at 10 m/s, speeding up by 0.5 m/s²', bus, fuel, 10, 0.5, 6340.833],
  ['an idling truck', truck, co2, 0, 0, 7380.556],
  ['a truck at 10 m/s', truck, pm, 10, 0, 2.5408],
])('HBEFA3: %s', (_, kind, pollutant, v, a, rate) => {
  expect(Math.abs(hbefaRate(kind, pollutant, v, a) / rate - 1)).toBeLessThan(5e-4);
});

test('HBEFA3: nothing while a vehicle loses speed faster than by its resistance, never less than nothing', () => {
  expect(hbefaRate(car, co2, 10, -0.36)).toBeGreaterThan(0); // resistance: (0.333 + 0.108) ÷ 1.2 = 0.3675 m/s²
  expect(hbefaRate(car, co2, 10, -0.37)).toBe(0);
  expect(hbefaRate(bus, nox, 20, -2)).toBe(0);
  expect(hbefaRate(car, co2, 0, -3)).toBeCloseTo(9449 / 3.6, 9); // has just come to a halt: it idles
  for (let v = 0; v < 40; v++) expect(hbefaRate(car, pm, v, -0.2)).toBeGreaterThanOrEqual(0);
});

test.each([
  ['idling', 0, 0, 0.444],
  // R = 0.333 + 0.00108·100 = 0.441 kN; 0.444 + 0.09·0.441·10
  ['at 10 m/s', 10, 0, 0.8409],
  // R = 0.441 + 1.2; 0.444 + 0.09·1.641·10 + 0.054·10
  ['at 10 m/s, speeding up by 1 m/s²', 10, 1, 2.4609],
  // R = 0.441 − 0.12 = 0.321; 0.444 + 0.09·0.321·10, and no term for acceleration
  ['at 10 m/s, losing 0.1 m/s²', 10, -0.1, 0.7329],
  ['at 10 m/s, braking', 10, -2, 0.444],
  // R = 0.333 + 0.00108·192.9321 = 0.541367 kN; 8.1 L/100 km
  ['at 50 km/h', 13.89, 0, 1.120763],
])('ARRB: a car %s', (_, v, a, rate) => {
  expect(arrbFuelRate(v, a)).toBeCloseTo(rate, 5);
});
