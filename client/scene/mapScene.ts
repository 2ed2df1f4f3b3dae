import { Rectangle } from 'pixi.js';
import type { DecodedFrame } from '../../server/protocol/frame.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { View } from '../sight.ts';
import { Camera } from './camera.ts';
import { Divider } from './divider.ts';
import { watchGestures } from './gestures.ts';
import type { Look } from './look.ts';
import { type Marks, marksOf } from './marks.ts';
import { fillPalette } from './palette.ts';
import { arrange, type Pane, type Place, paneAt } from './panes.ts';
import { intersectionAt, laneAt, meant, type Pointed, vehicleAt } from './picking.ts';
import { type CaptionLine, pictureOf } from './picture.ts';
import type { Picked, Scene, Told } from './scene.ts';
import { SideView } from './sideView.ts';
import type { Stage } from './stage.ts';
import { THEMES } from './theme.ts';
import { Timeline } from './timeline.ts';
import { buildTown, type Town } from './town.ts';

/** CSS pixels for each m below which queued vehicles run into one another, and above which they are apart again. */
const FAR_SCALE = 0.15;
const NEAR_SCALE = 0.18;
/** From which one sees a place well. */
const CLOSE_SCALE = 5;
const LANE_M = 3.5;
const COSTS_KEPT = 240;
const LOST =
  'The graphics card has dropped the map. It comes back by itself, or when the page is loaded again.';

interface Shown {
  readonly view: SideView;
  readonly frame: Rectangle;
  pane: Pane;
}

export class MapScene implements Scene {
  readonly scriptMs: number[] = [];
  drawCount = 0;
  isFar = false;
  readonly #stage: Stage;
  readonly #town: Town;
  readonly #camera: Camera;
  readonly #timeline: Timeline;
  readonly #told: Told;
  readonly #endings: (() => void)[] = [];
  #look: Look;
  #marks: Marks;
  #shown: Shown[] = [];
  #dividers: Divider[] = [];
  #heat: Extract<DecodedFrame, { kind: 'heat' }> | null = null;
  #requested = 0;
  #letGo = false;
  #closed = false;

