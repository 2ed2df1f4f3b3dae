import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { loadLayout } from '../../server/files/load.ts';
import { compile } from '../../server/scenario/compile.ts';
import { seedMatters } from '../../server/study/seedMatters.ts';
import { advance, assembleStudy, operationOf } from '../../server/study/study.ts';
import { CONFIG, gridRoadnet, trip } from '../formats/gridCity.ts';
import { emptyFolder, greenwave } from './greenwave.ts';

const FIXED_TIME = CONTROLLERS.find(({ name }) => name === 'fixed-time')!;

/** CityFlow files as people publish them: where their parts lie, what is odd in them, and under which rules they run. */

type Roadnet = ReturnType<typeof gridRoadnet>;
const FLOW = [{ ...trip('road_0_1_0', 'road_1_1_0'), startTime: 0, endTime: 0 }];

/** A folder with a configuration, and its files in `parts`. */
function published(
  dir: string,
  parts: string,
  { config = {}, change = () => {} }: { config?: object; change?: (roadnet: Roadnet) => void } = {},
): string {
  const folder = emptyFolder();
  const roadnet = gridRoadnet({ columns: 1, rows: 1 });
  change(roadnet);
  mkdirSync(join(folder, parts), { recursive: true });
  writeFileSync(join(folder, parts, 'roadnet.json'), JSON.stringify(roadnet));
  writeFileSync(join(folder, parts, 'flow.json'), JSON.stringify(FLOW));
  mkdirSync(join(folder, 'set'), { recursive: true });
  writeFileSync(join(folder, 'set/config.json'), JSON.stringify({ ...CONFIG, ...config, dir }));
  return folder;
}

test.each([
  [
    'the folder from which CityFlow is started',
    'examples/',
    'examples',
    ['run', 'set/config.json'],
    'examples',
  ],
  ['a folder above the working directory', 'set/', 'set', ['run', 'config.json'], '.'],
  ['the folder of somebody else', '/home/somebody/data/', 'set', ['run', 'set/config.json'], 'set'],
])('files in %s are found, with one note', (_, dir, parts, args, told) => {
  const folder = published(dir, parts, { config: { rlTrafficLight: false } });
  const cwd = args[1] === 'config.json' ? join(folder, 'set') : folder;
  const { code, stderr } = greenwave([...args, '--duration-s', '60', '--json'], cwd);
  expect(code).toBe(0);
  expect(stderr).toContain(`those in ${told} are read`);
});

test('files where dir says from the configuration on are read without a note', async () => {
  const folder = published('../parts', 'parts', { config: { rlTrafficLight: false } });
  expect((await loadLayout(join(folder, 'set/config.json'))).warnings).toEqual([]);
});

test('roads and intersections of one id, lanes of 0 m/s, links of one point and of other roads are read with a warning', async () => {
  const folder = published('./', 'set', {
    change: ({ intersections, roads }) => {
      roads.splice(1, 0, structuredClone(roads[0]!));
      const crossing = intersections.find(({ virtual }) => !virtual)!;
      intersections.unshift(structuredClone(crossing), structuredClone(intersections[0]!));
      roads.at(-1)!.lanes[0]!.maxSpeed = 0;
      const [link, other] = crossing.roadLinks;
      Object.assign(link!.laneLinks[0]!, { points: [{ x: 1, y: 2 }] });
      other!.endRoad = roads.find(({ endIntersection }) => endIntersection === crossing.id)!.id;
    },
  });
  const loaded = await loadLayout(join(folder, 'set/config.json'));
  const told = loaded.warnings.join('\n');
  for (const text of [
    'the last one of a name counts',
    'roads end at the last one',
    '0 m/s',
    'does not start at',
  ]) {
    expect(told).toContain(text);
  }
  const ids = loaded.layout.intersections.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const entry of CONTROLLERS) {
    const study = assembleStudy(loaded, { controller: entry, protocol: 'scenario', durationS: 120 });
    const operation = operationOf(study);
    for (let k = 0; k < study.steps; k++) advance(study, operation);
    expect(operation.sim.vehicles.created).toBe(1);
  }
});

test('signals without a road link, without a link in any phase and with one phase run under every controller', async () => {
  for (const empty of ['links', 'phases', 'all but one phase'] as const) {
    const folder = published('./', 'set', {
      change: ({ intersections }) => {
        for (const { virtual, roadLinks, trafficLight } of intersections) {
          if (virtual) continue;
          if (empty === 'links') roadLinks.length = 0;
          if (empty === 'all but one phase') trafficLight.lightphases.length = 1;
          if (empty !== 'all but one phase')
            for (const phase of trafficLight.lightphases) phase.availableRoadLinks.length = 0;
        }
      },
    });
    const loaded = await loadLayout(join(folder, 'set/config.json'));
    for (const entry of CONTROLLERS) {
      const study = assembleStudy(loaded, { controller: entry, protocol: 'scenario', durationS: 60 });
      const operation = operationOf(study);
      for (let k = 0; k < study.steps; k++) advance(study, operation);
      expect(operation.sim.step).toBe(60);
    }
  }
});

test('rlTrafficLight chooses the protocol of the literature where the phases are the literature’s, and says so', async () => {
  const loaded = await loadLayout(
    join(published('./', 'set', { config: { rlTrafficLight: true } }), 'set/config.json'),
  );
  const study = assembleStudy(loaded, { controller: FIXED_TIME });
  expect(study.protocol.name).toBe('literature-15');
  expect(study.warnings.join()).toContain('protocol literature-15 is run');
});

test('rlTrafficLight with other phases runs the file’s own plan, and says so', async () => {
  const folder = published('./', 'set', {
    config: { rlTrafficLight: true },
    change: ({ intersections }) => {
      for (const { trafficLight } of intersections) trafficLight.lightphases.shift();
    },
  });
  const study = assembleStudy(await loadLayout(join(folder, 'set/config.json')), { controller: FIXED_TIME });
  expect(study.protocol.name).toBe('scenario');
  expect(study.warnings.join()).toContain("the file's own phases and plan are run");
});

test('a seed matters where a trip may begin on several lanes, and nowhere else', async () => {
  const folder = published('./', 'set');
  const { layout } = await loadLayout(join(folder, 'set/config.json'));
  expect(seedMatters(compile(layout).network, {})).toBe(false);
  const open = published('./', 'set', {
    change: ({ intersections }) => {
      for (const { laneLinks } of intersections.flatMap(({ roadLinks }) => roadLinks)) {
        for (const startLaneIndex of [0, 1]) laneLinks.push({ ...laneLinks[0]!, startLaneIndex });
      }
    },
  });
  const several = await loadLayout(join(open, 'set/config.json'));
  expect(seedMatters(compile(several.layout).network, {})).toBe(true);
});
