import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { clearIncident, placeIncident } from '../../server/sim/closures.ts';
import { createSimulation, runningCount, type Simulation, step } from '../../server/sim/simulation.ts';
import { crossing, elementNamed, straightRoad, vehiclesOn } from '../networks.ts';
import { builtCity, type City, city, laneOf, work } from './randomCity.ts';
import { BEYOND, cycle, doWork, IncidentWatch, run } from './roadWorks.ts';

/**
 * Lanes blocked while the traffic runs: nobody passes, nobody is lost. That every driver does what the rules say is
 * shown in `differential.test.ts`.
 */

/** A city some of whose drivers are intelligent ones, and enter at speed. */
function mixedCity(draw: City, intelligent: boolean): Compiled {
  const built = builtCity(draw);
  if (!intelligent) return built;
  const vehicleTypes = built.layout.vehicleTypes.map((type, k) =>
    k % 2 === 0 ? { ...type, carFollowing: 'idm' as const } : type,
  );
  return compile({ ...built.layout, vehicleTypes, entry: 'moving' });
}

/** What is not where or as fast as a vehicle can be, or behind one that is less far. */
function strays(sim: Simulation): string[] {
  const { elementLength, elementCount, types } = sim.network;
  const found: string[] = [];
  let placed = 0;
  for (let e = 0; e < elementCount; e++) {
    let ahead = elementLength[e];
    for (const { vehicle, x, v, type } of vehiclesOn(sim, e)) {
      const sound = x >= 0 && x <= ahead && v >= 0 && v <= types.maxSpeed[type];
      if (!sound) found.push(`${vehicle} on ${e}: ${x} m, ${v} m/s`);
      ahead = x;
      placed++;
    }
  }
  if (placed !== runningCount(sim)) found.push(`${placed} vehicles`);
  return found;
}

const works = fc.array(work(150), { minLength: 5, maxLength: 40 });

test('on random cities nobody is lost, nobody passes an incident, and all are in order', () => {
  let held = 0;
  fc.assert(
    fc.property(city, works, fc.boolean(), (draw, during, intelligent) => {
      const compiled = mixedCity(draw, intelligent);
      const { network } = compiled;
      const sim = createSimulation(network, 1);
      const watch = new IncidentWatch(sim);
      for (let k = 0; k < 150; k++) {
        for (const one of during) if (one.step === k) doWork(sim, one, laneOf(compiled, one));
        cycle(sim, 12);
        watch.before();
        step(sim);
        expect([...watch.after(), ...strays(sim)]).toEqual([]);
        const { created, finished } = sim.vehicles;
        expect(created).toBe(sim.demand.waiting + runningCount(sim) + finished);
      }
      held += watch.held;
    }),
    { seed: 8, numRuns: 100 },
  );
  expect(held).toBeGreaterThan(10_000);
});

const models = ['reference', 'idm'] as const;
const cases = models.flatMap((model) => [0.1, 0.5, 1].map((stepS) => [model, stepS] as const));

/** A lane of 300 m that goes on in one of 300 m, with drivers of one model. */
function road(carFollowing: (typeof models)[number], stepS: number, flowVph = 900): Compiled {
  const layout = straightRoad(300, flowVph, { stepS });
  return compile({
    ...layout,
    vehicleTypes: layout.vehicleTypes.map((type) => ({ ...type, carFollowing })),
  });
}

test.each(cases)(
  '%s drivers stop their minimum gap before it, steps of %f s, and go on when it is cleared',
  (model, stepS) => {
    for (const [name, at] of [
      ['west-main_0', 120],
      ['main-east_0', 20],
    ] as const) {
      const compiled = road(model, stepS);
      const sim = createSimulation(compiled.network, 1);
      const lane = elementNamed(compiled, name);
      const watch = new IncidentWatch(sim);
      const { minGap, maxDeceleration } = sim.network.types;
      placeIncident(sim, lane, at);
      let hardest = 0;
      const speed = new Map<number, number>();
      while (sim.step * stepS < 300) {
        watch.before();
        step(sim);
        expect(watch.after()).toEqual([]);
        for (let e = 0; e < sim.network.elementCount; e++) {
          for (const { vehicle, v } of vehiclesOn(sim, e)) {
            hardest = Math.max(hardest, ((speed.get(vehicle) ?? v) - v) / stepS);
            speed.set(vehicle, v);
          }
        }
      }
      expect(sim.vehicles.finished).toBe(0);
      const [first] = vehiclesOn(sim, lane);
      expect(first.v).toBeLessThan(0.01);
      expect(at - first.x).toBeGreaterThan(minGap[first.type] - 0.3);
      expect(at - first.x).toBeLessThan(minGap[first.type] + 2);
      expect(hardest).toBeLessThanOrEqual(maxDeceleration[first.type] + 1e-9);
      clearIncident(sim, lane);
      run(sim, 120);
      expect(sim.vehicles.finished).toBeGreaterThan(20);
    }
  },
);

