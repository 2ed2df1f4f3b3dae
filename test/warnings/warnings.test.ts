import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { sidesOf } from '../../server/cli/sessionStudy.ts';
import { loadLayout } from '../../server/files/load.ts';
import { compile } from '../../server/scenario/compile.ts';
import { coordinateFinding } from '../../server/scenario/coordinates.ts';
import type { Flow, Layout } from '../../server/scenario/layout.ts';
import { Session } from '../../server/session/session.ts';
import { createSimulation, step } from '../../server/sim/simulation.ts';
import { expectedVehicles, flowVehicles } from '../../server/warnings/trips.ts';
import { emptyFolder, greenwave, ready } from '../cli/greenwave.ts';
import { CONFIG, gridRoadnet, trip } from '../formats/gridCity.ts';
import { laidOut } from '../networks.ts';
import { goTo } from '../session/sessions.ts';

/** What a file or run is likely not meant to be is said once, wherever the file is used. */

const folder = emptyFolder();

type Net = ReturnType<typeof gridRoadnet>;

/** A CityFlow network of one signal in a folder, with changes. */
function cityFlow(
  name: string,
  change: { roadnet?: (net: Net) => void; flow?: unknown[]; config?: object },
): string {
  const path = join(folder, name);
  mkdirSync(path);
  const roadnet = gridRoadnet({ columns: 1, rows: 1 });
  change.roadnet?.(roadnet);
  const put = (file: string, content: unknown) => writeFileSync(join(path, file), JSON.stringify(content));
  put('roadnet.json', roadnet);
  put('flow.json', change.flow ?? [trip('road_0_1_0', 'road_1_1_0')]);
  put('config.json', { ...CONFIG, dir: `${path}/`, rlTrafficLight: false, ...change.config });
  return join(path, 'config.json');
}

const warningsOf = (stderr: string) =>
  stderr
    .split('\n')
    .filter((line) => line.startsWith('Warning: '))
    .map((line) => line.slice(9));

/** What validate, run and run --json say, after asserting that they agree and say each thing once. */
function told(file: string, ...flags: string[]): { validate: string[]; run: string[] } {
  const validate = warningsOf(greenwave(['validate', file]).stderr);
  const run = greenwave(['run', file, ...flags]);
  const json = JSON.parse(greenwave(['run', file, ...flags, '--json']).stdout);
  expect(warningsOf(run.stderr)).toEqual(json.warnings);
  for (const list of [validate, json.warnings]) expect(new Set(list).size).toBe(list.length);
  return { validate, run: json.warnings };
}

