import type { Cross } from '../../server/scenario/conflicts.ts';
import type { Point } from '../../server/scenario/layout.ts';

/**
 * Conflict points of CityFlow's files in the plain model, written from the text of the rule: for every pair of paths, a
 * before b, and every pair of their segments, those of a in the outer loop; parallel segments are passed over before the
 * length of b's segment is added; the first meeting ends the search.
 */
export function plainCrossesOf(paths: readonly (readonly Point[])[]): Cross[] {
  const crosses: Cross[] = [];
  paths.forEach((pathA, a) => {
    paths.slice(a + 1).forEach((pathB, k) => {
      const met = meeting(pathA, pathB);
      if (met !== null) crosses.push({ a, b: a + 1 + k, distanceA: met[0], distanceB: met[1] });
    });
  });
  return crosses;
}

const TOLERANCE = 1e-8;

function meeting(pathA: readonly Point[], pathB: readonly Point[]): [number, number] | null {
  let alongA = 0;
  for (let i = 1; i < pathA.length; i++) {
    const [a1, a2] = [pathA[i - 1], pathA[i]];
    let alongB = 0;
    for (let j = 1; j < pathB.length; j++) {
      const [b1, b2] = [pathB[j - 1], pathB[j]];
      const parallel = cross(minus(a2, a1), minus(b2, b1));
      if (Math.abs(parallel) < TOLERANCE) continue;
      const share = cross(minus(b1, a1), minus(b2, b1)) / parallel;
      const along = minus(a2, a1);
      const point = { x: a1.x + along.x * share, y: a1.y + along.y * share };
      if (isOn(a1, a2, point) && isOn(b1, b2, point)) {
        return [alongA + distance(a1, point), alongB + distance(b1, point)];
      }
      alongB += distance(b1, b2);
    }
    alongA += distance(a1, a2);
  }
  return null;
}

function isOn(from: Point, to: Point, point: Point): boolean {
  const beside = cross(minus(to, from), minus(point, from));
  const [u, v] = [minus(point, from), minus(point, to)];
  return Math.abs(beside) < TOLERANCE && u.x * v.x + u.y * v.y < TOLERANCE;
}

function minus(a: Point, b: Point): Point {
  return { x: a.x - b.x, y: a.y - b.y };
}

function cross(a: Point, b: Point): number {
  return a.x * b.y - a.y * b.x;
}

function distance(a: Point, b: Point): number {
  const { x, y } = minus(b, a);
  return Math.sqrt(x * x + y * y);
}
