import type { RoadMap } from '../../server/protocol/roadMap.ts';

/** Numbers of a texel: how tables lie in the texture. */
export const TEXEL = 4;
/** A curve is drawn within this of its own points, m. */
const TOLERANCE_M = 0.06;
const PIECES_MAX = 64;
export const SIDES = 4096;
export const SIDE_STEP_M = 0.02;

/** A place and a direction: heading is a unit vector. */
export interface Pose {
  x: number;
  y: number;
  headingX: number;
  headingY: number;
}

/**
 * The lines that vehicles follow, one for each element, cut into equally long straight pieces: a place on one is found
 * without a search. `table` is what the graphics card reads, in texels of 4 numbers:
 *
 *     texel e           first piece's texel, pieces, length in m, sides   for element e
 *     texel of a piece  x, y of its start, x, y of its end                 in m from the map's middle
 *
 * The sides are how far to the right of its road's axis an element starts and ends, in steps of SIDE_STEP_M, the end's times
 * SIDES: where roads are drawn wider than they are, vehicles keep to their lanes by them.
 */
export class Paths {
  readonly elementCount: number;
  readonly laneCount: number;
  readonly table: Float32Array;
  readonly #starts: Int32Array;
  /** By lane: its connectors, `items[starts[l]] … items[starts[l + 1] − 1]`. */
  readonly connectorStarts: Int32Array;
  readonly connectorItems: Int32Array;
  readonly #map: RoadMap;

  /** @param beside  by lane: m from the road's axis to the lane's middle */
  constructor(map: RoadMap, middle: { readonly x: number; readonly y: number }, beside: Float64Array) {
    const { lanes, connectors } = map;
    this.#map = map;
    this.laneCount = lanes.length.length;
    this.elementCount = this.laneCount + connectors.length.length;
    const pieces = [...lanes.shape, ...connectors.shape].map(piecesOf);
    this.#starts = new Int32Array(this.elementCount + 1);
    this.#starts[0] = this.elementCount;
    pieces.forEach((points, e) => {
      this.#starts[e + 1] = this.#starts[e]! + points.length / 2 - 1;
    });
    this.table = new Float32Array(this.#starts[this.elementCount]! * TEXEL);
    pieces.forEach((points, e) => {
      this.#write(e, points, middle);
      this.table[e * TEXEL + 3] = this.#sidesOf(e, beside);
    });
    const { starts, items } = rows(connectors.from, this.laneCount);
    this.connectorStarts = starts;
    this.connectorItems = items.map((k) => k + this.laneCount);
  }

  lengthOf(e: number): number {
    return this.table[e * TEXEL + 2]!;
  }

  fromLane(connector: number): number {
    return this.#map.connectors.from[connector - this.laneCount]!;
  }

  toLane(connector: number): number {
    return this.#map.connectors.to[connector - this.laneCount]!;
  }

  /** The element that leads from one lane to another, −1: none. */
  connectorBetween(from: number, to: number): number {
    for (let k = this.connectorStarts[from]!; k < this.connectorStarts[from + 1]!; k++) {
      const connector = this.connectorItems[k]!;
      if (this.toLane(connector) === to) return connector;
    }
    return -1;
  }

  /** Where an element is at a fraction of its length; from before its start straight backward. Writes to `pose`. */
  at(e: number, fraction: number, pose: Pose): Pose {
    const { table } = this;
    const first = this.#starts[e]!;
    const count = this.#starts[e + 1]! - first;
    const t = Math.min(1, fraction) * count;
    const k = Math.max(0, Math.min(count - 1, Math.floor(t)));
    const at = (first + k) * TEXEL;
    const dx = table[at + 2]! - table[at]!;
    const dy = table[at + 3]! - table[at + 1]!;
    const length = Math.sqrt(dx * dx + dy * dy) || 1;
    pose.x = table[at]! + dx * (t - k);
    pose.y = table[at + 1]! + dy * (t - k);
    pose.headingX = dx / length;
    pose.headingY = dy / length;
    return pose;
  }

  /** The ends of an element's pieces, x, y, x, y …, in m from the map's middle. */
  pointsOf(e: number): Float32Array {
    const first = this.#starts[e]!;
    const count = this.#starts[e + 1]! - first;
    const points = new Float32Array((count + 1) * 2);
    for (let k = 0; k < count; k++)
      points.set(this.table.subarray((first + k) * 4, (first + k) * 4 + 2), 2 * k);
    const end = (first + count) * TEXEL;
    points.set(this.table.subarray(end - 2, end), 2 * count);
    return points;
  }

  #sidesOf(e: number, beside: Float64Array): number {
    const start = e < this.laneCount ? e : this.fromLane(e);
    const end = e < this.laneCount ? e : this.toLane(e);
    const steps = (l: number) => Math.min(SIDES - 1, Math.round(beside[l]! / SIDE_STEP_M));
    return steps(start) + steps(end) * SIDES;
  }