describe('a movement that never gets green', () => {
  const THRU = [trip('road_0_1_0', 'road_1_1_0'), trip('road_1_0_1', 'road_1_1_1')];

  test('a signal whose only phase opens nothing: each wanted movement is named with its vehicles', () => {
    const file = cityFlow('closed', {
      roadnet: ({ intersections }) => {
        for (const { trafficLight, virtual } of intersections)
          if (!virtual) trafficLight.lightphases = [{ time: 30, availableRoadLinks: [] }];
      },
      flow: [THRU[0], { ...THRU[1], interval: 40 }],
    });
    const { validate, run } = told(file);
    expect(validate).toMatchInlineSnapshot(`
      [
        "12 movements never get green under the plan of the file: west-thru at "intersection_1_1" (720 vehicles), south-thru at "intersection_1_1" (90 vehicles), and 10 that no vehicle wants. 810 of 810 vehicles want them, and cannot get through. Give each of them green in a phase.",
      ]
    `);
    expect(run).toEqual([...validate, 'None of the 810 vehicles finished its trip.']);
    const out = join(folder, 'closed-out');
    const flags = ['--controllers', 'fixed-time,max-pressure', '--warmup-s', '0', '--out', out];
    const { code, stderr } = greenwave(['compare', file, ...flags]);
    const atEnd = 'None of the 810 vehicles finished its trip (fixed-time, seed 1; max-pressure, seed 1).';
    const { warnings, runs } = JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8'));
    const oneSeed = expect.stringMatching(/^All seeds would be the same run/);
    expect([code, warnings]).toEqual([0, [...validate, oneSeed, atEnd]]);
    expect(warningsOf(stderr)).toEqual(warnings);
    expect(runs[0].warnings).toEqual(['None of the 810 vehicles finished its trip.']);
    const page = new JSDOM(readFileSync(join(out, 'report.html'), 'utf8')).window.document;
    expect(Array.from(page.querySelectorAll('.warnings li'), (item) => item.textContent)).toEqual(warnings);
  });

  test('a movement that only a phase of 0 s opens never gets green under the plan, and does where controllers choose', () => {
    const change = {
      roadnet: ({ intersections }: Net) => {
        for (const { trafficLight, virtual } of intersections)
          if (!virtual) {
            trafficLight.lightphases = [
              { time: 30, availableRoadLinks: [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11] },
              { time: 0, availableRoadLinks: [4] },
            ];
          }
      },
      flow: THRU,
    };
    const { validate, run } = told(cityFlow('zero', change));
    expect(validate).toEqual([
      'A movement never gets green under the plan of the file: south-thru at "intersection_1_1" (720 vehicles). 720 of 1,440 vehicles want it, and cannot get through. Give it green in a phase.',
    ]);
    expect(run).toEqual(validate);
    const chosen = cityFlow('zero-chosen', { ...change, config: { rlTrafficLight: true } });
    expect(told(chosen).validate).toEqual([]);
  });

  test('phases beyond those of the protocol are never shown: the controller and its protocol are named', () => {
    const file = cityFlow('eight', {
      flow: [trip('road_0_1_0', 'road_1_1_1')],
      config: { rlTrafficLight: true },
    });
    const all = (net: Net) => {
      for (const { trafficLight, virtual } of net.intersections)
        if (!virtual) trafficLight.lightphases[3].availableRoadLinks = [2, 5, 8, 11];
    };
    const file2 = cityFlow('eight-late', {
      roadnet: all,
      flow: [trip('road_0_1_0', 'road_1_1_1')],
      config: { rlTrafficLight: true },
    });
    const never = (path: string, protocol: string) =>
      told(path, '--controller', 'max-pressure', '--protocol', protocol).run.filter((text) =>
        /never get/.test(text),
      );
    expect(told(file2).validate).toEqual([]);
    expect(never(file, 'literature-15')).toEqual([]);
    expect(never(file2, 'literature-15')).toMatchInlineSnapshot(`
      [
        "2 movements never get green under max-pressure, protocol literature-15: west-left at "intersection_1_1" (720 vehicles), and 1 that no vehicle wants. 720 of 720 vehicles want them, and cannot get through. Give each of them green in a phase.",
      ]
    `);
    expect(never(file2, 'literature-5')).toEqual([]);
  });

  test('the ready scenarios, and CityFlow files whose phases open everything, have no warning', () => {
    for (const name of ['isolated', 'corridor', 'irregular', 'oversaturated', 'grid-4x4']) {
      expect([name, warningsOf(greenwave(['validate', ready(name)]).stderr)]).toEqual([name, []]);
    }
    expect(told(cityFlow('open', { flow: THRU }))).toEqual({ validate: [], run: [] });
  });
});

