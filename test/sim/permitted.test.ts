import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../server/scenario/compile.ts';
import type { Scenario } from '../../server/scenario/schema.ts';
import { criticalGap } from '../../server/sim/gap.ts';
import { NEVER } from '../../server/sim/network.ts';
import { createSimulation, step } from '../../server/sim/simulation.ts';
import { laidOut, vehiclesOn } from '../networks.ts';

/**
 * Permitted movements: they yield to every protected movement that conflicts, whatever the turns, and discharge as the
 * Highway Capacity Manual has it.
 */

const GREEN_S = 3600;

/** One intersection; phase 0 stays green all the time, phase 1 gives the other movements what the file must give them. */
function study(
  protectedOnes: string[],
  permitted: string[],
  demand: Scenario['demand'],
  lanes: unknown,
): Scenario {
  const all = ['north', 'east', 'south', 'west'].flatMap((side) =>
    ['left', 'thru', 'right'].map((turn) => `${side}-${turn}`),
  );
  const others = all.filter((movement) => ![...protectedOnes, ...permitted].includes(movement));
  return {
    name: 'permitted',
    isolated: { lanes, approachM: 400, speedLimitKmh: 50 },
    intersections: {
      main: {
        phases: [
          { movements: protectedOnes, permitted, splitS: GREEN_S },
          ...(others.length > 0 ? [{ permitted: others, splitS: 12 }] : []),
        ],
      },
    },
    demand,
  } as Scenario;
}

/** Mean delay (s) of the vehicles of each origin that have finished. */
function meanDelays(scenario: Scenario, seconds: number, seed: number): Record<string, number> {
  const compiled = compile(laidOut(scenario));
  const { network, names } = compiled;
  const sim = createSimulation(network, seed);
  while (sim.step < seconds) step(sim);
  const sums: Record<string, [number, number]> = {};
  for (let v = 0; v < sim.vehicles.created; v++) {
    if (sim.vehicles.finishedAt[v] === NEVER) continue;
    const origin = names.origin[sim.vehicles.source[v] - network.flows.count];
    sums[origin] ??= [0, 0];
    sums[origin][0] += sim.vehicles.finishedAt[v] + 1 - sim.vehicles.createdAt[v] - sim.lone!.steps[v];
    sums[origin][1]++;
  }
  return Object.fromEntries(Object.entries(sums).map(([origin, [sum, count]]) => [origin, sum / count]));
}

/** Pairs of movements of different approaches that cross or merge. */
const CONFLICTS = [
  ['east-left', 'west-right'], // merge
  ['east-left', 'west-thru'],
  ['east-thru', 'west-left'],
  ['north-thru', 'east-thru'],
  ['north-left', 'south-thru'],
  ['north-right', 'east-thru'], // merge
  ['south-left', 'west-thru'],
  ['south-right', 'north-left'], // merge
] as const;

test('swapping protected and permitted of two conflicting movements swaps which of them waits', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CONFLICTS),
      fc.constantFrom(350, 450, 550),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom(1, 2),
      ([one, other], flowVph, seed, lanes) => {
        const [oneSide, oneTurn] = one.split('-');
        const [otherSide, otherTurn] = other.split('-');
        const demand = {
          [oneSide]: { flowVph, turns: { [oneTurn]: 1 } },
          [otherSide]: { flowVph, turns: { [otherTurn]: 1 } },
        } as Scenario['demand'];
        const roads =
          lanes === 1
            ? [{ turns: ['left', 'thru', 'right'] }]
            : [{ turns: ['left', 'thru'] }, { turns: ['thru', 'right'] }];
        const first = meanDelays(study([one], [other], demand, roads), 900, seed);
        const second = meanDelays(study([other], [one], demand, roads), 900, seed);
        // The permitted one waits, the protected one drives as if alone.
        expect(first[otherSide]).toBeGreaterThan(first[oneSide] + 0.5);
        expect(second[oneSide]).toBeGreaterThan(second[otherSide] + 0.5);
      },
    ),
    { seed: 3, numRuns: 60 },
  );
});

test('two permitted movements settle by turn: the thru movement goes first', () => {
  const demand = {
    east: { flowVph: 450, turns: { left: 1 } },
    west: { flowVph: 450, turns: { thru: 1 } },
  } as Scenario['demand'];
  const both = study([], ['east-left', 'west-thru'], demand, [{ turns: ['left', 'thru', 'right'] }]);
  const { east, west } = meanDelays(both, 900, 1);
  expect(east).toBeGreaterThan(west);
});

/**
 * HCM 2010, equation 31-100: saturation flow rate of a permitted left turn from an exclusive lane,
 *
 *     s = v e^(−v t_c ÷ 3600) ÷ (1 − e^(−v t_f ÷ 3600)),
 *
 * v the opposing flow (veh/h), critical headway t_c = 4.5 s, follow-up headway t_f = 2.5 s; at v = 0 it is 3600 ÷ t_f.
 */
