/** Facts about geometry, lanes and derived signals of laid-out scenarios. */
import { expect, test } from 'vitest';
import { crossesOf } from '../../server/scenario/conflicts.ts';
import { defaultLaneTurns } from '../../server/scenario/laneTurns.ts';
import type { Intersection, Layout } from '../../server/scenario/layout.ts';
import { layOut } from '../../server/scenario/scenarioLayout.ts';
import type { Scenario } from '../../server/scenario/schema.ts';

const crossing = (lanes = 3) => layOut({ name: 'crossing', isolated: { lanes, approachM: 200 } });

function intersection(layout: Layout, id: string): Intersection {
  return layout.intersections.find((candidate) => candidate.id === id)!;
}

function road(layout: Layout, id: string) {
  return layout.roads.find((candidate) => candidate.id === id)!;
}

/** Phases as text: `east-west-thru: east-thru west-thru east-right*`, permitted ones with a star. */
function plan({ signal, movements }: Intersection): string[] {
  return signal!.phases.map(
    ({ id, greens }) =>
      `${id}: ${greens.map(({ movement, permitted }) => movements[movement].id + (permitted ? '*' : '')).join(' ')}`,
  );
}

test('a lane reaches from the boundary to the stop line, half a width beside its neighbours, on the right', () => {
  const layout = crossing();
  const halfWidth = intersection(layout, 'main').halfWidth;
  expect(halfWidth).toBe(3 * 3.5 + 4);
  const fromWest = road(layout, 'west-main');
  expect(fromWest.lanes.map((lane) => lane.length)).toEqual([185.5, 185.5, 185.5]);
  // Eastbound, so right is south.
  expect(fromWest.lanes.map((lane) => lane.points)).toEqual(
    [-1.75, -5.25, -8.75].map((y) => [
      { x: -200, y },
      { x: -halfWidth, y },
    ]),
  );
  expect(road(layout, 'main-north').lanes[0].points[0]).toEqual({ x: 1.75, y: halfWidth });
});

test('paths across an intersection begin and end where lanes do', () => {
  for (const scenario of [
    { name: 'grid', grid: { rows: 2, columns: 3, spacingM: 123.4, lanes: 2 } },
    { name: 'skewed', ...skewed },
  ] satisfies Scenario[]) {
    const layout = layOut(scenario);
    let paths = 0;
    for (const { movements } of layout.intersections) {
      for (const { from, to, connectors } of movements) {
        for (const { fromLane, toLane, points } of connectors) {
          expect(points[0]).toEqual(layout.roads[from].lanes[fromLane].points.at(-1));
          expect(points.at(-1)).toEqual(layout.roads[to].lanes[toLane].points[0]);
          paths++;
        }
      }
    }
    expect(paths).toBeGreaterThan(20);
  }
});

test('equal intersections of a grid have equal lengths to the last bit', () => {
  const layout = layOut({ name: 'grid', grid: { rows: 3, columns: 4, spacingM: 333.3, lanes: 3 } });
  const lengths = layout.intersections
    .filter(({ boundary }) => !boundary)
    .map(({ movements }) =>
      JSON.stringify(movements.flatMap(({ connectors }) => connectors.map((path) => path.length))),
    );
  expect(new Set(lengths).size).toBe(1);
  expect(new Set(layout.roads.flatMap((one) => one.lanes.map((lane) => lane.length)))).toHaveProperty(
    'size',
    2,
  );
});

test('a bent road is as long as its middle', () => {
  const layout = layOut({
    name: 'bend',
    intersections: {
      a: { x: -300, y: 0 },
      m: { x: 0, y: 0, signal: 'none' },
      b: { x: 300, y: 0 },
      c: { x: 0, y: -300 },
    },
    roads: [
      {
        from: 'a',
        to: 'm',
        via: [
          [-300, 100],
          [0, 100],
        ],
      },
      { from: 'm', to: 'b' },
      { from: 'm', to: 'c' },
    ],
  });
  const [lane] = road(layout, 'a-m').lanes;
  expect(lane.points).toHaveLength(4);
  // 100 + 300 + (100 − half-width), and shorter on the inside of two right turns.
  expect(lane.length).toBeGreaterThan(480);
  expect(lane.length).toBeLessThan(500 - intersection(layout, 'm').halfWidth);
});

test('each lane that allows a turn leads to every lane of the exit', () => {
  const { movements } = intersection(crossing(3), 'main');
  expect(movements.map(({ id, connectors }) => `${id} ${connectors.length}`)).toEqual(
    ['north', 'east', 'south', 'west'].flatMap((side) =>
      ['left', 'thru', 'right'].map((turn) => `${side}-${turn} 3`),
    ),
  );
});

