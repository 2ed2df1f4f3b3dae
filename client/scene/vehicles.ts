import { Buffer, BufferUsage, Geometry } from 'pixi.js';
import { DELAY_LEVELS, POSITION_MAX, SPEED_UNIT, TYPE_BITS, TYPE_MASK } from '../../server/protocol/frame.ts';
import type { DataTexture } from './dataTexture.ts';
import { GLIDE, GLIDE_BITS, HAS_BEHIND, HAS_VIA, HIGH, HIGH_BITS } from './glides.ts';
import { SIDE_STEP_M, SIDES } from './paths.ts';
import { type CameraUniforms, type Drawn, drawn, float, program, whole } from './shaders.ts';

export const COLOR_BY = { speed: 0, delay: 1, type: 2 } as const;
export const TYPES_MAX = TYPE_MASK + 1;

/**
 * Draws vehicles from the words of their rows: the graphics card looks up the ways, goes the fraction of them that has
 * passed, turns the body so that front and tail both lie on the way, and finds the color. `poseOf` in glides.ts does the same
 * for the front of one vehicle.
 */
const VEHICLE = program(
  'vehicle',
  `
in float aCorner;  // 4 × row + corner
uniform highp usampler2D uRows;
uniform sampler2D uPaths;
uniform sampler2D uColors;
uniform vec2 uSizes[${TYPES_MAX}];
uniform float uFraction;
uniform int uColorBy;
uniform float uTopSpeed;
out vec2 vPlace;
flat out vec2 vHalf;
flat out vec3 vColor;
flat out float vLength;

struct Way { int element; float along; };  // m from the element's start

vec4 header(int element) { return texelFetch(uPaths, texelAt(element), 0); }

vec2 placeOn(int element, float along, out vec2 heading) {
  vec4 h = header(element);
  float t = min(1.0, along / max(h.z, 0.01)) * h.y;
  float k = clamp(floor(t), 0.0, h.y - 1.0);
  vec4 piece = texelFetch(uPaths, texelAt(int(h.x) + int(k)), 0);
  vec2 step_ = piece.zw - piece.xy;
  heading = step_ / max(length(step_), 1e-6);
  float end = floor(h.w / ${SIDES}.0);
  float beside = mix(h.w - end * ${SIDES}.0, end, along / max(h.z, 0.01)) * ${SIDE_STEP_M};
  return piece.xy + step_ * (t - k) + vec2(heading.y, -heading.x) * beside * (uSpread - 1.0);
}

int whole(uint low, int high) { return int(low) | ((high & ${HIGH_BITS}) << 16); }

void main() {
  int corner = int(aCorner) & 3;
  int row = int(aCorner) >> 2;
  uvec4 now = texelFetch(uRows, texelAt(2 * row), 0);
  uvec4 was = texelFetch(uRows, texelAt(2 * row + 1), 0);
  int flags = int(was.w);
  int glide = flags & ${GLIDE_BITS};
  int element = whole(now.x, flags >> ${HIGH.now});
  int from = whole(was.x, flags >> ${HIGH.was});
  int via = (flags & ${HAS_VIA}) != 0 ? whole(was.z, flags >> ${HIGH.via}) : -1;
  int behind = (flags & ${HAS_BEHIND}) != 0 ? whole(now.w, flags >> ${HIGH.behind}) : -1;
  float length_ = header(element).z;
  float to = float(now.y) / ${POSITION_MAX}.0 * length_;

  // The way: where on it the front is, and which elements lie behind that one.
  int on = element;
  float along = to;
  int first = -1;
  int second = -1;
  if (glide == ${GLIDE.along}) {
    float start = float(was.y) / ${POSITION_MAX}.0 * header(from).z;
    if (from == element) {
      along = mix(start, to, uFraction);
      first = behind;
    } else {
      float before = header(from).z - start;
      float between = via < 0 ? 0.0 : header(via).z;
      float gone = uFraction * (before + between + to);
      if (gone < before) {
        on = from; along = start + gone; first = behind;
      } else if (gone < before + between) {
        on = via; along = gone - before; first = from; second = behind;
      } else {
        along = gone - before - between;
        first = via < 0 ? from : via;
        second = via < 0 ? behind : from;
      }
    }
  }
  vec2 heading;
  vec2 front = placeOn(on, along, heading);
  if (glide == ${GLIDE.straight}) {
    vec2 ignored;
    front = mix(placeOn(from, float(was.y) / ${POSITION_MAX}.0 * header(from).z, ignored), front, uFraction);
  }

  int kind = int(now.z) >> 8;
  vec2 size = uSizes[kind & ${TYPE_MASK}];
  if (glide != ${GLIDE.straight} && size.x * uPixels > 4.0) {
    float tail = along - size.x;
    int tailOn = on;
    if (tail < 0.0 && first >= 0) { tailOn = first; tail += header(first).z; first = second; }
    if (tail < 0.0 && first >= 0 && tailOn != on) { tailOn = first; tail += header(first).z; }
    vec2 ignored;
    vec2 chord = front - placeOn(tailOn, tail, ignored);
    if (dot(chord, chord) > 0.01) heading = normalize(chord);
  }

  float speed = float(now.z & 255u) * ${SPEED_UNIT};
  int level = kind >> ${TYPE_BITS};
  ivec2 swatch = uColorBy == ${COLOR_BY.speed} ? ivec2(int(clamp(speed / uTopSpeed, 0.0, 1.0) * 255.0 + 0.5), 0)
    : uColorBy == ${COLOR_BY.delay} ? ivec2(level * 255 / ${DELAY_LEVELS - 1}, 1)
    : ivec2(kind & ${TYPE_MASK}, 2);
  vColor = texelFetch(uColors, swatch, 0).rgb;

  vec2 middle = front - heading * size.x * 0.5;
  vec2 half_ = max(size * 0.5 * uPixels, vec2(1.5, 1.2) * uDot);
  vec2 sign_ = vec2((corner & 2) == 0 ? -1.0 : 1.0, (corner & 1) == 0 ? -1.0 : 1.0);
  vHalf = half_;
  vPlace = sign_ * (half_ + 1.0);
  vLength = size.x * uPixels * 0.5 < half_.x ? 0.0 : size.x;
  vec2 right = vec2(heading.y, -heading.x);
  gl_Position = seen(middle + (heading * vPlace.x + right * vPlace.y) / uPixels);
}`,
  `
in vec2 vPlace;
flat in vec2 vHalf;
flat in vec3 vColor;
flat in float vLength;
uniform float uPixels;
uniform float uDot;
uniform vec3 uRim;
uniform float uAlpha;

float box(vec2 p, vec2 half_, float radius) {
  vec2 q = abs(p) - half_ + radius;
  return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - radius;
}
void main() {
  if (vHalf.x < 3.0) {
    vec2 part = clamp(vHalf - abs(vPlace) + 0.5, 0.0, 1.0);
    paint(vColor, part.x * part.y * uAlpha);
    return;
  }
  float radius = min(vHalf.y * 0.55, 0.5 * uPixels);
  float edge = box(vPlace, vHalf, radius);
  vec3 rgb = vColor;
  // Windows of a dark body are light.
  vec3 glassRgb = mix(vColor, dot(vColor, vec3(0.3, 0.6, 0.1)) < 0.28 ? vec3(0.85, 0.9, 0.95) : uRim, 0.72);
  // From here on there is room for a rim, and then for windows.
  float rim = smoothstep(4.0, 9.0, vHalf.y / uDot * 2.0);
  float near = smoothstep(8.0, 13.0, vHalf.y / uDot * 2.0);
  rgb = mix(rgb, mix(vColor, uRim, 0.72), rim * clamp(edge + 1.4 * uDot, 0.0, 1.0));
  if (near > 0.0 && vHalf.y > 0.5 * uPixels) {
    float x = (vHalf.x - vPlace.x) / uPixels;  // m behind the front
    float across = vHalf.y - 0.16 * uPixels;
    float glass = 0.0;
    if (vLength > 8.0) {
      glass = clamp(0.5 - box(vPlace - vec2(vHalf.x - 0.75 * uPixels, 0.0), vec2(0.34 * uPixels, across), 0.15 * uPixels), 0.0, 1.0);
      glass = max(glass, 0.55 * clamp(0.5 - (abs(x - 2.3) - 0.07) * uPixels, 0.0, 1.0));
    } else {
      glass = clamp(0.5 - box(vPlace - vec2(vHalf.x - 1.55 * uPixels, 0.0), vec2(0.36 * uPixels, across), 0.22 * uPixels), 0.0, 1.0);
      glass = max(glass, clamp(0.5 - box(vPlace - vec2(-vHalf.x + 0.62 * uPixels, 0.0), vec2(0.24 * uPixels, across - 0.06 * uPixels), 0.18 * uPixels), 0.0, 1.0));
    }
    rgb = mix(rgb, glassRgb, glass * near);
  }
  paint(rgb, clamp(0.5 - edge, 0.0, 1.0) * uAlpha);
}`,
);

