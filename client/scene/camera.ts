/** A rectangle of the map, m. */
export interface Bounds {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

interface Flight {
  readonly fromX: number;
  readonly fromY: number;
  readonly fromScale: number;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly startMs: number;
  readonly durationMs: number;
}

/** CSS pixels for each metre: a car is 200 pixels long, and the map may shrink to half of what fits. */
const SCALE_MAX = 40;
const BEYOND_FIT = 0.5;
const MARGIN_PX = 16;
/** Nearer than this nothing opens: cars are told apart already. */
const OPENING_MAX = 3;
const FLIGHT_MS = 260;
/** Speed left after a second of coasting. */
const COASTING_LEFT = 0.004;
const COASTING_LEAST = 12;

/**
 * Where one looks: a place of the map in the middle of every pane, and CSS pixels for each metre. All changes keep
 * to the limits; flights and coasting go on with the clock that is handed in.
 */
export class Camera {
  x = 0;
  y = 0;
  scale = 1;
  /** Of a pane, CSS pixels. */
  width = 1;
  height = 1;
  /** At the top of a pane, CSS pixels: what is to be seen whole lies below. */
  headroom = 0;
  /** At its bottom: what is to be seen whole lies above. */
  footroom = 0;
  readonly #bounds: Bounds;
  readonly #opening: Bounds;
  #flight: Flight | null = null;
  /** CSS pixels a second. */
  #coastX = 0;
  #coastY = 0;
  #toldAt = 0;
  /** What is kept in sight, whatever the size, until somebody moves it. */
  #kept: 'opening' | 'whole' | null = 'opening';

  /** @param bounds  of the map  @param opening  what is seen first */
  constructor(bounds: Bounds, opening: Bounds = bounds) {
    this.#bounds = bounds;
    this.#opening = opening;
  }

  /** Whether somebody has moved it, so that it does not keep to what it opened on, or to the whole. */
  get isMoved(): boolean {
    return this.#kept === null;
  }

  get isMoving(): boolean {
    return this.#flight !== null || this.#coastX !== 0 || this.#coastY !== 0;
  }

  /** At which the whole map is seen. */
  get fitScale(): number {
    return this.#scaleInto(this.#bounds, this.width, this.height);
  }

