import { afterAll, expect, test } from 'vitest';
import { operate } from '../../server/control/operation.ts';
import { summarize } from '../../server/sim/summary.ts';
import { hasDataset, referenceResult } from '../datasets.ts';
import { datasetNetwork, forgetDatasets, literatureRun, STEPS } from './literatureRun.ts';

/**
 * Efficient and advanced max-pressure against the same rules in the reference simulator. There they were run
 * with lane change on, which we do not have: for max-pressure that makes 0.4 % at most, so 1 % is asked for.
 */

const DATASETS = ['jinan1', 'jinan3', 'hangzhou1'];
const ADVANCED_S: Record<string, number> = { jinan1: 301.72, jinan3: 286.01, hangzhou1: 328.57 };
const there = new Map(DATASETS.map((dataset) => [dataset, hasDataset(dataset)]));
afterAll(forgetDatasets);

function travelTime(dataset: string, controller: string): number {
  const operation = literatureRun(datasetNetwork(dataset), controller, '15');
  for (let k = 0; k < STEPS; k++) operate(operation);
  return summarize(operation.sim).averageTravelTimeS;
}

for (const dataset of DATASETS) {
  test.skipIf(!there.get(dataset))(
    `${dataset}: efficient-max-pressure is within 1 % of the reference`,
    () => {
      const reference = referenceResult(dataset, 'EMP15', true).engineAverageTravelTimeS;
      const ours = travelTime(dataset, 'efficient-max-pressure');
      expect(Math.abs(ours / reference - 1)).toBeLessThan(0.01);
    },
  );

  test.skipIf(!there.get(dataset))(`${dataset}: advanced-max-pressure is within 1 % of the reference`, () => {
    const ours = travelTime(dataset, 'advanced-max-pressure');
    expect(Math.abs(ours / ADVANCED_S[dataset] - 1)).toBeLessThan(0.01);
  });
}
