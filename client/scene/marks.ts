import type { Geometry } from 'pixi.js';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { Look } from './look.ts';
import { alongOf } from './paths.ts';
import type { RoadAxis } from './roadAxes.ts';
import { type CameraUniforms, type Drawn, drawn, program, vec2, vec3 } from './shaders.ts';
import { Vertices } from './vertices.ts';

const STYLE = { hatch: 0, barrier: 1, incident: 2, ring: 3 } as const;
const RING_OF_VEHICLE_M = 5;
/** Rings keep off what they ring. */
const RING_BEYOND = 1.25;

const LAYOUT = { aPoint: 2, aNormal: 2, aSize: 3, aStyle: 1 } as const;

/** Marks that a person has set, and those that tell what is selected. */
const MARK = program(
  'mark',
  `
in vec2 aPoint;
in vec2 aNormal;  // to the right; of signs and rings: the corner
in vec3 aSize;    // half width in m with the side's sign; m along; from the road's axis, m
in float aStyle;
uniform vec2 uShift;
out vec2 vPlace;
flat out float vStyle;
flat out float vSize;
void main() {
  vStyle = aStyle;
  vec2 place = aPoint + uShift;
  if (aStyle < 0.5) {
    float half_ = max(abs(aSize.x) * uSpread, 1.5 * uDot / uPixels);
    vPlace = vec2(sign(aSize.x) * half_, aSize.y) * uPixels;
    vSize = half_ * uPixels;
    place += aNormal * (sign(aSize.x) * half_ + (uSpread - 1.0) * aSize.z);
  } else if (aStyle < 1.5) {
    float half_ = abs(aSize.x) * uSpread;
    float thick = max(0.45, 2.0 * uDot / uPixels);
    vSize = half_ * uPixels;
    vPlace = vec2(sign(aSize.x) * half_, aSize.y * thick) * uPixels;
    place += aNormal * (sign(aSize.x) * half_ + (uSpread - 1.0) * aSize.z) + vec2(-aNormal.y, aNormal.x) * aSize.y * thick;
  } else {
    float least = aStyle < 2.5 ? 10.0 : 9.0;
    float size = max(aSize.x * (aStyle > 2.5 ? max(1.0, uSpread) : 1.0) * uPixels, least * uDot);
    vSize = size;
    float wide = size + 5.0 * uDot;
    vPlace = aNormal * wide;
    place += aNormal * wide / uPixels;
  }
  gl_Position = seen(place);
}`,
  `
in vec2 vPlace;
flat in float vStyle;
flat in float vSize;
uniform float uDot;
uniform vec3 uClosed;
uniform vec3 uDark;
uniform vec3 uAlarm;
uniform vec3 uAccent;
uniform vec3 uHalo;

float over(float d) { return clamp(0.5 - d, 0.0, 1.0); }
float triangle(vec2 p, float r) {
  // Equal sides, one corner up, edges r from the middle.
  return max(max(dot(p, vec2(0.866, 0.5)), dot(p, vec2(-0.866, 0.5))), -p.y) - r;
}
void main() {
  if (vStyle < 0.5) {
    float period = 9.0 * uDot;
    float stripe = (abs(fract((vPlace.x + vPlace.y) / period) - 0.5) - 0.25) * period * 0.7;
    float within = over(abs(vPlace.x) - vSize);
    paint(mix(uDark, uClosed, over(stripe)), within * mix(0.5, 0.95, over(stripe)));
  } else if (vStyle < 1.5) {
    float period = max(vSize * 0.5, 4.0 * uDot);
    float stripe = (abs(fract((vPlace.x + vPlace.y * 0.6) / period) - 0.5) - 0.25) * period;
    paint(mix(vec3(0.98), uAlarm, over(stripe)), 1.0);
  } else if (vStyle < 2.5) {
    float r = vSize * 0.52;
    vec2 p = vPlace + vec2(0.0, vSize * 0.12);
    float d = triangle(p, r);
    float bar = max(abs(p.x) - vSize * 0.085, abs(p.y - vSize * 0.16) - vSize * 0.25);
    float point = length(p + vec2(0.0, vSize * 0.27)) - vSize * 0.11;
    float bang = over(min(bar, point));
    vec3 rgb = mix(mix(uDark, uClosed, over(d + 1.6 * uDot)), uDark, bang);
    float halo = over(d - 2.0 * uDot);
    paint(mix(uHalo, rgb, over(d)), halo);
  } else {
    float d = abs(length(vPlace) - vSize);
    float line = over(d - 1.1 * uDot);
    float halo = over(d - 2.6 * uDot);
    paint(mix(uHalo, uAccent, line), max(line, halo * 0.75));
  }
}`,
);

