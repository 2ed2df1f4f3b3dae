import type { Point } from '../../scenario/layout.ts';
import { direction, polylineLength } from './geometry.ts';

/** Number of pieces of a curve that CityFlow draws where a file gives no points. */
const PIECES = 10;
/** Half-width from which on the control points keep at least this distance, and that distance. */
const REACH_MIN = 5; // m

/**
 * The path CityFlow draws where a lane link has no points: a cubic Bézier curve between two lanes.
 *
 * The lanes are given whole, up to the middle of the intersection; the curve runs from a half-width
 * before the end of the first to a half-width after the start of the second. The inner control points
 * lie half the chord away along the lanes. In an intersection of half-width 5 m or more they lie at
 * least 5 m away, and then, by a slip of sign in CityFlow that its results depend on, the second one
 * lies beyond the end point.
 */
export function curveBetween(
  from: readonly Point[],
  to: readonly Point[],
  halfWidths: { readonly from: number; readonly to: number },
): Point[] {
  const stopLine = polylineLength(from) - halfWidths.from;
  const start = pointAlong(from, stopLine);
  const end = pointAlong(to, halfWidths.to);
  const startDirection = directionAlong(from, stopLine);
  const endDirection = directionAlong(to, halfWidths.to);
  const dx = end.x - start.x;
  const dy = end.y - start.y;
  const reach = Math.sqrt(dx * dx + dy * dy) * 0.5;
  const nearFirst = halfWidths.from >= REACH_MIN && isShort(startDirection, reach);
  const nearSecond = halfWidths.to >= REACH_MIN && isShort(endDirection, reach);
  const mid1 = reached(start, startDirection, nearFirst ? REACH_MIN : reach);
  const mid2 = reached(end, endDirection, nearSecond ? REACH_MIN : -reach);
  const curve: Point[] = [];
  for (let k = 0; k <= PIECES; k++) curve.push(onCurve(start, mid1, mid2, end, k / PIECES));
  return curve;
}

function isShort({ x, y }: Point, reach: number): boolean {
  return x * reach * (x * reach) + y * reach * (y * reach) < REACH_MIN * REACH_MIN;
}

function reached({ x, y }: Point, along: Point, reach: number): Point {
  return { x: x + along.x * reach, y: y + along.y * reach };
}

/** The point of a polyline at a distance from its start, both ends included. */
function pointAlong(points: readonly Point[], distance: number): Point {
  let left = Math.min(Math.max(distance, 0), polylineLength(points));
  if (left <= 0) return points[0]!;
  for (let k = 1; k < points.length; k++) {
    const length = polylineLength([points[k - 1]!, points[k]!]);
    if (left <= length) return between(points[k - 1]!, points[k]!, left / length);
    left -= length;
  }
  return points.at(-1)!;
}

function directionAlong(points: readonly Point[], distance: number): Point {
  let left = distance;
  for (let k = 1; k < points.length; k++) {
    const length = polylineLength([points[k - 1]!, points[k]!]);
    if (left < length) return direction(points[k - 1]!, points[k]!);
    left -= length;
  }
  return direction(points.at(-2)!, points.at(-1)!);
}

/** A point of the curve by de Casteljau's construction. */
function onCurve(p0: Point, p1: Point, p2: Point, p3: Point, t: number): Point {
  const a = between(p0, p1, t);
  const b = between(p1, p2, t);
  const c = between(p2, p3, t);
  return between(between(a, b, t), between(b, c, t), t);
}

function between(a: Point, b: Point, t: number): Point {
  return { x: (b.x - a.x) * t + a.x, y: (b.y - a.y) * t + a.y };
}
