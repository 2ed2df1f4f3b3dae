import type { Point } from './layout.ts';

/** Where two paths meet: the first proper intersection of their polylines. */
export interface Cross {
  readonly a: number; //         index of the first path
  readonly b: number; //         index of the second path, > a
  readonly distanceA: number; // m   along the first path
  readonly distanceB: number; // m   along the second path
}

const TOLERANCE = 1e-8;

/**
 * All conflict points among the paths of one intersection, in the order of the paths.
 *
 * For each pair the first meeting of the two polylines counts, the segments of the first path in the
 * outer loop. Segments are taken as parallel, and skipped, when their cross product is below 1e-8;
 * end points belong to a segment within 1e-8 of its length. So paths that leave the same lane cross
 * at distance 0, and paths into the same lane cross at their ends, as in CityFlow.
 */
export function crossesOf(paths: readonly (readonly Point[])[]): Cross[] {
  const boxes = paths.map(boundingBox);
  const crosses: Cross[] = [];
  for (let a = 0; a < paths.length; a++) {
    for (let b = a + 1; b < paths.length; b++) {
      if (!overlap(boxes[a]!, boxes[b]!)) continue;
      const met = firstMeeting(paths[a]!, paths[b]!);
      if (met) crosses.push({ a, b, distanceA: met.distanceA, distanceB: met.distanceB });
    }
  }
  return crosses;
}

/** The first meeting of two polylines, or `null`. */
function firstMeeting(pathA: readonly Point[], pathB: readonly Point[]) {
  let alongA = 0;
  for (let i = 0; i + 1 < pathA.length; i++) {
    const a1 = pathA[i]!;
    const a2 = pathA[i + 1]!;
    const ax = a2.x - a1.x;
    const ay = a2.y - a1.y;
    const lengthA = Math.sqrt(ax * ax + ay * ay);
    let alongB = 0;
    for (let j = 0; j + 1 < pathB.length; j++) {
      const b1 = pathB[j]!;
      const b2 = pathB[j + 1]!;
      const bx = b2.x - b1.x;
      const by = b2.y - b1.y;
      const lengthB = Math.sqrt(bx * bx + by * by);
      const determinant = ax * by - ay * bx;
      if (Math.abs(determinant) >= TOLERANCE) {
        const t = ((b1.x - a1.x) * by - (b1.y - a1.y) * bx) / determinant;
        const u = ((b1.x - a1.x) * ay - (b1.y - a1.y) * ax) / determinant;
        if (withinSegment(t) && withinSegment(u)) {
          return { distanceA: alongA + t * lengthA, distanceB: alongB + u * lengthB };
        }
      }
      alongB += lengthB;
    }
    alongA += lengthA;
  }
  return null;
}

function withinSegment(t: number): boolean {
  return t >= -TOLERANCE && t <= 1 + TOLERANCE;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

function boundingBox(path: readonly Point[]): Box {
  let left = Infinity;
  let right = -Infinity;
  let bottom = Infinity;
  let top = -Infinity;
  for (const { x, y } of path) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  return { left, right, bottom, top };
}

/** Whether two boxes touch, with a margin wider than the tolerance of `withinSegment`. */
function overlap(a: Box, b: Box): boolean {
  const margin = 1e-5;
  return (
    a.left <= b.right + margin &&
    b.left <= a.right + margin &&
    a.bottom <= b.top + margin &&
    b.bottom <= a.top + margin
  );
}
