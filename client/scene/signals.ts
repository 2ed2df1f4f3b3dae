import type { Geometry } from 'pixi.js';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { DataTexture } from './dataTexture.ts';
import type { Paths } from './paths.ts';
import type { RoadAxis } from './roadAxes.ts';
import { type CameraUniforms, type Drawn, drawn, program, vec3 } from './shaders.ts';
import { Vertices } from './vertices.ts';

/** Movements of a lane that can be told apart. */
const SLOTS = 4;
const TURN = { left: 0, thru: 1, right: 2 } as const;

const SHOWN = `
uniform highp usampler2D uShown;  // 4 connectors to a byte
int shown(float connector) {
  int k = int(connector);
  return int(texelFetch(uShown, texelAt(k >> 2), 0).r >> uint((k & 3) << 1)) & 3;
}
`;

const ATTRIBUTES = `
in vec2 aPoint;    // middle of the lane's end
in vec2 aAhead;
in vec2 aLane;     // half width of the lane; from the road's axis to its middle, m
in vec2 aCorner;   // across −1 to 1, ahead 0 to 1
in vec4 aSlots;    // a connector of each movement, from left to right; −1: no more
in float aTurns;   // 2 bits each
`;

/**
 * Bars just beyond the stop line. They differ by shape: full (protected), hollow (permitted), hatched (yellow), two thin lines
 * (red). A lane whose movements differ shows a bar for each.
 */
const BAR = program(
  'signalBar',
  `${ATTRIBUTES}${SHOWN}
out vec2 vPlace;        // device pixels from the bar's left and near edge
flat out vec2 vSize;    // device pixels
flat out ivec4 vShown;
flat out int vParts;
void main() {
  vShown = ivec4(-1);
  int count = 0;
  bool alike = true;
  for (int k = 0; k < ${SLOTS}; k++) {
    if (aSlots[k] < 0.0) break;
    vShown[k] = shown(aSlots[k]);
    if (vShown[k] != vShown[0]) alike = false;
    count++;
  }
  vParts = alike ? 1 : count;
  float half_ = aLane.x * uSpread * 0.9;
  float thick = max(1.15, 4.2 * uDot / uPixels);
  vSize = vec2(2.0 * half_, thick) * uPixels;
  vPlace = vec2(aCorner.x * 0.5 + 0.5, aCorner.y) * vSize;
  vec2 right = vec2(aAhead.y, -aAhead.x);
  gl_Position = seen(aPoint + right * ((uSpread - 1.0) * aLane.y + aCorner.x * half_) + aAhead * (0.15 + aCorner.y * thick));
}`,
  `
in vec2 vPlace;
flat in vec2 vSize;
flat in ivec4 vShown;
flat in int vParts;
uniform float uDot;
uniform vec3 uGreen;
uniform vec3 uYellow;
uniform vec3 uRed;
uniform float uAlpha;
void main() {
  float wide = vSize.x / float(vParts);
  int part = clamp(int(vPlace.x / wide), 0, vParts - 1);
  int state = vShown[part];
  float x = vPlace.x - float(part) * wide;
  float gap = vParts > 1 ? min(1.0 * uDot, wide * 0.12) : 0.0;
  float fromSide = min(x, wide - x) - gap;
  float fromEnd = min(vPlace.y, vSize.y - vPlace.y);
  float room = vSize.y / uDot;  // CSS pixels
  float alpha = clamp(fromSide + 0.5, 0.0, 1.0);
  if (state == 3) {
    paint(uGreen, alpha * uAlpha);
  } else if (state == 2) {
    float rim = max(1.0 * uDot, vSize.y * 0.2);
    float hollow = room < 5.0 ? 0.0 : clamp(min(fromSide, fromEnd) - rim + 0.5, 0.0, 1.0);
    // Too small to be hollow, it is notched in the middle.
    float notch = room < 5.0 ? clamp(wide * 0.16 - abs(x - wide * 0.5) + 0.5, 0.0, 1.0) : 0.0;
    paint(uGreen, alpha * (1.0 - 0.85 * hollow) * (1.0 - notch) * uAlpha);
  } else if (state == 1) {
    float period = max(5.0 * uDot, vSize.y * 0.75);
    float hatch = room < 5.0 ? 1.0 : clamp((abs(fract((x + vPlace.y) / period) - 0.5) - 0.2) * period * 0.7 + 0.5, 0.0, 1.0);
    paint(uYellow, alpha * hatch * uAlpha);
  } else {
    float line = max(0.9 * uDot, vSize.y * 0.2);
    float lines = room < 5.0 ? clamp(vSize.y * 0.3 - abs(vPlace.y - vSize.y * 0.5) + 0.5, 0.0, 1.0) : clamp(line - fromEnd + 0.5, 0.0, 1.0);
    paint(uRed, alpha * lines * uAlpha);
  }
}`,
);

