import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operate } from '../../server/control/operation.ts';
import { loadScenario, startRun } from '../../server/index.ts';
import { parsePolicy } from '../../server/policy/policyFile.ts';
import { fingerprint, formatFingerprint } from '../../server/sim/fingerprint.ts';
import { summarize } from '../../server/sim/summary.ts';
import { hasDataset } from '../datasets.ts';
import { datasetNetwork } from '../golden/literatureRun.ts';

/** The policy that comes with the package, on traffic that it was not trained on. */

const FILE = new URL('../../scenarios/policies/universal.json', import.meta.url);
const reading = parsePolicy(readFileSync(FILE, 'utf8'));
if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
const { policy } = reading;

const ready = (name: string) => loadScenario(new URL(`../../scenarios/${name}.yaml`, import.meta.url));

test('says how it was made: with the commands that make it again', () => {
  expect(policy.name).toBe('universal');
  const page = readFileSync(new URL('README.md', FILE), 'utf8').replace(/\\\n\s*/g, '');
  expect(page).toContain(policy.training.command.replace(' --out training', ''));
  expect(page).toContain(`longWait=${(policy.training.calibration as { longWait: number }).longWait}`);
  const history = readFileSync(new URL('universal.second.history.csv', FILE), 'utf8').trim().split('\n');
  expect(history.length).toBeGreaterThanOrEqual(2 + Number(policy.training.championOfGeneration));
});

test.each(['isolated', 'corridor', 'oversaturated', 'irregular'])(
  '%s: less delay than the best rule, and nobody waits half as long again',
  async (name) => {
    const scenario = await ready(name);
    const sums = new Map<string, { delayS: number; maxWaitS: number }>();
    for (const controller of ['learned', 'actuated', 'advanced-max-pressure', 'green-wave']) {
      const sum = { delayS: 0, maxWaitS: 0 };
      for (const seed of [1, 2, 3, 4]) {
        const run = startRun(scenario, { controller, seed, ...(controller === 'learned' ? { policy } : {}) });
        while (run.sim.step < 3600) operate(run);
        const { averageDelayS, maxWaitS } = summarize(run.sim);
        sum.delayS += averageDelayS;
        sum.maxWaitS += maxWaitS;
      }
      sums.set(controller, sum);
    }
    const { learned, ...rules } = Object.fromEntries(sums);
    const best = Object.values(rules).reduce((a, b) => (a.delayS <= b.delayS ? a : b));
    expect(learned.delayS).toBeLessThan(best.delayS);
    expect(learned.maxWaitS).toBeLessThan(1.5 * best.maxWaitS);
  },
);

test('the same run everywhere', async () => {
  const run = startRun(await ready('irregular'), { controller: 'learned', policy, seed: 7 });
  while (run.sim.step < 1200) operate(run);
  expect(formatFingerprint(fingerprint(run.sim))).toMatchInlineSnapshot(`"0xb73f6547"`);
});

/** CityFlow’s average travel time under `literature-15`, and the literature's approach time under `literature-5`, at most, s. */
const AT_MOST: Record<string, readonly [number, number]> = {
  jinan1: [295, 213],
  jinan3: [278, 204],
  hangzhou1: [327, 259],
};

for (const [dataset, [travelS, approachS]] of Object.entries(AT_MOST)) {
  test.skipIf(!hasDataset(dataset))(
    `${dataset}, which it has never seen: better than published rules`,
    () => {
      const of = (protocol: string) => {
        const run = startRun(datasetNetwork(dataset), { controller: 'learned', policy, protocol });
        while (run.sim.step < 3600) operate(run);
        return summarize(run.sim);
      };
      expect(of('literature-15').averageTravelTimeS).toBeLessThanOrEqual(travelS);
      expect(of('literature-5').averageApproachTimeS).toBeLessThanOrEqual(approachS);
    },
  );
}
