import type { Point } from '../../scenario/layout.ts';

/**
 * Where CityFlow puts lanes and the paths between them, from what its files say.
 *
 * Nothing is rounded and every sum runs in CityFlow's order, so that lengths agree to the last bit:
 * only + − × ÷ and square roots are used, which are exact everywhere.
 */

/** The length of a polyline, m. */
export function polylineLength(points: readonly Point[]): number {
  let length = 0;
  for (let k = 0; k + 1 < points.length; k++) {
    const dx = points[k + 1]!.x - points[k]!.x;
    const dy = points[k + 1]!.y - points[k]!.y;
    length += Math.sqrt(dx * dx + dy * dy);
  }
  return length;
}

/**
 * The centre lines of a road's lanes, innermost first.
 *
 * The road's own line is the inner edge of lane 0. It is cut short by `cutStart` and `cutEnd` along
 * its first and last segment (the half-widths of its intersections; 0 at a boundary), then shifted to
 * the right of the direction of travel by the widths of the lanes inside plus half its own. At inner
 * points the shift is along the bisector and not lengthened for the bend, as in CityFlow.
 */
export function laneLines(
  roadPoints: readonly Point[],
  laneWidths: readonly number[],
  cutStart: number,
  cutEnd: number,
): Point[][] {
  const line = shortened(roadPoints, cutStart, cutEnd);
  const normals = line.map((_, k) => rightNormal(line, k));
  let inner = 0;
  return laneWidths.map((width) => {
    const shift = (inner + (inner + width)) / 2;
    inner += width;
    return line.map(({ x, y }, k) => ({ x: x + normals[k]!.x * shift, y: y + normals[k]!.y * shift }));
  });
}

function shortened(points: readonly Point[], cutStart: number, cutEnd: number): Point[] {
  const line = points.map(({ x, y }) => ({ x, y }));
  const last = line.length - 1;
  if (cutStart > 0) {
    const u = direction(line[0]!, line[1]!);
    line[0] = { x: line[0]!.x + u.x * cutStart, y: line[0]!.y + u.y * cutStart };
  }
  if (cutEnd > 0) {
    const u = direction(line[last - 1]!, line[last]!);
    line[last] = { x: line[last]!.x - u.x * cutEnd, y: line[last]!.y - u.y * cutEnd };
  }
  return line;
}

/** The unit vector to the right of travel at point `k` of a line; at inner points, of the bisector. */
function rightNormal(line: readonly Point[], k: number): Point {
  const last = line.length - 1;
  if (k === 0) return turnedRight(direction(line[0]!, line[1]!));
  if (k === last) return turnedRight(direction(line[last - 1]!, line[last]!));
  const ahead = direction(line[k]!, line[k + 1]!);
  const behind = direction(line[k - 1]!, line[k]!);
  return turnedRight(direction({ x: 0, y: 0 }, { x: ahead.x + behind.x, y: ahead.y + behind.y }));
}

function turnedRight({ x, y }: Point): Point {
  return { x: y, y: -x };
}

/** The unit vector from `a` to `b`; not a number where the points are equal. */
export function direction(a: Point, b: Point): Point {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = Math.sqrt(dx * dx + dy * dy);
  return { x: dx / length, y: dy / length };
}
