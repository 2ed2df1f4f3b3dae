import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareCycle } from '../../server/control/cycleShares.ts';
import { descent, type Move } from '../../server/control/descent.ts';
import {
  cycleSteps,
  leastSplit,
  type Plan,
  phasesAt,
  plannedIntersections,
} from '../../server/control/plan.ts';
import { planMoves } from '../../server/control/planMoves.ts';
import { settingMoves } from '../../server/control/settingMoves.ts';
import { compile } from '../../server/scenario/compile.ts';
import { laidOut } from '../networks.ts';

/** Sharing a cycle among phases, and the search for plans and settings. */

type Point = readonly [number, number];
const walk: Move<Point>[] = [
  ([x, y], stride) => [x + stride, y],
  ([x, y], stride) => [x - stride, y],
  ([x, y], stride) => [x, y + stride],
  ([x, y], stride) => [x, y - stride],
];

function lowest(start: Point, cost: (point: Point) => number) {
  const tried: string[] = [];
  let best = start;
  let least = Infinity;
  const candidates = descent(start, walk, [8, 4, 2, 1], (point) => point.join());
  for (let next = candidates.next(); !next.done; ) {
    tried.push(next.value.join());
    const here = cost(next.value);
    if (here < least) {
      least = here;
      best = next.value;
    }
    next = candidates.next(here);
  }
  return { best, tried };
}

test('the search finds the bottom of a bowl, tries nothing twice, and goes the same way again', () => {
  const bowl = ([x, y]: Point) => (x - 37) ** 2 + 3 * (y + 11) ** 2 + (x - 37) * (y + 11);
  const { best, tried } = lowest([0, 0], bowl);
  expect(best).toEqual([37, -11]);
  expect(new Set(tried).size).toBe(tried.length);
  expect(tried.length).toBeLessThan(150);
  expect(lowest([0, 0], bowl).tried).toEqual(tried);
});

test('a cycle is shared to the last step, within the limits of every phase', () => {
  const share = fc.record({
    weight: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
    lost: fc.double({ min: 0, max: 10, noNaN: true }),
    least: fc.integer({ min: 1, max: 30 }),
    room: fc.integer({ min: 0, max: 60 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.array(share, { minLength: 1, maxLength: 6 }),
      (cycle, rows) => {
        const shares = rows.map(({ room, ...row }) => ({ ...row, most: row.least + room }));
        const steps = shareCycle(cycle, shares);
        const sum = (of: readonly number[]) => of.reduce((total, value) => total + value, 0);
        const least = sum(shares.map((row) => row.least));
        const most = sum(shares.map((row) => row.most));
        expect(sum(steps)).toBe(Math.min(most, Math.max(least, cycle)));
        steps.forEach((value, k) => {
          expect(Number.isInteger(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(shares[k].least);
          expect(value).toBeLessThanOrEqual(shares[k].most);
        });
      },
    ),
  );
});

const { network } = compile(
  laidOut({
    name: 'two lights',
    corridor: { intersections: 2, spacingM: 300, lanes: 2 },
    signals: { cycleS: 60, maxGreenS: 40 },
    demand: { west: { flowVph: 300, to: { east: 1 } } },
  }),
);

test('whatever moves a search makes, plans keep minimum greens, maximum greens and one cycle', () => {
  const start: Plan = { split: network.split, offset: network.offset };
  const moves = planMoves(network, start);
  const made = fc.array(fc.tuple(fc.nat(moves.length - 1), fc.constantFrom(8, 4, 2, 1)), { maxLength: 60 });
  fc.assert(
    fc.property(made, (steps) => {
      let plan = start;
      for (const [m, stride] of steps) plan = moves[m](plan, stride) ?? plan;
      const cycles = plannedIntersections(network).map((i) => cycleSteps(plan, phasesAt(network, i)));
      expect(new Set(cycles).size).toBe(1);
      for (const i of plannedIntersections(network)) {
        expect(plan.offset[i]).toBeGreaterThanOrEqual(0);
        expect(plan.offset[i]).toBeLessThan(cycles[0]);
        for (const p of phasesAt(network, i)) {
          expect(plan.split[p]).toBeGreaterThanOrEqual(leastSplit(network, p));
          const green = plan.split[p] - network.yellowChange[p] - network.redClearance[p];
          expect(green).toBeLessThanOrEqual(network.maxGreen[p]);
        }
      }
    }),
  );
});

test('settings move by shares of their size, and stop at their limits', () => {
  const moves = settingMoves([
    { key: 'weight', summary: '', standard: 2, min: 0.5, max: 3 },
    { key: 'kind', summary: '', standard: 'a', choices: ['a', 'b'] },
  ]);
  const at = (weight: number) => ({ weight, kind: 'a' });
  expect(moves.map((move) => move(at(2), 0.25))).toEqual([at(2.5), at(1.5), null, { weight: 2, kind: 'b' }]);
  expect(moves[0](at(2.9), 0.25)).toEqual(at(3));
  expect(moves[0](at(3), 0.25)).toBeNull();
});
