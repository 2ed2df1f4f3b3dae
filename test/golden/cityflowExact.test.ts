import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { resumeOperation } from '../../server/control/operation.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { loadLayout } from '../../server/files/load.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import { runningCount } from '../../server/sim/simulation.ts';
import { takeSnapshot } from '../../server/sim/snapshot.ts';
import { summarize } from '../../server/sim/summary.ts';
import { advance, assembleStudy, operationOf, ruledFor, type Study } from '../../server/study/study.ts';
import { hasDataset } from '../datasets.ts';
import { vehiclesOn } from '../networks.ts';

const FIXED_TIME = CONTROLLERS.find(({ name }) => name === 'fixed-time')!;

/** Runs of CityFlow files under their own plan, against what CityFlow made of them, lane change off. */

const SHARED = new URL('../../../shared/', import.meta.url);

async function ownPlan(folder: string, seed?: number): Promise<Study> {
  const loaded = await loadLayout(fileURLToPath(new URL(`${folder}/config.json`, SHARED)));
  const given = { controller: FIXED_TIME, protocol: 'scenario' };
  return assembleStudy(loaded, seed === undefined ? given : { ...given, seed });
}

async function resultOf(folder: string, seed?: number) {
  const study = await ownPlan(folder, seed);
  const operation = operationOf(study);
  for (let k = 0; k < study.steps; k++) advance(study, operation);
  const { sim } = operation;
  return {
    travelTimeS: Number(summarize(sim).averageTravelTimeS.toFixed(4)),
    updates: sim.vehicleUpdates,
    running: runningCount(sim),
  };
}

describe('first lanes and last ties by the draws of the seed', () => {
  test.skipIf(!hasDataset('cfexample')).each([
    [0, 120.6554, 958_237, 310],
    [1, 119.5925, 974_863, 331],
    [2, 120.5561, 974_518, 324],
    [3, 124.2566, 993_102, 331],
    [4, 119.6961, 978_432, 325],
  ])(
    'cfexample with seed %i has the travel time and updates of CityFlow',
    async (seed, travelTimeS, updates, running) => {
      expect(await resultOf('datasets/cfexample', seed)).toEqual({ travelTimeS, updates, running });
    },
  );

  test.skipIf(!hasDataset('cfexample'))(
    'cfexample without a seed runs with that of its configuration',
    async () => {
      expect((await ownPlan('datasets/cfexample')).seed).toBe(0);
      expect((await resultOf('datasets/cfexample')).updates).toBe(958_237);
    },
  );

  test.skipIf(!hasDataset('cfexample'))(
    'a run that goes on from a snapshot draws on as the whole run',
    async () => {
      const study = await ownPlan('datasets/cfexample', 5);
      const whole = operationOf(study);
      for (let k = 0; k < 700; k++) advance(study, whole);
      const snapshot = takeSnapshot(whole.sim);
      const { factory } = study.controller;
      const resumed = resumeOperation(ruledFor(study), factory(study.protocol, study.settings), snapshot);
      expect(fingerprint(resumed.sim)).toBe(fingerprint(whole.sim));
      for (let k = 0; k < 400; k++) {
        advance(study, whole);
        advance(study, resumed);
      }
      expect(resumed.sim.vehicleUpdates).toBe(whole.sim.vehicleUpdates);
      expect(fingerprint(resumed.sim)).toBe(fingerprint(whole.sim));
    },
  );
});

describe('coordinates of 17 digits, rounded as CityFlow rounds them', () => {
  test.skipIf(!hasDataset('newyork16x1'))(
    'newyork16x1 has the travel time and updates of CityFlow',
    async () => {
      const result = await resultOf('datasets/newyork16x1');
      expect(result).toEqual({ travelTimeS: 710.8841, updates: 1_696_672, running: 614 });
    },
  );

  const golden = new URL('golden/newyork16x1_plan_60steps.txt.gz', SHARED);
  test.skipIf(!existsSync(golden))(
    'newyork16x1 has every vehicle where CityFlow has it in the first 60 steps',
    async () => {
      const theirs = gunzipSync(readFileSync(golden)).toString().trim().split('\n').map(canonical).sort();
      const study = await ownPlan('datasets/newyork16x1');
      const operation = operationOf(study);
      const ours: string[] = [];
      for (let k = 0; k < 60; k++) {
        advance(study, operation);
        ours.push(...rowsOf(study, operation.sim));
      }
      expect(ours.sort()).toEqual(theirs);
    },
  );
});

/** The numbers of a row as the doubles that they are. */
function canonical(row: string): string {
  const [step, vehicle, element, x, v] = row.split(' ');
  return [step, vehicle, element, Number(x), Number(v)].join(' ');
}

function rowsOf({ compiled: { names } }: Study, sim: Parameters<typeof runningCount>[0]): string[] {
  const { network, vehicles, step } = sim;
  const rows: string[] = [];
  for (let e = 0; e < network.elementCount; e++) {
    const lane = (at: number) => names.element[at];
    const isLane = network.elementRoad[e]! >= 0;
    const element = isLane
      ? lane(e)
      : `${lane(network.connectorFrom[e]!)}_TO_${lane(network.connectorTo[e]!)}`;
    for (const { vehicle, x, v } of vehiclesOn(sim, e)) {
      const name = `${names.flow[vehicles.source[vehicle]!]}_${vehicles.rank[vehicle]}`;
      rows.push([step, name, element, x, v].join(' '));
    }
  }
  return rows;
}

describe.each([
  ['02-cross-quirk', 'parallel segments shorten distances on the second link', 42.25, 1521, 0],
  ['04-start-after-end', 'a flow that ends before it starts makes no vehicle', 0, 0, 0],
  ['05-frac-phase', 'phases of 10.5 s carry half a second over', 43.9371, 6283, 0],
  ['10-never-green', 'who never gets green stays', 3238.06, 658_064, 198],
])('%s', (folder, what, travelTimeS, updates, running) => {
  const there = existsSync(new URL(`cases/${folder}/config.json`, SHARED));
  test.skipIf(!there)(`${what}, as in CityFlow`, async () => {
    expect(await resultOf(`cases/${folder}`)).toEqual({ travelTimeS, updates, running });
  });
});