function permittedLeftFlow(v: number): number {
  return v === 0 ? 3600 / 2.5 : (v * Math.exp((-v * 4.5) / 3600)) / (1 - Math.exp((-v * 2.5) / 3600));
}

const ONE_OPPOSING_LANE = [{ turns: ['left'] }, { turns: ['thru', 'right'] }];
const TWO_OPPOSING_LANES = [{ turns: ['left'] }, { turns: ['thru'] }, { turns: ['thru', 'right'] }];

/** Left turns of a saturated lane an hour against an opposing thru flow, mean of some seeds. */
function leftTurns(opposingVph: number, lanes: unknown, stepS: number): number {
  const seeds = [1, 2, 3, 4, 5, 6];
  const [warmUpS, endS] = [600, 6600];
  const demand = {
    west: { flowVph: 1700, turns: { left: 1 } },
    ...(opposingVph > 0 && { east: { flowVph: opposingVph, turns: { thru: 1 } } }),
  } as Scenario['demand'];
  const scenario = {
    ...study(
      ['east-thru', 'west-thru'],
      ['east-left', 'west-left', 'east-right', 'west-right'],
      demand,
      lanes,
    ),
    stepS,
  };
  let lefts = 0;
  for (const seed of seeds) {
    const { network, names } = compile(laidOut(scenario));
    const sim = createSimulation(network, seed, { measures: false });
    while (sim.step * stepS < endS) step(sim);
    for (let v = 0; v < sim.vehicles.created; v++) {
      if (names.origin[sim.vehicles.source[v] - network.flows.count] !== 'west') continue;
      const finished = sim.vehicles.finishedAt[v] * stepS;
      if (finished >= warmUpS && finished < endS) lefts++;
    }
  }
  return (lefts * 3600) / (seeds.length * (endS - warmUpS));
}

describe.each([
  ['one lane', ONE_OPPOSING_LANE],
  ['two lanes', TWO_OPPOSING_LANES],
])('a saturated permitted left turn against %s of thru traffic', (_, lanes) => {
  test.each([
    [0, 1],
    [400, 1],
    [800, 1],
    [400, 0.5],
    [800, 0.5],
  ])('of %f veh/h discharges within 15 percent of the HCM rate, at steps of %f s', (opposingVph, stepS) => {
    const ratio = leftTurns(opposingVph, lanes, stepS) / permittedLeftFlow(opposingVph);
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.15);
  });
});

test('a permitted left turn never enters while a protected vehicle is closer than its critical gap', () => {
  const demand = {
    west: { flowVph: 900, turns: { left: 1 } },
    east: { flowVph: 700, turns: { thru: 1 } },
  } as Scenario['demand'];
  const lefts = ['east-left', 'west-left', 'east-right', 'west-right'];
  const compiled = compile(laidOut(study(['east-thru', 'west-thru'], lefts, demand, ONE_OPPOSING_LANE)));
  const { network, names } = compiled;
  const { crosses, types, elementLength, connectorFrom } = network;
  const sim = createSimulation(network, 5);
  const turning = names.element.flatMap((name, e) => (name.startsWith('main.west-left:') ? [e] : []));
  const thru = names.element.flatMap((name, e) => (name.startsWith('main.east-thru:') ? [e] : []));
  step(sim);

  /** Turning vehicles that could not stop any more before their first conflict point with the opposing stream. */
  const enteredNow = () =>
    new Set(
      turning.flatMap((connector) => {
        const first = crosses.distance
          .subarray(crosses.starts[connector], crosses.starts[connector + 1])
          .find((_, k) => thru.includes(crosses.foe[crosses.starts[connector] + k]))!;
        return vehiclesOn(sim, connector)
          .filter(
            ({ x, v }) => !((0.5 * v * v) / types.maxDeceleration[0] < first - x - types.yieldDistance[0]),
          )
          .map(({ vehicle }) => vehicle);
      }),
    );

  /** From the stop line of the thru movement to the first conflict point, m. */
  const beyond = Math.max(
    ...thru.flatMap((e) =>
      [...crosses.distance.subarray(crosses.starts[e], crosses.starts[e + 1]).keys()]
        .filter((k) => turning.includes(crosses.foe[crosses.starts[e] + k]))
        .map((k) => crosses.distance[crosses.starts[e] + k]),
    ),
  );

  let entered = enteredNow();
  let entries = 0;
  while (sim.step < 3600) {
    const oncoming = thru.flatMap((connector) => vehiclesOn(sim, connectorFrom[connector]));
    const distances = oncoming.map(({ x }) => elementLength[connectorFrom[thru[0]]] - x);
    step(sim);
    const now = enteredNow();
    for (const vehicle of now) {
      if (entered.has(vehicle)) continue;
      entries++;
      const gap = criticalGap(types.criticalGap[0], vehicle) - network.stepS / 2;
      for (const [k, { v }] of oncoming.entries()) expect(distances[k] + beyond).toBeGreaterThan(v * gap);
    }
    entered = now;
  }
  expect(entries).toBeGreaterThan(200);
});
