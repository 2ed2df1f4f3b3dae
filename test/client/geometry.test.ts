import { describe, expect, test } from 'vitest';
import { BAND_WORDS, Bands } from '../../client/scene/bands.ts';
import { Cells } from '../../client/scene/cells.ts';
import { junctionsOf } from '../../client/scene/junctions.ts';
import { Paths } from '../../client/scene/paths.ts';
import { besideOf, roadAxesOf } from '../../client/scene/roadAxes.ts';
import { loadScenario } from '../../server/files/load.ts';
import { POSITION_MAX } from '../../server/protocol/frame.ts';
import { roadMapOf } from '../../server/session/roadMap.ts';
import { ready } from '../cli/greenwave.ts';

const MIDDLE = { x: 0, y: 0 };
const SCENARIOS = ['isolated', 'corridor', 'grid-4x4', 'irregular', 'oversaturated'];

const mapOf = async (scenario: string) => roadMapOf(await loadScenario(ready(scenario)));

describe.each(SCENARIOS)('%s', (scenario) => {
  test('lanes lie side by side, as far from the axis of their road as their widths say', async () => {
    const map = await mapOf(scenario);
    for (const { points, normals, lanes, inner } of roadAxesOf(map, MIDDLE)) {
      lanes.forEach((l, rank) => {
        const beside = inner[rank] + map.lanes.width[l] / 2;
        const away = map.lanes.shape[l].map((value, k) => Math.abs(value - points[k] - normals[k] * beside));
        // A lane keeps its distance from the line through the intersections, which bends a little less than its own.
        expect(Math.max(...away)).toBeLessThan(0.05);
      });
    }
  });

  test('vehicles cross intersections on paved ground', async () => {
    const map = await mapOf(scenario);
    const areas = junctionsOf(map, roadAxesOf(map, MIDDLE), MIDDLE);
    const area = new Map(areas.map(({ intersection, outline }) => [intersection, outline]));
    map.connectors.shape.forEach((shape, k) => {
      const outline = area.get(map.movements.intersection[map.connectors.movement[k]])!;
      for (let j = 0; j < shape.length; j += 2) expect(isWithin(outline, shape[j], shape[j + 1])).toBe(true);
    });
  });

  test('every element is found near every place on it', async () => {
    const map = await mapOf(scenario);
    const paths = new Paths(map, MIDDLE, besideOf(map, roadAxesOf(map, MIDDLE)));
    const cells = new Cells(paths, { left: -800, right: 2000, bottom: -900, top: 1600 });
    const pose = { x: 0, y: 0, headingX: 0, headingY: 0 };
    for (let e = 0; e < paths.elementCount; e++) {
      for (const part of [0, 0.31, 0.66, 1]) {
        paths.at(e, part, pose);
        expect(cells.near(pose.x + 3, pose.y - 3, 5).has(e)).toBe(true);
      }
    }
  });
});

/** By how often a line to the right crosses the outline. */
function isWithin(outline: readonly number[], x: number, y: number): boolean {
  let within = false;
  for (let k = 0; k < outline.length; k += 2) {
    const next = (k + 2) % outline.length;
    const [ax, ay, bx, by] = [outline[k], outline[k + 1], outline[next], outline[next + 1]];
    if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) within = !within;
  }
  return within;
}

describe('the standing part of a lane', () => {
  const map = {
    lanes: { length: [200, 100] },
    vehicleTypes: { length: [5, 12] },
  } as unknown as ConstructorParameters<typeof Bands>[0];
  /** Vehicles as lane, m from its start, m/s, type. */
  const frame = (...vehicles: readonly (readonly [number, number, number, number])[]) => ({
    count: vehicles.length,
    ids: Uint32Array.from(vehicles, (_, v) => v),
    records: Uint16Array.from(
      vehicles.flatMap(([lane, position, speed, type]) => [
        lane,
        Math.round((position / map.lanes.length[lane]) * POSITION_MAX),
        Math.round(speed / 0.25) | (type << 8),
      ]),
    ),
    signals: new Uint8Array(),
  });
  const metres = (bands: Bands, lane: number) =>
    Array.from(
      bands.words.subarray(lane * BAND_WORDS, (lane + 1) * BAND_WORDS),
      (word) => Math.round((word / POSITION_MAX) * map.lanes.length[lane] * 10) / 10,
    );

  test('is from the tail of the last that stands to the front of the first', () => {
    const bands = new Bands(map);
    bands.take(frame([0, 199, 0, 0], [0, 192, 0, 1], [0, 170, 3, 0]), true);
    expect(metres(bands, 0)).toEqual([180, 199, 180, 199]);
    bands.take(frame([0, 199, 0, 0], [0, 192, 0, 1], [0, 174, 0, 0]), false);
    expect(metres(bands, 0)).toEqual([180, 199, 169, 199]);
  });

  test('grows from its front when it comes and shrinks to it when it goes', () => {
    const bands = new Bands(map);
    bands.take(frame(), true);
    bands.take(frame([1, 99, 0, 0]), false);
    expect(metres(bands, 1)).toEqual([99, 99, 94, 99]);
    bands.take(frame([1, 99, 2, 0]), false);
    expect(metres(bands, 1)).toEqual([94, 99, 99, 99]);
  });
});
