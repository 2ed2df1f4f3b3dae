import { expect, test } from 'vitest';
import { compile } from '../../server/scenario/compile.ts';
import type { VehicleType } from '../../server/scenario/layout.ts';
import { BUILT_IN_TYPES } from '../../server/scenario/vehicleTypes.ts';
import { idmAcceleration } from '../../server/sim/carFollowing.ts';
import { DESIRED_FACTOR } from '../../server/sim/following.ts';
import { createSimulation, type Simulation, step } from '../../server/sim/simulation.ts';
import { HEAD, RECORD, RECORD_TAIL, SLOT_STATE } from '../../server/sim/traffic.ts';
import { crossing, elementNamed, platoon, type Seen, straightRoad, vehiclesOn } from '../networks.ts';

/** Following one another as the models' authors worked it out on paper: the formulas, and the simulator itself. */

const LIMIT = 50 / 3.6; // m/s
const [CAR] = BUILT_IN_TYPES;

/** The vectors' driver: v0 13.89 m/s, T 1.5 s, s0 2 m, length 5 m. */
const IDM = { v0: 13.89, a: 1, b: 1.5, T: 1.5, s0: 2, length: 5 };

function idm(v: number, s: number): number {
  return idmAcceleration(v, IDM.v0, s, 0, IDM.a, IDM.b, IDM.T, IDM.s0);
}

/** (s0 + vT) / √(1 − (v/v0)⁴) */
function equilibriumGap(v: number, { s0, T, v0 } = IDM): number {
  return (s0 + v * T) / Math.sqrt(1 - (v / v0) ** 4);
}

test('at equilibrium the gap is (s0 + vT) / √(1 − (v/v0)⁴)', () => {
  for (const v of [0.5, 2, 5, 8.98, 11, 13]) {
    const s = equilibriumGap(v);
    expect(idm(v, s)).toBeCloseTo(0, 12);
    expect(idm(v, s * 1.01)).toBeGreaterThan(0);
    expect(idm(v, s * 0.99)).toBeLessThan(0);
  }
});

test('a lane of intelligent drivers carries 1,467.5 vehicles an hour at most, at 8.98 m/s', () => {
  let best = { v: 0, flowVph: 0 };
  for (let v = 0.01; v < IDM.v0; v += 0.01) {
    // The gap at which the driver neither speeds up nor slows down, by bisection.
    let [low, high] = [0.1, 1e6];
    for (let k = 0; k < 80; k++) {
      const middle = (low + high) / 2;
      if (idm(v, middle) < 0) low = middle;
      else high = middle;
    }
    const flowVph = (3600 * v) / (low + IDM.length);
    if (flowVph > best.flowVph) best = { v, flowVph };
  }
  expect(best.flowVph).toBeCloseTo(1467.5, 1);
  expect(best.v).toBeCloseTo(8.98, 1);
});

/** A platoon behind a slow leader, after `seconds`: the vehicles on its lane, front to back. */
function settled(
  leaderSpeed: number,
  follower: Partial<VehicleType>,
  count: number,
  seconds: number,
  stepS: number,
) {
  const compiled = compile(platoon(5000, { maxSpeed: leaderSpeed }, follower, count, stepS));
  const sim = createSimulation(compiled.network, 1, { measures: false });
  const lane = elementNamed(compiled, 'west-main_0');
  while (sim.step * stepS < seconds) step(sim);
  return { sim, lane, stepS };
}

function gaps(vehicles: readonly Seen[], length: number): number[] {
  return vehicles.slice(1).map(({ x }, k) => vehicles[k].x - length - x);
}

test.each([0.1, 1])(
  'a platoon of intelligent drivers settles at the equilibrium gap, steps of %f s',
  (stepS) => {
    const driver = { carFollowing: 'idm', headway: 1.5, maxAcceleration: 2, usualAcceleration: 2 } as const;
    const { sim, lane } = settled(8, driver, 12, 500, stepS);
    const expected = equilibriumGap(8, { ...IDM, v0: LIMIT * DESIRED_FACTOR });
    for (const gap of gaps(vehiclesOn(sim, lane), CAR.length)) expect(gap).toBeCloseTo(expected, 2);
  },
);