test.each(models)('%s drivers who are too close to stop pass it, and nobody after them', (model) => {
  const compiled = road(model, 0.5);
  const lane = elementNamed(compiled, 'west-main_0');
  const { maxDeceleration } = compiled.network.types;
  for (const [spareM, passes] of [
    [-0.5, true],
    [0.5, false],
  ] as const) {
    const sim = createSimulation(compiled.network, 1);
    run(sim, 40);
    const driving = vehiclesOn(sim, lane);
    const k = driving.findIndex(({ x }) => x < 150);
    const { vehicle, x, v, type } = driving[k];
    placeIncident(sim, lane, x + (v * v) / 2 / maxDeceleration[type] + spareM);
    run(sim, 120);
    expect(sim.vehicles.finished).toBe(passes ? vehicle + 1 : vehicle);
  }
});

test('a second one moves it, and it is brought within its lane', () => {
  const compiled = road('reference', 1);
  const lane = elementNamed(compiled, 'west-main_0');
  const sim = createSimulation(compiled.network, 1);
  placeIncident(sim, lane, 50);
  run(sim, 120);
  expect(vehiclesOn(sim, lane)[0].x).toBeLessThan(50);
  placeIncident(sim, lane, 1e9);
  const end = sim.network.elementLength[lane];
  expect(sim.closures!.incident[lane]).toBe(end - 1);
  run(sim, 120);
  const [first] = vehiclesOn(sim, lane);
  expect(first.x).toBeLessThan(end - 1);
  expect(first.x).toBeGreaterThan(end - 10);
  placeIncident(sim, lane, -5);
  expect(sim.closures!.incident[lane]).toBe(1);
  const { entered, finished } = sim.vehicles;
  run(sim, 120);
  // The lane empties, and nobody comes in: less than a minimum gap is left.
  expect(sim.vehicles.entered).toBe(entered);
  expect(sim.vehicles.finished).toBeGreaterThan(finished + 20);
});

test('whose rear would stand in the intersection waits at the stop line, so that others can cross', () => {
  const compiled = compile(crossing({ westVph: 600, northVph: 600 }));
  const [exit, approach] = ['main-east_0', 'west-main_0'].map((name) => elementNamed(compiled, name));
  const connector = elementNamed(compiled, 'main.west-thru:0>0');
  const south = elementNamed(compiled, 'main-south_0');
  const [length] = compiled.network.types.length;
  for (const [at, enters] of [
    [length - 0.1, false],
    [length + 4, true],
  ] as const) {
    const sim = createSimulation(compiled.network, 1);
    placeIncident(sim, exit, at);
    const crossed = new Set<number>();
    for (let k = 0; k < 600; k++) {
      cycle(sim, 30);
      step(sim);
      if (!enters) expect(vehiclesOn(sim, connector)).toEqual([]);
      for (const { vehicle } of vehiclesOn(sim, south)) crossed.add(vehicle);
    }
    expect(vehiclesOn(sim, exit).length > 0).toBe(enters);
    expect(vehiclesOn(sim, approach).length).toBeGreaterThan(20);
    expect(crossed.size).toBeGreaterThan(60);
  }
});

