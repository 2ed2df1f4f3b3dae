import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lightPhases } from '../../server/formats/cityflow/lightPhases.ts';
import { readCityFlow } from '../../server/formats/cityflow/read.ts';
import { writeCityFlow } from '../../server/formats/cityflow/write.ts';
import type { Layout, Origin, Phase, Signal } from '../../server/scenario/layout.ts';
import { datasetLayout, hasDataset } from '../datasets.ts';
import { CONFIG, cityFlowFiles, type GridCity, gridRoadnet, trip } from './gridCity.ts';

function layoutOf(
  city: GridCity,
  flow: unknown[] = [trip('road_0_1_0', 'road_1_1_0')],
  config = CONFIG,
): Layout {
  const reading = readCityFlow(cityFlowFiles(gridRoadnet(city), flow, config));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.layout;
}

function writtenAndRead(layout: Layout, seed = 0): Layout {
  const written = writeCityFlow(layout, { seed });
  const names = { config: `${layout.name}/config.json`, roadnet: 'roadnet.json', flow: 'flow.json' };
  const texts = {
    config: written['config.json'],
    roadnet: written['roadnet.json'],
    flow: written['flow.json'],
  };
  const reading = readCityFlow({ ...texts, names });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.layout;
}

test('a network that was written reads back the same, to the last bit', () => {
  const city = fc.record({
    columns: fc.integer({ min: 1, max: 4 }),
    rows: fc.integer({ min: 1, max: 3 }),
    block: fc.double({ min: 120, max: 900, noNaN: true }),
    halfWidth: fc.double({ min: 0.1, max: 30, noNaN: true }),
    laneWidth: fc.double({ min: 2, max: 4.5, noNaN: true }),
  });
  fc.assert(
    fc.property(city, (drawn) => {
      const layout = layoutOf(drawn);
      expect(writtenAndRead(layout)).toEqual({ ...layout, name: layout.name });
    }),
    { seed: 7, numRuns: 15 },
  );
});

for (const id of ['jinan1', 'hangzhou1', 'hz1x1_bctyc07']) {
  test.skipIf(!hasDataset(id))(`${id} written and read is ${id}`, () => {
    const layout = datasetLayout(id);
    expect(writtenAndRead(layout)).toEqual(layout);
    expect(writeCityFlow(layout, { seed: 0 }).warnings).toEqual([]);
  });
}

test('the files have every field that CityFlow asks for', () => {
  const written = writeCityFlow(layoutOf({ columns: 1, rows: 1 }), { seed: 7 });
  expect(JSON.parse(written['config.json'])).toEqual({
    ...{ interval: 1, seed: 7, dir: './', roadnetFile: 'roadnet.json', flowFile: 'flow.json' },
    ...{ rlTrafficLight: false, laneChange: false, saveReplay: false, roadnetLogFile: '', replayLogFile: '' },
  });
  const { intersections, roads } = JSON.parse(written['roadnet.json']);
  const keys = ['id', 'point', 'width', 'roads', 'roadLinks', 'trafficLight', 'virtual'];
  for (const intersection of intersections) expect(Object.keys(intersection)).toEqual(keys);
  const crossing = intersections.find(({ virtual }: { virtual: boolean }) => !virtual);
  expect(crossing.roads).toHaveLength(8);
  expect(crossing.trafficLight.roadLinkIndices).toHaveLength(12);
  expect(crossing.roadLinks.map(({ direction }: { direction: number }) => direction)).toEqual(
    [0, 1, 2, 3].flatMap((d) => [d, d, d]),
  );
  expect(Object.keys(roads[0])).toEqual(['id', 'points', 'lanes', 'startIntersection', 'endIntersection']);
});

function phase(splitS: number, movements: number[], yellowChangeS = 0, redClearanceS = 0): Phase {
  const greens = movements.map((movement) => ({ movement, permitted: false }));
  return { id: '', greens, minGreenS: 5, maxGreenS: 60, yellowChangeS, redClearanceS, splitS };
}

function signal(offsetS: number, ...phases: Phase[]): Signal {
  return { phases, offsetS, changePhase: -1 };
}

test('a change interval becomes a phase in which only what stays green is open', () => {
  expect(lightPhases(signal(0, phase(30, [0, 1, 2], 4, 1.5), phase(20, [2, 3], 3, 1)))).toEqual([
    { time: 24.5, availableRoadLinks: [0, 1, 2] },
    { time: 5.5, availableRoadLinks: [2] },
    { time: 16, availableRoadLinks: [2, 3] },
    { time: 4, availableRoadLinks: [2] },
  ]);
});

