import { expect, test } from 'vitest';
import { incrementalDelay, uniformDelay } from '../../server/control/hcm.ts';
import { createOperation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { compile } from '../../server/scenario/compile.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { arrive } from '../../server/sim/demand.ts';
import { SHOWN } from '../../server/sim/network.ts';
import { createSimulation, step } from '../../server/sim/simulation.ts';
import { crossing, elementNamed, vehiclesOn } from '../networks.ts';

/** Queues at a signal, against the Highway Capacity Manual and D/D/1; and arrivals against their rates. */

test.each([
  ['undersaturated', 0.8, 760, 23.824, 8.644, 32.467],
  ['oversaturated', 800 / 775, 775, 27, 40.897, 67.897],
])('HCM delay, %s: cycle 90 s, g/C 0.4, a quarter of an hour', (_, X, capacity, d1, d2, d) => {
  expect(uniformDelay(90, 0.4, X)).toBeCloseTo(d1, 3);
  expect(incrementalDelay(X, capacity)).toBeCloseTo(d2, 3);
  expect(uniformDelay(90, 0.4, X) + incrementalDelay(X, capacity)).toBeCloseTo(d, 3);
});

const CYCLE = 60; // s
const RED = 36; //    s
const LOST_TIME = 2; // s, the HCM's default
const VOLUME = 600 / 3600; //      vehicles per second
const SATURATION = 1900 / 3600;

/** The steps in which vehicles cross the stop line, by vehicle, and those in which green begins. */
function stopLineTimes(offsetS: number, controlled: boolean) {
  const greenS = CYCLE - RED;
  const compiled = compile(
    crossing({ approachM: 400, westVph: 3600 * VOLUME, greenS, cycleS: CYCLE, offsetS }),
  );
  const [protocol] = PROTOCOLS;
  const fixedTime = CONTROLLERS[0].factory(protocol, {});
  const alwaysGreen = () => ({ decide: () => 0 });
  const operation = createOperation(
    underProtocol(compiled.network, protocol),
    controlled ? fixedTime : alwaysGreen,
    1,
  );
  const { sim } = operation;
  const lane = elementNamed(compiled, 'west-main_0');
  const connector = elementNamed(compiled, 'main.west-thru:0>0');
  const crossed: number[] = [];
  const greens: number[] = [];
  let before = new Set<number>();
  while (sim.step < 1800) {
    const wasGreen = sim.signals.shown[connector] === SHOWN.protected;
    operate(operation);
    if (!wasGreen && sim.signals.shown[connector] === SHOWN.protected) greens.push(sim.step - 1);
    const now = new Set(vehiclesOn(sim, lane).map(({ vehicle }) => vehicle));
    for (const vehicle of before) if (!now.has(vehicle)) crossed[vehicle] = sim.step;
    before = now;
  }
  return { crossed, greens };
}

/**
 * D/D/1 has no vehicles with a length that brake and accelerate, only a queue at the stop line. Its
 * arrivals are the crossings of the stop line when the signal is always green, its departures those
 * under the plan. With green displayed for 24 s, start-up lost time and the part of yellow that is used
 * make nearly the 24 s of effective green of the theory; whole steps of 1 s and saturation headways that
 * shorten along the queue remain, and drivers brake and start at finite rates: the delay and the time to
 * clear hold within a tenth, the queue within half a vehicle.
 */
test('even arrivals at a fixed red are delayed by r²/(2C(1 − ρ)), queue up to v·r and clear in ρr/(1 − ρ)', () => {
  const ratio = VOLUME / SATURATION;
  const theory = {
    delay: (RED * RED) / (2 * CYCLE * (1 - ratio)),
    queue: VOLUME * RED,
    clearTime: (ratio * RED) / (1 - ratio),
  };
  expect(theory.delay).toBeCloseTo(15.78, 2);
  expect(theory.queue).toBeCloseTo(6, 10);
  expect(theory.clearTime).toBeCloseTo(16.62, 2);
  const greenRatio = 1 - RED / CYCLE;
  expect(uniformDelay(CYCLE, greenRatio, ratio / greenRatio)).toBeCloseTo(theory.delay, 10);

  const delays: number[] = [];
  const queues: number[] = [];
  const clearTimes: number[] = [];
  // Arrivals come every 6 s; offsets shift the red over all of their positions.
  for (let offsetS = 0; offsetS < 6; offsetS++) {
    const open = stopLineTimes(offsetS, false).crossed;
    const { crossed, greens } = stopLineTimes(offsetS, true);
    for (let v = 20; v < 240; v++) delays.push(crossed[v] - open[v]);
    for (const green of greens.filter((start) => start > 300 && start < 1500)) {
      const queueAt = (time: number) => count(open, time) - count(crossed, time);
      let time = green;
      queues.push(queueAt(green));
      while (queueAt(time) > 0) time++;
      clearTimes.push(time - green);
    }
  }
  expect(Math.abs(mean(delays) - theory.delay)).toBeLessThan(theory.delay / 10);
  expect(Math.abs(mean(queues) - theory.queue)).toBeLessThan(0.5);
  // Effective green begins when start-up lost time is over.
  expect(Math.abs(mean(clearTimes) - LOST_TIME - theory.clearTime)).toBeLessThan(theory.clearTime / 10);
});

/** How many of the times are not after `time`. */
function count(times: readonly number[], time: number): number {
  return times.reduce((sum, t) => sum + Number(t <= time), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The steps in which the vehicles of an origin arrive, with their routes; nobody drives. */
function arrivals(layout: Layout, origin: string, seed: number, steps: number): string[] {
  const { network, names } = compile(layout);
  const sim = createSimulation(network, seed, { measures: false });
  for (; sim.step < steps; sim.step++) arrive(sim);
  const { created, source, createdAt, route, type } = sim.vehicles;
  const o = network.flows.count + names.origin.indexOf(origin);
  const roads = (r: number) =>
    Array.from(network.routes.items.subarray(network.routes.starts[r], network.routes.starts[r + 1]));
  return Array.from({ length: created }, (_, v) => v)
    .filter((v) => source[v] === o)
    .map((v) => `${createdAt[v]} ${type[v]} ${roads(route[v]).map((r) => names.road[r])}`);
}

test('an arrival stream of 600 veh/h averages 600 ± 3σ over ten hours, for 20 seeds', () => {
  const layout = crossing({ westVph: 600, arrivals: 'poisson' });
  const counts = Array.from({ length: 20 }, (_, seed) => arrivals(layout, 'west', seed, 36_000).length);
  for (const arrived of counts) expect(Math.abs(arrived - 6000)).toBeLessThan(3 * Math.sqrt(6000));
  expect(Math.abs(mean(counts) - 6000)).toBeLessThan(3 * Math.sqrt(6000 / 20));
  expect(new Set(counts).size).toBeGreaterThan(10);
});

test('adding an origin leaves the arrivals of the others as they were', () => {
  const vehicles = { car: 0.7, truck: 0.3 };
  const layout = crossing({ westVph: 600, northVph: 400, arrivals: 'poisson', vehicles });
  const [west, north] = layout.origins;
  const alone = arrivals({ ...layout, origins: [west] }, 'west', 5, 7200);
  expect(alone.length).toBeGreaterThan(1000);
  expect(arrivals({ ...layout, origins: [west, north] }, 'west', 5, 7200)).toEqual(alone);
  expect(arrivals({ ...layout, origins: [north, west] }, 'west', 5, 7200)).toEqual(alone);
  expect(arrivals({ ...layout, origins: [west] }, 'west', 6, 7200)).not.toEqual(alone);
});

test('moving entry admits as many as a lane can carry, entry from standstill half of that', () => {
  const admitted = (entry: 'moving' | 'standstill') => {
    const { network } = compile({ ...crossing({ westVph: 2400, arrivals: 'uniform' }), entry });
    const sim = createSimulation(network, 1, { measures: false });
    while (sim.step < 3600) step(sim);
    return sim.vehicles.entered;
  };
  expect(admitted('moving')).toBeGreaterThan(1750);
  expect(admitted('standstill')).toBeLessThan(1000);
});
