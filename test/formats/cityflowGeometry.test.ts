import { expect, test } from 'vitest';
import { curveBetween } from '../../server/formats/cityflow/curve.ts';
import { laneLines, polylineLength } from '../../server/formats/cityflow/geometry.ts';
import { NearestFirst } from '../../server/formats/cityflow/nearestFirst.ts';

const point = (x: number, y: number) => ({ x, y });

test('lanes lie to the right of the road line, innermost first, and end at the stop lines', () => {
  const [inner, outer] = laneLines([point(-400, 0), point(0, 0)], [4, 3], 0, 15);
  expect(inner).toEqual([point(-400, -2), point(-15, -2)]);
  expect(outer).toEqual([point(-400, -5.5), point(-15, -5.5)]);
  expect(polylineLength(inner)).toBe(385);
});

test('at a bend the shift is along the bisector and not lengthened', () => {
  const [lane] = laneLines([point(0, 0), point(100, 0), point(100, 100)], [4], 0, 0);
  expect(lane[1].x).toBeCloseTo(100 + Math.SQRT2, 12);
  expect(lane[1].y).toBeCloseTo(-Math.SQRT2, 12);
  expect(lane[0]).toEqual(point(0, -2));
  expect(lane[2]).toEqual(point(102, 100));
});

test('a link without points is a Bézier curve of ten pieces with control points half the chord away', () => {
  // A left turn from eastbound to northbound: chord √(20² + 20²), half of it 14.142.
  const curve = curveBetween([point(-100, 0), point(-6, 0)], [point(10, 16), point(10, 100)], {
    from: 4,
    to: 4,
  });
  expect(curve).toHaveLength(11);
  expect([curve[0].x, curve[0].y]).toEqual([-10, 0]);
  expect(curve[10]).toEqual(point(10, 20));
  // At t = ½: (P0 + 3 P1 + 3 P2 + P3) / 8.
  expect(curve[5].x).toBeCloseTo((-10 + 3 * (-10 + 14.142135623730951) + 3 * 10 + 10) / 8, 12);
  expect(curve[5].y).toBeCloseTo((0 + 3 * 0 + 3 * (20 - 14.142135623730951) + 20) / 8, 12);
});

test('a short link in a wide intersection keeps 5 m to its control points, the second beyond its end', () => {
  const curve = (halfWidth: number) =>
    curveBetween([point(-100, 0), point(halfWidth, 0)], [point(8 - halfWidth, 0), point(100, 0)], {
      from: halfWidth,
      to: halfWidth,
    });
  expect(curve(5)[5].x).toBeCloseTo((0 + 3 * 5 + 3 * (8 + 5) + 8) / 8, 12);
  expect(curve(4)[5].x).toBeCloseTo((0 + 3 * 4 + 3 * (8 - 4) + 8) / 8, 12);
});

test('the queue gives the nearest first, and equal ones as a libstdc++ heap does', () => {
  const queue = new NearestFirst();
  for (const [row, distance] of [5, 3, 3, 1, 3].entries()) queue.push(row, distance);
  const order: number[] = [];
  for (; queue.count > 0; queue.pop()) order.push(queue.nearest);
  expect(order).toEqual([3, 2, 4, 1, 0]);
});