test('turns are dealt out to lanes from left to right', () => {
  const all = new Set(['left', 'thru', 'right'] as const);
  expect(defaultLaneTurns(1, all)).toEqual([['left', 'thru', 'right']]);
  expect(defaultLaneTurns(2, all)).toEqual([
    ['left', 'thru'],
    ['thru', 'right'],
  ]);
  expect(defaultLaneTurns(4, all)).toEqual([['left'], ['thru'], ['thru'], ['right']]);
  expect(defaultLaneTurns(2, new Set(['left', 'thru'] as const))).toEqual([['left'], ['thru']]);
  expect(defaultLaneTurns(2, new Set(['thru', 'right'] as const))).toEqual([['thru'], ['thru', 'right']]);
  expect(defaultLaneTurns(3, new Set(['left', 'right'] as const))).toEqual([['left'], ['left'], ['right']]);
});

test('a derived plan gives lefts with a lane of their own a protected phase', () => {
  expect(plan(intersection(crossing(3), 'main'))).toEqual([
    'east-west-thru: east-thru east-right* west-thru west-right*',
    'east-west-left: east-left west-left',
    'north-south-thru: north-thru north-right* south-thru south-right*',
    'north-south-left: north-left south-left',
  ]);
});

test('a derived plan lets lefts that share a lane go where there is a gap', () => {
  expect(plan(intersection(crossing(1), 'main'))).toEqual([
    'east-west-thru: east-left* east-thru east-right* west-left* west-thru west-right*',
    'north-south-thru: north-left* north-thru north-right* south-left* south-thru south-right*',
  ]);
});

test('a T has three phases', () => {
  const layout = layOut({ name: 'T', isolated: { approaches: ['east', 'south', 'west'], lanes: 2 } });
  expect(plan(intersection(layout, 'main'))).toEqual([
    'east-west-thru: east-thru west-thru west-right*',
    'east-west-left: east-left east-thru',
    'south: south-left south-right',
  ]);
});

test('no derived plan shows two conflicting movements as protected', () => {
  for (const scenario of [
    { name: 'skewed', ...skewed },
    { name: 'star', ...star },
  ] satisfies Scenario[]) {
    for (const { signal, movements } of layOut(scenario).intersections) {
      for (const { greens } of signal?.phases ?? []) {
        const paths = greens
          .filter(({ permitted }) => !permitted)
          .flatMap(({ movement }) =>
            movements[movement].connectors.map(({ points }) => ({ movement, points })),
          );
        for (const { a, b } of crossesOf(paths.map(({ points }) => points))) {
          expect(movements[paths[a].movement].from).toBe(movements[paths[b].movement].from);
        }
      }
      const served = new Set(signal?.phases.flatMap(({ greens }) => greens.map(({ movement }) => movement)));
      if (signal) expect(served.size).toBe(movements.length);
    }
  }
});

test('facing lefts whose paths cross do not share a phase: each approach gets its own', () => {
  const layout = layOut({
    name: 'tight',
    isolated: { lanes: 3 },
    intersections: { main: { halfWidthM: 4 } },
  });
  expect(plan(intersection(layout, 'main'))).toEqual([
    'east: east-left east-thru east-right',
    'west: west-left west-thru west-right',
    'north: north-left north-thru north-right',
    'south: south-left south-thru south-right',
  ]);
});

test('splits share the cycle in whole steps, and offsets are kept', () => {
  const layout = layOut({
    name: 'splits',
    stepS: 0.5,
    isolated: { lanes: 3 },
    signals: { cycleS: 91.5 },
    intersections: { main: { offsetS: 12.5 } },
  });
  const signal = intersection(layout, 'main').signal!;
  expect(signal.phases.map(({ splitS }) => splitS)).toEqual([23, 23, 23, 22.5]);
  expect(signal.offsetS).toBe(12.5);
  expect(signal.phases[0].yellowChangeS).toBe(3.5);
});

const skewed = {
  intersections: {
    m: { x: 10, y: 20 },
    a: { x: 300, y: 100 },
    b: { x: 200, y: 300 },
    c: { x: -250, y: 40 },
    d: { x: -90, y: -300 },
  },
  roads: [
    { from: 'a', to: 'm', lanes: 2 },
    { from: 'b', to: 'm' },
    { from: 'c', to: 'm', lanes: 3 },
    { from: 'd', to: 'm', lanes: 2 },
  ],
};

const star = {
  intersections: {
    m: { x: 0, y: 0 },
    a: { x: 300, y: 0 },
    b: { x: 93, y: 285 },
    c: { x: -243, y: 176 },
    d: { x: -243, y: -176 },
    e: { x: 93, y: -285 },
  },
  roads: ['a', 'b', 'c', 'd', 'e'].map((from) => ({ from, to: 'm', lanes: 2 })),
};
