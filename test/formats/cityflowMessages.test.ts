import { expect, test } from 'vitest';
import { type CityFlowFiles, readCityFlow } from '../../server/formats/cityflow/read.ts';
import { formatProblems } from '../../server/scenario/problem.ts';
import { CAR, CONFIG, cityFlowFiles, gridRoadnet, trip } from './gridCity.ts';

/** What a person reads about files that cannot be used. */
function told(files: CityFlowFiles): string {
  const reading = readCityFlow(files);
  return reading.ok ? 'no problem' : formatProblems('config.json', reading.problems);
}

test('a network with many mistakes is told about all of them at once', () => {
  const roadnet = gridRoadnet({ columns: 1, rows: 1 });
  const crossing = roadnet.intersections.find(({ virtual }) => !virtual)!;
  crossing.roadLinks[0].type = 'turn_lft';
  crossing.roadLinks[1].startRoad = 'road_0_1_9';
  crossing.roadLinks[2].laneLinks[1].endLaneIndex = 7;
  crossing.roadLinks[3].endRoad = 'road_1_0_1';
  crossing.trafficLight.lightphases[1].availableRoadLinks.push(99);
  crossing.trafficLight.lightphases[2].time = -1;
  crossing.roads[0] = 'road_0_1';
  Object.assign(crossing.point, { x: 1e300 });
  Object.assign(roadnet.roads[5].points[0], { x: -1e9 });
  Object.assign(roadnet.roads[0], { id: roadnet.roads[1].id });
  Object.assign(roadnet.roads[2].lanes[0], { width: '4' });
  Object.assign(roadnet.roads[3].points[1], roadnet.roads[3].points[0]);
  Object.assign(roadnet.roads[4], { endIntersection: undefined, endIntersecton: 'intersection_1_1' });
  expect(told(cityFlowFiles(roadnet, []))).toMatchInlineSnapshot(`
    "config.json has 13 problems:
      roadnet.json intersections[2].point.x: Found 1e+300, needs a number from -25,000,000 to 25,000,000 m.
      roadnet.json roads[2].lanes[0].width: Found "4", needs a number from 0 to 100 m.
      roadnet.json roads[3].points: Lanes cannot be laid along these points: two in a row are equal, or the road turns straight back.
        Move a point, or make the intersections narrower.
      roadnet.json roads[4].endIntersection: Missing; needs a name in quotes.
        Spell "endIntersecton" as "endIntersection".
      roadnet.json roads[5].points[0].x: Found -1,000,000,000, needs a number from -25,000,000 to 25,000,000 m.
      roadnet.json intersections[0].roads[0]: "road_0_1_0" is not the name of a road in this file.
        Did you mean "road_1_1_0"?
      roadnet.json intersections[2].roads[0]: "road_0_1" is not the name of a road in this file.
        Did you mean "road_1_0_1"?
      roadnet.json intersections[2].roadLinks[0].type: Found "turn_lft", needs "go_straight", "turn_left" or "turn_right".
        Did you mean "turn_left"?
      roadnet.json intersections[2].roadLinks[0].startRoad: "road_0_1_0" is not the name of a road in this file.
        Did you mean "road_1_1_0"?
      roadnet.json intersections[2].roadLinks[1].startRoad: "road_0_1_9" is not the name of a road in this file.
        Did you mean "road_1_1_0"?
      roadnet.json intersections[2].roadLinks[2].startRoad: "road_0_1_0" is not the name of a road in this file.
        Did you mean "road_1_1_0"?
      roadnet.json intersections[2].trafficLight.lightphases[1].availableRoadLinks[6]: Found 99, needs an index from 0 to 11.
      roadnet.json intersections[2].trafficLight.lightphases[2].time: Found -1, needs a number from 0 to 1,000,000,000 s."
  `);
});

