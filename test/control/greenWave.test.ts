import { expect, test } from 'vitest';
import { bandwidth, type Way, widestBands } from '../../server/control/bandwidth.ts';
import { corridorsOf } from '../../server/control/corridors.ts';
import { createOperation, operate } from '../../server/control/operation.ts';
import { withPlan } from '../../server/control/plan.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { settingsOf } from '../../server/control/settings.ts';
import { compile } from '../../server/scenario/compile.ts';
import { generateGrid } from '../../server/scenario/generate.ts';
import type { Network } from '../../server/sim/network.ts';
import { laidOut } from '../networks.ts';

/** Green waves: bands by geometry, corridors found in networks, and platoons that do not stop. */

const CYCLE_S = 80;
const SPEED = 50 / 3.6; // m/s

/** Five lights on a street, half a cycle of travel apart: the distance at which both directions can have a wave. */
const street = compile(
  laidOut({
    name: 'street',
    corridor: {
      intersections: 5,
      spacingM: (SPEED * CYCLE_S) / 2,
      lanes: 2,
      sideLanes: 1,
      approachM: 300,
      speedLimitKmh: 50,
    },
    signals: {
      phases: [
        {
          id: 'main-street',
          movements: ['east-thru', 'west-thru'],
          permitted: ['east-left', 'east-right', 'west-left', 'west-right'],
          splitS: 50,
        },
        {
          id: 'side-street',
          movements: ['north-thru', 'south-thru'],
          permitted: ['north-left', 'north-right', 'south-left', 'south-right'],
          splitS: 30,
        },
      ],
    },
    demand: {
      west: { flowVph: 500, to: { east: 1 } },
      east: { flowVph: 500, to: { west: 1 } },
      ...Object.fromEntries(
        [1, 2, 3, 4, 5].flatMap((k) => [
          [`north-${k}`, { flowVph: 160, to: { [`south-${k}`]: 0.8, east: 0.2 } }],
          [`south-${k}`, { flowVph: 160, to: { [`north-${k}`]: 0.8, west: 0.2 } }],
        ]),
      ),
    },
  }),
);
const entry = CONTROLLERS.find(({ name }) => name === 'green-wave')!;

function prepared({ network, names }: typeof street, given: Record<string, number | string>) {
  const { settings } = settingsOf(entry.settings, given);
  return entry.prepare!(network, settings, { durationS: 3600, names });
}

/** Stops per vehicle among those that drove the street from end to end, over an hour of some seeds. */
function stopsOnTheWay(network: Network): number {
  const [protocol] = PROTOCOLS;
  const { routes } = network;
  let stops = 0;
  let vehicles = 0;
  for (let seed = 1; seed <= 5; seed++) {
    const operation = createOperation(underProtocol(network, protocol), entry.factory(protocol, {}), seed);
    while (operation.sim.step < 3600) operate(operation);
    const { sim } = operation;
    for (let v = 0; v < sim.vehicles.finished; v++) {
      const route = sim.vehicles.route[v];
      if (routes.starts[route + 1] - routes.starts[route] < 6) continue; // 6 roads are all of the street
      stops += sim.measures!.stops[v];
      vehicles++;
    }
  }
  expect(vehicles).toBeGreaterThan(1000);
  return stops / vehicles;
}

test('five lights at L = vC/2: a two-way wave stops fewer than half as many thru vehicles as offsets of zero', () => {
  const { network } = prepared(street, { cycleS: CYCLE_S });
  const zero = withPlan(network, { split: network.split, offset: new Int32Array(network.intersectionCount) });
  const [wave, none] = [network, zero].map(stopsOnTheWay);
  expect(none).toBeGreaterThan(1);
  expect(wave / none).toBeLessThan(0.5);
});