describe('no vehicles at all', () => {
  const noVehicles = 'No vehicles: there is no demand, so nothing will drive. Add demand.';
  test('no flows, no demand, a demand of 0, and departures after the end', () => {
    const yaml = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, `name: none\nisolated: {}\n${text}`);
      return path;
    };
    const nobody = (durationS: string) =>
      `No vehicles: nobody departs within the ${durationS} s of the run. Check start times and flows.`;
    const both = (warning: string) => ({ validate: [warning], run: [warning] });
    expect(told(cityFlow('no-flows', { flow: [] }))).toEqual(both(noVehicles));
    expect(told(yaml('none.yaml', ''))).toEqual(both(noVehicles));
    expect(told(yaml('zero.yaml', 'demand: { west: { flowVph: 0, to: { east: 1 } } }'))).toEqual(
      both(nobody('3,600')),
    );
    const late = { ...trip('road_0_1_0', 'road_1_1_0'), startTime: 7200 };
    expect(told(cityFlow('late', { flow: [late] }))).toEqual(both(nobody('3,600')));
    expect(told(yaml('tiny.yaml', 'demand: { west: { flowVph: 0.0001, to: { east: 1 } } }'))).toEqual(
      both(
        'Hardly a vehicle: 0.00010 are expected within the 3,600 s of the run. Check flows; they are vehicles per hour.',
      ),
    );
  });

  test('a flag that takes the demand away is told by the run alone', () => {
    const late = { ...trip('road_0_1_0', 'road_1_1_0'), startTime: 1800 };
    const file = cityFlow('half', { flow: [late] });
    expect(told(file, '--duration-s', '600')).toEqual({
      validate: [],
      run: ['No vehicles: nobody departs within the 600 s of the run. Check start times and flows.'],
    });
  });

  test('departures are counted as the simulation makes them', () => {
    const layout = laidOut({ name: 'x', isolated: {}, demand: { west: { flowVph: 1, to: { east: 1 } } } });
    const route = layout.origins[0].routes[0].roads;
    for (const [startS, endS, intervalS] of [
      [0, -1, 5],
      [0, 0, 5],
      [3, 17, 5],
      [0, -1, 7],
      [50, -1, 50],
      [100, -1, 1],
      [99, 200, 1],
      [20, 10, 1],
    ]) {
      const flow: Flow = { id: 'f', vehicleType: 0, route, intervalS, startS, endS };
      const own: Layout = { ...layout, flows: endS >= 0 && endS < startS ? [] : [flow], origins: [] };
      const { sim } = run100(own);
      expect([startS, endS, intervalS, flowVehicles(flow, 100)]).toEqual([
        startS,
        endS,
        intervalS,
        sim.vehicles.created,
      ]);
    }
    expect(expectedVehicles(layout, 7200)).toBeCloseTo(2, 9);
  });
});

test('flows left out are told once: how many of how many, why, and which come first', () => {
  const good = trip('road_0_1_0', 'road_1_1_0');
  const back = trip('road_1_1_0', 'road_0_1_0');
  const flow = [good, back, back, trip('road_0_1_0'), good, back, back, back];
  const { validate, run } = told(cityFlow('dropped', { flow }));
  expect(validate).toMatchInlineSnapshot(`
    [
      "flow.json: 6 of 8 flows (75 %) are left out, as their routes cannot be driven: no way leads from road "road_1_1_0" to "road_0_1_0" ([1], [2], [5] and 2 more); a route of fewer than two roads leads nowhere ([3]). Correct the routes, or the roadLinks of the roadnet.",
    ]
  `);
  expect(run).toEqual(validate);
});

