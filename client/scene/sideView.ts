import { Container, type Rectangle } from 'pixi.js';
import { HEAT_WORDS, LANE_BYTES } from '../../server/protocol/frame.ts';
import { Bands } from './bands.ts';
import { type Rgb, rgbOf } from './color.ts';
import { DataTexture } from './dataTexture.ts';
import { Glides, poseOf } from './glides.ts';
import { drawnLanes, PAINT } from './lanePaint.ts';
import type { Look } from './look.ts';
import { drawnMarkings } from './markings.ts';
import { drawnMarks, type Marks, ringGeometry } from './marks.ts';
import type { Pose } from './paths.ts';
import type { DrawnRows } from './picking.ts';
import { HEAT_TOP, topSpeed } from './scales.ts';
import type { Drawn } from './shaders.ts';
import { drawnBars, drawnHeads } from './signals.ts';
import { frameOf } from './stage.ts';
import { drawnFade, drawnSurface } from './surfaces.ts';
import { THEMES, type ThemeName } from './theme.ts';
import type { Moment } from './timeline.ts';
import type { Town } from './town.ts';
import { COLOR_BY, drawnVehicles, TYPES_MAX, VehicleQuads } from './vehicles.ts';

/** One side of a session in a pane of its own. */
export class SideView {
  readonly root = new Container();
  readonly #town: Town;
  readonly #rows = new DataTexture('rgba16uint');
  readonly #shown: DataTexture<'r8uint'>;
  readonly #bandTable: DataTexture<'rgba16uint'>;
  readonly #heat: DataTexture<'r16uint'>;
  readonly #heatLast: DataTexture<'r16uint'>;
  readonly #heatFirst: DataTexture<'r16uint'>;
  readonly #flow: DataTexture<'r8uint'>;
  readonly #glides: Glides;
  readonly #bands: Bands;
  readonly #quads = new VehicleQuads();
  readonly #curb: Drawn;
  readonly #asphalt: Drawn;
  readonly #fade: Drawn;
  readonly #lanes: Drawn;
  readonly #markings: Drawn;
  readonly #closures: Drawn;
  readonly #signs: Drawn;
  readonly #bars: Drawn;
  readonly #vehicles: Drawn;
  readonly #heads: Drawn;
  readonly #ring: Drawn;
  /** All of these, from the ground up. */
  readonly #order: readonly Drawn[];
  readonly #pose: Pose = { x: 0, y: 0, headingX: 0, headingY: 0 };
  #moment: Moment | null = null;
  #hasHeat = false;
  #fraction = 1;
  /** Whose signals have been sent. */
  #signalsOf: Uint8Array | null = null;

