import { expect, test } from 'vitest';
import { looksLikeCityFlowConfig, readCityFlow } from '../../server/formats/cityflow/read.ts';
import { crossesOf } from '../../server/scenario/conflicts.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { datasetFiles, datasetLayout, hasDataset } from '../datasets.ts';
import { CAR, CONFIG, cityFlowFiles, gridRoadnet, trip } from './gridCity.ts';

function read(
  flow: unknown,
  roadnet: unknown = gridRoadnet({ columns: 3, rows: 2 }),
  config: unknown = CONFIG,
) {
  const reading = readCityFlow(cityFlowFiles(roadnet, flow, config));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading;
}

function routeNames({ flows, roads }: Layout, f: number): string[] {
  return flows[f].route.map((r) => roads[r].id);
}

test('a configuration is known by what it names', () => {
  expect(looksLikeCityFlowConfig({ roadnetFile: 'a', flowFile: 'b' })).toBe(true);
  for (const other of [{ roadnetFile: 'a' }, null, [], 'roadnetFile flowFile', 3]) {
    expect(looksLikeCityFlowConfig(other)).toBe(false);
  }
});

test('intersections, movements and phases keep the order of the file', () => {
  const { layout, settings } = read([trip('road_0_1_0', 'road_1_1_0')]);
  expect(settings).toEqual({ seed: 0, rlTrafficLight: true, laneChange: false });
  const crossing = layout.intersections.find(({ id }) => id === 'intersection_1_1')!;
  expect(crossing).toMatchObject({ x: 300, y: 300, halfWidth: 15, boundary: false });
  expect(crossing.movements.map(({ turn }) => turn).slice(0, 3)).toEqual(['left', 'thru', 'right']);
  expect(crossing.movements[1].id).toBe('road_0_1_0→road_1_1_0');
  expect(crossing.signal!.phases[1]).toEqual({
    id: 'phase_1',
    greens: [1, 7, 2, 5, 8, 11].map((movement) => ({ movement, permitted: false })),
    ...{ minGreenS: 0, maxGreenS: Infinity, yellowChangeS: 0, redClearanceS: 0, splitS: 30 },
  });
  const boundary = layout.intersections.find(({ id }) => id === 'intersection_0_1')!;
  expect(boundary).toMatchObject({ boundary: true, movements: [], signal: null });
});

test('a crossing without a traffic light is open to all', () => {
  const roadnet = gridRoadnet({ columns: 1, rows: 1 });
  const crossing = roadnet.intersections.find(({ virtual }) => !virtual)!;
  Reflect.deleteProperty(crossing, 'trafficLight');
  const { layout } = read([], roadnet);
  expect(layout.intersections.find(({ boundary }) => !boundary)!.signal).toBeNull();
});

test('trips share vehicle types and routes, and keep their number in the file', () => {
  const truck = { ...trip('road_0_1_0', 'road_1_1_0'), vehicle: { ...CAR, length: 12 } };
  const { layout } = read([trip('road_0_1_0', 'road_1_1_0'), truck, trip('road_0_1_0', 'road_1_1_0')]);
  expect(layout.vehicleTypes.map(({ length }) => length)).toEqual([5, 12]);
  expect(layout.flows.map(({ id, vehicleType }) => [id, vehicleType])).toEqual([
    ['flow_0', 0],
    ['flow_1', 1],
    ['flow_2', 0],
  ]);
  expect(layout.flows[2].route).toBe(layout.flows[0].route);
  expect(layout.vehicleTypes[0]).toEqual({
    ...{ id: 'vehicle_0', length: 5, width: 2, maxSpeed: 11.111, minGap: 2.5, headway: 2 },
    ...{ maxAcceleration: 2, maxDeceleration: 4.5, usualAcceleration: 2, usualDeceleration: 4.5 },
    ...{ turnSpeed: 8.3333, yieldDistance: 5, carFollowing: 'reference' },
  });
});

test('gaps in a route are filled by the shortest way', () => {
  const { layout } = read([trip('road_0_1_0', 'road_3_1_0'), trip('road_0_1_0', 'road_0_1_0', 'road_2_2_1')]);
  expect(routeNames(layout, 0)).toEqual(['road_0_1_0', 'road_1_1_0', 'road_2_1_0', 'road_3_1_0']);
  const detour = routeNames(layout, 1);
  expect(detour).toHaveLength(4);
  expect([detour[0], detour[3]]).toEqual(['road_0_1_0', 'road_2_2_1']);
});

test('flows that CityFlow disables are left out with a warning', () => {
  const { layout, warnings } = read([
    trip('road_0_1_0'),
    trip('road_0_1_0', 'road_1_1_0'),
    trip('road_1_1_2', 'road_2_1_0'),
  ]);
  expect(layout.flows.map(({ id }) => id)).toEqual(['flow_1']);
  expect(warnings).toMatchInlineSnapshot(`
    [
      "flow.json: 2 of 3 flows (67 %) are left out, as their routes cannot be driven: a route of fewer than two roads leads nowhere ([0]); no way leads from road "road_1_1_2" to "road_2_1_0" ([2]). Correct the routes, or the roadLinks of the roadnet.",
    ]
  `);
});

test('times that are no whole numbers fall back to the defaults, with one warning a kind', () => {
  const late = { ...trip('road_0_1_0', 'road_1_1_0'), startTime: 12.5, endTime: 'noon' };
  const { layout, warnings } = read([late, late, late]);
  expect(layout.flows[0]).toMatchObject({ startS: 0, endS: -1, intervalS: 5 });
  expect(warnings).toMatchInlineSnapshot(`
    [
      "flow.json [0].startTime (and 2 more like it): Not written as a whole number, so CityFlow ignores it, and so it is here: the flow starts at 0.",
      "flow.json [0].endTime (and 2 more like it): Not written as a whole number, so CityFlow ignores it, and so it is here: the flow never ends.",
    ]
  `);
});

test('a time written as 12.0 is not a whole number to CityFlow', () => {
  const files = cityFlowFiles(gridRoadnet({ columns: 1, rows: 1 }), [trip('road_0_1_0', 'road_1_1_0')]);
  const startOf = (written: string) => {
    const reading = readCityFlow({
      ...files,
      flow: files.flow.replace('"startTime":0', `"startTime" : ${written}`),
    });
    return reading.ok ? [reading.layout.flows[0].startS, reading.warnings.length] : undefined;
  };
  expect(startOf('12')).toEqual([12, 0]);
  for (const written of ['12.0', '1.2e1', '12E0']) expect(startOf(written)).toEqual([0, 1]);
  expect(startOf('012.0')).toBeUndefined();
});

const PUBLISHED = { jinan1: [3024, 6295], hangzhou1: [4032, 2983], syn4x4: [4032, 11231] } as const;
for (const [id, [crosses, trips]] of Object.entries(PUBLISHED)) {
  test.skipIf(!hasDataset(id))(`${id} has ${crosses} crosses and ${trips} trips`, () => {
    const { intersections, flows } = datasetLayout(id);
    const counts = intersections.map(
      ({ movements }) => crossesOf(movements.flatMap((m) => m.connectors.map(({ points }) => points))).length,
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(crosses);
    expect(flows).toHaveLength(trips);
  });
}

test.skipIf(!hasDataset('jinan1'))('an hour of Jinan is read in less than 150 ms', () => {
  const files = datasetFiles('jinan1');
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    readCityFlow(files);
    return performance.now() - start;
  });
  expect(Math.min(...times)).toBeLessThan(150);
});
