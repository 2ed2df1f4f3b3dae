import type { Point } from './layout.ts';

/*
 * Plane geometry of roads and paths. x east, y north, metres; right-hand traffic.
 *
 * Only + − × ÷ and Math.sqrt are used, which are exact by IEEE 754, and every coordinate and length is
 * rounded to a micrometre, so that equal intersections at different places get equal numbers.
 */

/** To a whole micrometre. Adding 0 turns −0 into 0. */
export function rounded(metres: number): number {
  return Math.round(metres * 1e6) / 1e6 + 0;
}

export function roundedPoint(x: number, y: number): Point {
  return { x: rounded(x), y: rounded(y) };
}

/** The unit vector from one point to another; they must differ. */
export function heading(from: Point, to: Point): Point {
  const x = to.x - from.x;
  const y = to.y - from.y;
  const length = Math.sqrt(x * x + y * y);
  return { x: x / length, y: y / length };
}

export function distanceBetween(a: Point, b: Point): number {
  const x = b.x - a.x;
  const y = b.y - a.y;
  return Math.sqrt(x * x + y * y);
}

/** Positive if `b` points to the left of `a`; the sine of the angle for unit vectors. */
export function cross(a: Point, b: Point): number {
  return a.x * b.y - a.y * b.x;
}

/** The cosine of the angle between two unit vectors. */
export function dot(a: Point, b: Point): number {
  return a.x * b.x + a.y * b.y;
}

/** Length of a polyline, rounded. */
export function polylineLength(points: readonly Point[]): number {
  let length = 0;
  for (let k = 1; k < points.length; k++) length += distanceBetween(points[k - 1]!, points[k]!);
  return rounded(length);
}

/** A point `ahead` along a heading and `right` to the right of it. */
export function offsetPoint(direction: Point, ahead: number, right: number): Point {
  return {
    x: rounded(direction.x * ahead + direction.y * right),
    y: rounded(direction.y * ahead - direction.x * right),
  };
}

/**
 * The middle of a lane that lies `right` metres to the right of a centre line: shortened at both ends,
 * shifted along the bisector at bends (without widening the bend, as CityFlow does it).
 *
 * The centre line runs from intersection centre to intersection centre. The end points are found
 * relative to their own centre, so they meet the paths across the intersection to the last bit.
 */
export function laneLine(centreLine: readonly Point[], cutStart: number, cutEnd: number, right: number) {
  const first = centreLine[0]!;
  const last = centreLine[centreLine.length - 1]!;
  const startOffset = offsetPoint(heading(first, centreLine[1]!), cutStart, right);
  const endOffset = offsetPoint(heading(centreLine[centreLine.length - 2]!, last), -cutEnd, right);
  const points = [roundedPoint(first.x + startOffset.x, first.y + startOffset.y)];
  // The same line as seen from the first centre, for a length that does not depend on the place.
  const local = [startOffset];
  for (let k = 1; k + 1 < centreLine.length; k++) {
    const vertex = centreLine[k]!;
    const before = heading(centreLine[k - 1]!, vertex);
    const after = heading(vertex, centreLine[k + 1]!);
    const along = heading({ x: 0, y: 0 }, { x: before.x + after.x, y: before.y + after.y });
    const shift = offsetPoint(along, 0, right);
    points.push(roundedPoint(vertex.x + shift.x, vertex.y + shift.y));
    local.push(roundedPoint(vertex.x - first.x + shift.x, vertex.y - first.y + shift.y));
  }
  points.push(roundedPoint(last.x + endOffset.x, last.y + endOffset.y));
  local.push(roundedPoint(last.x - first.x + endOffset.x, last.y - first.y + endOffset.y));
  return { points, length: polylineLength(local) };
}

const CURVE_POINTS = 11;

/**
 * A path from a lane end to a lane start: straight if it leads straight ahead, else a cubic Bezier of 11
 * points. Control points lie 0.39 chords along the lanes, which makes a quarter turn nearly a circle.
 */
export function connectorPath(from: Point, fromHeading: Point, to: Point, toHeading: Point): Point[] {
  const chord = distanceBetween(from, to);
  if (chord < 1e-6) return [from, to];
  const ahead = heading(from, to);
  if (dot(ahead, fromHeading) > 1 - 1e-9 && dot(ahead, toHeading) > 1 - 1e-9) return [from, to];

  const reach = 0.39 * chord;
  const x1 = from.x + fromHeading.x * reach;
  const y1 = from.y + fromHeading.y * reach;
  const x2 = to.x - toHeading.x * reach;
  const y2 = to.y - toHeading.y * reach;
  const points = [from];
  for (let k = 1; k + 1 < CURVE_POINTS; k++) {
    const t = k / (CURVE_POINTS - 1);
    const s = 1 - t;
    const a = s * s * s;
    const b = 3 * s * s * t;
    const c = 3 * s * t * t;
    const d = t * t * t;
    points.push(
      roundedPoint(a * from.x + b * x1 + c * x2 + d * to.x, a * from.y + b * y1 + c * y2 + d * to.y),
    );
  }
  points.push(to);
  return points;
}
