import type { Point } from './layout.ts';
import { amount } from './problem.ts';

/**
 * The least extent of a network of two intersections, m. With more of them it grows with the root of their number, as does a
 * grid: in metres their distance cannot be less than some dozens, and no city is as large in degrees.
 */
const LEAST_EXTENT_M = 10;
/** Farther than this from the origin, coordinates come from a map projection. */
const PROJECTED_M = 100_000;
/** Eastings of UTM stay below this; farther out lie those of Web Mercator. */
const UTM_EASTING_MAX_M = 1_000_000;
/** The radius of Web Mercator's sphere (EPSG:3857). */
const MERCATOR_RADIUS_M = 6_378_137;

/** What is said of coordinates that can hardly be metres from a place in the network. */
export interface CoordinateFinding {
  /** `too small`: degrees or kilometres; `projected`: UTM, Web Mercator or their like. */
  readonly kind: 'too small' | 'projected';
  readonly message: string;
  readonly advice: string;
}

/**
 * Degrees of longitude and latitude given as metres, and eastings and northings of a map projection; `null` for
 * coordinates as they should be. One point alone tells nothing.
 */
export function coordinateFinding(points: readonly Point[]): CoordinateFinding | null {
  if (points.length < 2) return null;
  const low = { x: Infinity, y: Infinity };
  const high = { x: -Infinity, y: -Infinity };
  for (const { x, y } of points) {
    low.x = Math.min(low.x, x);
    low.y = Math.min(low.y, y);
    high.x = Math.max(high.x, x);
    high.y = Math.max(high.y, y);
  }
  const [width, height] = [high.x - low.x, high.y - low.y];
  if (Math.max(width, height) < LEAST_EXTENT_M * Math.sqrt(points.length / 2)) return tooSmall(low, high);
  const away = (from: number, to: number) => (from > 0 ? from : to < 0 ? -to : 0);
  if (Math.max(away(low.x, high.x), away(low.y, high.y)) < PROJECTED_M) return null;
  return projected(low, high);
}

function tooSmall(low: Point, high: Point): CoordinateFinding {
  const isOnGlobe = low.x >= -180 && high.x <= 180 && low.y >= -90 && high.y <= 90;
  const unit = isOnGlobe ? 'degrees of longitude and latitude, or kilometres,' : 'kilometres';
  return {
    kind: 'too small',
    message: `the whole network measures ${short(high.x - low.x)} m by ${short(high.y - low.y)} m: its coordinates look like ${unit} given as metres.`,
    advice:
      'Convert coordinates to metres before they are written: project degrees to the local UTM zone and subtract the coordinates of one intersection from all.',
  };
}

function projected(low: Point, high: Point): CoordinateFinding {
  const at = `(${amount(Math.round(low.x))}, ${amount(Math.round(low.y))})`;
  const isMercator = Math.max(Math.abs(low.x), Math.abs(high.x)) > UTM_EASTING_MAX_M;
  if (!isMercator) {
    return {
      kind: 'projected',
      message: `the network lies more than ${amount(PROJECTED_M / 1000, 'km')} from the origin, at ${at}: its coordinates look like eastings and northings of UTM or another projection.`,
      advice: 'Subtract the coordinates of one intersection from all; lengths stay as they are.',
    };
  }
  const latitude = Math.atan(Math.sinh((low.y + high.y) / 2 / MERCATOR_RADIUS_M));
  const stretch = Math.round(100 / Math.cos(latitude)) / 100;
  return {
    kind: 'projected',
    message: `the network lies at ${at}: its coordinates look like Web Mercator (EPSG:3857), in which lengths here are ${stretch} times too long.`,
    advice: 'Project to the local UTM zone, and subtract the coordinates of one intersection from all.',
  };
}

/** Three significant digits. */
function short(metres: number): string {
  return String(Number(metres.toPrecision(3)));
}
