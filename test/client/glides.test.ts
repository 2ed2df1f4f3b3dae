import { beforeAll, describe, expect, test } from 'vitest';
import {
  GLIDE,
  GLIDE_BITS,
  Glides,
  HAS_BEHIND,
  HAS_VIA,
  poseOf,
  ROW_WORDS,
} from '../../client/scene/glides.ts';
import { Paths } from '../../client/scene/paths.ts';
import { besideOf, roadAxesOf } from '../../client/scene/roadAxes.ts';
import { loadScenario } from '../../server/files/load.ts';
import { type DecodedVehicles, POSITION_MAX, RECORD_WORDS } from '../../server/protocol/frame.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import { roadMapOf } from '../../server/session/roadMap.ts';
import { ready } from '../cli/greenwave.ts';

const MIDDLE = { x: 0, y: 0 };
let map: RoadMap;
let paths: Paths;

beforeAll(async () => {
  map = roadMapOf(await loadScenario(ready('irregular')));
  paths = new Paths(map, MIDDLE, besideOf(map, roadAxesOf(map, MIDDLE)));
});

/** Vehicles by number: element and part of its length. */
function vehicles(places: Record<number, readonly [number, number]>): DecodedVehicles {
  const ids = Uint32Array.from(Object.keys(places), Number);
  const records = new Uint16Array(ids.length * RECORD_WORDS);
  Object.values(places).forEach(([element, part], row) => {
    records.set([element, Math.round(part * POSITION_MAX), 40], row * RECORD_WORDS);
  });
  return { count: ids.length, ids, records, signals: new Uint8Array() };
}

function glided(
  before: DecodedVehicles | null,
  after: DecodedVehicles,
  seconds = 1,
  glides = new Glides(paths),
) {
  const words = new Uint16Array(after.count * ROW_WORDS);
  glides.write(before, after, seconds, words);
  const pose = { x: 0, y: 0, headingX: 0, headingY: 0 };
  return {
    words,
    flags: (row: number) => words[row * ROW_WORDS + 7],
    glide: (row: number) => words[row * ROW_WORDS + 7] & GLIDE_BITS,
    at: (row: number, fraction: number) => ({ ...poseOf(paths, words, row, fraction, pose) }),
  };
}

/** A place of an element by its own shape, walked point by point. */
function placeOf(element: number, part: number): { x: number; y: number } {
  const lanes = map.lanes.shape.length;
  const shape = element < lanes ? map.lanes.shape[element] : map.connectors.shape[element - lanes];
  const spans = Array.from({ length: shape.length / 2 - 1 }, (_, k) =>
    Math.hypot(shape[2 * k + 2] - shape[2 * k], shape[2 * k + 3] - shape[2 * k + 1]),
  );
  let left = part * spans.reduce((sum, span) => sum + span, 0);
  let k = 0;
  while (k < spans.length - 1 && left > spans[k]) left -= spans[k++];
  const t = left / spans[k];
  return {
    x: shape[2 * k] + (shape[2 * k + 2] - shape[2 * k]) * t,
    y: shape[2 * k + 1] + (shape[2 * k + 3] - shape[2 * k + 1]) * t,
  };
}

const away = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y);

describe('paths', () => {
  test('follow the shapes of all elements to within 8 cm, bends and curves included', () => {
    const pose = { x: 0, y: 0, headingX: 0, headingY: 0 };
    for (let e = 0; e < paths.elementCount; e++) {
      for (const part of [0, 0.13, 0.5, 0.77, 1]) {
        expect(away(paths.at(e, part, pose), placeOf(e, part))).toBeLessThan(0.08);
      }
    }
  });

  test('go on straight before their start, for tails', () => {
    const pose = { x: 0, y: 0, headingX: 0, headingY: 0 };
    const start = { ...paths.at(0, 0, pose) };
    paths.at(0, -0.01, pose);
    expect(away(pose, start)).toBeCloseTo(0.01 * paths.lengthOf(0), 2);
    expect((start.x - pose.x) * start.headingX + (start.y - pose.y) * start.headingY).toBeGreaterThan(0);
  });
});

