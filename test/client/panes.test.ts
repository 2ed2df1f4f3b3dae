import { expect, test } from 'vitest';
import { arrange, paneAt } from '../../client/scene/panes.ts';

/** Of a map of a size, m. */
const scaleOf = (mapWidth: number, mapHeight: number) => (width: number, height: number) =>
  Math.min(width / mapWidth, height / mapHeight);

const canvas = { width: 1002, height: 502, dots: 1 };
const corners = (sides: readonly number[], map: readonly [number, number], at = canvas) =>
  arrange(sides, at, scaleOf(...map)).panes.map(({ side, left, top }) => [side, left, top]);

test('sides lie beside or above one another, whichever shows the map larger', () => {
  expect(corners([0, 1], [400, 400])).toEqual([
    [0, 0, 0],
    [1, 502, 0],
  ]);
  expect(corners([1, 0], [2000, 300])).toEqual([
    [1, 0, 0],
    [0, 0, 252],
  ]);
  expect(corners([0, 1, 2], [4000, 300]).map(([, left]) => left)).toEqual([0, 0, 0]);
  expect(corners([0, 1, 2, 3], [1000, 500])).toEqual([
    [0, 0, 0],
    [1, 502, 0],
    [2, 0, 252],
    [3, 502, 252],
  ]);
  expect(corners([2], [1000, 500])).toEqual([[2, 0, 0]]);
  expect(corners([], [1000, 500])).toEqual([]);
});

test('where it makes no difference they stand beside one another', () => {
  const { panes } = arrange([0, 1, 2, 3], canvas, () => 3);
  expect(panes.map(({ top }) => top)).toEqual([0, 0, 0, 0]);
});

test('panes are of one size, on whole device pixels, and lines fill what is between them', () => {
  const at = { width: 777, height: 333, dots: 1.5 };
  const { panes, dividers } = arrange([0, 1, 2, 3], at, scaleOf(800, 400));
  for (const { left, top, width, height } of panes) {
    for (const edge of [left, top, width, height]) expect((edge * 1.5) % 1).toBeCloseTo(0, 9);
    expect([width, height]).toEqual([panes[0].width, panes[0].height]);
    expect(left + width).toBeLessThanOrEqual(777.5);
    expect(top + height).toBeLessThanOrEqual(333.5);
  }
  expect(dividers).toEqual([
    { left: panes[1].left - 2, top: 0, width: 2, height: 333 },
    { left: 0, top: panes[2].top - 2, width: 777, height: 2 },
  ]);
});

test('a place of the canvas is in the pane that is there', () => {
  const all = arrange([3, 2, 1, 0], canvas, scaleOf(1000, 500)).panes.map((pane) => ({ pane }));
  const sideAt = (x: number, y: number) => paneAt(all, x, y)?.pane.side ?? null;
  expect([sideAt(10, 10), sideAt(600, 10), sideAt(10, 400), sideAt(600, 400)]).toEqual([3, 2, 1, 0]);
  expect([sideAt(1001, 501), sideAt(-1, 10), sideAt(10, -1)]).toEqual([0, null, null]);
});
