/** Who travels where: turning ratios, destinations, written routes and random trips, as the layout has them. */
import { expect, test } from 'vitest';
import { generateGrid } from '../../server/scenario/generate.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { parseScenario } from '../../server/scenario/parse.ts';
import { layOut } from '../../server/scenario/scenarioLayout.ts';
import type { Scenario } from '../../server/scenario/schema.ts';

type Demand = NonNullable<Scenario['demand']>;

const corridor = (demand: Demand) => layOut({ name: 'corridor', corridor: { intersections: 3 }, demand });

function routesByName(layout: Layout, origin = 0) {
  return layout.origins[origin].routes.map(({ roads, share }) => ({
    roads: roads.map((r) => layout.roads[r].id).join(' '),
    share,
  }));
}

function isJoined(layout: Layout, route: readonly number[]): boolean {
  return route.every((road, k) => {
    if (k === 0) return true;
    const { movements } = layout.intersections[layout.roads[road].from];
    return movements.some(({ from, to }) => from === route[k - 1] && to === road);
  });
}

test('turning ratios become routes whose shares are the products of the ratios', () => {
  const layout = corridor({ west: { flowVph: 600, turns: { left: 0.2, thru: 0.5, right: 0.3 } } });
  const routes = routesByName(layout);
  expect(routes.find(({ roads }) => roads === 'west-i1 i1-i2 i2-i3 i3-east')!.share).toBeCloseTo(0.125, 9);
  expect(routes.find(({ roads }) => roads === 'west-i1 i1-i2 i2-south-2')!.share).toBeCloseTo(0.15, 9);
  expect(routes).toHaveLength(7);
  expect(routes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
});

test('shares of routes by turning ratios sum to 1 on a grid, where rare routes are dropped', () => {
  const layout = layOut({
    name: 'grid',
    grid: { rows: 4, columns: 4 },
    demand: { 'west-2': { flowVph: 600, turns: { left: 0.3, thru: 0.4, right: 0.3 } } },
  });
  const { routes, profile } = layout.origins[0];
  expect(routes.length).toBeGreaterThan(200);
  expect(profile[0].flowVph).toBeCloseTo(600, 9);
  expect(routes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  for (const { roads } of routes) {
    expect(new Set(roads).size).toBe(roads.length);
    expect(isJoined(layout, roads)).toBe(true);
  }
});

test('ratios at one place replace those everywhere', () => {
  const layout = corridor({
    west: { flowVph: 600, turns: { thru: 1 }, turnsAt: { i2: { right: 1 } } },
  });
  expect(routesByName(layout)).toEqual([{ roads: 'west-i1 i1-i2 i2-south-2', share: 1 }]);
});

test('where a turn is missing the others take its share', () => {
  const layout = layOut({
    name: 'T',
    isolated: { approaches: ['west', 'east', 'south'] },
    demand: { west: { flowVph: 600, turns: { left: 0.5, thru: 0.3, right: 0.2 } } },
  });
  expect(routesByName(layout).map(({ share }) => Math.round(share * 1e9) / 1e9)).toEqual([0.6, 0.4]);
});

test('destinations are reached on the fastest route, which need not be the shortest', () => {
  const layout = layOut({
    name: 'bypass',
    intersections: {
      a: { x: -300, y: 0 },
      m: { x: 0, y: 0 },
      n: { x: 600, y: 0 },
      north: { x: 300, y: 300 },
      b: { x: 9000, y: 0 },
    },
    roads: [
      { from: 'a', to: 'm' },
      { from: 'm', to: 'n', speedLimitKmh: 20 },
      { from: 'm', to: 'north', speedLimitKmh: 100 },
      { from: 'north', to: 'n', speedLimitKmh: 100 },
      { from: 'n', to: 'b' },
    ],
    demand: { a: { flowVph: 100, to: { b: 1 } } },
  });
  expect(routesByName(layout)).toEqual([{ roads: 'a-m m-north north-n n-b', share: 1 }]);
});

test('written routes are filled up between the names', () => {
  const layout = corridor({
    west: {
      flowVph: 100,
      routes: [
        { via: ['i2', 'north-2'], share: 0.25 },
        { via: ['east'], share: 0.75 },
      ],
    },
  });
  expect(routesByName(layout)).toEqual([
    { roads: 'west-i1 i1-i2 i2-north-2', share: 0.25 },
    { roads: 'west-i1 i1-i2 i2-i3 i3-east', share: 0.75 },
  ]);
});

test('a profile keeps its periods, and a plain flow lasts for ever', () => {
  const periods = [
    { fromS: 600, toS: 900, flowVph: 200 },
    { fromS: 0, toS: 600, flowVph: 100 },
  ];
  const layout = corridor({
    west: { profile: periods, to: { east: 1 }, arrivals: 'uniform' },
    east: { flowVph: 50, to: { west: 1 } },
  });
  expect(layout.origins[0].profile).toEqual([
    { startS: 0, endS: 600, flowVph: 100 },
    { startS: 600, endS: 900, flowVph: 200 },
  ]);
  expect(layout.origins[0].arrivals).toBe('uniform');
  expect(layout.origins[1]).toMatchObject({
    arrivals: 'poisson',
    profile: [{ startS: 0, endS: Infinity, flowVph: 50 }],
    vehicleTypes: [{ vehicleType: 0, share: 1 }],
  });
});

test('more demand than the entry lanes admit is a warning, with both numbers', () => {
  const text = JSON.stringify({
    name: 'crowd',
    corridor: { intersections: 1, lanes: 1 },
    demand: { west: { flowVph: 2400, to: { east: 1 } } },
  });
  const parsed = parseScenario(text, 'crowd.json');
  expect(parsed.ok && parsed.warnings).toEqual([
    {
      place: 'demand.west',
      message: expect.stringMatching(
        /^2,400 veh\/h exceeds what the entry lane can admit \(1,\d{3} veh\/h\)\.$/,
      ),
      advice: 'Vehicles will wait outside; their delay is counted.',
    },
  ]);
});

test('random trips are the same for a seed and others for another', () => {
  const trips = (seed: number) =>
    JSON.stringify(layOut(generateGrid({ rows: 4, columns: 5, vehicles: 500, durationS: 600, seed })).flows);
  expect(trips(7)).toBe(trips(7));
  expect(trips(7)).not.toBe(trips(8));
});

test('random trips on a grid are joined, loop-free, in order of time and as short as can be', () => {
  const layout = layOut(generateGrid({ rows: 6, columns: 4, vehicles: 2000, durationS: 900, seed: 3 }));
  expect(layout.flows).toHaveLength(2000);
  let last = 0;
  let turns = 0;
  for (const { route, startS, endS } of layout.flows) {
    expect(startS).toBe(endS);
    expect(startS).toBeGreaterThanOrEqual(last);
    expect(startS).toBeLessThan(900);
    last = startS;
    expect(isJoined(layout, route)).toBe(true);
    expect(new Set(route.map((road) => layout.roads[road].to)).size).toBe(route.length);
    const first = layout.roads[route[0]];
    const final = layout.roads[route.at(-1)!];
    expect(layout.intersections[first.from].boundary && layout.intersections[final.to].boundary).toBe(true);
    const start = layout.intersections[first.to];
    const end = layout.intersections[final.from];
    expect(route.length).toBe(2 + Math.round((Math.abs(start.x - end.x) + Math.abs(start.y - end.y)) / 300));
    turns += route.length;
  }
  expect(turns / 2000).toBeGreaterThan(4);
});

test('random trips find their way on any network', () => {
  const layout = layOut({
    name: 'corridor',
    corridor: { intersections: 2 },
    vehicles: { car: 0.5, bus: 0.5 },
    randomTrips: { vehicles: 300, durationS: 100, seed: 1 },
  });
  expect(layout.flows).toHaveLength(300);
  expect(layout.flows.every(({ route }) => isJoined(layout, route))).toBe(true);
  const buses = layout.flows.filter(
    ({ vehicleType }) => layout.vehicleTypes[vehicleType].id === 'bus',
  ).length;
  expect(buses).toBeGreaterThan(100);
  expect(buses).toBeLessThan(200);
});

test.each([
  [1, 1],
  [1, 5],
  [5, 1],
])('random trips find their way on a grid of %i by %i', (rows, columns) => {
  const layout = layOut(generateGrid({ rows, columns, vehicles: 200, durationS: 60, seed: 2 }));
  expect(layout.flows).toHaveLength(200);
  expect(layout.flows.every(({ route }) => isJoined(layout, route))).toBe(true);
});

test('sixty by sixty intersections with 150,000 trips are laid out in seconds', () => {
  const layout = layOut(generateGrid({ rows: 60, columns: 60, vehicles: 150_000, durationS: 3600, seed: 1 }));
  expect(layout.intersections).toHaveLength(3840);
  expect(layout.flows).toHaveLength(150_000);
}, 30_000);
