import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { Cells } from './cells.ts';
import { elementIn, HAS_VIA, poseOf, ROW_WORDS } from './glides.ts';
import { type Paths, type Pose, TEXEL } from './paths.ts';

/** How near to a thing one points, CSS pixels; a small thing is as big as this. */
const VEHICLE_PX = 9;
const INTERSECTION_PX = 9;
const LANE_PX = 5;
/** Nobody aims at a vehicle that is drawn shorter than this, CSS pixels. */
const AIMED_AT_PX = 10;
/** No lane is wider than twice this. */
const WIDEST_HALF_M = 5;

/** Where a person points: m from the map's middle, and how many m a CSS pixel is. */
export interface Pointed {
  readonly x: number;
  readonly y: number;
  readonly pixelM: number;
}

/** Rows of vehicles as they are drawn at this moment. */
export interface DrawnRows {
  readonly ids: Uint32Array;
  readonly words: Uint16Array;
  readonly count: number;
  readonly fraction: number;
}

/**
 * The vehicle or the intersection that a person means who points at both. A crowd of small vehicles stands before every
 * signal: there the vehicle is meant only where it is large enough to be aimed at, and hit.
 */
export function meant(
  { pixelM }: Pointed,
  vehicle: NearVehicle | null,
  intersection: number | null,
): 'vehicle' | 'intersection' | null {
  if (vehicle === null) return intersection === null ? null : 'intersection';
  if (intersection === null) return 'vehicle';
  const isHit = vehicle.distanceM <= pixelM && vehicle.lengthM >= AIMED_AT_PX * pixelM;
  return isHit ? 'vehicle' : 'intersection';
}

export interface NearVehicle {
  readonly vehicle: number;
  readonly lengthM: number;
  /** From its body; 0: on it. */
  readonly distanceM: number;
}

/** The vehicle nearest to where one points, or `null`. */
export function vehicleAt(
  { x, y, pixelM }: Pointed,
  { ids, words, count, fraction }: DrawnRows,
  map: RoadMap,
  paths: Paths,
  cells: Cells,
): NearVehicle | null {
  const reach = VEHICLE_PX * pixelM;
  const longest = Math.max(...map.vehicleTypes.length, 1);
  const near = new Uint8Array(paths.elementCount);
  for (const e of cells.near(x, y, reach + longest)) near[e] = 1;
  const pose: Pose = { x: 0, y: 0, headingX: 0, headingY: 0 };
  let found: NearVehicle | null = null;
  let least = reach;
  for (let row = 0; row < count; row++) {
    const at = row * ROW_WORDS;
    const isNear =
      near[elementIn(words, at, 'now')] === 1 ||
      ((words[at + 7]! & 3) !== 0 && near[elementIn(words, at, 'was')] === 1) ||
      ((words[at + 7]! & HAS_VIA) !== 0 && near[elementIn(words, at, 'via')] === 1);
    if (!isNear) continue;
    poseOf(paths, words, row, fraction, pose);
    const type = Math.min(map.vehicleTypes.length.length - 1, (words[at + 2]! >> 8) & 7);
    const lengthM = map.vehicleTypes.length[type]!;
    const distanceM = distanceToBody(pose, lengthM, map.vehicleTypes.width[type]!, x, y);
    if (distanceM <= least) {
      least = distanceM;
      found = { vehicle: ids[row]!, lengthM, distanceM };
    }
  }
  return found;
}

/** From a place to a rectangle whose front's middle is the pose; 0 within. */
function distanceToBody(pose: Pose, length: number, width: number, x: number, y: number): number {
  const dx = x - pose.x;
  const dy = y - pose.y;
  const ahead = dx * pose.headingX + dy * pose.headingY;
  const across = Math.abs(dx * pose.headingY - dy * pose.headingX);
  const beyond = Math.max(0, ahead, -length - ahead);
  return Math.hypot(beyond, Math.max(0, across - width / 2));
}

/** The intersection under the pointer, or `null`. Boundaries are none. */
export function intersectionAt(
  { x, y, pixelM }: Pointed,
  { intersections }: RoadMap,
  middle: { readonly x: number; readonly y: number },
): number | null {
  let found: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < intersections.x.length; i++) {
    if (intersections.boundary[i] === 1) continue;
    const distance = Math.hypot(intersections.x[i]! - middle.x - x, intersections.y[i]! - middle.y - y);
    if (distance > Math.max(intersections.halfWidth[i]!, INTERSECTION_PX * pixelM) || distance >= least)
      continue;
    least = distance;
    found = i;
  }
  return found;
}

/** The lane under the pointer and where along it, or `null`. */
export function laneAt(
  { x, y, pixelM }: Pointed,
  map: RoadMap,
  paths: Paths,
  cells: Cells,
): { lane: number; positionM: number } | null {
  let found: { lane: number; positionM: number } | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const e of cells.near(x, y, WIDEST_HALF_M + LANE_PX * pixelM)) {
    if (e >= paths.laneCount) continue;
    const { distance, fraction } = nearestOn(paths, e, x, y);
    if (distance > Math.max(map.lanes.width[e]! / 2, LANE_PX * pixelM) || distance >= least) continue;
    least = distance;
    found = { lane: e, positionM: fraction * map.lanes.length[e]! };
  }
  return found;
}

function nearestOn(
  { table }: Paths,
  e: number,
  x: number,
  y: number,
): { distance: number; fraction: number } {
  const first = table[e * TEXEL]!;
  const count = table[e * TEXEL + 1]!;
  let distance = Number.POSITIVE_INFINITY;
  let fraction = 0;
  for (let k = 0; k < count; k++) {
    const at = (first + k) * TEXEL;
    const dx = table[at + 2]! - table[at]!;
    const dy = table[at + 3]! - table[at + 1]!;
    const squared = dx * dx + dy * dy || 1;
    const t = Math.min(1, Math.max(0, ((x - table[at]!) * dx + (y - table[at + 1]!) * dy) / squared));
    const away = Math.hypot(table[at]! + dx * t - x, table[at + 1]! + dy * t - y);
    if (away >= distance) continue;
    distance = away;
    fraction = (k + t) / count;
  }
  return { distance, fraction };
}