  constructor(stage: Stage, map: RoadMap, look: Look, told: Told) {
    this.#stage = stage;
    this.#town = buildTown(map);
    this.#camera = new Camera(this.#town.bounds, this.#town.opening);
    this.#timeline = new Timeline(map.stepS);
    this.#told = told;
    this.#look = look;
    this.#marks = marksOf(map, this.#town.axes, this.#town.middle, look);
    fillPalette(this.#town.palette, look.theme);
    this.#setSides();
    this.#watch();
  }

  get drawnStep(): number {
    return this.#timeline.drawnStep;
  }

  get pixelsPerMetre(): number {
    return this.#camera.scale;
  }

  get panes(): readonly Pane[] {
    return this.#shown.map(({ pane }) => pane);
  }

  show(frame: DecodedFrame): void {
    if (frame.kind === 'heat') {
      this.#heat = frame;
      this.#showHeat();
    } else if (this.#timeline.take(frame, performance.now())) {
      this.#showMoments();
    }
    this.#request();
  }

  look(change: Partial<Look>): void {
    const before = this.#look;
    this.#look = { ...before, ...change };
    const { theme, sides, headroom, footroom, closed, incidents, intersection, vehicle, follow } = this.#look;
    if (theme !== before.theme) {
      fillPalette(this.#town.palette, theme);
      for (const { view } of this.#shown) view.setTheme(theme);
      for (const divider of this.#dividers) divider.setTheme(theme);
    }
    if (closed !== before.closed || incidents !== before.incidents || intersection !== before.intersection) {
      this.#setMarks();
    }
    if (sides.join() !== before.sides.join()) this.#setSides();
    else if (headroom !== before.headroom || footroom !== before.footroom) this.#arrange();
    if (vehicle !== before.vehicle || follow !== before.follow) this.#letGo = false;
    if (follow && !before.follow) this.#approach();
    this.#request();
  }

  pick(x: number, y: number): Picked | null {
    const shown = paneAt(this.#shown, x, y);
    if (shown === null) return null;
    const { map, middle, paths, cells } = this.#town;
    const { side, left, top } = shown.pane;
    const at: Pointed = { ...this.#camera.placeAt(x - left, y - top), pixelM: 1 / this.#camera.scale };
    const rows = shown.view.drawnRows;
    const near = rows === null ? null : vehicleAt(at, rows, map, paths, cells);
    const intersection = intersectionAt(at, map, middle);
    const kind = meant(at, near, intersection);
    if (kind === 'vehicle') return { kind, side, vehicle: near!.vehicle };
    if (kind === 'intersection') return { kind, side, intersection: intersection! };
    const lane = laneAt(at, map, paths, cells);
    return lane === null ? null : { kind: 'lane', side, ...lane };
  }

  fit(): void {
    this.#camera.fit(performance.now(), this.#look.still);
    this.#request();
  }

  zoom(factor: number): void {
    const { x, y } = this.#heldAt;
    this.#camera.flyAt(factor, x, y, performance.now(), this.#look.still);
    this.#request();
  }

  /** What stays where it is while one zooms without a pointer: the chosen intersection where it is seen, else the middle. */
  get #heldAt(): { x: number; y: number } {
    const { width, height } = this.#camera;
    const half = { x: width / 2, y: height / 2 };
    const { map, middle } = this.#town;
    const { intersection } = this.#look;
    if (intersection === null || map.intersections.x[intersection] === undefined) return half;
    const at = this.#camera.seenAt(
      map.intersections.x[intersection]! - middle.x,
      map.intersections.y[intersection]! - middle.y,
    );
    return at.x >= 0 && at.x <= width && at.y >= 0 && at.y <= height ? at : half;
  }

  pan(dx: number, dy: number): void {
    this.#letGo = true;
    this.#camera.pan(dx, dy);
    this.#request();
  }

  goTo(x: number, y: number): void {
    const { middle } = this.#town;
    const scale = Math.max(CLOSE_SCALE, this.#camera.scale);
    this.#letGo = true;
    this.#camera.goTo(x - middle.x, y - middle.y, scale, performance.now(), this.#look.still);
    this.#request();
  }

  get view(): View | null {
    const { isMoved, x, y, scale, width } = this.#camera;
    const { middle } = this.#town;
    return isMoved ? { x: x + middle.x, y: y + middle.y, acrossM: width / scale } : null;
  }

  lookAt({ x, y, acrossM }: View): void {
    const { middle } = this.#town;
    this.#camera.goTo(x - middle.x, y - middle.y, this.#camera.width / acrossM, performance.now(), true);
    this.#request();
  }

  async picture(caption: readonly CaptionLine[], names: readonly string[]): Promise<Blob> {
    this.#draw(performance.now());
    const { theme } = this.#look;
    return pictureOf(this.#stage.canvas, {
      caption,
      names,
      panes: this.panes,
      theme,
      dots: this.#stage.dots,
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    cancelAnimationFrame(this.#requested);
    for (const end of this.#endings) end();
    this.#closeSides();
    for (const divider of this.#dividers) divider.close();
    for (const geometry of Object.values(this.#town.geometry)) geometry.destroy(true);
    for (const geometry of Object.values(this.#marks)) geometry.destroy(true);
    this.#stage.close();
  }

  #watch(): void {
    const { canvas } = this.#stage;
    const inPane = (x: number, y: number): [number, number] => {
      const { left = 0, top = 0 } = paneAt(this.#shown, x, y)?.pane ?? {};
      return [x - left, y - top];
    };
    const byHand = (move: () => void) => {
      move();
      this.#request();
    };
    const gestures = {
      held: () => this.#camera.halt(),
      dragged: (dx: number, dy: number) =>
        byHand(() => {
          this.#letGo = true;
          this.#camera.pan(dx, dy);
          this.#told.moved?.();
        }),
      thrown: (speedX: number, speedY: number) => {
        if (!this.#look.still) byHand(() => this.#camera.coast(speedX, speedY, performance.now()));
      },
      zoomed: (factor: number, x: number, y: number) =>
        byHand(() => this.#camera.zoomAt(factor, ...inPane(x, y))),
      stepped: (factor: number, x: number, y: number) =>
        byHand(() => this.#camera.flyAt(factor, ...inPane(x, y), performance.now(), this.#look.still)),
    };
    this.#endings.push(watchGestures(canvas, gestures));
    // A canvas of a new size is empty: it is drawn at once, not with the next picture.
    const resized = () => {
      if (!this.#stage.measure()) return;
      this.#arrange();
      this.#draw(performance.now());
    };
    const observer = new ResizeObserver(resized);
    observer.observe(canvas);
    window.addEventListener('resize', resized);
    this.#endings.push(
      () => observer.disconnect(),
      () => window.removeEventListener('resize', resized),
    );
    const lost = () => this.#told.trouble?.(LOST);
    const restored = () => {
      this.#told.trouble?.(null);
      this.#request();
    };
    canvas.addEventListener('webglcontextlost', lost);
    canvas.addEventListener('webglcontextrestored', restored);
    this.#endings.push(() => {
      canvas.removeEventListener('webglcontextlost', lost);
      canvas.removeEventListener('webglcontextrestored', restored);
    });
  }

  #setSides(): void {
    this.#closeSides();
    const { theme, sides } = this.#look;
    this.#shown = sides.map((side) => {
      const frame = new Rectangle();
      const view = new SideView(this.#town, this.#marks, frame);
      view.setTheme(theme);
      this.#stage.root.addChild(view.root);
      return { view, frame, pane: { side, left: 0, top: 0, width: 1, height: 1 } };
    });
    this.#arrange();
    this.#showMoments();
    this.#showHeat();
    this.#request();
  }

  #closeSides(): void {
    for (const { view } of this.#shown) view.close();
    this.#shown = [];
  }

  #arrange(): void {
    const camera = this.#camera;
    const { sides, headroom, footroom } = this.#look;
    Object.assign(camera, { headroom, footroom });
    const { panes, dividers } = arrange(sides, this.#stage, (width, height) =>
      camera.openingScaleOf(width, height),
    );
    this.#shown.forEach((shown, k) => {
      const pane = panes[k]!;
      const { left: x, top: y, width, height } = pane;
      shown.pane = pane;
      Object.assign(shown.frame, { x, y, width, height });
    });
    this.#setDividers(dividers);
    const { width, height } = panes[0] ?? this.#stage;
    camera.resize(width, height);
    this.#told.arranged?.(panes);
  }

  #setDividers(places: readonly Place[]): void {
    for (const divider of this.#dividers) divider.close();
    this.#dividers = places.map((place) => {
      const divider = new Divider(this.#town.camera, place);
      divider.setTheme(this.#look.theme);
      this.#stage.root.addChild(divider.root);
      return divider;
    });
  }

  #setMarks(): void {
    const old = this.#marks;
    this.#marks = marksOf(this.#town.map, this.#town.axes, this.#town.middle, this.#look);
    for (const { view } of this.#shown) view.setMarks(this.#marks);
    for (const geometry of Object.values(old)) geometry.destroy(true);
  }

  #showMoments(): void {
    for (const { view, pane } of this.#shown) {
      const moment = this.#timeline.momentOf(pane.side);
      if (moment !== null) view.show(moment);
    }
  }

  #showHeat(): void {
    if (this.#heat === null) return;
    const { worlds } = this.#heat;
    const last = worlds[worlds.length - 1];
    for (const { view, pane } of this.#shown) {
      const own = worlds[pane.side];
      // All panes show one difference: that of the last side from the first.
      if (own !== undefined && last !== undefined) view.showHeat(own, last, worlds[0]!);
    }
  }

  /** Nearer, to the vehicle that is followed from here on. */
  #approach(): void {
    const pose = this.#ringed();
    if (pose === null) return;
    const scale = Math.max(CLOSE_SCALE, this.#camera.scale);
    this.#camera.goTo(pose.x, pose.y, scale, performance.now(), this.#look.still);
  }

  #ringed(): { x: number; y: number } | null {
    const { vehicle } = this.#look;
    if (vehicle === null) return null;
    for (const { view } of this.#shown) {
      const pose = view.poseOf(vehicle);
      if (pose !== null) return pose;
    }
    return null;
  }

  #request(): void {
    if (this.#requested !== 0 || this.#closed) return;
    this.#requested = requestAnimationFrame((nowMs) => {
      this.#requested = 0;
      this.#draw(nowMs);
      if (!this.#timeline.isResting || this.#camera.isMoving) this.#request();
    });
  }

  #draw(nowMs: number): void {
    if (this.#closed || this.#stage.isLost) return;
    const start = performance.now();
    const look = this.#look;
    if (this.#timeline.advance(nowMs, look.still)) this.#showMoments();
    this.#camera.advance(nowMs);
    const { fraction } = this.#timeline;
    this.#place();
    for (const { view } of this.#shown) view.prepare(look, fraction, this.#camera.scale);
    if (look.follow && !this.#letGo && !this.#camera.isMoving) {
      const pose = this.#ringed();
      if (pose !== null) this.#camera.follow(pose.x, pose.y);
      this.#place();
    }
    this.#stage.render(THEMES[look.theme].ground);
    this.drawCount++;
    this.scriptMs.push(performance.now() - start);
    if (this.scriptMs.length > COSTS_KEPT) this.scriptMs.shift();
  }

  /** Tells the shaders where one looks. */
  #place(): void {
    const { x, y, scale, width, height } = this.#camera;
    const { uniforms } = this.#town.camera;
    uniforms.uCentre[0] = x;
    uniforms.uCentre[1] = y;
    uniforms.uScale[0] = (2 * scale) / width;
    uniforms.uScale[1] = (2 * scale) / height;
    uniforms.uPixels = scale * this.#stage.dots;
    uniforms.uSpread = spreadAt(scale, this.#look.layer !== 'none' || this.#timeline.kind === 'lanes');
    uniforms.uDot = this.#stage.dots;
    this.isFar = scale < (this.isFar ? NEAR_SCALE : FAR_SCALE);
  }
}

/**
 * How many times wider than they are roads are drawn: far out a lane of 3.5 m keeps about a pixel, nearer in two; more where
 * lanes themselves are looked at.
 */
function spreadAt(scale: number, looksAtLanes: boolean): number {
  const lane = looksAtLanes ? Math.min(4, 1.15 + 3.4 * scale) : Math.min(4, 0.8 + 3.4 * scale);
  return Math.max(1, lane / (LANE_M * scale));
}