test('nobody yields to a driver whom one holds: the other street runs as if nobody stood there', () => {
  const north = ['north-main_0', 'main.north-thru:0>0', 'main-south_0'];
  const [held, alone] = [900, 0].map((westVph) => {
    const { layout } = compile(crossing({ westVph, northVph: 300 }));
    const intersections = layout.intersections.map((one) => ({ ...one, signal: null }));
    const compiled = compile({ ...layout, intersections });
    const sim = createSimulation(compiled.network, 1);
    const [approach, ...ways] = ['west-main_0', ...north].map((name) => elementNamed(compiled, name));
    placeIncident(sim, approach, sim.network.elementLength[approach]);
    return { sim, approach, ways };
  });
  for (let k = 0; k < 600; k++) {
    const [own, other] = [held, alone].map(({ sim, ways }) => {
      step(sim);
      return ways.map((e) => vehiclesOn(sim, e).map(({ x, v }) => [x, v]));
    });
    expect(own).toEqual(other);
  }
  expect(alone.sim.vehicles.finished).toBeGreaterThan(40);
  const rest = held.sim.network.elementLength[held.approach] - vehiclesOn(held.sim, held.approach)[0].x;
  expect(rest).toBeLessThan(8);
});

test('stops intelligent drivers whose model alone would take them through it', () => {
  const hasty = { minGap: 0.5, headway: 0.3, maxDeceleration: 3, usualDeceleration: 3 };
  const layout = straightRoad(300, 900, { stepS: 1 });
  const vehicleTypes = layout.vehicleTypes.map((type) => ({
    ...type,
    ...hasty,
    carFollowing: 'idm' as const,
  }));
  const compiled = compile({ ...layout, vehicleTypes });
  const lane = elementNamed(compiled, 'west-main_0');
  for (let at = 60; at < 200; at += 3.7) {
    const sim = createSimulation(compiled.network, 1);
    placeIncident(sim, lane, at);
    run(sim, 60);
    const [first] = vehiclesOn(sim, lane);
    expect(first.vehicle).toBe(0);
    expect(first.x).toBeLessThan(at + BEYOND);
  }
});

/** As in `conservation.test.ts`: without merging nobody may overlap, whatever is closed and blocked. */
test.each(['reference', 'idm'] as const)(
  'no two overlap where nobody merges, with %s drivers',
  (carFollowing) => {
    for (const stepS of [0.1, 0.5, 1]) {
      const vehicles = { car: 0.5, truck: 0.2, bus: 0.1, motorcycle: 0.2 };
      const layout: Layout = crossing({ westVph: 900, northVph: 900, arrivals: 'poisson', vehicles, stepS });
      const vehicleTypes = layout.vehicleTypes.map((type) => ({ ...type, carFollowing }));
      const compiled = compile({ ...layout, vehicleTypes });
      const { network } = compiled;
      const ways = [
        ['west-main_0', 'main.west-thru:0>0', 'main-east_0'],
        ['north-main_0', 'main.north-thru:0>0', 'main-south_0'],
      ].map((way) => way.map((name) => elementNamed(compiled, name)));
      const draw = fc.sample(fc.array(work(900), { minLength: 60, maxLength: 60 }), {
        seed: 4,
        numRuns: 1,
      })[0];
      const sim = createSimulation(network, 3);
      const watch = new IncidentWatch(sim);
      let least = Infinity;
      for (let k = 0; k < 900 / stepS; k++) {
        for (const one of draw) {
          const way = ways[one.trip % 2];
          if (k === Math.round(one.step / stepS)) doWork(sim, one, one.road % 2 === 0 ? way[0] : way[2]);
        }
        cycle(sim, Math.round(25 / stepS));
        watch.before();
        step(sim);
        expect(watch.after()).toEqual([]);
        for (const way of ways) least = Math.min(least, leastGap(sim, way));
      }
      expect(least).toBeGreaterThan(0);
      expect(watch.held).toBeGreaterThan(500);
    }
  },
);

/** The least distance between two on a way of several elements, m. */
function leastGap(sim: Simulation, way: readonly number[]): number {
  const { elementLength, types } = sim.network;
  let least = Infinity;
  let ahead: number | null = null; // where the vehicle ahead ends
  let beyond = way.reduce((sum, e) => sum + elementLength[e], 0);
  for (const e of [...way].reverse()) {
    beyond -= elementLength[e];
    for (const { x, type } of vehiclesOn(sim, e)) {
      if (ahead !== null) least = Math.min(least, ahead - (beyond + x));
      ahead = beyond + x - types.length[type];
    }
  }
  return least;
}
