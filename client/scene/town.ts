import type { Geometry } from 'pixi.js';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { Bounds } from './camera.ts';
import { Cells } from './cells.ts';
import { DataTexture } from './dataTexture.ts';
import { junctionsOf } from './junctions.ts';
import { laneGeometry } from './lanePaint.ts';
import { markingGeometry } from './markings.ts';
import { createPalette } from './palette.ts';
import { Paths, TEXEL } from './paths.ts';
import { besideOf, type RoadAxis, roadAxesOf } from './roadAxes.ts';
import { type CameraUniforms, cameraUniforms } from './shaders.ts';
import { signalGeometry } from './signals.ts';
import { fadeGeometry, surfaceGeometry } from './surfaces.ts';

/** Around signals, m: as far as most queues reach. */
const AROUND_SIGNALS_M = 120;

/** What holds still and all sides share: the map as lines and triangles, and the camera. Made once. */
export interface Town {
  readonly map: RoadMap;
  /** Of the map; everything drawn is in m from here. */
  readonly middle: { readonly x: number; readonly y: number };
  /** In m from the middle. */
  readonly bounds: Bounds;
  /** What one sees first, in m from the middle. */
  readonly opening: Bounds;
  readonly axes: readonly RoadAxis[];
  readonly paths: Paths;
  readonly cells: Cells;
  readonly camera: CameraUniforms;
  readonly palette: DataTexture<'rgba8unorm'>;
  readonly pathTable: DataTexture<'rgba32float'>;
  readonly geometry: {
    readonly surface: Geometry;
    readonly fade: Geometry;
    readonly markings: Geometry;
    readonly lanes: Geometry;
    readonly signals: Geometry;
  };
}

export function buildTown(map: RoadMap): Town {
  const whole = boundsOf(map);
  const middle = { x: (whole.left + whole.right) / 2, y: (whole.bottom + whole.top) / 2 };
  const bounds = {
    left: whole.left - middle.x,
    right: whole.right - middle.x,
    bottom: whole.bottom - middle.y,
    top: whole.top - middle.y,
  };
  const axes = roadAxesOf(map, middle);
  const paths = new Paths(map, middle, besideOf(map, axes));
  const pathTable = new DataTexture('rgba32float', paths.table.length / TEXEL);
  pathTable.fill(paths.table);
  return {
    map,
    middle,
    bounds,
    opening: openingOf(map, middle, bounds),
    axes,
    paths,
    cells: new Cells(paths, bounds),
    camera: cameraUniforms(),
    palette: createPalette(),
    pathTable,
    geometry: {
      surface: surfaceGeometry(map, axes, junctionsOf(map, axes, middle)),
      fade: fadeGeometry(map, axes),
      markings: markingGeometry(map, axes, paths),
      lanes: laneGeometry(map, axes),
      signals: signalGeometry(map, axes, paths),
    },
  };
}

/** Of all lanes and intersections; a map of nothing is a square of 100 m. */
function boundsOf({ lanes, intersections }: RoadMap): Bounds {
  let left = Number.POSITIVE_INFINITY;
  let bottom = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let top = Number.NEGATIVE_INFINITY;
  const take = (x: number, y: number, reach: number) => {
    left = Math.min(left, x - reach);
    right = Math.max(right, x + reach);
    bottom = Math.min(bottom, y - reach);
    top = Math.max(top, y + reach);
  };
  for (const shape of lanes.shape)
    for (let k = 0; k < shape.length; k += 2) take(shape[k]!, shape[k + 1]!, 5);
  intersections.x.forEach((x, i) => {
    take(x, intersections.y[i]!, intersections.halfWidth[i]!);
  });
  if (left > right) take(0, 0, 50);
  return { left, bottom, right, top };
}

/** All signals and their surroundings, where most happens; all of a map that has none. */
function openingOf({ intersections }: RoadMap, middle: { x: number; y: number }, whole: Bounds): Bounds {
  const signals = intersections.x.map((_, i) => i).filter((i) => intersections.signal[i] === 1);
  if (signals.length === 0) return whole;
  const x = signals.map((i) => intersections.x[i]! - middle.x);
  const y = signals.map((i) => intersections.y[i]! - middle.y);
  return {
    left: Math.max(whole.left, least(x) - AROUND_SIGNALS_M),
    right: Math.min(whole.right, most(x) + AROUND_SIGNALS_M),
    bottom: Math.max(whole.bottom, least(y) - AROUND_SIGNALS_M),
    top: Math.min(whole.top, most(y) + AROUND_SIGNALS_M),
  };
}

function least(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
}

function most(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
}
