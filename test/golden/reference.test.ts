import { afterAll, describe, expect, test } from 'vitest';
import { type Operation, operate } from '../../server/control/operation.ts';
import type { Compiled } from '../../server/scenario/compile.ts';
import { NEVER } from '../../server/sim/network.ts';
import { summarize } from '../../server/sim/summary.ts';
import { goldenRows, hasDataset, referenceResult } from '../datasets.ts';
import { vehiclesOn } from '../networks.ts';
import { datasetNetwork, forgetDatasets, literatureRun, STEPS } from './literatureRun.ts';

/**
 * The engine against the reference simulator (lane change off): an hour of each published network under
 * the literature's protocols, and vehicle by vehicle where its output was kept.
 */

const DATASETS = ['jinan1', 'jinan3', 'hangzhou1', 'syn4x4'];
const CASES = DATASETS.flatMap((dataset) =>
  (dataset === 'syn4x4' ? ['FT15', 'MP15'] : ['FT15', 'MP15', 'FT30', 'MP30']).map((row) => ({
    dataset,
    row,
  })),
);
const there = new Map(DATASETS.map((dataset) => [dataset, hasDataset(dataset)]));

afterAll(forgetDatasets);

describe.each(CASES)('$dataset $row', ({ dataset, row }) => {
  const golden = `${dataset}_${row.startsWith('FT') ? 'fixed' : 'mp'}${row.slice(2)}`;
  const byVehicle = row.endsWith('15');

  test.skipIf(!there.get(dataset))('as in the reference simulator', () => {
    const compiled = datasetNetwork(dataset);
    const controller = row.startsWith('FT') ? 'fixed-time' : 'max-pressure';
    const operation = literatureRun(compiled, controller, row.slice(2));
    const trajectories = golden === 'hangzhou1_mp15' ? new Trajectories(golden, compiled) : null;
    for (let k = 0; k < STEPS; k++) {
      operate(operation);
      trajectories?.compare(operation);
    }
    const reference = referenceResult(dataset, row);
    const summary = summarize(operation.sim);
    const near = (ours: number, theirs: number) => Math.abs(ours - theirs) < 0.05;
    expect(summary.vehicles.finished).toBe(reference.finished);
    expect(summary.vehicles.waitingToEnter).toBe(reference.waitingToEnter);
    expect(operation.sim.vehicleUpdates).toBe(reference.vehicleUpdates);
    expect(summary.averageTravelTimeS).toSatisfy((s: number) => near(s, reference.engineAverageTravelTimeS));
    expect(summary.averageApproachTimeS).toSatisfy((s: number) => near(s, reference.paperAverageTravelTimeS));
    expect(summary.averageQueue).toSatisfy((q: number) => near(q, reference.averageQueue));
    if (byVehicle) expect(vehicleTimes(operation)).toEqual(goldenTimes(golden));
    expect(trajectories?.firstDifference ?? '').toBe('');
  });
});

/** `flow_3_17` is the eighteenth vehicle of the fourth flow. */
function vehicleName({ sim: { vehicles } }: Operation, v: number): string {
  return `flow_${vehicles.source[v]}_${vehicles.rank[v]}`;
}

function vehicleTimes(operation: Operation): string[] {
  const { created, createdAt, enteredAt, finishedAt } = operation.sim.vehicles;
  const time = (step: number) => (step === NEVER ? '' : step);
  return Array.from({ length: created }, (_, v) =>
    [vehicleName(operation, v), createdAt[v], time(enteredAt[v]), time(finishedAt[v])].join(),
  ).sort();
}

function goldenTimes(golden: string): string[] {
  return goldenRows(`${golden}_veh`)
    .map(({ vehicle, spawn_s, lane_entry_s, finish_s }) => [vehicle, spawn_s, lane_entry_s, finish_s].join())
    .sort();
}

/** Positions and speeds of the first forty flows in every second, as printed with six digits. */
class Trajectories {
  firstDifference = '';
  readonly #golden = new Map<string, string>();
  readonly #names: readonly string[];

  constructor(golden: string, { names }: Compiled) {
    for (const { t_after_step, vehicle, drivable, dist, speed } of goldenRows(`${golden}_traj`)) {
      const place = drivable.includes('_TO_') ? 'connector' : drivable;
      this.#golden.set(`${t_after_step} ${vehicle}`, `${place} ${dist} ${speed}`);
    }
    this.#names = names.element;
  }

  compare(operation: Operation): void {
    const { network, vehicles, step } = operation.sim;
    for (let e = 0; e < network.elementCount && this.firstDifference === ''; e++) {
      const place = network.elementRoad[e] < 0 ? 'connector' : this.#names[e];
      for (const { vehicle, x, v } of vehiclesOn(operation.sim, e)) {
        if (vehicles.source[vehicle] >= 40) continue;
        const name = vehicleName(operation, vehicle);
        const ours = `${place} ${x.toFixed(6)} ${v.toFixed(6)}`;
        const theirs = this.#golden.get(`${step} ${name}`);
        if (ours !== theirs)
          this.firstDifference = `${name} after ${step} s: ${ours}, in the reference ${theirs}`;
      }
    }
  }
}