  #write(e: number, points: readonly number[], { x, y }: { readonly x: number; readonly y: number }): void {
    const { lanes, connectors } = this.#map;
    const { table } = this;
    const first = this.#starts[e]!;
    const count = points.length / 2 - 1;
    const length = e < this.laneCount ? lanes.length[e]! : connectors.length[e - this.laneCount]!;
    table.set([first, count, length, 0], e * TEXEL);
    for (let k = 0; k < count; k++) {
      const at = (first + k) * TEXEL;
      table[at] = points[2 * k]! - x;
      table[at + 1] = points[2 * k + 1]! - y;
      table[at + 2] = points[2 * k + 2]! - x;
      table[at + 3] = points[2 * k + 3]! - y;
    }
  }
}

/** A line of two points as it is, any other cut anew into as few equal pieces as follow it closely enough. */
function piecesOf(shape: readonly number[]): readonly number[] {
  if (shape.length <= 4) return shape;
  const along = alongOf(shape);
  let count = 2;
  while (count < PIECES_MAX && !follows(shape, along, count)) count *= 2;
  return equalPieces(shape, along, count);
}

/** Metres from a line's start to each of its points. */
export function alongOf(shape: readonly number[]): number[] {
  const along = [0];
  for (let k = 2; k < shape.length; k += 2) {
    const dx = shape[k]! - shape[k - 2]!;
    const dy = shape[k + 1]! - shape[k - 1]!;
    along.push(along[along.length - 1]! + Math.sqrt(dx * dx + dy * dy));
  }
  return along;
}

function equalPieces(shape: readonly number[], along: readonly number[], count: number): number[] {
  const total = along[along.length - 1]!;
  const points: number[] = [];
  let k = 0;
  for (let piece = 0; piece <= count; piece++) {
    const s = (total * piece) / count;
    while (k + 2 < along.length && along[k + 1]! < s) k++;
    const span = along[k + 1]! - along[k]!;
    const t = span > 0 ? (s - along[k]!) / span : 0;
    points.push(
      shape[2 * k]! + (shape[2 * k + 2]! - shape[2 * k]!) * t,
      shape[2 * k + 1]! + (shape[2 * k + 3]! - shape[2 * k + 1]!) * t,
    );
  }
  return points;
}

/** Whether so many equal pieces of a line come close to all of its points. */
function follows(shape: readonly number[], along: readonly number[], count: number): boolean {
  const total = along[along.length - 1]!;
  let k = 0;
  let toX = shape[0]!;
  let toY = shape[1]!;
  let point = 1;
  for (let piece = 1; piece <= count; piece++) {
    const s = (total * piece) / count;
    while (k + 2 < along.length && along[k + 1]! < s) k++;
    const span = along[k + 1]! - along[k]!;
    const t = span > 0 ? (s - along[k]!) / span : 0;
    const fromX = toX;
    const fromY = toY;
    toX = shape[2 * k]! + (shape[2 * k + 2]! - shape[2 * k]!) * t;
    toY = shape[2 * k + 1]! + (shape[2 * k + 3]! - shape[2 * k + 1]!) * t;
    for (; point < along.length - 1 && along[point]! <= s; point++) {
      const part = total > 0 ? (along[point]! / total) * count - piece + 1 : 0;
      const x = fromX + (toX - fromX) * part - shape[2 * point]!;
      const y = fromY + (toY - fromY) * part - shape[2 * point + 1]!;
      if (x * x + y * y > TOLERANCE_M * TOLERANCE_M) return false;
    }
  }
  return true;
}

/** Indices by the row they belong to, in rising order. */
export function rows(rowOf: readonly number[], rowCount: number): { starts: Int32Array; items: Int32Array } {
  const starts = new Int32Array(rowCount + 1);
  for (const row of rowOf) starts[row + 1]!++;
  for (let row = 0; row < rowCount; row++) starts[row + 1]! += starts[row]!;
  const items = new Int32Array(rowOf.length);
  const next = starts.slice();
  rowOf.forEach((row, k) => {
    items[next[row]!++] = k;
  });
  return { starts, items };
}