test('there, both bands are as wide as the narrowest green', () => {
  const { network, facts } = prepared(street, { cycleS: CYCLE_S, splits: 'scenario' });
  // Up to the whole steps of offsets and what connectors are longer than the street is straight.
  const [, there, back] = /green band ([\d.]+) s there, ([\d.]+) s back/.exec(facts.at(-1)!)!;
  const green = 50 - network.yellowChange[0] - network.redClearance[0];
  for (const band of [there, back]) {
    expect(Number(band)).toBeGreaterThan(green - 1);
    expect(Number(band)).toBeLessThanOrEqual(green);
  }
});

test('one way, every offset is the travel time from the light before', () => {
  const { network } = prepared(street, { cycleS: CYCLE_S, splits: 'scenario', direction: 'forward' });
  const lights = [...network.signalised.keys()].filter((i) => network.signalised[i] === 1);
  const offsets = lights.map((i) => network.offset[i]);
  expect(offsets.map((offset) => (offset - offsets[0] + CYCLE_S) % CYCLE_S)).toEqual([0, 40, 0, 40, 0]);
});

const way = (starts: readonly number[], length: number, arrival: readonly number[]): Way => ({
  windows: starts.map((start) => ({ start, length })),
  arrival,
  weight: 0.5,
});

test('a band is what all greens share, seen from a platoon', () => {
  expect(bandwidth(way([0, 0], 30, [0, 20]), [0, 20], 60)).toBe(30);
  expect(bandwidth(way([0, 0], 30, [0, 20]), [0, 10], 60)).toBe(20);
  expect(bandwidth(way([0, 0], 30, [0, 20]), [0, 50], 60)).toBe(0);
  // Where greens overlap twice in a cycle, the wider overlap counts.
  expect(bandwidth(way([0, 0], 40, [0, 0]), [0, 35], 60)).toBe(15);
  // A green that starts later within the cycle needs an earlier offset.
  expect(bandwidth(way([0, 25], 30, [0, 20]), [0, 55], 60)).toBe(30);
});

test('one way the search finds the whole green; both ways as much as trying all offsets does', () => {
  const arrival = [0, 17, 29, 54];
  const there = way([0, 12, 5, 20], 25, arrival);
  const back: Way = {
    ...way(
      [0, 12, 5, 20],
      25,
      arrival.map((t) => -t),
    ),
    weight: 0.5,
  };
  const free = [null, null, null, null];
  expect(widestBands([there], free, 60).bands).toEqual([25]);
  const found = widestBands([there, back], free, 60).bands;
  let best = 0;
  for (let a = 0; a < 60; a += 1) {
    for (let b = 0; b < 60; b += 1) {
      for (let c = 0; c < 60; c += 1) {
        const bands = [there, back].map((one) => bandwidth(one, [0, a, b, c], 60));
        best = Math.max(best, 0.5 * (bands[0] + bands[1]) + Math.min(...bands));
      }
    }
  }
  expect(0.5 * (found[0] + found[1]) + Math.min(...found)).toBeCloseTo(best, 9);
});

test('offsets that are settled stay', () => {
  const there = way([0, 0, 0], 25, [0, 20, 40]);
  const { offsets, bands } = widestBands([there], [null, 7, null], 60);
  expect(offsets).toEqual([47, 7, 27]);
  expect(bands).toEqual([25]);
});

test('a grid has a corridor for every street, each with its way back', () => {
  const grid = compile(laidOut(generateGrid({ rows: 3, columns: 4, vehicles: 50, durationS: 600, seed: 1 })));
  const corridors = corridorsOf(grid.network);
  expect(corridors.map(({ intersections }) => intersections.length)).toEqual([4, 4, 4, 3, 3, 3, 3]);
  for (const { intersections, there, back } of corridors) {
    const place = (m: number) => grid.network.movementIntersection[m];
    expect(there.map(place)).toEqual(intersections);
    expect(back!.map(place)).toEqual(intersections);
    expect(intersections[0]).toBeLessThan(intersections.at(-1)!);
  }
});