test('an offset starts the cycle in the middle', () => {
  const plan = [phase(30, [0], 4, 1), phase(20, [1], 4, 1)];
  // 10 s before phase 0 begins, half of the last green and its change are still to come.
  expect(lightPhases(signal(10, ...plan))).toEqual([
    { time: 5, availableRoadLinks: [1] },
    { time: 5, availableRoadLinks: [] },
    { time: 25, availableRoadLinks: [0] },
    { time: 5, availableRoadLinks: [] },
    { time: 10, availableRoadLinks: [1] },
  ]);
  expect(lightPhases(signal(50, ...plan))).toEqual(lightPhases(signal(0, ...plan)));
  expect(lightPhases(signal(20, ...plan))[0]).toEqual({ time: 15, availableRoadLinks: [1] });
});

test('a crossing without a signal gets one phase in which all is open', () => {
  const layout = layoutOf({ columns: 1, rows: 1 });
  const unsignalled = { ...layout, intersections: layout.intersections.map((i) => ({ ...i, signal: null })) };
  const crossing = writtenAndRead(unsignalled).intersections.find(({ boundary }) => !boundary)!;
  expect(crossing.signal!.phases).toHaveLength(1);
  expect(crossing.signal!.phases[0].greens).toHaveLength(12);
});

function origin(id: string, arrivals: Origin['arrivals'] = 'poisson'): Origin {
  return {
    ...{ id, arrivals, vehicleTypes: [{ vehicleType: 0, share: 1 }] },
    profile: [
      { startS: 100, endS: 700, flowVph: 600 },
      { startS: 700, endS: 3600, flowVph: 60 },
    ],
    routes: [
      { roads: [0, 1], share: 0.25 },
      { roads: [0, 2], share: 0.75 },
    ],
  };
}

/** A layout with random origins instead of flows. Routes are any roads: they are only written. */
function withOrigins(stepS: number, ...origins: Origin[]): Layout {
  return { ...layoutOf({ columns: 1, rows: 1 }), stepS, flows: [], origins };
}

function flowsOf(layout: Layout, seed: number) {
  return JSON.parse(writeCityFlow(layout, { seed })['flow.json']) as ReturnType<typeof trip>[];
}

test('random arrivals become single trips: the same for a seed, and for an origin whoever else is there', () => {
  const alone = flowsOf(withOrigins(1, origin('west')), 5);
  expect(flowsOf(withOrigins(1, origin('west')), 5)).toEqual(alone);
  expect(flowsOf(withOrigins(1, origin('west')), 6)).not.toEqual(alone);
  expect(flowsOf(withOrigins(1, origin('west'), origin('east')), 5).slice(0, alone.length)).toEqual(alone);
  // 100 + 48.3 arrivals are expected; 5 standard deviations of a Poisson count are 61.
  expect(Math.abs(alone.length - 148)).toBeLessThan(61);
  for (const { startTime, endTime, interval } of alone) {
    expect(startTime).toBe(endTime);
    expect(Number.isInteger(startTime) && startTime >= 100 && startTime < 3600).toBe(true);
    expect(interval).toBe(1);
  }
});

test('evenly spaced arrivals begin half a headway in', () => {
  const times = flowsOf(withOrigins(1, origin('west', 'uniform')), 5).map(({ startTime }) => startTime);
  expect(times.slice(0, 3)).toEqual([103, 109, 115]);
});

test('with steps that jump over whole seconds a single trip stays open for one step', () => {
  const [first] = flowsOf(withOrigins(0.1, origin('west', 'uniform')), 5);
  expect(first).toMatchObject({ startTime: 103, endTime: 104, interval: 1_000_000 });
});

test('flows that CityFlow cannot repeat are written one by one, with a warning', () => {
  const layout = layoutOf({ columns: 1, rows: 1 });
  const flow = { ...layout.flows[0], intervalS: 0.4, startS: 0.5, endS: 2 };
  const written = writeCityFlow({ ...layout, flows: [flow] }, { seed: 0 });
  expect(JSON.parse(written['flow.json']).map(({ startTime }: { startTime: number }) => startTime)).toEqual([
    1, 1, 1, 2,
  ]);
  expect(written.warnings).toMatchInlineSnapshot(`
    [
      "flow.json flow_0: Its departures are written one by one, at whole seconds.",
    ]
  `);
});

test('what CityFlow cannot say is told', () => {
  const layout = layoutOf({ columns: 1, rows: 1 });
  const vehicleTypes = [{ ...layout.vehicleTypes[0], carFollowing: 'idm' as const, turnSpeed: 6 }];
  const roads = layout.roads.map((road, r) => {
    const lanes = road.lanes.map((lane) => ({ ...lane, length: r === 0 ? 200 : lane.length }));
    return { ...road, lanes };
  });
  expect(writeCityFlow({ ...layout, vehicleTypes, roads }, { seed: 0 }).warnings).toMatchInlineSnapshot(`
    [
      "roadnet.json road_0_1_0 lane 0 (200 m, in CityFlow 285 m) (and 2 more like it): CityFlow lays lanes side by side from stop line to stop line; this one gets another length.",
      "flow.json vehicle_0: CityFlow has one car-following model; this type will be driven by it.",
      "flow.json vehicle_0: In CityFlow every vehicle turns at 8.3333 m/s and yields 5 m ahead; so will this type.",
    ]
  `);
});