test('a flow with many mistakes', () => {
  const roadnet = gridRoadnet({ columns: 1, rows: 1 });
  const flow = [
    { ...trip('road_0_1_0', 'road_1_1_5'), interval: 0 },
    { ...trip('road_0_1_0'), vehicle: { ...CAR, maxPosAcc: undefined, maxPosACC: 2, length: -5 } },
    { ...trip('road_0_1_0'), route: 'road_0_1_0', interval: 0.001 },
    { ...trip('road_0_1_0'), route: [{ toString: 1 }, null] },
    17,
  ];
  expect(told(cityFlowFiles(roadnet, flow))).toMatchInlineSnapshot(`
    "config.json has 9 problems:
      flow.json [0].interval: Found 0, needs a number from 0.1 to 1,000,000,000 s.
      flow.json [0].route[1]: "road_1_1_5" is not the name of a road in this file.
        Did you mean "road_1_1_0"?
      flow.json [1].vehicle.length: Found -5, needs a number above 0 and up to 100 m.
      flow.json [1].vehicle.maxPosAcc: Missing; needs a number above 0 and up to 100 m/s².
        Spell "maxPosACC" as "maxPosAcc".
      flow.json [2].interval: Found 0.001, needs a number from 0.1 to 1,000,000,000 s.
      flow.json [2].route: Found "road_0_1_0", needs a list.
      flow.json [3].route[0]: Found a group of keys, needs the name of a road.
      flow.json [3].route[1]: Found no value, needs the name of a road.
      flow.json [4]: Found 17, needs an object."
  `);
});

test('a configuration with mistakes', () => {
  const config = {
    ...CONFIG,
    interval: 0,
    flowFile: undefined,
    flowfile: 'flow.json',
    laneChange: 'no',
    seed: 0.5,
  };
  expect(told(cityFlowFiles(gridRoadnet({ columns: 1, rows: 1 }), [], config))).toMatchInlineSnapshot(`
    "config.json has 4 problems:
      config.json interval: Found 0, needs a number from 0.01 to 10 s.
      config.json seed: Found 0.5, needs a whole number.
      config.json flowFile: Missing; needs the name of a file.
        Spell "flowfile" as "flowFile".
      config.json laneChange: Found "no", needs true or false."
  `);
});

test('files of another shape', () => {
  expect(told(cityFlowFiles([], {}, 'text'))).toMatchInlineSnapshot(`
    "config.json has 3 problems:
      config.json: Found "text", needs an object with "roadnetFile" and "flowFile".
      roadnet.json: Found an empty list, needs an object.
      flow.json: Found a group of keys, needs a list of flows."
  `);
});

test('a file that is cut off', () => {
  const files = cityFlowFiles({}, []);
  const cut = { ...files, roadnet: '{\n  "roads": [', flow: '' };
  expect(told(cut)).toMatchInlineSnapshot(`
    "config.json has 2 problems:
      roadnet.json line 2, column 13: the file ends in the middle.
        Check that the file is whole: download or save it again.
      flow.json line 1, column 1: the file ends in the middle.
        Check that the file is whole: download or save it again."
  `);
});

test('a cycle of no length can only be shown by a controller', () => {
  const roadnet = gridRoadnet({ columns: 1, rows: 1 });
  for (const { trafficLight } of roadnet.intersections)
    for (const phase of trafficLight.lightphases) phase.time = 0;
  expect(told(cityFlowFiles(roadnet, []))).toBe('no problem');
  expect(told(cityFlowFiles(roadnet, [], { ...CONFIG, rlTrafficLight: false }))).toMatchInlineSnapshot(`
    "config.json has 1 problem:
      roadnet.json intersections[2].trafficLight.lightphases: The phases take 0 s together, so no phase is ever shown."
  `);
});

test('of very many problems the first 200 are listed', () => {
  const flow = Array.from({ length: 5000 }, () => trip('nowhere'));
  const lines = told(cityFlowFiles(gridRoadnet({ columns: 1, rows: 1 }), flow)).split('\n');
  expect(lines.at(-1)).toMatch(/followed by 4,800 more problems/);
});
