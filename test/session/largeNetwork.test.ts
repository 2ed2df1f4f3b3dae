import { beforeAll, expect, test } from 'vitest';
import { elementIn, Glides, poseOf, ROW_WORDS } from '../../client/scene/glides.ts';
import { Paths } from '../../client/scene/paths.ts';
import { besideOf, roadAxesOf } from '../../client/scene/roadAxes.ts';
import {
  type DecodedFrame,
  decodeFrame,
  elementOf,
  encodeVehicles,
  NARROW_ELEMENTS_MAX,
  POSITION_MAX,
} from '../../server/protocol/frame.ts';
import { type Compiled, compile } from '../../server/scenario/compile.ts';
import { generateGrid } from '../../server/scenario/generate.ts';
import { Columns } from '../../server/session/columns.ts';
import { roadMapOf } from '../../server/session/roadMap.ts';
import { createSimulation, runningCount, type Simulation, step } from '../../server/sim/simulation.ts';
import { laidOut, vehiclesOn } from '../networks.ts';

/** A network with more elements than 16 bits can number, from the simulation to what the graphics card reads. */

let compiled: Compiled;
let sim: Simulation;

beforeAll(() => {
  const grid = generateGrid({
    rows: 40,
    columns: 40,
    vehicles: 20_000,
    durationS: 300,
    seed: 1,
  });
  compiled = compile(laidOut(grid));
  sim = createSimulation(compiled.network, 1);
  for (let k = 0; k < 120; k++) step(sim);
}, 120_000);

/** By vehicle: where the simulation has it. */
function placesOf(world: Simulation): Map<number, number> {
  const places = new Map<number, number>();
  for (let e = 0; e < world.network.elementCount; e++) {
    for (const { vehicle } of vehiclesOn(world, e)) places.set(vehicle, e);
  }
  return places;
}

function decoded(columns: Columns) {
  const { elementCount, elementRoad } = compiled.network;
  const laneCount = elementRoad.indexOf(-1);
  const header = { sequence: 1, step: sim.step, sinceSteps: 1, revision: 1 };
  const frame = encodeVehicles(header, [columns.vehicles(sim)]);
  const shape = { laneCount, connectorCount: elementCount - laneCount };
  const read = decodeFrame(frame.slice(0), shape) as Extract<DecodedFrame, { kind: 'vehicles' }>;
  return read.worlds[0];
}

test('each vehicle of a network with more than 65,536 elements is in its frame where the simulation has it', () => {
  expect(compiled.network.elementCount).toBeGreaterThan(NARROW_ELEMENTS_MAX);
  const columns = new Columns();
  let high = 0;
  for (let k = 0; k < 20; k++) {
    step(sim);
    const { count, ids, records, words } = decoded(columns);
    expect(count).toBe(runningCount(sim));
    const read = new Map(
      Array.from({ length: count }, (_, r) => [ids[r], elementOf(records, r * words!, words)]),
    );
    expect(read).toEqual(placesOf(sim));
    high += [...read.values()].filter((e) => e >= NARROW_ELEMENTS_MAX).length;
  }
  expect(high).toBeGreaterThan(20);
});

test('what the page reads of two frames has the elements of both, with all their bits', () => {
  const map = roadMapOf(compiled);
  const middle = { x: 0, y: 0 };
  const paths = new Paths(map, middle, besideOf(map, roadAxesOf(map, middle)));
  const glides = new Glides(paths);
  const pose = { x: 0, y: 0, headingX: 0, headingY: 0 };
  const columns = new Columns();
  let before = decoded(columns);
  for (let k = 0; k < 20; k++) {
    step(sim);
    const after = decoded(columns);
    const words = new Uint16Array(after.count * ROW_WORDS);
    glides.write(before, after, 1, words);
    const was = new Map(
      Array.from({ length: before.count }, (_, r) => [before.ids[r], elementOf(before.records, r * 4, 4)]),
    );
    for (let row = 0; row < after.count; row++) {
      const now = elementOf(after.records, row * 4, 4);
      expect(elementIn(words, row * ROW_WORDS, 'now')).toBe(now);
      const from = was.get(after.ids[row]);
      if (from !== undefined) expect(elementIn(words, row * ROW_WORDS, 'was')).toBe(from);
      const { x, y } = { ...poseOf(paths, words, row, 1, pose) };
      const there = paths.at(now, after.records[row * 4 + 1] / POSITION_MAX, pose);
      expect(Math.hypot(x - there.x, y - there.y)).toBeLessThan(0.5);
    }
    before = after;
  }
});
