import type { RoadMap } from '../../server/protocol/roadMap.ts';
import { alongOf, rows } from './paths.ts';

/**
 * A road as it is drawn: its axis is the inner edge of the innermost lane, and everything else lies to the right of it by
 * some metres along the normals. Coordinates are m from the map's middle.
 */
export interface RoadAxis {
  readonly road: number;
  /** x, y, x, y …, in the direction of driving. */
  readonly points: readonly number[];
  /** Unit vectors to the right, where two pieces meet along their bisector. */
  readonly normals: readonly number[];
  /** m from the start, by point. */
  readonly along: readonly number[];
  readonly length: number;
  readonly width: number;
  /** From the innermost outward. */
  readonly lanes: readonly number[];
  /** By lane: m from the axis to its inner edge. */
  readonly inner: readonly number[];
}

/** Lanes of a road whose points are not as many as the innermost one's stand as roads of their own. */
export function roadAxesOf(map: RoadMap, middle: { readonly x: number; readonly y: number }): RoadAxis[] {
  const { lanes, roads } = map;
  const { starts, items } = rows(lanes.road, roads.name.length);
  const axes: RoadAxis[] = [];
  for (let r = 0; r < roads.name.length; r++) {
    let together: number[] = [];
    for (let k = starts[r]!; k < starts[r + 1]!; k++) {
      const l = items[k]!;
      if (together.length > 0 && lanes.shape[l]!.length !== lanes.shape[together[0]!]!.length) {
        axes.push(axisOf(map, r, together, middle));
        together = [];
      }
      together.push(l);
    }
    if (together.length > 0) axes.push(axisOf(map, r, together, middle));
  }
  return axes;
}

/** By lane: m from its road's axis to its middle. */
export function besideOf({ lanes }: RoadMap, axes: readonly RoadAxis[]): Float64Array {
  const beside = new Float64Array(lanes.width.length);
  for (const axis of axes) {
    axis.lanes.forEach((l, rank) => {
      beside[l] = axis.inner[rank]! + lanes.width[l]! / 2;
    });
  }
  return beside;
}

function axisOf(
  { lanes }: RoadMap,
  road: number,
  together: readonly number[],
  middle: { readonly x: number; readonly y: number },
): RoadAxis {
  const shape = lanes.shape[together[0]!]!;
  const normals = normalsOf(shape);
  const half = lanes.width[together[0]!]! / 2;
  const points = shape.map((value, k) => value - (k % 2 === 0 ? middle.x : middle.y) - normals[k]! * half);
  const inner: number[] = [];
  let width = 0;
  for (const l of together) {
    inner.push(width);
    width += lanes.width[l]!;
  }
  const along = alongOf(points);
  return { road, points, normals, along, length: along[along.length - 1]!, width, lanes: together, inner };
}

/** Unit vectors to the right of a line, at each of its points. */
function normalsOf(shape: readonly number[]): number[] {
  const headings: number[] = [];
  for (let k = 2; k < shape.length; k += 2) {
    const dx = shape[k]! - shape[k - 2]!;
    const dy = shape[k + 1]! - shape[k - 1]!;
    const length = Math.hypot(dx, dy) || 1;
    headings.push(dx / length, dy / length);
  }
  const normals: number[] = [];
  const last = headings.length - 2;
  for (let k = 0; k < shape.length; k += 2) {
    const before = Math.max(0, k - 2);
    const after = Math.min(last, k);
    const x = headings[before]! + headings[after]!;
    const y = headings[before + 1]! + headings[after + 1]!;
    const length = Math.hypot(x, y) || 1;
    normals.push(y / length, -x / length);
  }
  return normals;
}
