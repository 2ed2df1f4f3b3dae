import type { Geometry } from 'pixi.js';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { DataTexture } from './dataTexture.ts';
import type { RoadAxis } from './roadAxes.ts';
import { type CameraUniforms, type Drawn, drawn, float, program, vec3, whole } from './shaders.ts';
import { Vertices } from './vertices.ts';

/** What lies on the lanes. */
export const PAINT = {
  nothing: 0,
  band: 1,
  queue: 2,
  delay: 3,
  emissions: 4,
  difference: 5,
  flow: 6,
} as const;

const LANE_PAINT = program(
  'lanePaint',
  `
in vec2 aPoint;
in vec2 aNormal;
in float aMid;       // m from the road's axis to the lane's middle
in float aHalf;      // m
in float aSide;
in float aLane;
in vec2 aAlong;      // m from the lane's start, of how many
uniform int uPaint;
uniform float uFraction;
uniform vec4 uTops;     // of queue, time lost, CO2 and difference
uniform float uTopSpeed;
uniform vec3 uBand;
uniform highp usampler2D uBands;      // start and end of the standing part, before and now
uniform highp usampler2D uHeat;       // queue, time lost, CO2
uniform highp usampler2D uHeatLast;   // of the last side
uniform highp usampler2D uHeatFirst;  // of the first side
uniform highp usampler2D uFlow;       // vehicles, standing, mean speed
uniform sampler2D uColors;
out float vAcross;
out float vAlong;
flat out float vHalf;
flat out vec2 vPart;
flat out vec4 vColor;

float word(highp usampler2D table, int k) { return float(texelFetch(table, texelAt(k), 0).r); }
vec3 ramp(float t, int row) { return texelFetch(uColors, ivec2(int(clamp(t, 0.0, 1.0) * 255.0 + 0.5), row), 0).rgb; }

void main() {
  int lane = int(aLane);
  float width = 1.0;
  float least = 0.5;  // CSS pixels, half
  vColor = vec4(0.0);
  vPart = vec2(-1.0, aAlong.y + 1.0);
  if (uPaint == ${PAINT.band}) {
    vec4 band = vec4(texelFetch(uBands, texelAt(lane), 0));
    vPart = mix(band.xy, band.zw, uFraction) / 65535.0 * aAlong.y;
    // Far out vehicles hide most of their lane: the band shows beside them.
    float near = smoothstep(2.0, 9.0, uPixels / uDot);
    width = mix(1.3, 0.86, near);
    least += 1.5 * smoothstep(0.12, 0.3, uPixels / uDot);
    vColor = vec4(uBand, vPart.y > vPart.x ? mix(0.9, 0.3, near) : 0.0);
  } else if (uPaint <= ${PAINT.emissions}) {
    int kind = uPaint - ${PAINT.queue};
    float value = word(uHeat, lane * 3 + kind) * (kind == 0 ? 0.1 : 1.0);
    float t = sqrt(clamp(value / uTops[kind], 0.0, 1.0));
    vColor = vec4(ramp(t, 3), smoothstep(0.02, 0.22, t) * 0.92);
  } else if (uPaint == ${PAINT.difference}) {
    float value = (word(uHeatLast, lane * 3) - word(uHeatFirst, lane * 3)) * 0.1;
    float t = sign(value) * sqrt(clamp(abs(value) / uTops.w, 0.0, 1.0));
    vColor = vec4(ramp(t * 0.5 + 0.5, 4), 0.55 + 0.4 * smoothstep(0.0, 0.3, abs(t)));
  } else {
    float vehicles = word(uFlow, lane * 3);
    float occupied = clamp(vehicles * 7.5 / aAlong.y, 0.0, 1.0);
    width = 0.45 + 0.55 * sqrt(occupied);
    vColor = vec4(ramp(word(uFlow, lane * 3 + 2) * 0.25 / uTopSpeed, 0), vehicles > 0.0 ? 0.72 + 0.28 * occupied : 0.0);
  }
  float half_ = max(aHalf * width * uSpread, least * uDot / uPixels);
  float wide = half_ + 0.7 / uPixels;
  vHalf = half_;
  vAcross = aSide * wide;
  vAlong = aAlong.x;
  gl_Position = vColor.a > 0.0 ? seen(aPoint + aNormal * ((uSpread - 1.0) * aMid + aSide * wide)) : vec4(2.0, 2.0, 2.0, 1.0);
}`,
  `
in float vAcross;
in float vAlong;
flat in float vHalf;
flat in vec2 vPart;
flat in vec4 vColor;
uniform float uPixels;
void main() {
  float within = clamp((vHalf - abs(vAcross)) * uPixels + 0.5, 0.0, 1.0);
  within *= clamp((vAlong - vPart.x) * uPixels + 0.5, 0.0, 1.0) * clamp((vPart.y - vAlong) * uPixels + 0.5, 0.0, 1.0);
  paint(vColor.rgb, vColor.a * within);
}`,
);

/** A band over every lane. */
export function laneGeometry(map: RoadMap, axes: readonly RoadAxis[]): Geometry {
  const vertices = new Vertices({
    aPoint: 2,
    aNormal: 2,
    aMid: 1,
    aHalf: 1,
    aSide: 1,
    aLane: 1,
    aAlong: 2,
    aTrim: 2,
  });
  const { width } = map.lanes;
  for (const { points, normals, along, length, lanes, inner } of axes) {
    lanes.forEach((l, rank) => {
      const half = width[l]! / 2;
      const mid = inner[rank]! + half;
      const first = vertices.count;
      for (let k = 0; k < along.length; k++) {
        const nx = normals[2 * k]!;
        const ny = normals[2 * k + 1]!;
        const x = points[2 * k]! + nx * mid;
        const y = points[2 * k + 1]! + ny * mid;
        for (const side of [-1, 1]) {
          vertices.add(x, y, nx, ny, mid, half, side, l, along[k]!, length);
        }
      }
      vertices.band(first, along.length, 2);
    });
  }
  return vertices.geometry();
}

export interface LaneTables {
  readonly bands: DataTexture<'rgba16uint'>;
  readonly heat: DataTexture<'r16uint'>;
  readonly heatLast: DataTexture<'r16uint'>;
  readonly heatFirst: DataTexture<'r16uint'>;
  readonly flow: DataTexture<'r8uint'>;
  readonly colors: DataTexture<'rgba8unorm'>;
}

export function drawnLanes(geometry: Geometry, camera: CameraUniforms, tables: LaneTables): Drawn {
  const { bands, heat, heatLast, heatFirst, flow, colors } = tables;
  return drawn(
    geometry,
    LANE_PAINT,
    camera,
    {
      uPaint: whole(),
      uFraction: float(1),
      uTops: { value: new Float32Array(4), type: 'vec4<f32>' },
      uTopSpeed: float(1),
      uBand: vec3(),
    },
    {
      uBands: bands.source,
      uHeat: heat.source,
      uHeatLast: heatLast.source,
      uHeatFirst: heatFirst.source,
      uFlow: flow.source,
      uColors: colors.source,
    },
  );
}
