import { expect, test } from 'vitest';
import { randomStream } from '../../server/sim/random.ts';

/**
 * Varaiya's theorem in the model it was proved for: point queues, no switching loss unless one is put in. Two
 * streams share a signal; in a step the stream with green discharges one vehicle at most, and vehicles arrive
 * at random.
 */

const STEPS = 100_000;

type Rule = (queues: readonly number[], step: number) => number;
const maxPressure: Rule = ([first, second]) => (first >= second ? 0 : 1); // exits are empty, capacities equal
const halfAndHalf: Rule = (_, step) => step % 2;

/** Both queues together: the mean over the second half, and the growth per step. */
function outcome(rule: Rule, flows: readonly number[], lostSteps = 0, everySteps = 1) {
  const arrivals = flows.map((_, k) => randomStream(7, `stream ${k}`));
  const queues = [0, 0];
  let green = 0;
  let lost = 0;
  let sum = 0;
  let halfway = 0;
  for (let step = 0; step < STEPS; step++) {
    if (lost === 0 && step % everySteps === 0) {
      const wanted = rule(queues, step);
      if (wanted !== green) lost = lostSteps;
      green = wanted;
    }
    if (lost > 0) lost--;
    else if (queues[green] > 0) queues[green]--;
    flows.forEach((flow, k) => {
      if (arrivals[k].next() < flow) queues[k]++;
    });
    if (step === STEPS / 2) halfway = queues[0] + queues[1];
    if (step > STEPS / 2) sum += queues[0] + queues[1];
  }
  return { mean: sum / (STEPS / 2), growth: (queues[0] + queues[1] - halfway) / (STEPS / 2) };
}

test('demand of 0.7 and 0.2 of capacity: max-pressure keeps the queues short, equal greens do not', () => {
  expect(outcome(maxPressure, [0.7, 0.2]).mean).toBeLessThan(10);
  expect(outcome(halfAndHalf, [0.7, 0.2]).growth).toBeCloseTo(0.7 - 0.5, 1);
});

test('demand of 1.1 of capacity: nobody can serve it, and the queues grow by the excess', () => {
  expect(outcome(maxPressure, [0.8, 0.3]).growth).toBeCloseTo(0.1, 1);
  expect(outcome(halfAndHalf, [0.8, 0.3]).growth).toBeGreaterThan(0.09);
});

test('with time lost at each switch, max-pressure must not be asked at every step', () => {
  const everyStep = outcome(maxPressure, [0.6, 0.25], 4);
  const seldom = outcome(maxPressure, [0.6, 0.25], 4, 60);
  expect(everyStep.mean).toBeGreaterThan(5 * seldom.mean);
  expect(Math.abs(seldom.growth)).toBeLessThan(0.005);
});