const UNIFORMS = () => ({
  uShift: vec2(),
  uClosed: vec3(),
  uDark: vec3(),
  uAlarm: vec3(),
  uAccent: vec3(),
  uHalo: vec3(),
});

/** Marks of a look: on the road, below the vehicles, and above everything. */
export interface Marks {
  readonly closures: Geometry;
  readonly signs: Geometry;
}

export function marksOf(
  map: RoadMap,
  axes: readonly RoadAxis[],
  middle: { readonly x: number; readonly y: number },
  look: Pick<Look, 'closed' | 'incidents' | 'intersection'>,
): Marks {
  return { closures: closureGeometry(map, axes, look), signs: signGeometry(map, middle, look) };
}

/** Closed lanes: who is still on one is seen. */
function closureGeometry(
  map: RoadMap,
  axes: readonly RoadAxis[],
  { closed }: Pick<Look, 'closed'>,
): Geometry {
  const vertices = new Vertices(LAYOUT);
  const shut = new Set(closed);
  for (const axis of axes) {
    axis.lanes.forEach((l, rank) => {
      if (shut.has(l))
        addClosedLane(vertices, axis, axis.inner[rank]! + map.lanes.width[l]! / 2, map.lanes.width[l]! / 2);
    });
  }
  return vertices.geometry();
}

/** Incidents and the selected intersection. */
function signGeometry(
  map: RoadMap,
  middle: { readonly x: number; readonly y: number },
  { incidents, intersection }: Pick<Look, 'incidents' | 'intersection'>,
): Geometry {
  const vertices = new Vertices(LAYOUT);
  for (const { lane, positionM } of incidents) {
    const shape = map.lanes.shape[lane];
    if (shape === undefined) continue;
    const { x, y } = placeAlong(shape, positionM / Math.max(1e-6, map.lanes.length[lane]!));
    addSign(vertices, x - middle.x, y - middle.y, 2.6, STYLE.incident);
  }
  if (intersection !== null && map.intersections.x[intersection] !== undefined) {
    const x = map.intersections.x[intersection]! - middle.x;
    const y = map.intersections.y[intersection]! - middle.y;
    addSign(
      vertices,
      x,
      y,
      Math.max(8, map.intersections.halfWidth[intersection]!) * RING_BEYOND,
      STYLE.ring,
    );
  }
  return vertices.geometry();
}

/** A ring around the middle, to be shifted to a vehicle. */
export function ringGeometry(): Geometry {
  const vertices = new Vertices(LAYOUT);
  addSign(vertices, 0, 0, RING_OF_VEHICLE_M, STYLE.ring);
  return vertices.geometry();
}

export function drawnMarks(geometry: Geometry, camera: CameraUniforms): Drawn {
  return drawn(geometry, MARK, camera, UNIFORMS());
}

function addClosedLane(
  vertices: Vertices,
  { points, normals, along }: RoadAxis,
  mid: number,
  half: number,
): void {
  const first = vertices.count;
  const at = (k: number) => {
    const nx = normals[2 * k]!;
    const ny = normals[2 * k + 1]!;
    return [points[2 * k]! + nx * mid, points[2 * k + 1]! + ny * mid, nx, ny] as const;
  };
  for (let k = 0; k < along.length; k++) {
    for (const side of [-1, 1]) vertices.add(...at(k), side * half * 0.94, along[k]!, mid, STYLE.hatch);
  }
  vertices.band(first, along.length, 2);
  for (const k of [0, along.length - 1]) {
    const corner = vertices.count;
    for (const ahead of [-1, 1]) {
      for (const side of [-1, 1]) vertices.add(...at(k), side * half, ahead, mid, STYLE.barrier);
    }
    vertices.quad(corner);
  }
}

function addSign(vertices: Vertices, x: number, y: number, sizeM: number, style: number): void {
  const first = vertices.count;
  for (const up of [-1, 1]) {
    for (const side of [-1, 1]) vertices.add(x, y, side, up, sizeM, 0, 0, style);
  }
  vertices.quad(first);
}

/** The place at a fraction of a line's length. */
export function placeAlong(shape: readonly number[], fraction: number): { x: number; y: number } {
  const along = alongOf(shape);
  const wanted = Math.min(1, Math.max(0, fraction)) * along[along.length - 1]!;
  let k = 0;
  while (k + 2 < along.length && along[k + 1]! < wanted) k++;
  const span = along[k + 1]! - along[k]!;
  const t = span > 0 ? (wanted - along[k]!) / span : 0;
  return {
    x: shape[2 * k]! + (shape[2 * k + 2]! - shape[2 * k]!) * t,
    y: shape[2 * k + 1]! + (shape[2 * k + 3]! - shape[2 * k + 1]!) * t,
  };
}
