import { expect, test } from 'vitest';
import { datasetLayout, goldenRows, hasDataset, referenceResult } from '../datasets.ts';
import { type LiteratureResult, runLiterature } from './literature.ts';
import type { PlainModel } from './plainModel.ts';

/**
 * The plain model against the reference simulator itself: every number of its summary, every vehicle's
 * times, and the position and speed of the first forty flows at every second.
 */

const CASES = [
  ['hangzhou1', 'MP15', 'max-pressure', 15, 'hangzhou1_mp15'],
  ['jinan1', 'FT15', 'fixed-time', 15, 'jinan1_fixed15'],
] as const;

for (const [dataset, row, controller, decisionS, golden] of CASES) {
  test.skipIf(!hasDataset(dataset))(`${dataset} ${row} as in the reference simulator`, () => {
    const trajectories = new Trajectories(golden);
    let last: PlainModel | undefined;
    const result = runLiterature({
      ...{ layout: datasetLayout(dataset), controller, decisionS, durationS: 3600 },
      watch: (model) => {
        last = model;
        trajectories.compare(model);
      },
    });
    expect(trajectories.firstDifference).toBe('');
    expect(rounded(result)).toMatchObject(expected(dataset, row));
    expect(vehicleTimes(last!)).toEqual(goldenTimes(golden));
  });
}

function rounded(result: LiteratureResult) {
  return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, value.toFixed(3)]));
}

function expected(dataset: string, row: string) {
  const { dataset: _, controller, laneChange, ...numbers } = referenceResult(dataset, row);
  return rounded(numbers as unknown as LiteratureResult);
}

function vehicleTimes({ vehicles }: PlainModel) {
  return vehicles.map(({ id, spawn, laneEntry, finish }) => [id, spawn, laneEntry, finish].join()).sort();
}

function goldenTimes(golden: string) {
  return goldenRows(`${golden}_veh`)
    .map(({ vehicle, spawn_s, lane_entry_s, finish_s }) => [vehicle, spawn_s, lane_entry_s, finish_s].join())
    .sort();
}

/** Golden positions and speeds, printed with six digits. */
class Trajectories {
  firstDifference = '';
  readonly #golden = new Map<string, string>();

  constructor(golden: string) {
    for (const { t_after_step, vehicle, drivable, dist, speed } of goldenRows(`${golden}_traj`)) {
      this.#golden.set(`${t_after_step} ${vehicle}`, `${drivable} ${dist} ${speed}`);
    }
  }

  compare(model: PlainModel): void {
    if (this.firstDifference !== '') return;
    for (const { id, element, x, v } of model.running) {
      if (Number(id.split('_')[1]) >= 40) continue;
      const ours = `${element!.id} ${x.toFixed(6)} ${v.toFixed(6)}`;
      const theirs = this.#golden.get(`${model.time} ${id}`);
      if (ours === theirs) continue;
      this.firstDifference = `${id} after ${model.time} s: ${ours}, in the reference ${theirs}`;
      return;
    }
  }
}