  /** At which one would look first in a pane of a size, CSS pixels for each metre. */
  openingScaleOf(width: number, height: number): number {
    const scale = Math.min(OPENING_MAX, this.#scaleInto(this.#opening, width, height));
    return Math.max(this.#scaleInto(this.#bounds, width, height), scale);
  }

  resize(width: number, height: number): void {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    const { x, y, scale } = this.#keptPlace;
    this.#place(x, y, scale);
  }

  fit(nowMs: number, still: boolean): void {
    this.#kept = 'whole';
    const { x, y, scale } = this.#keptPlace;
    this.#fly(x, y, scale, nowMs, still);
    this.#kept = 'whole';
  }

  goTo(x: number, y: number, scale: number, nowMs: number, still: boolean): void {
    this.#fly(x, y, scale, nowMs, still);
  }

  /** So that what is at `x`, `y` of a pane stays there. */
  zoomAt(factor: number, x: number, y: number): void {
    this.halt();
    const scale = this.#allowed(this.scale * factor);
    const { x: placeX, y: placeY } = this.placeAt(x, y);
    this.#kept = null;
    this.#place(placeX - (x - this.width / 2) / scale, placeY + (y - this.height / 2) / scale, scale);
  }

  /** As `zoomAt`, in a short while. */
  flyAt(factor: number, x: number, y: number, nowMs: number, still: boolean): void {
    const scale = this.#allowed((this.#flight?.scale ?? this.scale) * factor);
    const { x: placeX, y: placeY } = this.placeAt(x, y);
    this.#fly(
      placeX - (x - this.width / 2) / scale,
      placeY + (y - this.height / 2) / scale,
      scale,
      nowMs,
      still,
    );
  }

  /** What was under the pointer goes with it, CSS pixels. */
  pan(dx: number, dy: number): void {
    this.halt();
    this.#kept = null;
    this.#place(this.x - dx / this.scale, this.y + dy / this.scale, this.scale);
  }

  /** Goes on as it was let go, CSS pixels a second. */
  coast(speedX: number, speedY: number, nowMs: number): void {
    this.#coastX = speedX;
    this.#coastY = speedY;
    this.#toldAt = nowMs;
  }

  /** Looks at a place that moves. */
  follow(x: number, y: number): void {
    this.#kept = null;
    this.#place(x, y, this.scale);
  }

  halt(): void {
    this.#flight = null;
    this.#coastX = 0;
    this.#coastY = 0;
  }

  /** Goes on to `nowMs`. */
  advance(nowMs: number): void {
    if (this.#flight !== null) this.#advanceFlight(this.#flight, nowMs);
    else if (this.#coastX !== 0 || this.#coastY !== 0) this.#advanceCoasting(nowMs);
  }

  /** The place of the map at CSS pixels of a pane. */
  placeAt(x: number, y: number): { x: number; y: number } {
    return {
      x: this.x + (x - this.width / 2) / this.scale,
      y: this.y - (y - this.height / 2) / this.scale,
    };
  }

  /** CSS pixels of a pane at which a place of the map is seen. */
  seenAt(x: number, y: number): { x: number; y: number } {
    return {
      x: (x - this.x) * this.scale + this.width / 2,
      y: (this.y - y) * this.scale + this.height / 2,
    };
  }

  get #keptPlace(): { x: number; y: number; scale: number } {
    if (this.#kept === null) return this;
    const isOpening = this.#kept === 'opening';
    const { left, right, top, bottom } = isOpening ? this.#opening : this.#bounds;
    const scale = isOpening ? this.openingScaleOf(this.width, this.height) : this.fitScale;
    return {
      x: (left + right) / 2,
      y: (top + bottom) / 2 + (this.headroom - this.footroom) / 2 / scale,
      scale,
    };
  }

  /** At which a part of the map is as large as it can be in a pane of a size. */
  #scaleInto({ left, right, top, bottom }: Bounds, width: number, height: number): number {
    const margin = Math.min(MARGIN_PX, width / 8, height / 8);
    return Math.min(
      SCALE_MAX,
      Math.max(1, width - 2 * margin) / Math.max(1, right - left),
      Math.max(1, height - this.headroom - this.footroom - 2 * margin) / Math.max(1, top - bottom),
    );
  }

  #allowed(scale: number): number {
    return Math.min(SCALE_MAX, Math.max(this.fitScale * BEYOND_FIT, scale));
  }

  #place(x: number, y: number, scale: number): void {
    const { left, right, top, bottom } = this.#bounds;
    this.scale = this.#allowed(scale);
    this.x = Math.min(right, Math.max(left, x));
    this.y = Math.min(top, Math.max(bottom, y));
  }

  #fly(x: number, y: number, scale: number, nowMs: number, still: boolean): void {
    this.halt();
    this.#kept = null;
    if (still) {
      this.#place(x, y, scale);
      return;
    }
    const from = { fromX: this.x, fromY: this.y, fromScale: this.scale };
    this.#flight = { ...from, x, y, scale: this.#allowed(scale), startMs: nowMs, durationMs: FLIGHT_MS };
  }

  /** Scale changes by equal factors in equal times, and the place so that the way there is straight on the screen. */
  #advanceFlight(flight: Flight, nowMs: number): void {
    const t = Math.min(1, Math.max(0, (nowMs - flight.startMs) / flight.durationMs));
    const eased = 1 - (1 - t) * (1 - t) * (1 - t);
    const ratio = flight.scale / flight.fromScale;
    const scale = flight.fromScale * ratio ** eased;
    const part = Math.abs(ratio - 1) < 1e-6 ? eased : (1 - flight.fromScale / scale) / (1 - 1 / ratio);
    this.#place(
      flight.fromX + (flight.x - flight.fromX) * part,
      flight.fromY + (flight.y - flight.fromY) * part,
      scale,
    );
    if (t >= 1) this.#flight = null;
  }

  #advanceCoasting(nowMs: number): void {
    const seconds = Math.min(0.1, Math.max(0, (nowMs - this.#toldAt) / 1000));
    this.#toldAt = nowMs;
    this.#place(
      this.x - (this.#coastX * seconds) / this.scale,
      this.y + (this.#coastY * seconds) / this.scale,
      this.scale,
    );
    const left = COASTING_LEFT ** seconds;
    this.#coastX *= left;
    this.#coastY *= left;
    if (this.#coastX * this.#coastX + this.#coastY * this.#coastY < COASTING_LEAST * COASTING_LEAST)
      this.halt();
  }
}
