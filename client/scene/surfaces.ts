import type { Geometry } from 'pixi.js';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { Junction } from './junctions.ts';
import type { RoadAxis } from './roadAxes.ts';
import { type CameraUniforms, type Drawn, drawn, float, program, vec3 } from './shaders.ts';
import { Vertices } from './vertices.ts';

/** Beyond a boundary a road goes on for so long, fading, m. */
const FADE_M = 16;
/** Two directions of a road overlap by twice this, so that no ground shows between them, m. */
const SEAM_M = 0.1;

const SURFACE = program(
  'surface',
  `
in vec2 aBase;
in vec2 aOffset;
in vec2 aOut;     // away from the surface, 0 within it
in float aCover;  // 1 within, 0 beyond its edge
uniform float uGrow;
out float vCover;
void main() {
  vCover = aCover;
  gl_Position = seen(aBase + aOffset * uSpread + aOut * (uGrow + (0.5 - aCover) / uPixels));
}`,
  `
in float vCover;
uniform vec3 uRgb;
void main() { paint(uRgb, vCover); }`,
);

const FADE = program(
  'fade',
  `
in vec2 aBase;
in vec2 aOffset;
in vec2 aOut;
in float aCover;
out float vCover;
void main() {
  vCover = aCover;
  gl_Position = seen(aBase + aOffset * uSpread + aOut * 3.0 / min(1.0, uPixels));
}`,
  `
in float vCover;
uniform vec3 uRgb;
void main() { paint(uRgb, smoothstep(0.0, 0.95, vCover)); }`,
);

const LAYOUT = { aBase: 2, aOffset: 2, aOut: 2, aCover: 1 } as const;

/** All that is paved. It is drawn twice: a little wider for the curbs, then as it is. */
export function surfaceGeometry(
  map: RoadMap,
  axes: readonly RoadAxis[],
  junctions: readonly Junction[],
): Geometry {
  const vertices = new Vertices(LAYOUT);
  for (const axis of axes) addRoad(vertices, map, axis);
  for (const junction of junctions) addJunction(vertices, junction);
  return vertices.geometry();
}

export function drawnSurface(geometry: Geometry, camera: CameraUniforms): Drawn {
  return drawn(geometry, SURFACE, camera, { uGrow: float(), uRgb: vec3() });
}

/** What lets roads end softly where vehicles enter and leave. */
export function fadeGeometry(map: RoadMap, axes: readonly RoadAxis[]): Geometry {
  const vertices = new Vertices(LAYOUT);
  const { boundary } = map.intersections;
  for (const { road, points, normals, width } of axes) {
    const last = points.length - 2;
    const end = (k: number, sign: number) => {
      const nx = normals[k]!;
      const ny = normals[k + 1]!;
      const first = vertices.count;
      for (const ahead of [0, FADE_M + 1]) {
        const x = points[k]! - ny * sign * ahead;
        const y = points[k + 1]! + nx * sign * ahead;
        const cover = ahead === 0 ? 0 : 1;
        vertices.add(x, y, 0, 0, -nx, -ny, cover);
        vertices.add(x, y, nx * width, ny * width, nx, ny, cover);
      }
      vertices.quad(first);
    };
    if (boundary[map.roads.from[road]!] === 1) end(0, -1);
    if (boundary[map.roads.to[road]!] === 1) end(last, 1);
  }
  return vertices.geometry();
}

export function drawnFade(geometry: Geometry, camera: CameraUniforms): Drawn {
  return drawn(geometry, FADE, camera, { uRgb: vec3() });
}

function addRoad(vertices: Vertices, map: RoadMap, { road, points, normals, width }: RoadAxis): void {
  const { boundary } = map.intersections;
  const first = vertices.count;
  let rows = 0;
  const row = (x: number, y: number, nx: number, ny: number) => {
    const inner = [-nx * SEAM_M, -ny * SEAM_M] as const;
    const outer = [nx * width, ny * width] as const;
    vertices.add(x, y, inner[0], inner[1], -nx, -ny, 0);
    vertices.add(x, y, inner[0], inner[1], -nx, -ny, 1);
    vertices.add(x, y, outer[0], outer[1], nx, ny, 1);
    vertices.add(x, y, outer[0], outer[1], nx, ny, 0);
    rows++;
  };
  const beyond = (k: number, sign: number) => {
    const nx = normals[k]!;
    const ny = normals[k + 1]!;
    row(points[k]! - ny * sign * FADE_M, points[k + 1]! + nx * sign * FADE_M, nx, ny);
  };
  if (boundary[map.roads.from[road]!] === 1) beyond(0, -1);
  for (let k = 0; k < points.length; k += 2) row(points[k]!, points[k + 1]!, normals[k]!, normals[k + 1]!);
  if (boundary[map.roads.to[road]!] === 1) beyond(points.length - 2, 1);
  vertices.band(first, rows, 4);
}

/** A fan from the middle of the outline, and a soft rim around it. */
function addJunction(vertices: Vertices, junction: Junction): void {
  const { x, y, outline } = junction;
  const count = outline.length / 2;
  let midX = 0;
  let midY = 0;
  for (let k = 0; k < outline.length; k += 2) {
    midX += outline[k]! / count;
    midY += outline[k + 1]! / count;
  }
  const middle = vertices.count;
  vertices.add(x, y, midX - x, midY - y, 0, 0, 1);
  for (let k = 0; k < count; k++) {
    const [outX, outY] = outwardAt(junction, k);
    const dx = outline[2 * k]! - x;
    const dy = outline[2 * k + 1]! - y;
    vertices.add(x, y, dx, dy, outX, outY, 1);
    vertices.add(x, y, dx, dy, outX, outY, 0);
  }
  for (let k = 0; k < count; k++) {
    const a = middle + 1 + 2 * k;
    const b = middle + 1 + 2 * ((k + 1) % count);
    vertices.triangle(middle, a, b);
    vertices.triangle(a, a + 1, b);
    vertices.triangle(a + 1, b + 1, b);
  }
}

/** The mean of the outward normals of the edges that meet at a point; those where a road opens do not count. */
function outwardAt({ outline, opens }: Junction, k: number): [number, number] {
  const count = outline.length / 2;
  const edge = (from: number, to: number): [number, number] => {
    if (opens[from]) return [0, 0];
    const dx = outline[2 * to]! - outline[2 * from]!;
    const dy = outline[2 * to + 1]! - outline[2 * from + 1]!;
    const length = Math.hypot(dx, dy);
    return length < 1e-6 ? [0, 0] : [dy / length, -dx / length];
  };
  const before = edge((k + count - 1) % count, k);
  const after = edge(k, (k + 1) % count);
  const x = before[0] + after[0];
  const y = before[1] + after[1];
  const length = Math.hypot(x, y) || 1;
  return [x / length, y / length];
}
