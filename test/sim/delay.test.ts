import fc from 'fast-check';
import { expect, test } from 'vitest';
import { operate, startRun } from '../../server/index.ts';
import { controlDelays } from '../../server/report/tripResults.ts';
import { compile } from '../../server/scenario/compile.ts';
import type { Scenario } from '../../server/scenario/schema.ts';
import { NEVER } from '../../server/sim/network.ts';
import { delays, summarize } from '../../server/sim/summary.ts';
import { laidOut } from '../networks.ts';

/**
 * Delay is time beyond that of the same vehicle alone on its route with every signal green. Random networks of every
 * shorthand and written-out chains of roads, limits from 5 to 130 km/h, several vehicle types of both models of
 * following, steps from 0.1 to 1 s.
 */

const limit = fc.constantFrom(5, 10, 20, 30, 50, 70, 80, 100, 130);
const flow = fc.constantFrom(30, 200, 900);
const turns = fc.constantFrom<Record<string, number>>(
  { thru: 1 },
  { left: 0.3, thru: 0.4, right: 0.3 },
  { left: 0.5, right: 0.5 },
);
const vehicles = fc.constantFrom<Record<string, number>>(
  { car: 1 },
  { car: 0.6, truck: 0.2, bus: 0.1, motorcycle: 0.1 },
  { car: 0.5, smart: 0.5 },
  { smart: 1 },
);

const chain = fc
  .record({
    lengths: fc.array(fc.integer({ min: 60, max: 500 }), { minLength: 2, maxLength: 6 }),
    limits: fc.array(limit, { minLength: 6, maxLength: 6 }),
    bend: fc.integer({ min: -1, max: 1 }),
    lanes: fc.integer({ min: 1, max: 3 }),
    vph: flow,
  })
  .map(({ lengths, limits, bend, lanes, vph }): Partial<Scenario> => {
    let x = 0;
    const places: Record<string, { x: number; y: number; signal?: 'none' }> = {};
    const roads = lengths.map((length, k) => {
      x += k === 0 ? 0 : lengths[k - 1];
      places[`p${k}`] = { x, y: bend * 40 * (k % 2), ...(k === 0 ? {} : { signal: 'none' as const }) };
      void length;
      return { from: `p${k}`, to: `p${k + 1}`, lanes, speedLimitKmh: limits[k] };
    });
    places[`p${lengths.length}`] = { x: x + lengths[lengths.length - 1], y: 0 };
    return {
      intersections: places,
      roads,
      demand: { p0: { flowVph: vph, to: { [`p${lengths.length}`]: 1 } } },
    };
  });

const shorthand = fc
  .record({
    kind: fc.constantFrom('isolated', 'corridor', 'grid'),
    speedLimitKmh: limit,
    sideSpeedLimitKmh: limit,
    approachM: fc.integer({ min: 60, max: 400 }),
    lanes: fc.integer({ min: 1, max: 3 }),
    signals: fc.constantFrom<'auto' | 'none'>('auto', 'none'),
    vph: flow,
    turns,
  })
  .map(
    ({
      kind,
      speedLimitKmh,
      sideSpeedLimitKmh,
      approachM,
      lanes,
      signals,
      vph,
      turns,
    }): Partial<Scenario> => {
      if (kind === 'isolated') {
        return {
          signals,
          isolated: { lanes, approachM, speedLimitKmh },
          demand: {
            west: { flowVph: vph, turns },
            north: { flowVph: vph, turns },
            east: { flowVph: vph, turns },
          },
        };
      }
      if (kind === 'corridor') {
        return {
          signals,
          corridor: { intersections: 3, lanes, sideLanes: 1, approachM, speedLimitKmh, sideSpeedLimitKmh },
          demand: {
            west: { flowVph: vph, turns },
            'north-1': { flowVph: vph, turns },
            'south-3': { flowVph: 60, turns },
          },
        };
      }
      return {
        signals,
        grid: { rows: 2, columns: 2, lanes, spacingM: approachM + 60, approachM, speedLimitKmh },
        randomTrips: { vehicles: 60, durationS: 200, seed: 1 },
      };
    },
  );

const study = fc.record({
  network: fc.oneof(chain, shorthand),
  vehicles,
  stepS: fc.constantFrom(1, 0.5, 0.1),
  seed: fc.nat(99),
});

type Study = typeof study extends fc.Arbitrary<infer T> ? T : never;

/** What is wrong with the delays of a run, or ''. */
function complaint({ network, vehicles, stepS, seed }: Study): string {
  const scenario = {
    ...{ name: 'random', stepS, durationS: 300, ...network, vehicles },
    vehicleTypes: { smart: { basedOn: 'car', carFollowing: 'idm' as const } },
  } as Scenario;
  const compiled = compile(laidOut(scenario));
  const run = startRun(compiled, { seed, survey: { fromS: 0, controlDelayOnly: true } });
  const { sim } = run;
  const least = -stepS - 1e-9;
  while (sim.step * stepS < 300) {
    operate(run);
    if (sim.step % Math.round(50 / stepS) !== 0) continue;
    const raw = delays(sim);
    const charged = controlDelays(sim, sim.survey!.controlDelay);
    for (const [v, delay] of raw.entries()) {
      const state = sim.vehicles.finishedAt[v] === NEVER ? 'running' : 'finished';
      if (!(delay >= least)) return `step ${sim.step}: delay of vehicle ${v} (${state}) is ${delay} s`;
      if (!(charged[v] >= least)) return `step ${sim.step}: control delay of vehicle ${v} is ${charged[v]} s`;
    }
    const { averageDelayS } = summarize(sim);
    if (!(averageDelayS >= 0)) return `step ${sim.step}: mean delay is ${averageDelayS} s`;
  }
  return '';
}

test('no delay is below one step and no mean delay is negative on random networks with mixed speed limits', () => {
  fc.assert(
    fc.property(study, (draw) => {
      expect(complaint(draw)).toBe('');
    }),
    { seed: 13, numRuns: Number(process.env.RUNS ?? 1000) },
  );
});
