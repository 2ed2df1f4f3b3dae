import { expect, test } from 'vitest';
import { laneGroups, permittedLeftEquivalent, phaseFlowRatios } from '../../server/control/laneGroups.ts';
import { busiestQuarter, movementDemand } from '../../server/control/movementDemand.ts';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import { laidOut } from '../networks.ts';

/** What signals are planned for: flows by movement, and the lanes they fill. */

const fourLegs = (lanes: number) =>
  compile(
    laidOut({
      name: 'four legs',
      isolated: { approachM: 300, lanes },
      demand: {
        west: {
          profile: [
            { fromS: 0, toS: 1800, flowVph: 300 },
            { fromS: 1800, toS: 3600, flowVph: 900 },
          ],
          turns: { left: 0.2, thru: 0.5, right: 0.3 },
        },
        north: { flowVph: 100, turns: { thru: 1 } },
      },
    }),
  );

const flow = ({ network, names }: Compiled, movement: string, fromS: number, toS: number) =>
  movementDemand(network, { fromS, toS })[names.movement.indexOf(`main.${movement}`)];

test('an origin’s flow is shared among movements as it is turned, over the span', () => {
  const network = fourLegs(3);
  expect(flow(network, 'west-thru', 0, 3600)).toBeCloseTo(300, 9);
  expect(flow(network, 'west-thru', 1800, 2700)).toBeCloseTo(450, 9);
  expect(flow(network, 'west-left', 900, 2700)).toBeCloseTo(120, 9);
  expect(flow(network, 'north-thru', 0, 3600)).toBeCloseTo(100, 9);
  expect(flow(network, 'east-thru', 0, 3600)).toBe(0);
  expect(busiestQuarter(network.network, 3600)).toEqual({ fromS: 1800, toS: 2700 });
  expect(busiestQuarter(network.network, 600)).toEqual({ fromS: 0, toS: 600 });
});

test('trips at fixed times are counted one by one, their last one included', () => {
  const layout = laidOut({
    name: 'x',
    isolated: { lanes: 3 },
    demand: { west: { flowVph: 0, turns: { thru: 1 } } },
  });
  const route = layout.origins[0].routes[0].roads;
  const trip = { id: 'trip', vehicleType: 0, route };
  const compiled = compile({
    ...layout,
    origins: [],
    flows: [
      { ...trip, intervalS: 10, startS: 100, endS: 190 }, // ten
      { ...trip, intervalS: 1, startS: 500, endS: 500 }, //  one
      { ...trip, intervalS: 60, startS: 0, endS: -1 }, //    for ever, once a minute
    ],
  });
  expect(flow(compiled, 'west-thru', 0, 3600)).toBeCloseTo(10 + 1 + 60, 9);
  expect(flow(compiled, 'west-thru', 150, 510)).toBeCloseTo((5 + 1 + 6) * 10, 9);
});

test('permitted lefts count as the HCM’s gap acceptance has it', () => {
  // HCM 2000, exhibit C16-3, for lanes of their own: 1.3, 1.9, 2.8 and 4.0 at these opposing flows.
  for (const [opposing, equivalent] of [
    [1, 1.3],
    [400, 1.9],
    [800, 2.8],
    [1200, 4.0],
  ]) {
    expect(permittedLeftEquivalent(opposing, 1900)).toBeCloseTo(equivalent, 1);
  }
});

/** Lane groups at the isolated intersection: movements by name, lanes, and flow ratio of a peak hour. */
function groupsOf(compiled: Compiled) {
  const { network, names } = compiled;
  const i = network.signalised.indexOf(1);
  const vph = movementDemand(network, { fromS: 1800, toS: 3600 });
  return laneGroups(network, i, vph, 1900).map(({ movements, laneCount, flowRatio }) => ({
    movements: movements.map((m) => names.movement[m].slice('main.'.length)),
    laneCount,
    flowRatio: Number(flowRatio.toFixed(4)),
  }));
}

test('turns with lanes of their own are groups of their own; in one lane all are one group', () => {
  const west = (groups: ReturnType<typeof groupsOf>) =>
    groups.filter(({ movements }) => movements.some((name) => name.startsWith('west')));
  const ratio = (vph: number) => Number((vph / 1900).toFixed(4));
  expect(new Set(west(groupsOf(fourLegs(3))))).toEqual(
    new Set([
      { movements: ['west-thru'], laneCount: 1, flowRatio: ratio(450) },
      { movements: ['west-left'], laneCount: 1, flowRatio: ratio(180 * 1.05) },
      { movements: ['west-right'], laneCount: 1, flowRatio: ratio(270 * 1.18) },
    ]),
  );
  const [single, ...others] = west(groupsOf(fourLegs(1)));
  expect(others).toEqual([]);
  expect(new Set(single.movements)).toEqual(new Set(['west-left', 'west-thru', 'west-right']));
  // Nobody comes from the east: a permitted left takes a gap of any kind.
  const left = 180 * permittedLeftEquivalent(0, 1900);
  expect(single.flowRatio).toBe(ratio(450 + left + 270 * 1.18));
});

test('phases serve the fullest of their groups; a group of two phases takes what both have', () => {
  const group = (flowRatio: number, ...phases: number[]) => ({
    movements: [],
    laneCount: 1,
    flowRatio,
    phases,
  });
  const rounded = (ratios: readonly number[]) => ratios.map((y) => Number(y.toFixed(6)));
  expect(rounded(phaseFlowRatios([group(0.2, 0), group(0.3, 0), group(0.1, 1)], 2))).toEqual([0.3, 0.1]);
  expect(rounded(phaseFlowRatios([group(0.2, 0), group(0.1, 1), group(0.25, 0, 1)], 2))).toEqual([0.2, 0.1]);
  expect(rounded(phaseFlowRatios([group(0.2, 0), group(0.1, 1), group(0.4, 0, 1)], 2))).toEqual([0.3, 0.1]);
  // Where it may choose, it takes the phase that helps others as well.
  expect(rounded(phaseFlowRatios([group(0.3, 0, 1), group(0.2, 1, 2)], 3))).toEqual([0, 0.3, 0]);
});