describe('coordinates that are no metres from a place in the network', () => {
  const moved = (place: (x: number, y: number) => [number, number]) => (net: Net) => {
    const move = (point: { x: number; y: number }) => {
      [point.x, point.y] = place(point.x, point.y);
    };
    for (const { point } of net.intersections) move(point);
    for (const { points } of net.roads) points.forEach(move);
  };
  const grid = (name: string, place: (x: number, y: number) => [number, number]) =>
    told(cityFlow(name, { roadnet: moved(place) })).validate;

  test('degrees and kilometres given as metres', () => {
    const said = grid('degrees', (x, y) => [120.1 + x / 96_000, 30.2 + y / 111_000]);
    expect(said).toMatchInlineSnapshot(`
      [
        "The whole network measures 0.00625 m by 0.00541 m: its coordinates look like degrees of longitude and latitude, or kilometres, given as metres. Convert coordinates to metres before they are written: project degrees to the local UTM zone and subtract the coordinates of one intersection from all.",
      ]
    `);
    expect(grid('kilometres', (x, y) => [x / 1000, y / 1000])[0]).toContain(
      'look like degrees of longitude and latitude, or kilometres, given as metres',
    );
    expect(grid('metres', (x, y) => [x, y])).toEqual([]);
  });

  test('eastings and northings of UTM, and Web Mercator with how far it stretches lengths', () => {
    expect(grid('utm', (x, y) => [448_251 + x, 5_411_870 + y])[0]).toContain(
      'look like eastings and northings of UTM',
    );
    expect(grid('mercator', (x, y) => [13_369_000 + x, 8_399_738 + y])[0]).toContain(
      'look like Web Mercator (EPSG:3857), in which lengths here are 2 times too long',
    );
  });

  test('a scenario in degrees is refused with the remedy, and not road by road', () => {
    const path = join(folder, 'degrees.yaml');
    const nodes = [0, 1, 2].map((k) => `  n${k}: { x: ${8.681 + k / 300}, y: 50.112 }\n`).join('');
    const roads = '  - { from: n0, to: n1 }\n  - { from: n1, to: n2 }\n';
    writeFileSync(path, `name: degrees\nintersections:\n${nodes}roads:\n${roads}`);
    const { code, stderr } = greenwave(['validate', path]);
    expect(code).toBe(2);
    expect(stderr.replaceAll(`${folder}/`, '')).toMatchInlineSnapshot(`
      "degrees.yaml has 1 problem:
        intersections: the whole network measures 0.00667 m by 0 m: its coordinates look like degrees of longitude and latitude, or kilometres, given as metres.
          Convert coordinates to metres before they are written: project degrees to the local UTM zone and subtract the coordinates of one intersection from all.
      "
    `);
  });

  test('a city in kilometres, larger than any single road, is found by the number of its intersections', () => {
    const city = (spacing: number) =>
      Array.from({ length: 400 }, (_, k) => ({ x: (k % 20) * spacing, y: Math.floor(k / 20) * spacing }));
    expect(coordinateFinding(city(0.8))?.kind).toBe('too small');
    expect(coordinateFinding(city(20))).toBeNull();
  });

  test('one point, and a network far from square, are no finding', () => {
    expect(coordinateFinding([{ x: 0, y: 0 }])).toBeNull();
    expect(
      coordinateFinding([
        { x: 0, y: 0 },
        { x: 60, y: 0 },
      ]),
    ).toBeNull();
    expect(
      coordinateFinding([
        { x: -99_000, y: 0 },
        { x: 2_000_000, y: 0 },
      ]),
    ).toBeNull();
  });
});

test('a protocol that the file chooses is named with its reason, and not where it was asked for', () => {
  const file = cityFlow('protocol', { config: { rlTrafficLight: true } });
  expect(told(file).run).toEqual([
    "rlTrafficLight is true and the phases are those of the literature, so protocol literature-15 is run; protocol scenario runs the file's own plan.",
  ]);
  expect(told(file, '--protocol', 'literature-15').run).toEqual([]);
});

/** What a layout creates in 100 s without any controller. */
function run100(layout: Layout) {
  const sim = createSimulation(compile(layout).network, 0);
  while (sim.step < 100) step(sim);
  return { sim };
}

test('the last step of a session tells what the run shows, once, and again after going back', async () => {
  const file = cityFlow('session', {
    roadnet: ({ intersections }: Net) => {
      for (const { trafficLight, virtual } of intersections)
        if (!virtual) trafficLight.lightphases = [{ time: 30, availableRoadLinks: [] }];
    },
  });
  const loaded = await loadLayout(file);
  const flags = { durationS: 900 };
  const setup = { scenario: 'x', seed: 1, demandScale: 1, controllers: ['fixed-time', 'max-pressure'] };
  const session = new Session(sidesOf({ loaded, flags, policies: new Map() }), setup, []);
  goTo(session, 899);
  const told = () => session.history.alarms.filter(({ kind }) => kind === 'end-of-run');
  expect(told()).toEqual([]);
  goTo(session, 900);
  const text = 'None of the 180 vehicles finished its trip.';
  expect(told()).toMatchObject([
    { step: 900, side: 0, begins: true, lanes: [], text },
    { step: 900, side: 1, begins: true, lanes: [], text },
  ]);
  expect(session.worlds[0].study.warnings[0]).toContain('12 movements never get green');
  goTo(session, 300);
  goTo(session, 900);
  expect(told()).toHaveLength(2);
});
