import type { DecodedFrame } from '../../server/protocol/frame.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { View } from '../sight.ts';
import type { Look } from './look.ts';
import { MapScene } from './mapScene.ts';
import type { Pane } from './panes.ts';
import type { CaptionLine } from './picture.ts';
import { Stage } from './stage.ts';

export type { ColorBy, Layer, Look } from './look.ts';
export type { Pane } from './panes.ts';
export type { CaptionLine } from './picture.ts';

/** What is under the pointer. */
export type Picked =
  | { readonly kind: 'vehicle'; readonly side: number; readonly vehicle: number }
  | { readonly kind: 'intersection'; readonly side: number; readonly intersection: number }
  | { readonly kind: 'lane'; readonly side: number; readonly lane: number; readonly positionM: number };

/** One canvas on which all sides are drawn, under one camera. */
export interface Scene {
  /** Takes a frame in; vehicles glide to it within the time that passed since the one before. */
  show(frame: DecodedFrame): void;
  look(change: Partial<Look>): void;
  /** At CSS pixels of the canvas; `null`: only ground. */
  pick(x: number, y: number): Picked | null;
  /** The whole map into every pane. */
  fit(): void;
  /** Around the chosen intersection where it is seen, else the middle. `factor` above 1: nearer. */
  zoom(factor: number): void;
  /** By CSS pixels. */
  pan(dx: number, dy: number): void;
  /** Where the map has been moved to; `null`: it is as it opened. */
  readonly view: View | null;
  /** At once, to where a map has been moved to before, here or elsewhere. */
  lookAt(view: View): void;
  /** To a place of the map, m, near enough to see it well. */
  goTo(x: number, y: number): void;
  /** The step that is drawn at this moment, with its fraction. */
  readonly drawnStep: number;
  /** Vehicles are too small to be told from each other: aggregates would do. */
  readonly isFar: boolean;
  /** CSS pixels for each metre, for a scale bar. */
  readonly pixelsPerMetre: number;
  /** Where each side is on the canvas: beside or above one another, whichever shows the map larger. */
  readonly panes: readonly Pane[];
  /** Pictures drawn so far. */
  readonly drawCount: number;
  /** Script time of the last frames drawn, ms. */
  readonly scriptMs: readonly number[];
  /** The picture as it stands, with a caption below; several panes bear the names of their sides. */
  picture(caption: readonly CaptionLine[], names: readonly string[]): Promise<Blob>;
  close(): void;
}

/** What a scene has to say by itself. */
export interface Told {
  /** The map cannot be drawn at present, a sentence for the person at the page; `null`: it can again. */
  readonly trouble?: (message: string | null) => void;
  /** The map was dragged by hand; the camera follows no vehicle any more until `look` asks for it anew. */
  readonly moved?: () => void;
  /** The panes are these from now on; told first while the scene is being made. */
  readonly arranged?: (panes: readonly Pane[]) => void;
}

/**
 * Draws sides of a road map on a canvas; it keeps to the canvas's size by itself, and handles dragging, wheel and pinch.
 * A canvas serves one scene: closing it gives the graphics card back, and what is opened next needs a canvas of its own.
 *
 * @throws {Error} in words for the person at the page, where the browser cannot draw it
 */
export async function createScene(
  canvas: HTMLCanvasElement,
  map: RoadMap,
  look: Look,
  told: Told = {},
): Promise<Scene> {
  const stage = await Stage.open(canvas);
  stage.measure();
  return new MapScene(stage, map, look, told);
}
