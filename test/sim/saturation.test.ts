import { expect, test } from 'vitest';
import { compile } from '../../server/scenario/compile.ts';
import type { Scenario } from '../../server/scenario/schema.ts';
import { SHOWN } from '../../server/sim/network.ts';
import { createSimulation, type Simulation, step } from '../../server/sim/simulation.ts';
import { crossing, elementNamed, vehiclesOn } from '../networks.ts';

/**
 * A standing queue before a stop line, then green: at what times do its vehicles cross the line?
 *
 * Counted as the HCM does in the field. The saturation headway is the mean headway of the fifth to the
 * last queued vehicle; start-up lost time is what the first four headways, the first one from the
 * beginning of green, have more than that.
 */

const QUEUE = 24;

interface Discharge {
  readonly saturationFlowVph: number;
  /** From the headways of the fifth to the tenth vehicle. */
  readonly earlyFlowVph: number;
  readonly lostTimeS: number;
}

interface Approach {
  readonly type: string;
  readonly vehicleTypes?: Scenario['vehicleTypes'];
  readonly stepS?: number;
  /** The part of a vehicle that is counted, m behind its front bumper. */
  readonly behindFront?: number;
}

const REAR_AXLE = 4; // m, of a car

function discharge({ type, vehicleTypes, stepS = 1, behindFront = 0 }: Approach): Discharge {
  const compiled = compile(
    crossing({
      ...{ approachM: 600, westVph: 700, stepS, vehicles: { [type]: 1 } },
      ...(vehicleTypes && { vehicleTypes }),
    }),
  );
  const { network } = compiled;
  const lanes = ['west-main_0', 'main.west-thru:0>0', 'main-east_0'].map((e) => elementNamed(compiled, e));
  const sim = createSimulation(network, 1, { measures: false });
  const main = compiled.names.intersection.indexOf('main');
  const westEast = network.phases.starts[main];
  const [approach, connector] = lanes;

  sim.signals.wanted[main] = westEast + 1;
  while (!standing(sim, approach)) step(sim);
  sim.signals.wanted[main] = westEast;
  const times: number[] = [];
  let greenAt = -1;
  while (times.length < QUEUE) {
    const before = placesAlong(sim, lanes, network.elementLength);
    step(sim);
    if (greenAt < 0 && sim.signals.shown[connector] === SHOWN.protected) greenAt = (sim.step - 1) * stepS;
    const after = placesAlong(sim, lanes, network.elementLength);
    for (const [vehicle, place] of after) {
      const from = before.get(vehicle);
      if (from === undefined || from > behindFront || place <= behindFront) continue;
      const share = (behindFront - from) / (place - from);
      times.push((sim.step - 1 + share) * stepS - greenAt);
    }
  }
  times.sort((a, b) => a - b);
  const headway = (times[QUEUE - 1] - times[3]) / (QUEUE - 4);
  return {
    saturationFlowVph: 3600 / headway,
    earlyFlowVph: (3600 * 6) / (times[9] - times[3]),
    lostTimeS: times[3] - 4 * headway,
  };
}

/** Whether the first vehicles of a lane, and a few more than are counted, stand. */
function standing(sim: Simulation, lane: number): boolean {
  const queue = vehiclesOn(sim, lane);
  return queue.length > QUEUE + 3 && queue.slice(0, QUEUE).every(({ v }) => v === 0);
}

/** By vehicle: how far its front bumper is past the stop line, m. */
function placesAlong(sim: Simulation, lanes: readonly number[], length: Float64Array): Map<number, number> {
  const [approach, connector, exit] = lanes;
  const shifts = [
    [approach, -length[approach]],
    [connector, 0],
    [exit, length[connector]],
  ];
  return new Map(shifts.flatMap(([e, shift]) => vehiclesOn(sim, e).map((s) => [s.vehicle, s.x + shift])));
}

test.each([
  ['front bumpers', 0],
  ['rear axles', REAR_AXLE],
])(
  'a queue of default cars discharges at saturation flow after start-up lost time, by %s',
  (_, behindFront) => {
    const { saturationFlowVph, earlyFlowVph, lostTimeS } = discharge({ type: 'car', behindFront });
    expect(saturationFlowVph).toBeGreaterThan(1800);
    expect(saturationFlowVph).toBeLessThan(1950);
    expect(earlyFlowVph).toBeGreaterThan(1800);
    expect(earlyFlowVph).toBeLessThan(1950);
    expect(lostTimeS).toBeGreaterThan(1.5);
    expect(lostTimeS).toBeLessThan(2.5);
  },
);

test.each([0.1, 0.5])('with steps of %f s the same, counting rear axles', (stepS) => {
  const { saturationFlowVph, lostTimeS } = discharge({ type: 'car', behindFront: REAR_AXLE, stepS });
  expect(saturationFlowVph).toBeGreaterThan(1800);
  expect(saturationFlowVph).toBeLessThan(1950);
  expect(lostTimeS).toBeGreaterThan(1.5);
  expect(lostTimeS).toBeLessThan(2.5);
});

test('a car that follows by IDM discharges alike with the values that it has unless they are given', () => {
  const car = { carFollowing: 'idm' } as const;
  const { saturationFlowVph, lostTimeS } = discharge({ type: 'car', vehicleTypes: { car } });
  expect(saturationFlowVph).toBeGreaterThan(1750);
  expect(saturationFlowVph).toBeLessThan(1950);
  expect(lostTimeS).toBeGreaterThan(1.4);
  expect(lostTimeS).toBeLessThan(2.5);
});

test('the vehicle types measure as their docstring says', () => {
  const measured = ['car', 'truck', 'bus', 'motorcycle'].map((type) => {
    const { saturationFlowVph, lostTimeS } = discharge({ type });
    return [type, Math.round(saturationFlowVph), lostTimeS.toFixed(1)];
  });
  expect(measured).toEqual([
    ['car', 1900, '1.6'],
    ['truck', 1073, '2.0'],
    ['bus', 1226, '2.3'],
    ['motorcycle', 2560, '1.0'],
  ]);
  const byRearAxles = discharge({ type: 'car', behindFront: REAR_AXLE });
  expect(Math.round(byRearAxles.saturationFlowVph)).toBe(1914);
  expect(byRearAxles.lostTimeS.toFixed(1)).toBe('2.3');
});