describe('glides', () => {
  test('go along the lane', () => {
    const { at } = glided(vehicles({ 7: [2, 0.2] }), vehicles({ 7: [2, 0.3] }));
    expect(away(at(0, 0.5), placeOf(2, 0.25))).toBeLessThan(0.1);
  });

  test('go from lane to connector to lane along the curve, at an even pace', () => {
    const connector = map.connectors.shape.findIndex((shape) => shape.length > 4);
    const element = map.lanes.shape.length + connector;
    const from = map.connectors.from[connector];
    const to = map.connectors.to[connector];
    const { at, flags } = glided(
      vehicles({ 1: [from, 1 - 10 / map.lanes.length[from]] }),
      vehicles({ 1: [to, 10 / map.lanes.length[to]] }),
      3,
    );
    expect(flags(0) & HAS_VIA).toBe(HAS_VIA);
    const length = map.connectors.length[connector];
    const fraction = (10 + length / 2) / (20 + length);
    expect(away(at(0, fraction), placeOf(element, 0.5))).toBeLessThan(0.15);
    expect(away(at(0, 0), placeOf(from, 1 - 10 / map.lanes.length[from]))).toBeLessThan(0.1);
    expect(away(at(0, 1), placeOf(to, 10 / map.lanes.length[to]))).toBeLessThan(0.1);
  });

  test('keep the element behind while a vehicle stays on its lane, for its tail', () => {
    const connector = map.lanes.shape.length;
    const to = map.connectors.to[0];
    const glides = new Glides(paths);
    const frames = [
      vehicles({ 3: [connector, 0.9] }),
      vehicles({ 3: [to, 0.01] }),
      vehicles({ 3: [to, 0.02] }),
    ];
    glided(null, frames[0], 1, glides);
    glided(frames[0], frames[1], 1, glides);
    const { words, flags } = glided(frames[1], frames[2], 1, glides);
    expect(flags(0) & HAS_BEHIND).toBe(HAS_BEHIND);
    expect(words[3]).toBe(connector);
  });

  test('match vehicles by number: new ones stand where they are, and those that finished are gone', () => {
    const before = vehicles({ 2: [0, 0.5], 5: [1, 0.5], 9: [2, 0.5] });
    const after = vehicles({ 5: [1, 0.6], 7: [3, 0.4], 9: [2, 0.6], 11: [4, 0.1] });
    const { glide, at } = glided(before, after);
    expect([0, 1, 2, 3].map(glide)).toEqual([GLIDE.along, GLIDE.stands, GLIDE.along, GLIDE.stands]);
    expect(away(at(0, 0), placeOf(1, 0.5))).toBeLessThan(0.1);
    expect(away(at(1, 0.5), placeOf(3, 0.4))).toBeLessThan(0.1);
    expect(away(at(2, 0.5), placeOf(2, 0.55))).toBeLessThan(0.1);
  });

  test('go straight to a lane beside, and jump to places far away or back', () => {
    const beside = map.lanes.road.findIndex((road, l) => l > 0 && road === map.lanes.road[l - 1]);
    const far = map.lanes.shape.length - 1;
    const before = vehicles({ 1: [beside - 1, 0.5], 2: [0, 0.5], 3: [1, 0.5] });
    const { glide, at } = glided(before, vehicles({ 1: [beside, 0.51], 2: [far, 0.5], 3: [1, 0.4] }));
    expect([0, 1, 2].map(glide)).toEqual([GLIDE.straight, GLIDE.stands, GLIDE.stands]);
    const a = placeOf(beside - 1, 0.5);
    const b = placeOf(beside, 0.51);
    expect(away(at(0, 0.5), { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })).toBeLessThan(0.1);
  });
});
