import type { Geometry } from 'pixi.js';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { Paths } from './paths.ts';
import type { RoadAxis } from './roadAxes.ts';
import { type CameraUniforms, type Drawn, drawn, float, program, vec3 } from './shaders.ts';
import { Vertices } from './vertices.ts';

const STYLE = { solid: 0, dashed: 1, centre: 2, zebra: 3, arrow: 4 } as const;
const TURN_BIT = { left: 1, thru: 2, right: 4 } as const;

const LINE_M = 0.13;
const STOP_LINE_M = 0.45;
/** Arrows point to a place so far before the stop line, m. */
const ARROWS_BEFORE_M = [4, 34] as const;
const ARROW_LENGTH_M = 5;
const ARROW_HALF_M = 1.3;
/** Crosswalks lie so far beyond the stop line, m. */
const CROSSWALK_FROM_M = 1.8;
const CROSSWALK_TO_M = 4.4;

const MARKING = program(
  'marking',
  `
in vec2 aPoint;
in vec2 aNormal;
in float aAcross;  // m to the right of the mark's middle; its size is half the mark's width
in float aAlong;   // m
in float aStyle;
in float aParam;
out vec2 vPlace;
flat out float vHalf;
flat out float vStyle;
flat out float vParam;
void main() {
  float half_ = abs(aAcross);
  float wide = aStyle < 2.5 ? max(half_, 0.5 / uPixels) + 0.7 / uPixels : half_;
  vHalf = half_;
  vStyle = aStyle;
  vParam = aParam;
  vPlace = vec2(sign(aAcross) * wide, aAlong);
  gl_Position = seen(aPoint + aNormal * sign(aAcross) * wide);
}`,
  `
in vec2 vPlace;
flat in float vHalf;
flat in float vStyle;
flat in float vParam;
uniform vec3 uPaint;
uniform vec3 uCentreLine;
uniform float uPixels;
uniform float uLines;
uniform float uArrows;

float covered(float distance_) { return clamp(0.5 - distance_ * uPixels, 0.0, 1.0); }
float stroke(vec2 p, vec2 a, vec2 b, float half_) {
  vec2 ab = b - a;
  float t = clamp(dot(p - a, ab) / dot(ab, ab), 0.0, 1.0);
  return length(p - a - ab * t) - half_;
}
float head(vec2 p, vec2 base, vec2 ahead, float length_, float half_) {
  vec2 q = p - base;
  float t = dot(q, ahead);
  float s = abs(q.x * ahead.y - q.y * ahead.x);
  return max((s - half_ * (1.0 - t / length_)) * 0.9, -t);
}
float side(vec2 p) {
  float bend = min(stroke(p, vec2(0.0, 1.2), vec2(0.38, 2.15), 0.12), stroke(p, vec2(0.38, 2.15), vec2(0.6, 2.15), 0.12));
  return min(bend, head(p, vec2(0.45, 2.15), vec2(1.0, 0.0), 0.8, 0.72));
}
float arrow(vec2 p, int turns) {
  float ahead = (turns & 2) != 0 ? 3.3 : 1.2;
  float d = stroke(p, vec2(0.0, 0.1), vec2(0.0, ahead), 0.12);
  if ((turns & 2) != 0) d = min(d, head(p, vec2(0.0, 3.1), vec2(0.0, 1.0), 1.8, 0.52));
  if ((turns & 1) != 0) d = min(d, side(vec2(-p.x, p.y)));
  if ((turns & 4) != 0) d = min(d, side(p));
  return d;
}
void main() {
  if (vStyle > 3.5) {
    paint(uPaint, covered(arrow(vPlace, int(vParam))) * uArrows);
  } else if (vStyle > 2.5) {
    float stripe = abs(fract(vPlace.x / 1.1) - 0.5) * 1.1 - 0.29;
    paint(uPaint, covered(stripe) * uLines);
  } else {
    float least = max(vHalf, 0.5 / uPixels);
    float alpha = covered(abs(vPlace.x) - least) * min(1.0, vHalf * 2.0 * uPixels) * uLines;
    // Nobody changes lanes any more shortly before the stop line.
    if (vStyle > 0.5 && vStyle < 1.5 && vPlace.y < vParam - 28.0) alpha *= covered(abs(fract((vParam - 28.0 - vPlace.y) / 9.0) - 0.5) * 9.0 - 1.5);
    paint(vStyle > 1.5 ? uCentreLine : uPaint, alpha);
  }
}`,
);

/** Lane lines, edges, stop lines, turn arrows and crosswalks, painted once. */
export function markingGeometry(map: RoadMap, axes: readonly RoadAxis[], paths: Paths): Geometry {
  const vertices = new Vertices({ aPoint: 2, aNormal: 2, aAcross: 1, aAlong: 1, aStyle: 1, aParam: 1 });
  for (const axis of axes) {
    addLine(vertices, axis, 0.15, STYLE.centre);
    addLine(vertices, axis, axis.width - 0.2, STYLE.solid);
    for (const inner of axis.inner.slice(1)) addLine(vertices, axis, inner, STYLE.dashed);
    axis.lanes.forEach((l, rank) => {
      addLaneEnd(vertices, map, axis, l, axis.inner[rank]!, turnsOf(map, paths, l));
    });
  }
  addCrosswalks(vertices, map, axes);
  return vertices.geometry();
}