export interface VehicleTables {
  readonly rows: DataTexture<'rgba16uint'>;
  readonly paths: DataTexture<'rgba32float'>;
  readonly colors: DataTexture<'rgba8unorm'>;
}

/** A quad for each vehicle, of which only as many are drawn as there are. */
export class VehicleQuads {
  readonly geometry: Geometry;
  readonly #corners: Buffer;
  readonly #indices: Buffer;
  #capacity = 0;

  constructor() {
    this.#corners = new Buffer({
      data: new Float32Array(4),
      usage: BufferUsage.VERTEX | BufferUsage.COPY_DST,
    });
    this.#indices = new Buffer({ data: new Uint32Array(6), usage: BufferUsage.INDEX | BufferUsage.COPY_DST });
    this.geometry = new Geometry({
      attributes: { aCorner: { buffer: this.#corners, format: 'float32', stride: 4, offset: 0 } },
      indexBuffer: this.#indices,
    });
    this.reserve(1);
  }

  reserve(count: number): void {
    if (count <= this.#capacity) return;
    this.#capacity = Math.ceil((count * 1.25) / 4096) * 4096;
    const indices = new Uint32Array(this.#capacity * 6);
    for (let row = 0; row < this.#capacity; row++) {
      const at = row * 6;
      const corner = row * 4;
      indices[at] = corner;
      indices[at + 1] = corner + 1;
      indices[at + 2] = corner + 2;
      indices[at + 3] = corner + 1;
      indices[at + 4] = corner + 3;
      indices[at + 5] = corner + 2;
    }
    this.#corners.data = Float32Array.from({ length: this.#capacity * 4 }, (_, k) => k);
    this.#indices.data = indices;
  }
}

export function drawnVehicles(quads: VehicleQuads, camera: CameraUniforms, tables: VehicleTables): Drawn {
  return drawn(
    quads.geometry,
    VEHICLE,
    camera,
    {
      uSizes: { value: new Float32Array(TYPES_MAX * 2), type: 'vec2<f32>', size: TYPES_MAX },
      uFraction: float(1),
      uColorBy: whole(),
      uTopSpeed: float(1),
      uAlpha: float(1),
      uRim: { value: new Float32Array(3), type: 'vec3<f32>' },
    },
    { uRows: tables.rows.source, uPaths: tables.paths.source, uColors: tables.colors.source },
  );
}
