import {
  type Geometry,
  GlProgram,
  Mesh,
  Shader,
  type TextureSource,
  type UniformData,
  UniformGroup,
} from 'pixi.js';
import { TEXEL_AT } from './dataTexture.ts';

const HEAD = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp usampler2D;
`;

/** What all vertex shaders know: where one looks, and how a place of the map gets onto the screen. */
const CAMERA = `
uniform vec2 uCentre;   // m, from the map's middle
uniform vec2 uScale;    // of the screen's clip units, for each m
uniform float uPixels;  // of the device, for each m
uniform float uSpread;  // roads are drawn so many times wider than they are
uniform float uDot;     // device pixels for each CSS pixel
vec4 seen(vec2 place) { return vec4((place - uCentre) * uScale, 0.0, 1.0); }
`;

const OUT = `
out vec4 color;
void paint(vec3 rgb, float alpha) { color = vec4(rgb * alpha, alpha); }
`;

/** A program for meshes of the map; the body of each shader is given without what all have. */
export function program(name: string, vertex: string, fragment: string): GlProgram {
  return GlProgram.from({
    name,
    vertex: `${HEAD}${CAMERA}${TEXEL_AT}${vertex}`,
    fragment: `${HEAD}${TEXEL_AT}${OUT}${fragment}`,
    preferredFragmentPrecision: 'highp',
  });
}

/** Uniforms of a program, as Pixi takes them. */
export type Uniforms = Record<string, UniformData>;

export function float(value = 0): UniformData {
  return { value, type: 'f32' };
}

export function whole(value = 0): UniformData {
  return { value, type: 'i32' };
}

export function vec2(x = 0, y = 0): UniformData {
  return { value: new Float32Array([x, y]), type: 'vec2<f32>' };
}

export function vec3(values: readonly number[] = [0, 0, 0]): UniformData {
  return { value: new Float32Array(values), type: 'vec3<f32>' };
}

/** The camera's uniforms, shared by everything. */
export type CameraUniforms = UniformGroup<{
  uCentre: { value: Float32Array; type: 'vec2<f32>' };
  uScale: { value: Float32Array; type: 'vec2<f32>' };
  uPixels: { value: number; type: 'f32' };
  uSpread: { value: number; type: 'f32' };
  uDot: { value: number; type: 'f32' };
}>;

export function cameraUniforms(): CameraUniforms {
  return new UniformGroup({
    uCentre: { value: new Float32Array(2), type: 'vec2<f32>' },
    uScale: { value: new Float32Array(2), type: 'vec2<f32>' },
    uPixels: { value: 1, type: 'f32' },
    uSpread: { value: 1, type: 'f32' },
    uDot: { value: 1, type: 'f32' },
  });
}

export interface Drawn {
  readonly mesh: Mesh<Geometry, Shader>;
  /** Values of its own uniforms. */
  readonly own: Record<string, number | Float32Array>;
}

/** A mesh with a program, its textures and its own uniforms. */
export function drawn(
  geometry: Geometry,
  glProgram: GlProgram,
  camera: CameraUniforms,
  uniforms: Uniforms = {},
  textures: Record<string, TextureSource> = {},
): Drawn {
  const own = new UniformGroup(uniforms);
  const shader = new Shader({ glProgram, resources: { ...textures, camera, own } });
  return { mesh: new Mesh({ geometry, shader }), own: own.uniforms as Record<string, number | Float32Array> };
}