export function drawnMarkings(geometry: Geometry, camera: CameraUniforms): Drawn {
  return drawn(geometry, MARKING, camera, {
    uPaint: vec3(),
    uCentreLine: vec3(),
    uLines: float(1),
    uArrows: float(1),
  });
}

function turnsOf({ connectors, movements }: RoadMap, paths: Paths, l: number): number {
  let turns = 0;
  for (let k = paths.connectorStarts[l]!; k < paths.connectorStarts[l + 1]!; k++) {
    const movement = connectors.movement[paths.connectorItems[k]! - paths.laneCount]!;
    turns |= TURN_BIT[movements.turn[movement]!];
  }
  return turns;
}

/** A line along a road, `right` m beside its axis. */
function addLine(vertices: Vertices, axis: RoadAxis, right: number, style: number): void {
  const { points, normals, along, length } = axis;
  const first = vertices.count;
  for (let k = 0; k < along.length; k++) {
    const nx = normals[2 * k]!;
    const ny = normals[2 * k + 1]!;
    const x = points[2 * k]! + nx * right;
    const y = points[2 * k + 1]! + ny * right;
    vertices.add(x, y, nx, ny, -LINE_M / 2, along[k]!, style, length);
    vertices.add(x, y, nx, ny, LINE_M / 2, along[k]!, style, length);
  }
  vertices.band(first, along.length, 2);
}

/** A stop line, and arrows before it. */
function addLaneEnd(
  vertices: Vertices,
  map: RoadMap,
  { points, normals, along, length }: RoadAxis,
  l: number,
  inner: number,
  turns: number,
): void {
  if (turns === 0 || map.intersections.boundary[map.lanes.intersection[l]!] === 1) return;
  const last = points.length - 2;
  const nx = normals[last]!;
  const ny = normals[last + 1]!;
  const right = inner + map.lanes.width[l]! / 2;
  const x = points[last]! + nx * right;
  const y = points[last + 1]! + ny * right;
  const half = map.lanes.width[l]! / 2 - 0.08;
  addMark(vertices, x, y, nx, ny, half, -STOP_LINE_M, 0, STYLE.solid, 0);
  const straight = length - along[along.length - 2]!;
  for (const before of ARROWS_BEFORE_M) {
    if (before + ARROW_LENGTH_M + 2 > straight) break;
    addMark(vertices, x, y, nx, ny, ARROW_HALF_M, -before - ARROW_LENGTH_M, -before, STYLE.arrow, turns);
  }
}

/** A rectangle from `from` to `to` m ahead of a place; its own along starts at 0. */
function addMark(
  vertices: Vertices,
  x: number,
  y: number,
  nx: number,
  ny: number,
  half: number,
  from: number,
  to: number,
  style: number,
  param: number,
): void {
  const first = vertices.count;
  for (const ahead of [from, to]) {
    const atX = x - ny * ahead;
    const atY = y + nx * ahead;
    vertices.add(atX, atY, nx, ny, -half, ahead - from, style, param);
    vertices.add(atX, atY, nx, ny, half, ahead - from, style, param);
  }
  vertices.quad(first);
}

function addCrosswalks(vertices: Vertices, { crosswalks }: RoadMap, axes: readonly RoadAxis[]): void {
  const axisOfRoad = new Map(axes.map((axis) => [axis.road, axis]));
  crosswalks.name.forEach((_, w) => {
    const into = axisOfRoad.get(crosswalks.roadIn[w]!);
    const outOf = axisOfRoad.get(crosswalks.roadOut[w]!);
    const inner = into ?? outOf;
    if (inner === undefined) return;
    const curbs = [
      into ? curbAt(into, into.points.length - 2) : axisPoint(outOf!, 0),
      outOf ? curbAt(outOf, 0) : axisPoint(into!, into!.points.length - 2),
    ] as const;
    const dx = curbs[0].x - curbs[1].x;
    const dy = curbs[0].y - curbs[1].y;
    const width = Math.hypot(dx, dy);
    if (width < 1) return;
    const x = (curbs[0].x + curbs[1].x) / 2;
    const y = (curbs[0].y + curbs[1].y) / 2;
    // Ahead is into the intersection: to the left of the way from the exit's curb to the entry's.
    addMark(
      vertices,
      x,
      y,
      dx / width,
      dy / width,
      width / 2 - 0.2,
      CROSSWALK_FROM_M,
      CROSSWALK_TO_M,
      STYLE.zebra,
      0,
    );
  });
}

function curbAt({ points, normals, width }: RoadAxis, k: number): { x: number; y: number } {
  return { x: points[k]! + normals[k]! * width, y: points[k + 1]! + normals[k + 1]! * width };
}

function axisPoint({ points }: RoadAxis, k: number): { x: number; y: number } {
  return { x: points[k]!, y: points[k + 1]! };
}
