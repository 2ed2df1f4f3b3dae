import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadLayout } from '../../server/files/load.ts';
import { compile } from '../../server/scenario/compile.ts';
import { perturb } from '../../server/scenario/perturb.ts';
import { createSimulation, step } from '../../server/sim/simulation.ts';
import { emptyFolder, greenwave, ready } from '../cli/greenwave.ts';

/** Arrivals so rare that the step of the next one is no 32-bit number: they never come, and nothing waits for them. */

const { layout } = await loadLayout(ready('isolated'));

test('demand scaled down to any share above 0 has no more arrivals than the share says, and never hangs', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 323 }), fc.nat(1000), (exponent, seed) => {
      const demandScale = 10 ** -exponent;
      const scaled = perturb(layout, { seed, durationS: 3600, jitterS: 0, demandScale });
      const sim = createSimulation(compile(scaled).network, seed);
      for (let k = 0; k < 300; k++) step(sim);
      expect(sim.vehicles.created).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test('evenly spaced flows around the last step of 31 bits: the first arrival is half a headway in, or never', () => {
  const step31 = 2 ** 31 - 1;
  for (const halfHeadwayS of [step31 - 1000, step31 - 1, step31, step31 + 1, 2 ** 32, 2 ** 33]) {
    const origins = layout.origins.map((origin) => ({
      ...origin,
      arrivals: 'uniform' as const,
      profile: [{ startS: 0, endS: Infinity, flowVph: 1800 / halfHeadwayS }],
    }));
    const sim = createSimulation(compile({ ...layout, origins }).network, 1);
    for (let k = 0; k < 100; k++) step(sim);
    expect(sim.vehicles.created).toBe(0);
  }
});

test('the command runs a scenario with such a flow, and a scenario scaled down to one, with no vehicles', () => {
  const file = join(emptyFolder(), 'tiny.yaml');
  for (const flowVph of ['1.0e-6', '1.0e-300', '5.0e-324']) {
    writeFileSync(
      file,
      `name: tiny\ndurationS: 300\nisolated: { lanes: 2, approachM: 150 }\ndemand:\n  west: { flowVph: ${flowVph}, turns: { thru: 1 } }\n`,
    );
    const { code, stdout } = greenwave(['run', file, '--json']);
    expect([code, JSON.parse(stdout).vehicles.created]).toEqual([0, 0]);
  }
  const scaled = greenwave(['run', ready('corridor'), '--demand-scale', '1e-300', '--json']);
  expect([scaled.code, JSON.parse(scaled.stdout).vehicles.created]).toEqual([0, 0]);
});
