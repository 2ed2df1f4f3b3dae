import { expect, test } from 'vitest';
import { incrementalDelay, uniformDelay } from '../../server/control/hcm.ts';
import { createOperation, type Operation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { measuredOptions, measureRun } from '../../server/report/measureRun.ts';
import type { RunResult } from '../../server/report/runResult.ts';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { arrive } from '../../server/sim/demand.ts';
import { lossToCome } from '../../server/sim/lone.ts';
import { NONE } from '../../server/sim/network.ts';
import { createSimulation, type Simulation, step } from '../../server/sim/simulation.ts';
import { delays } from '../../server/sim/summary.ts';
import { crossing, elementNamed, straightRoad, vehiclesOn } from '../networks.ts';

/** Control delay, against the Highway Capacity Manual, against an exact queue, and against its own definition. */

const NAMES = { controller: 'fixed-time', phaseNames: [] };

function startMeasured(layout: Layout, seed: number, warmupS = 0): Operation & { compiled: Compiled } {
  const compiled = compile(layout);
  const [protocol] = PROTOCOLS;
  const fixedTime = CONTROLLERS[0].factory(protocol, {});
  const ruled = underProtocol(compiled.network, protocol);
  return { ...createOperation(ruled, fixedTime, seed, measuredOptions(compiled, warmupS, false)), compiled };
}

function measured(layout: Layout, seed: number, warmupS: number, durationS: number): RunResult {
  const operation = startMeasured(layout, seed, warmupS);
  while (operation.sim.step * layout.stepS < durationS) operate(operation);
  return measureRun(operation.sim, NAMES);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The HCM's case of a cycle of 90 s with g/C = 0.4 and a capacity of 760 veh/h: displayed green is 38 s, of
 * which start-up takes 2. Saturation flow is 1900 veh/h (saturation.test.ts), so 36 s of effective green
 * let 19 vehicles pass a cycle; so they do, below.
 */
const CYCLE = 90;
const DISPLAYED_GREEN = 38;
const GREEN_RATIO = 0.4;
const SATURATION_FLOW = 1900;
const CAPACITY = SATURATION_FLOW * GREEN_RATIO;

const approach = (westVph: number): Layout =>
  crossing({ westVph, arrivals: 'poisson', greenS: DISPLAYED_GREEN, cycleS: CYCLE });

test('a standing queue uses 36 of 38 s of green: 19 vehicles a cycle, 760 an hour', () => {
  const { movements } = measured(approach(1.5 * CAPACITY), 1, 900, 900 + 40 * CYCLE);
  const [west] = movements.filter(({ volume }) => volume > 0);
  expect(west.volume).toBe(40 * 19);
  expect((west.volume * 3600) / (40 * CYCLE)).toBe(CAPACITY);
  expect(west.greenRatio).toBeCloseTo(DISPLAYED_GREEN / CYCLE, 10);
});

const WARM_UP = CYCLE; // a quarter of an hour begins with no queue left over but that of one cycle
const PERIOD = 900;
const DRAIN = 300; // for all to leave who came in it
const SEEDS = 30;
const QUARTERS = 6000;

/** From the entry to the stop line, s. */
const WAY = 289 / (50 / 3.6);

/**
 * Delays of those who arrive in a quarter of an hour in an exact queue at the stop line: nobody has a
 * length, follows, brakes or speeds up; from 2 s after the beginning of green on, one leaves every 1/s seconds.
 *
 * @param created  moments of entry, s, the warm-up's included
 */
function queueDelays(created: readonly number[]): number[] {
  const headway = 3600 / SATURATION_FLOW;
  const effective = GREEN_RATIO * CYCLE;
  const lost = DISPLAYED_GREEN - effective;
  let free = 0;
  const delay = created.map((at) => {
    let leaves = Math.max(at + WAY, free);
    const intoGreen = (leaves - lost + CYCLE) % CYCLE;
    if (intoGreen > effective - 1e-9) leaves += CYCLE - intoGreen;
    free = leaves + headway;
    return leaves - at - WAY;
  });
  return delay.filter((_, v) => created[v] >= WARM_UP);
}

/** A stream of Poisson arrivals, as the simulator makes them, cut into quarters of an hour with their warm-ups. */
function manyQuarters(vph: number): number[][] {
  const sim = createSimulation(compile(approach(vph)).network, 12345, { measures: false });
  const quarters: number[][] = [];
  for (let begin = 0; quarters.length < QUARTERS; begin = sim.step) {
    const first = sim.vehicles.created;
    for (; sim.step < begin + WARM_UP + PERIOD; sim.step++) arrive(sim);
    const { createdAt, created } = sim.vehicles;
    quarters.push(Array.from(createdAt.subarray(first, created), (at) => at - begin));
  }
  return quarters;
}

/** By vehicle: its control delay less its delay in the exact queue. */
function excessDelays(vph: number, seed: number): number[] {
  const { trips } = measured(approach(vph), seed, WARM_UP, WARM_UP + PERIOD + DRAIN);
  const created = Array.from(trips.createdS).filter((at) => at < WARM_UP + PERIOD);
  const delay = Array.from(trips.controlDelayS.subarray(0, created.length));
  const queued = queueDelays(created);
  return delay.filter((_, v) => created[v] >= WARM_UP).map((one, v) => one - queued[v]);
}

/**
 * The manual's delay is that of all who arrive in a quarter of an hour which begins without a queue, however
 * late they leave. Thirty such quarters leave a sampling error of 3 % at v/c 0.8 and of 5 % at 0.9, most of it
 * by how many vehicles happen to come. So they are paired with an exact queue that is fed the same vehicles,
 * whose mean over all arrivals is known from six thousand quarters: simulated delay is that mean and the
 * mean difference in the pairs (a control variate).
 *
 *     v/c     d1 + d2    exact queue    simulated, of d1 + d2
 *     0.3     19.4 s     18.4 s          + 4 %
 *     0.5     22.6 s     20.5 s          − 3 %
 *     0.7     27.8 s     23.7 s          − 9 %
 *     0.8     32.5 s     27.3 s          −11.5 %
 *     0.9     41.1 s     35.7 s          − 9 %
 *
 * All but 0.8 are within a tenth. There it is the manual that is high: its d2 comes from a queue that is
 * served at random with no regard to cycles (k = 0.5), while a fixed signal that lets 19 pass every cycle has
 * next to no queue left over below v/c 0.7. The exact queue, which is theory without any driving, is 16 %
 * below it, at other cycles and splits as well. Simulated vehicles lose 1.5 s more than the exact queue's,
 * for they brake, follow and speed up.
 */
test.each([
  [0.3, -0.1, 0.1],
  [0.5, -0.1, 0.1],
  [0.7, -0.1, 0.1],
  [0.8, -0.125, 0.1],
  [0.9, -0.15, 0.15],
])('control delay at v/c %f differs by %f to %f from HCM d1 + d2', (X, least, most) => {
  const excess = mean(Array.from({ length: SEEDS }, (_, k) => excessDelays(X * CAPACITY, k + 1)).flat());
  const queued = mean(manyQuarters(X * CAPACITY).flatMap(queueDelays));
  const manual = uniformDelay(CYCLE, GREEN_RATIO, X) + incrementalDelay(X, CAPACITY);
  const off = (queued + excess) / manual - 1;
  expect(off).toBeGreaterThan(least);
  expect(off).toBeLessThan(most);
  expect(excess).toBeGreaterThan(1.2);
  expect(excess).toBeLessThan(2);
});

test.each([1, 0.5, 0.1])(
  'the loss to come is the time lost by speeding up to the free speed, at steps of %f s',
  (stepS) => {
    const compiled = compile(straightRoad(600, 60, { stepS }));
    const sim = createSimulation(compiled.network, 1);
    while (sim.vehicles.entered === 0) step(sim);
    const lane = elementNamed(compiled, 'west-main_0');
    const [free, a] = [50 / 3.6, 1.2];
    const loss = (v: number) => lossToCome(sim, sim.lone!, 0, lane, NONE, 50, v);
    for (const v of [0, 3, 8, 12.5]) {
      const seconds = (free - v) / a;
      const distance = ((v + free) / 2) * seconds;
      // Exact but for the last step, in which it reaches the free speed before the end.
      expect(Math.abs(loss(v) - (seconds - distance / free))).toBeLessThan(0.02 * stepS);
    }
    expect(loss(free)).toBe(0);
    expect(loss(free + 3)).toBe(0); // off a faster road: it brakes, and loses nothing
  },
);

/** D of a vehicle by the definition, from where it is seen: `way` are the elements from its first on. */
function plainDelay(sim: Simulation, way: readonly number[], vehicle: number, x: number, v: number): number {
  const { network, vehicles, step } = sim;
  const t = vehicles.type[vehicle];
  const speed = (e: number) =>
    Math.min(
      network.types.maxSpeed[t],
      network.elementSpeedLimit[network.elementRoad[e] < 0 ? network.connectorFrom[e] : e],
    );
  const whole = way.slice(0, -1).reduce((sum, e) => sum + network.elementLength[e] / speed(e), 0);
  const free = speed(way.at(-1)!);
  const loss = v < free ? (free - v) ** 2 / (2 * network.types.maxAcceleration[t] * free) : 0;
  return (step - vehicles.createdAt[vehicle]) * network.stepS - whole - x / free + loss;
}

/**
 * Σ control delay = D on leaving the last intersection, and delay = that + what D grows by on the last road:
 * nothing is lost between two intersections and nothing is charged twice.
 */
test.each([
  ['at 50 km/h', 50, 1],
  ['at 50 km/h in steps of 0.5 s', 50, 0.5],
  ['at 130 km/h, so that connectors are passed within a step', 130, 1],
])('charges add up to the delay made by the last intersection, %s', (_, speedLimitKmh, stepS) => {
  const layout = crossing({
    westVph: 600,
    northVph: 500,
    arrivals: 'poisson',
    speedLimitKmh,
    stepS,
    approachM: 600,
  });
  const { compiled, ...operation } = startMeasured(layout, 4);
  const { sim } = operation;
  const ways = [
    'west-main_0 main.west-thru:0>0 main-east_0',
    'north-main_0 main.north-thru:0>0 main-south_0',
  ].map((way) => way.split(' ').map((name) => elementNamed(compiled, name)));
  const atExit: number[] = [];
  let skipped = 0;
  let before = new Map<number, number>();
  while (sim.step * stepS < 900) {
    operate(operation);
    const now = new Map<number, number>();
    for (const way of ways) {
      way.forEach((e, k) => {
        for (const { vehicle, x, v } of vehiclesOn(sim, e)) {
          now.set(vehicle, k);
          if (k === 2 && before.get(vehicle) === 0) skipped++;
          if (k === 2 && before.get(vehicle) !== 2) atExit[vehicle] = plainDelay(sim, way, vehicle, x, v);
        }
      });
    }
    before = now;
  }
  const { controlDelayS, finishedS, delayS } = measureRun(sim, NAMES).trips;
  const done = Array.from(finishedS.keys()).filter((v) => finishedS[v] >= 0);
  expect(done.length).toBeGreaterThan(100);
  expect(skipped > 10).toBe(speedLimitKmh > 100);
  for (const v of done) {
    expect(Math.abs(controlDelayS[v] - atExit[v])).toBeLessThan(0.1 * stepS); // the last step of speeding up
    // On the last road it may follow, in a platoon that speeds up, and its finish is dated to whole steps.
    expect(Math.abs(delayS[v] - controlDelayS[v])).toBeLessThan(3);
  }
  expect(Math.abs(mean(done.map((v) => delayS[v] - controlDelayS[v])))).toBeLessThan(1);
});

test('a queue that reaches out of the network is charged to the first intersection', () => {
  const { compiled: _, ...operation } = startMeasured(approach(1900), 2);
  const { sim } = operation;
  while (sim.step < 1800) operate(operation);
  const { enteredS, createdS, controlDelayS } = measureRun(sim, NAMES).trips;
  const waiting = Array.from(createdS.keys()).filter((v) => Number.isNaN(enteredS[v]));
  expect(waiting.length).toBeGreaterThan(100);
  for (const v of waiting) expect(controlDelayS[v]).toBe(1800 - createdS[v]);
});

test('trips under way have what their intersection has cost yet, one without a signal costs nothing', () => {
  const signalised = startMeasured(approach(700), 2);
  while (signalised.sim.step < 985) operate(signalised); // red for 47 s
  const { finishedS, controlDelayS, delayS } = measureRun(signalised.sim, NAMES).trips;
  const queue = vehiclesOn(signalised.sim, elementNamed(signalised.compiled, 'west-main_0')).filter(
    ({ v }) => v === 0,
  );
  expect(queue.length).toBeGreaterThan(1);
  for (const { vehicle } of queue) {
    expect(finishedS[vehicle]).toBeNaN();
    // Delay knows nothing yet of the time it will lose by starting up.
    expect(controlDelayS[vehicle]).toBeCloseTo(delayS[vehicle] + 50 / 3.6 / (2 * 1.2), 1);
  }
  const open = measured(straightRoad(300, 1200), 1, 0, 600);
  expect(open.trips.count).toBeGreaterThan(100);
  expect(new Set(open.trips.controlDelayS)).toEqual(new Set([0]));
  expect(open.movements).toEqual([]);
});

test('the delay of a trip leaves out no connector that is passed within one step', () => {
  const layout = straightRoad(300, 200, { speedLimitKmh: 130 });
  const { compiled: _, ...operation } = startMeasured(layout, 1);
  while (operation.sim.step < 600) operate(operation);
  // Alone on the road, at full speed from the entry on.
  for (const [v, delay] of delays(operation.sim).entries())
    expect(Math.abs(delay), `vehicle ${v}`).toBeLessThan(1e-9);
});