  /** @param marks  of the look, shared by all sides  @param frame  where on the canvas the pane is */
  constructor(town: Town, marks: Marks, frame: Rectangle) {
    const { map, camera, geometry, palette } = town;
    const laneCount = map.lanes.length.length;
    this.#town = town;
    this.#shown = new DataTexture('r8uint', map.connectors.from.length);
    this.#bandTable = new DataTexture('rgba16uint', laneCount);
    this.#heat = new DataTexture('r16uint', laneCount * HEAT_WORDS);
    this.#heatLast = new DataTexture('r16uint', laneCount * HEAT_WORDS);
    this.#heatFirst = new DataTexture('r16uint', laneCount * HEAT_WORDS);
    this.#flow = new DataTexture('r8uint', laneCount * LANE_BYTES);
    this.#glides = new Glides(town.paths);
    this.#bands = new Bands(map);
    this.#curb = drawnSurface(geometry.surface, camera);
    this.#asphalt = drawnSurface(geometry.surface, camera);
    this.#fade = drawnFade(geometry.fade, camera);
    this.#lanes = drawnLanes(geometry.lanes, camera, {
      bands: this.#bandTable,
      heat: this.#heat,
      heatLast: this.#heatLast,
      heatFirst: this.#heatFirst,
      flow: this.#flow,
      colors: palette,
    });
    this.#markings = drawnMarkings(geometry.markings, camera);
    this.#closures = drawnMarks(marks.closures, camera);
    this.#signs = drawnMarks(marks.signs, camera);
    this.#bars = drawnBars(geometry.signals, camera, this.#shown);
    this.#vehicles = drawnVehicles(this.#quads, camera, {
      rows: this.#rows,
      paths: town.pathTable,
      colors: palette,
    });
    this.#heads = drawnHeads(geometry.signals, camera, this.#shown);
    this.#ring = drawnMarks(ringGeometry(), camera);
    this.#setScales();
    this.root.addChild(frameOf(frame));
    const road = [this.#curb, this.#asphalt, this.#lanes, this.#markings, this.#fade];
    const above = [this.#bars, this.#vehicles, this.#heads, this.#signs, this.#ring];
    this.#order = [...road, this.#closures, ...above];
    for (const { mesh } of this.#order) this.root.addChild(mesh);
  }

  /** Takes in what is to be drawn from here on. */
  show(moment: Moment): void {
    this.#moment = moment;
    if (moment.kind === 'lanes') {
      this.#flow.fill(moment.now.lanes);
      return;
    }
    const { before, now, seconds } = moment;
    this.#rows.reserve(now.count * 2);
    this.#glides.write(before, now, seconds, this.#rows.words);
    this.#rows.send(now.count * 2);
    this.#quads.reserve(now.count);
    this.#quads.geometry.indexCount = now.count * 6;
    this.#bands.take(now, before === null);
    this.#bandTable.fill(this.#bands.words);
  }

  /** @param own  of this side  @param last  of the last, to be compared with the `first` */
  showHeat(own: Uint16Array, last: Uint16Array, first: Uint16Array): void {
    this.#hasHeat = true;
    this.#heat.fill(own);
    this.#heatLast.fill(last);
    this.#heatFirst.fill(first);
  }

  setMarks({ closures, signs }: Marks): void {
    this.#closures.mesh.geometry = closures;
    this.#signs.mesh.geometry = signs;
  }

  setTheme(name: ThemeName): void {
    const theme = THEMES[name];
    set(this.#curb, { uRgb: rgbOf(theme.curb) });
    set(this.#asphalt, { uRgb: rgbOf(theme.asphalt) });
    set(this.#fade, { uRgb: rgbOf(theme.ground) });
    set(this.#lanes, { uBand: rgbOf(theme.queue) });
    set(this.#markings, { uPaint: rgbOf(theme.marking), uCentreLine: rgbOf(theme.centreLine) });
    set(this.#vehicles, { uRim: rgbOf(theme.halo === '#ffffff' ? theme.ink : theme.halo) });
    const lamps = { uGreen: rgbOf(theme.green), uYellow: rgbOf(theme.yellow), uRed: rgbOf(theme.red) };
    set(this.#bars, lamps);
    set(this.#heads, { ...lamps, uHousing: rgbOf(theme.housing), uOff: rgbOf(theme.lampOff) });
    const marks = {
      uClosed: rgbOf(theme.closed),
      uDark: rgbOf(theme.housing),
      uAlarm: rgbOf(theme.red),
      uAccent: rgbOf(theme.accent),
      uHalo: rgbOf(theme.halo),
    };
    for (const part of [this.#closures, this.#signs, this.#ring]) set(part, marks);
  }

  /**
   * Sets everything that changes from picture to picture.
   *
   * @param fraction  of the way from the frame before to the last
   * @param scale     CSS pixels for each m
   */
  prepare(look: Look, fraction: number, scale: number): void {
    const moment = this.#moment;
    this.#fraction = fraction;
    this.#showSignals(fraction);
    this.#curb.own.uGrow = Math.max(0.8, 1 / scale);
    this.#preparePaint(look, fraction);
    this.#markings.mesh.visible = scale > 0.9;
    this.#markings.own.uLines = between(scale, 0.9, 2.4) * 0.8;
    this.#markings.own.uArrows = between(scale, 2.2, 4) * 0.8;
    this.#bars.mesh.visible = moment !== null && scale > 0.12;
    this.#bars.own.uAlpha = between(scale, 0.12, 0.25);
    this.#heads.mesh.visible = moment !== null && scale > 8;
    this.#heads.own.uAlpha = between(scale, 8, 11);
    this.#vehicles.mesh.visible = moment?.kind === 'vehicles' && moment.now.count > 0;
    this.#vehicles.own.uFraction = fraction;
    this.#vehicles.own.uColorBy = COLOR_BY[look.colorBy];
    // Far out, what lies on the lanes comes first.
    this.#vehicles.own.uAlpha = look.layer === 'none' ? 1 : 0.35 + 0.65 * between(scale, 0.8, 3);
    const pose = look.vehicle === null ? null : this.poseOf(look.vehicle);
    this.#ring.mesh.visible = pose !== null;
    if (pose !== null) {
      const length = 2.5;
      set(this.#ring, { uShift: [pose.x - pose.headingX * length, pose.y - pose.headingY * length] });
    }
  }

  /** Where a vehicle's front is drawn, in m from the map's middle; holds until it is asked again. */
  poseOf(vehicle: number): Pose | null {
    if (this.#moment?.kind !== 'vehicles') return null;
    const { ids, count } = this.#moment.now;
    const row = rowOf(ids, count, vehicle);
    return row < 0 ? null : poseOf(this.#town.paths, this.#rows.words, row, this.#fraction, this.#pose);
  }

  /** Vehicles as they are drawn, or `null` where none are. */
  get drawnRows(): DrawnRows | null {
    if (this.#moment?.kind !== 'vehicles') return null;
    const { ids, count } = this.#moment.now;
    return { ids, count, words: this.#rows.words, fraction: this.#fraction };
  }

  close(): void {
    for (const { mesh } of this.#order) mesh.shader?.destroy();
    this.root.destroy({ children: true });
    this.#quads.geometry.destroy(true);
    for (const table of [
      this.#rows,
      this.#shown,
      this.#bandTable,
      this.#heat,
      this.#heatLast,
      this.#heatFirst,
      this.#flow,
    ]) {
      table.source.destroy();
    }
  }

  /** On the way to a frame the signals are those of the frame before. */
  #showSignals(fraction: number): void {
    const moment = this.#moment;
    if (moment === null) return;
    const isOnTheWay = moment.kind === 'vehicles' && moment.before !== null && fraction < 1;
    const { signals } = isOnTheWay ? moment.before! : moment.now;
    if (signals === this.#signalsOf) return;
    this.#signalsOf = signals;
    this.#shown.fill(signals);
  }

  #preparePaint(look: Look, fraction: number): void {
    const paint = this.#paintOf(look.layer);
    this.#lanes.mesh.visible = paint !== PAINT.nothing;
    this.#lanes.own.uPaint = paint;
    this.#lanes.own.uFraction = fraction;
  }

  #paintOf(layer: Look['layer']): number {
    if (layer !== 'none' && this.#hasHeat) return PAINT[layer];
    if (this.#moment === null) return PAINT.nothing;
    return this.#moment.kind === 'lanes' ? PAINT.flow : PAINT.band;
  }

  #setScales(): void {
    const { map } = this.#town;
    const { queue, delay, emissions, difference } = HEAT_TOP;
    const top = topSpeed(map);
    set(this.#lanes, { uTops: [queue, delay, emissions, difference] });
    this.#lanes.own.uTopSpeed = top;
    this.#vehicles.own.uTopSpeed = top;
    const types = map.vehicleTypes;
    const last = types.length.length - 1;
    const sizes = Array.from({ length: TYPES_MAX }, (_, type) => Math.min(type, last));
    set(this.#vehicles, {
      uSizes: sizes.flatMap((type) => [types.length[type] ?? 5, types.width[type] ?? 2]),
    });
  }
}

function set({ own }: Drawn, values: Record<string, Rgb | readonly number[]>): void {
  for (const [name, value] of Object.entries(values)) (own[name] as Float32Array).set(value);
}

function between(value: number, from: number, to: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

function rowOf(ids: Uint32Array, count: number, vehicle: number): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const mid = (low + high) >> 1;
    const id = ids[mid]!;
    if (id === vehicle) return mid;
    if (id < vehicle) low = mid + 1;
    else high = mid - 1;
  }
  return -1;
}