/** Small heads over the lanes, seen from above with their tops ahead: red is at the top, yellow in the middle, green below. */
const HEAD = program(
  'signalHead',
  `${ATTRIBUTES}${SHOWN}
out vec2 vPlace;       // m from the heads' middle
flat out ivec4 vShown;
flat out int vCount;
flat out float vTurns;
void main() {
  vShown = ivec4(0);
  vCount = 0;
  vTurns = aTurns;
  for (int k = 0; k < ${SLOTS}; k++) {
    if (aSlots[k] < 0.0) break;
    vShown[k] = shown(aSlots[k]);
    vCount++;
  }
  vPlace = vec2(aCorner.x * 2.2, (aCorner.y - 0.5) * 2.9);
  vec2 right = vec2(aAhead.y, -aAhead.x);
  gl_Position = seen(aPoint + right * vPlace.x + aAhead * (3.5 + vPlace.y));
}`,
  `
in vec2 vPlace;
flat in ivec4 vShown;
flat in int vCount;
flat in float vTurns;
uniform float uPixels;
uniform vec3 uGreen;
uniform vec3 uYellow;
uniform vec3 uRed;
uniform vec3 uHousing;
uniform vec3 uOff;
uniform float uAlpha;

float box(vec2 p, vec2 half_, float radius) {
  vec2 q = abs(p) - half_ + radius;
  return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - radius;
}
float covered(float d) { return clamp(0.5 - d * uPixels, 0.0, 1.0); }
/** An arrow of a lamp: it points to the side (−1, 1) or ahead (0). */
float glyph(vec2 p, float side) {
  vec2 q = side == 0.0 ? p : vec2(-p.y, p.x * side);
  float shaft = box(q + vec2(0.0, 0.08), vec2(0.045, 0.15), 0.0);
  float tip = max((abs(q.x) - (0.24 - q.y) * 0.72) * 0.8, -q.y);
  return min(shaft, tip);
}
void main() {
  float pitch = vCount > 3 ? 0.86 : 1.02;
  float at = vPlace.x / pitch + float(vCount) * 0.5;
  int slot = int(floor(at));
  if (slot < 0 || slot >= vCount) { discard; }
  vec2 p = vec2((at - float(slot) - 0.5) * pitch, vPlace.y);
  float housing = box(p, vec2(0.42, 1.28), 0.2);
  vec3 rgb = uHousing;
  int state = vShown[slot];
  int lit = state == 0 ? 1 : state == 1 ? 0 : -1;
  int turn = (int(vTurns) >> (2 * slot)) & 3;
  for (int lamp = -1; lamp <= 1; lamp++) {
    vec2 q = p - vec2(0.0, float(lamp) * 0.8);
    float lens = covered(length(q) - 0.31);
    vec3 shine = lamp == 1 ? uRed : lamp == 0 ? uYellow : uGreen;
    if (lamp != lit) {
      rgb = mix(rgb, uOff, lens * 0.9);
    } else if (state == 3 && turn != 1) {
      rgb = mix(rgb, uOff * 0.6, lens);
      rgb = mix(rgb, shine, covered(glyph(q, turn == 0 ? -1.0 : 1.0)));
    } else if (state == 2) {
      rgb = mix(rgb, shine, covered(abs(length(q) - 0.24) - 0.075));
    } else {
      rgb = mix(rgb, shine, lens);
    }
  }
  paint(rgb, covered(housing) * uAlpha);
}`,
);

/** A quad at the end of every lane that leads to a signal. */
export function signalGeometry(map: RoadMap, axes: readonly RoadAxis[], paths: Paths): Geometry {
  const vertices = new Vertices({ aPoint: 2, aAhead: 2, aLane: 2, aCorner: 2, aSlots: 4, aTurns: 1 });
  for (const { points, normals, lanes, inner } of axes) {
    const last = points.length - 2;
    const nx = normals[last]!;
    const ny = normals[last + 1]!;
    lanes.forEach((l, rank) => {
      if (map.intersections.signal[map.lanes.intersection[l]!] !== 1) return;
      const slots = slotsOf(map, paths, l);
      if (slots.length === 0) return;
      const half = map.lanes.width[l]! / 2;
      const mid = inner[rank]! + half;
      const connectors = Array.from({ length: SLOTS }, (_, k) => slots[k]?.connector ?? -1);
      const turns = slots.reduce((bits, { turn }, k) => bits | (turn << (2 * k)), 0);
      const first = vertices.count;
      for (const ahead of [0, 1]) {
        for (const side of [-1, 1]) {
          const place = [points[last]! + nx * mid, points[last + 1]! + ny * mid, -ny, nx];
          vertices.add(...place, half, mid, side, ahead, ...connectors, turns);
        }
      }
      vertices.quad(first);
    });
  }
  return vertices.geometry();
}

/** A connector (counted from the first one) for each movement of a lane, from left to right. */
function slotsOf(
  { connectors, movements }: RoadMap,
  paths: Paths,
  l: number,
): { connector: number; turn: number }[] {
  const slots = new Map<number, { connector: number; turn: number }>();
  for (let k = paths.connectorStarts[l]!; k < paths.connectorStarts[l + 1]!; k++) {
    const connector = paths.connectorItems[k]! - paths.laneCount;
    const movement = connectors.movement[connector]!;
    if (!slots.has(movement)) slots.set(movement, { connector, turn: TURN[movements.turn[movement]!] });
  }
  return [...slots.values()].sort((a, b) => a.turn - b.turn || a.connector - b.connector).slice(0, SLOTS);
}

export function drawnBars(geometry: Geometry, camera: CameraUniforms, shown: DataTexture<'r8uint'>): Drawn {
  const uniforms = {
    uGreen: vec3(),
    uYellow: vec3(),
    uRed: vec3(),
    uAlpha: { value: 1, type: 'f32' as const },
  };
  return drawn(geometry, BAR, camera, uniforms, { uShown: shown.source });
}

export function drawnHeads(geometry: Geometry, camera: CameraUniforms, shown: DataTexture<'r8uint'>): Drawn {
  const uniforms = {
    uGreen: vec3(),
    uYellow: vec3(),
    uRed: vec3(),
    uHousing: vec3(),
    uOff: vec3(),
    uAlpha: { value: 1, type: 'f32' as const },
  };
  return drawn(geometry, HEAD, camera, uniforms, { uShown: shown.source });
}
