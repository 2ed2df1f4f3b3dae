import { expect, test } from 'vitest';
import { createOperation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { compile } from '../../server/scenario/compile.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import { createSimulation, step } from '../../server/sim/simulation.ts';
import { restoreSnapshot, takeSnapshot } from '../../server/sim/snapshot.ts';
import { crossing, laidOut, vehiclesOn } from '../networks.ts';

/** Detectors tell what passes: every vehicle once, for as long as it is over the zone, faults aside. */

const fixedTime = CONTROLLERS[0].factory(PROTOCOLS[0], { cycleS: 0 });

function watched(layout: Layout, seed = 1) {
  const { network } = compile(layout);
  return createOperation(underProtocol(network, PROTOCOLS[0]), fixedTime, seed, { detectors: true });
}

const CITY = {
  name: 'city',
  grid: { rows: 2, columns: 2, spacingM: 180, lanes: 2 },
  vehicles: { car: 0.7, truck: 0.2, motorcycle: 0.1 },
  randomTrips: { vehicles: 500, durationS: 600, seed: 1 },
  durationS: 600,
};

test('every vehicle is counted once by every zone that it reaches', () => {
  const operation = watched(laidOut(CITY));
  const { sim } = operation;
  const { detectors, elementCount } = sim.network;
  const reached = Array.from({ length: detectors.count }, () => new Set<number>());
  const on = Array.from({ length: elementCount }, () => new Set<number>());
  for (let k = 0; k < 900; k++) {
    operate(operation);
    for (let e = 0; e < elementCount; e++) {
      if (detectors.starts[e] === detectors.starts[e + 1]) continue;
      const now = vehiclesOn(sim, e);
      for (let d = detectors.starts[e]; d < detectors.starts[e + 1]; d++) {
        for (const { vehicle, x } of now) if (x > detectors.zoneStart[d]) reached[d].add(vehicle);
        // Who was here and is gone has driven over all of the lane.
        for (const v of on[e]) if (!now.some(({ vehicle }) => vehicle === v)) reached[d].add(v);
      }
      on[e] = new Set(now.map(({ vehicle }) => vehicle));
    }
  }
  expect(Array.from(sim.detectors!.count)).toEqual(reached.map((set) => set.size));
  expect(Math.max(...sim.detectors!.count)).toBeGreaterThan(30);
});

test('in free flow the occupancy is flow × (vehicle + zone) ÷ speed', () => {
  // 600 veh/h of 5 m at 50 km/h, always green, over zones of 12 m and 2 m.
  const operation = watched(crossing({ westVph: 600, greenS: 3000, cycleS: 3600 }));
  const { sim } = operation;
  while (sim.step < 2400) operate(operation);
  const { names } = sim.network.detectors;
  const share = (name: string) => sim.detectors!.occupied[names.indexOf(name)] / 2400;
  const speed = 50 / 3.6;
  expect(share('west-main_0.stop')).toBeCloseTo(((600 / 3600) * (5 + 12)) / speed, 2);
  expect(share('west-main_0.advance')).toBeCloseTo(((600 / 3600) * (5 + 2)) / speed, 2);
});

test('a queue at red keeps its detector occupied, and an empty one says since when', () => {
  const operation = watched(crossing({ westVph: 400, greenS: 10, cycleS: 120 }));
  const { sim } = operation;
  const stop = sim.network.detectors.names.indexOf('west-main_0.stop');
  const north = sim.network.detectors.names.indexOf('north-main_0.stop');
  while (sim.step < 100) operate(operation);
  expect(sim.detectors!.present[stop]).toBe(1);
  expect(sim.detectors!.emptyS[stop]).toBe(0);
  expect(sim.detectors!.emptyS[north]).toBe(100);
});

test('faults: dropped ones say nothing, stuck ones always the same, others lose a share of their counts', () => {
  const faulty = laidOut({
    ...CITY,
    detectors: {
      faults: [
        { detector: '*', fault: 'loses-counts', rate: 0.3 },
        { detector: 'r1c1-r1c2_0.stop', fault: 'dropped' },
        { detector: 'r1c1-r1c2_0.advance', fault: 'stuck-on' },
      ],
    },
  });
  const [whole, lossy] = [watched(laidOut(CITY)), watched(faulty)];
  for (const operation of [whole, lossy]) while (operation.sim.step < 900) operate(operation);
  // Nobody's driving depends on detectors.
  expect(fingerprint(lossy.sim)).toBe(fingerprint(whole.sim));
  const { names } = lossy.sim.network.detectors;
  const { present, count, occupied } = lossy.sim.detectors!;
  const [dropped, stuck] = ['stop', 'advance'].map((kind) => names.indexOf(`r1c1-r1c2_0.${kind}`));
  expect([present[dropped], count[dropped], occupied[dropped]]).toEqual([0, 0, 0]);
  expect([present[stuck], occupied[stuck]]).toEqual([1, 900]);
  const others = [...names.keys()].filter((d) => d !== dropped && d !== stuck);
  const sum = (counts: Int32Array) => others.reduce((total, d) => total + counts[d], 0);
  const all = sum(whole.sim.detectors!.count);
  const lost = 1 - sum(count) / all;
  expect(Math.abs(lost - 0.3)).toBeLessThan(3 * Math.sqrt((0.3 * 0.7) / all));
});

test('a snapshot keeps what detectors know, their lost counts included', () => {
  const { network } = compile(
    laidOut({ ...CITY, detectors: { faults: [{ detector: '*', fault: 'loses-counts' }] } }),
  );
  const straight = createSimulation(network, 3, { detectors: true });
  while (straight.step < 200) step(straight);
  const resumed = restoreSnapshot(network, takeSnapshot(straight));
  for (const sim of [straight, resumed]) while (sim.step < 400) step(sim);
  expect(resumed.detectors!.count).toEqual(straight.detectors!.count);
  expect(resumed.detectors!.occupied).toEqual(straight.detectors!.occupied);
  expect(resumed.detectors!.emptyS).toEqual(straight.detectors!.emptyS);
});
