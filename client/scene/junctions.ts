import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { RoadAxis } from './roadAxes.ts';

/** Where a road opens into an intersection: two points in counterclockwise order, and the way out. */
interface Mouth {
  readonly first: readonly [number, number];
  readonly second: readonly [number, number];
  readonly outX: number;
  readonly outY: number;
  readonly angle: number;
}

/** An intersection's paved area. */
export interface Junction {
  readonly intersection: number;
  readonly x: number;
  readonly y: number;
  /** Counterclockwise x, y, x, y …, in m from the map's middle. */
  readonly outline: readonly number[];
  /** By point: the edge to the next one is where a road opens, and has no curb. */
  readonly opens: readonly boolean[];
}

/** The paving reaches so far into the roads that no gap shows, m. */
const OVERLAP_M = 0.4;
const CORNER_PIECES = 10;
/** Mouths whose ways out differ by less than this (as a cosine) are of the same leg. */
const SAME_LEG = 0.94;

/** Paved areas, with rounded curbs from leg to leg. */
export function junctionsOf(
  map: RoadMap,
  axes: readonly RoadAxis[],
  middle: { readonly x: number; readonly y: number },
): Junction[] {
  const { roads, intersections } = map;
  const mouths: Mouth[][] = intersections.name.map(() => []);
  const centres = intersections.x.map((x, i) => [x - middle.x, intersections.y[i]! - middle.y] as const);
  for (const axis of axes) {
    const from = roads.from[axis.road]!;
    const to = roads.to[axis.road]!;
    mouths[from]!.push(mouthOf(axis, 0, centres[from]!));
    mouths[to]!.push(mouthOf(axis, axis.points.length - 2, centres[to]!));
  }
  return mouths.flatMap((around, intersection) => {
    if (intersections.boundary[intersection] === 1 || around.length < 2) return [];
    const [x, y] = centres[intersection]!;
    return [{ intersection, x, y, ...outlineOf(around) }];
  });
}

/** @param k  of the axis's first or last point */
function mouthOf({ points, normals, width }: RoadAxis, k: number, [x, y]: readonly [number, number]): Mouth {
  const starts = k === 0;
  const right = [normals[k]!, normals[k + 1]!] as const;
  // The heading is a quarter turn left of the normal; the way out of the intersection leads along a road that starts here.
  const sign = starts ? 1 : -1;
  const outX = -right[1] * sign;
  const outY = right[0] * sign;
  const inner = [points[k]! + outX * OVERLAP_M, points[k + 1]! + outY * OVERLAP_M] as const;
  const outer = [inner[0] + right[0] * width, inner[1] + right[1] * width] as const;
  const angle = Math.atan2((inner[1] + outer[1]) / 2 - y, (inner[0] + outer[0]) / 2 - x);
  return { first: starts ? outer : inner, second: starts ? inner : outer, outX, outY, angle };
}

function outlineOf(mouths: Mouth[]): Pick<Junction, 'outline' | 'opens'> {
  const around = mouths.sort((a, b) => a.angle - b.angle);
  const outline: number[] = [];
  const opens: boolean[] = [];
  around.forEach((mouth, k) => {
    const curb = corner(mouth, around[(k + 1) % around.length]!);
    outline.push(...mouth.first, ...mouth.second, ...curb);
    opens.push(true, ...Array<boolean>(1 + curb.length / 2).fill(false));
  });
  return { outline, opens };
}

/** A curb from one mouth to the next: a curve that leaves along one road and arrives along the other. */
function corner(a: Mouth, b: Mouth): number[] {
  const cosine = a.outX * b.outX + a.outY * b.outY;
  const sine = a.outX * b.outY - a.outY * b.outX;
  if (cosine > SAME_LEG || Math.abs(sine) < 0.05) return [];
  const dx = b.first[0] - a.second[0];
  const dy = b.first[1] - a.second[1];
  const alongA = (dx * b.outY - dy * b.outX) / sine;
  const alongB = (dx * a.outY - dy * a.outX) / sine;
  // Edges that would meet outside the intersection: a wide angle, which a straight curb closes.
  if (alongA >= 0 || alongB >= 0) return [];
  const x = a.second[0] + a.outX * alongA;
  const y = a.second[1] + a.outY * alongA;
  const points: number[] = [];
  for (let piece = 1; piece < CORNER_PIECES; piece++) {
    const t = piece / CORNER_PIECES;
    const s = 1 - t;
    points.push(
      s * s * a.second[0] + 2 * s * t * x + t * t * b.first[0],
      s * s * a.second[1] + 2 * s * t * y + t * t * b.first[1],
    );
  }
  return points;
}