test('behind a steady leader the reference model keeps its time headway, or what it needs to stop', () => {
  // v·h where that is more than s0 + v·dt, the gap at which the safe speed is the present one.
  const cautious = settled(8, { headway: 1.45 }, 12, 500, 1);
  for (const gap of gaps(vehiclesOn(cautious.sim, cautious.lane), CAR.length))
    expect(gap).toBeCloseTo(8 * 1.45, 2);
  const hasty = settled(8, { headway: 0.8 }, 12, 500, 1);
  for (const gap of gaps(vehiclesOn(hasty.sim, hasty.lane), CAR.length))
    expect(gap).toBeCloseTo(2 + 8 * 1, 2);
});

/** Sets the speed of the first vehicle of a lane. */
function kick({ traffic, step }: Simulation, lane: number, v: number): void {
  const { record, slotState, tail } = traffic;
  slotState[record[lane * RECORD + HEAD] * SLOT_STATE + ((step & 1) << 1) + 1] = v;
  expect(tail[lane * RECORD_TAIL]).not.toBe(v); // the first is not the last
}

/** How far the speed of each vehicle of a long platoon strays after its leader was slowed down by 1 m/s. */
function strayingAfterKick(headway: number): number[] {
  const speed = 1.5;
  const driver = { carFollowing: 'idm', headway, maxAcceleration: 1, usualAcceleration: 1 } as const;
  const { sim, lane } = settled(speed, { ...driver, usualDeceleration: 1.5 }, 100, 2500, 0.1);
  kick(sim, lane, speed - 1);
  const straying = vehiclesOn(sim, lane).map(() => 0);
  for (let k = 0; k < 4000; k++) {
    step(sim);
    vehiclesOn(sim, lane).forEach(({ v }, n) => {
      straying[n] = Math.max(straying[n], Math.abs(v - speed));
    });
  }
  return straying;
}

test('at low speed a disturbance dies out along a platoon if a ≥ s0/T², and grows if not', () => {
  const stable = strayingAfterKick(1.5); // s0/T² = 0.889 m/s² < a = 1 m/s²
  expect(stable[20]).toBeLessThan(stable[5]);
  expect(stable[80]).toBeLessThan(stable[20]);
  const unstable = strayingAfterKick(1); // 2 m/s²
  expect(unstable[40]).toBeGreaterThan(unstable[20]);
  expect(unstable[80]).toBeGreaterThan(unstable[40]);
});

test('a car alone drives at the speed limit', () => {
  const compiled = compile(straightRoad(800, 20));
  const sim = createSimulation(compiled.network, 1);
  let fastest = 0;
  for (let k = 0; k < 160; k++) {
    step(sim);
    for (const { v } of vehiclesOn(sim, elementNamed(compiled, 'west-main_0')))
      fastest = Math.max(fastest, v);
  }
  expect(fastest).toBe(LIMIT);
});

test.each([
  [0.1, 0.01],
  [1, 0.04],
])(
  'a standing queue has 142.9 cars a kilometre, one for each length and gap; steps of %f s',
  (stepS, tolerance) => {
    const compiled = compile(crossing({ westVph: 1200, stepS }));
    const sim = createSimulation(compiled.network, 1);
    const main = compiled.names.intersection.indexOf('main');
    sim.signals.wanted[main] = compiled.network.phases.starts[main] + 1;
    while (sim.step * stepS < 240) step(sim);
    const queue = vehiclesOn(sim, elementNamed(compiled, 'west-main_0'));
    const spacing = (queue[0].x - queue[20].x) / 20;
    expect(queue[20].v).toBe(0);
    expect(spacing).toBeGreaterThanOrEqual(CAR.length + CAR.minGap);
    expect(spacing).toBeLessThan((CAR.length + CAR.minGap) * (1 + tolerance));
  },
);

test('in dense traffic a lane of default cars carries 3600 / (h + l/v) vehicles an hour', () => {
  for (const speed of [5, 8, 12]) {
    const { sim, lane } = settled(speed, {}, 12, 400, 1);
    const vehicles = vehiclesOn(sim, lane);
    const spacing = (vehicles[0].x - vehicles[12].x) / 12;
    const expected = 3600 / (CAR.headway + CAR.length / speed);
    expect((3600 * speed) / spacing).toBeCloseTo(expected, 0);
  }
});
