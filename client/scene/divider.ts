import { Container, type Geometry, Rectangle } from 'pixi.js';
import { rgbOf } from './color.ts';
import type { Place } from './panes.ts';
import { type CameraUniforms, type Drawn, drawn, program, vec3 } from './shaders.ts';
import { frameOf } from './stage.ts';
import { THEMES, type ThemeName } from './theme.ts';
import { Vertices } from './vertices.ts';

const FILL = program(
  'fill',
  `
in vec2 aCorner;
void main() { gl_Position = vec4(aCorner, 0.0, 1.0); }`,
  `
uniform vec3 uRgb;
void main() { paint(uRgb, 1.0); }`,
);

/** A line between panes. */
export class Divider {
  readonly root = new Container();
  readonly #geometry: Geometry;
  readonly #fill: Drawn;

  /** @param place  where on the canvas it is */
  constructor(camera: CameraUniforms, { left, top, width, height }: Place) {
    const vertices = new Vertices({ aCorner: 2 });
    vertices.add(-1, -1);
    vertices.add(3, -1);
    vertices.add(-1, 3);
    vertices.triangle(0, 1, 2);
    this.#geometry = vertices.geometry();
    this.#fill = drawn(this.#geometry, FILL, camera, { uRgb: vec3() });
    this.root.addChild(frameOf(new Rectangle(left, top, width, height)), this.#fill.mesh);
  }

  setTheme(name: ThemeName): void {
    (this.#fill.own.uRgb as Float32Array).set(rgbOf(THEMES[name].divider));
  }

  close(): void {
    this.#fill.mesh.shader?.destroy();
    this.root.destroy({ children: true });
    this.#geometry.destroy(true);
  }
}
