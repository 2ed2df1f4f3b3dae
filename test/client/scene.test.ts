import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rampColor, rgbOf } from '../../client/scene/color.ts';
import type { Pane } from '../../client/scene/panes.ts';
import { delayPart, topSpeed } from '../../client/scene/scales.ts';
import { THEMES } from '../../client/scene/theme.ts';
import { encodeVehicles, POSITION_MAX, packedBytes, RECORD_WORDS } from '../../server/protocol/frame.ts';
import { type Lab, type Place, SKIPPED, startLab } from './lab.ts';
import { type Seen, Streets } from './streets.ts';

/** What the map shows, pixel by pixel: in a real browser, of frames that the real simulator made. */

const { dark, light } = THEMES;
const CENTRE: Place = [240, 160];
const LENGTHS = [5, 12, 12, 2.2];
/** Within a body, behind the windscreen: m behind the front. */
const ROOF_M = 3;
/** What rounding of colors and soft edges may change. */
const NEAR = 10;

function bytes(color: string | readonly number[]): number[] {
  return (typeof color === 'string' ? rgbOf(color) : color).map((part) => part * 255);
}

function mixed(below: string, above: readonly number[], alpha: number): number[] {
  return bytes(below).map((part, k) => part + (above[k] - part) * alpha);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((part, k) => Math.abs(part - b[k])));
}

describe.skipIf(SKIPPED)('the map', () => {
  let browser: Browser;
  let start: (size?: { width: number; height: number }) => Promise<Lab>;
  let lab: Lab;
  let streets: Streets;

  beforeAll(async () => {
    ({ browser, lab: start } = await startLab());
    streets = await Streets.open('isolated', ['fixed-time', 'actuated']);
    streets.run(300);
  }, 120_000);
  afterAll(() => browser?.close());

  /** A page with the streets as they are now, and nothing gliding unless asked for. */
  async function opened(
    look: Parameters<Lab['open']>[1] = {},
    size?: { width: number; height: number },
  ): Promise<Lab> {
    lab = await start(size);
    await lab.open(streets.map, { still: true, ...look });
    await lab.show(streets.vehicleFrame());
    return lab;
  }

  /** The middle of a vehicle's roof. */
  function roofOf({ element, part, type }: Seen): { x: number; y: number } {
    const front = streets.placeOf(element, part * streets.lengthOf(element));
    const behind = Math.min(ROOF_M, LENGTHS[type] / 2);
    return { x: front.x - front.headingX * behind, y: front.y - front.headingY * behind };
  }

  const onLane = ({ element, part }: Seen) =>
    element < streets.map.lanes.length.length && part * streets.lengthOf(element) > 15;
  const car = (condition: (seen: Seen) => boolean, side = 0) =>
    streets.vehicles(side).find((seen) => seen.type === 0 && onLane(seen) && condition(seen))!;

  async function expectColor(place: Place, color: readonly number[]): Promise<void> {
    const [pixel] = await lab.pixels([place]);
    expect(distance(pixel, color), `${pixel} instead of ${color.map(Math.round)}`).toBeLessThanOrEqual(NEAR);
  }

  /** A thin line has the color within a pixel of a place. */
  async function expectLine([x, y]: Place, color: string): Promise<void> {
    const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy): Place => [x + dx, y + dy]));
    const pixels = await lab.pixels(around);
    expect(Math.min(...pixels.map((pixel) => distance(pixel, bytes(color))))).toBeLessThan(NEAR * 2);
  }

  test('vehicles are where they must be, in the color of their speed, delay and type', async () => {
    await opened();
    for (const seen of [car(({ speed }) => speed === 0), car(({ speed }) => speed > 10)]) {
      const { x, y } = roofOf(seen);
      await lab.look({ colorBy: 'speed' });
      await lab.goTo(x, y, 16);
      await expectColor(CENTRE, bytes(rampColor(dark.speed, seen.speed / topSpeed(streets.map))));
      await lab.look({ colorBy: 'type' });
      await expectColor(CENTRE, bytes(dark.types[0]));
      await lab.look({ colorBy: 'delay' });
      await expectColor(CENTRE, bytes(rampColor(dark.delay, delayPart(seen.level))));
    }
    expect(lab.complaints).toEqual([]);
    await lab.page.close();
  });

  test('far out a vehicle is still seen', async () => {
    await opened({ colorBy: 'type' });
    const { x, y } = roofOf(car(({ speed }) => speed > 10));
    await lab.goTo(x, y, 0.4);
    const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy): Place => [240 + dx, 160 + dy]));
    const pixels = await lab.pixels(around);
    expect(Math.min(...pixels.map((pixel) => distance(pixel, bytes(dark.types[0]))))).toBeLessThan(40);
    await lab.page.close();
  });

  test('roads, ground and lines have their colors, in the dark and in the light', async () => {
    await opened();
    const { x, y } = streets.placeOf(0, 200);
    for (const [name, theme] of [
      ['dark', dark],
      ['light', light],
    ] as const) {
      await lab.look({ theme: name });
      // Lane 0 of the road that leads away to the west, with nothing on it: asphalt, then the ground beside the road.
      await lab.goTo(x, y + 60, 10);
      await expectColor(CENTRE, bytes(theme.ground));
      await lab.goTo(0, 0, 10);
      await expectColor([240, 160], bytes(theme.asphalt));
    }
    await lab.page.close();
  });

  test('signals differ by color and by shape', async () => {
    await opened();
    const wanted = new Set([0, 1, 2, 3]);
    for (let step = 0; step < 120 && wanted.size > 0; step++) {
      const shown = streets.shown();
      for (const state of [...wanted]) {
        const connector = shown.indexOf(state);
        if (connector < 0) continue;
        // All movements of this lane show the same, as every lane here has one.
        wanted.delete(state);
        const lane = streets.map.connectors.from[connector];
        const end = streets.placeOf(lane, streets.lengthOf(lane));
        await lab.show(streets.vehicleFrame());
        await lab.look({ colorBy: 'type' });
        const from = { x: end.x + end.headingX * 0.72, y: end.y + end.headingY * 0.72 };
        await lab.goTo(from.x, from.y, 20);
        await expectBar(state, end.headingX, end.headingY);
      }
      streets.run(1);
    }
    expect([...wanted]).toEqual([]);
    await lab.page.close();
  });

  /** The bar in the middle of the picture, at 20 pixels a metre: 3.15 m wide and 1.15 m thick. */
  async function expectBar(state: number, headingX: number, headingY: number): Promise<void> {
    const at = (ahead: number, right: number): Place => [
      240 + 20 * (headingX * ahead + headingY * right),
      160 - 20 * (headingY * ahead - headingX * right),
    ];
    const across = Array.from({ length: 12 }, (_, k) => at(0, -1.2 + k * 0.2));
    const pixels = await lab.pixels([at(0, 0), at(0.5, 0.3), at(-0.5, 0.3), ...across]);
    const [middle, far, near, ...line] = pixels.map((pixel) => ({
      green: distance(pixel, bytes(dark.green)) < 40,
      yellow: distance(pixel, bytes(dark.yellow)) < 40,
      red: distance(pixel, bytes(dark.red)) < 40,
    }));
    if (state === 3) expect([middle.green, far.green, near.green]).toEqual([true, true, true]);
    if (state === 2) expect([middle.green, far.green, near.green]).toEqual([false, true, true]);
    if (state === 0) expect([middle.red, far.red, near.red]).toEqual([false, true, true]);
    if (state === 1) {
      const lit = line.filter(({ yellow }) => yellow).length;
      expect(lit).toBeGreaterThan(2);
      expect(lit).toBeLessThan(10);
    }
  }

  test('one vehicle is ringed on every side', async () => {
    await opened({ sides: [0, 1], colorBy: 'type' }, { width: 700, height: 300 });
    const there = new Set(
      streets
        .vehicles(1)
        .filter(onLane)
        .map(({ vehicle }) => vehicle),
    );
    const seen = car(({ vehicle }) => there.has(vehicle));
    await lab.look({ vehicle: seen.vehicle });
    const panes = await lab.read<Pane[]>('lab.scene.panes');
    expect(panes.map(({ side }) => side)).toEqual([0, 1]);
    for (const { side, left, width } of panes) {
      const here = streets.vehicles(side).find(({ vehicle }) => vehicle === seen.vehicle)!;
      const front = streets.placeOf(here.element, here.part * streets.lengthOf(here.element));
      await lab.goTo(front.x - front.headingX * 2.5, front.y - front.headingY * 2.5, 12);
      await expectLine([left + width / 2, 150 - 5 * 12], dark.accent);
      await expectLine([left + width / 2 + 5 * 12, 150], dark.accent);
    }
    await lab.look({ vehicle: null });
    const [pixel] = await lab.pixels([[panes[1].left + panes[1].width / 2, 150 - 60]]);
    expect(distance(pixel, bytes(dark.accent))).toBeGreaterThan(60);
    await lab.page.close();
  });

  test('pointing finds the vehicle, else the intersection, else the lane and the place on it', async () => {
    const isCrossed = () =>
      streets.vehicles().some(({ element }) => element >= streets.map.lanes.length.length);
    while (isCrossed()) streets.run(1);
    await opened();
    const seen = car(({ speed }) => speed > 5);
    const roof = roofOf(seen);
    await lab.goTo(roof.x, roof.y, 8);
    expect(await lab.pick(...CENTRE)).toEqual({ kind: 'vehicle', side: 0, vehicle: seen.vehicle });
    await lab.goTo(-9, 9, 8);
    expect(await lab.pick(...CENTRE)).toEqual({ kind: 'intersection', side: 0, intersection: 0 });
    // Where vehicles are small, a crowd before the signal does not keep anybody from choosing it.
    const { x, y } = streets.map.intersections;
    const fromSignal = (place: { x: number; y: number }) => Math.hypot(place.x - x[0], place.y - y[0]);
    const waiting = roofOf(car((vehicle) => fromSignal(roofOf(vehicle)) < 25));
    await lab.goTo(waiting.x, waiting.y, 0.3);
    expect(await lab.pick(...CENTRE)).toEqual({ kind: 'intersection', side: 0, intersection: 0 });
    await lab.goTo(waiting.x, waiting.y, 4);
    expect(await lab.pick(...CENTRE)).toMatchObject({ kind: 'vehicle' });
    const place = streets.placeOf(0, 380);
    await lab.goTo(place.x, place.y, 8);
    const picked = (await lab.pick(...CENTRE)) as { kind: string; lane: number; positionM: number };
    expect(picked).toMatchObject({ kind: 'lane', side: 0, lane: 0 });
    expect(picked.positionM).toBeCloseTo(380, 0);
    expect(await lab.pick(240, 20)).toBeNull();
    await lab.page.close();
  });

  test('aggregates color lanes by mean speed', async () => {
    await opened();
    await lab.show(streets.laneFrame());
    const lanes = streets.lanes();
    const lane = streets.map.lanes.name.findIndex((_, l) => lanes[l * 3] >= 2);
    const place = streets.placeOf(lane, 60);
    await lab.goTo(place.x, place.y, 8);
    const occupied = Math.min(1, (lanes[lane * 3] * 7.5) / streets.lengthOf(lane));
    const color = bytes(rampColor(dark.speed, (lanes[lane * 3 + 2] * 0.25) / topSpeed(streets.map)));
    await expectColor(CENTRE, mixed(dark.asphalt, color, 0.72 + 0.28 * occupied));
    await lab.page.close();
  });

  test('layers color lanes by what was lost on them, and by how much the last side differs from the first', async () => {
    await opened({ sides: [0, 1], layer: 'queue' }, { width: 700, height: 300 });
    await lab.show(
      streets.heatFrame([
        [90, 0, 0],
        [0, 400, 300],
      ]),
    );
    const place = streets.placeOf(0, 380);
    await lab.goTo(place.x, place.y, 12);
    const [first, second] = await lab.read<Pane[]>('lab.scene.panes');
    const places: Place[] = [first, second].map(({ left, width }) => [left + width / 2, 150]);
    await expectColor(places[0], mixed(dark.asphalt, bytes(rampColor(dark.heat, 0.75)), 0.92));
    await expectColor(places[1], bytes(dark.asphalt));
    await lab.look({ layer: 'emissions' });
    await expectColor(places[1], mixed(dark.asphalt, bytes(rampColor(dark.heat, 0.5)), 0.92));
    await lab.look({ layer: 'difference' });
    const less = rampColor(dark.difference, (1 - Math.sqrt(9 / 12)) / 2);
    for (const at of places) await expectColor(at, mixed(dark.asphalt, bytes(less), 0.95));
    await lab.page.close();
  });

  test('four sides stand beside one another, each with its own vehicles', async () => {
    streets = await Streets.open('isolated', ['fixed-time', 'actuated', 'max-pressure', 'webster']);
    streets.run(400);
    await opened({ sides: [3, 1, 0, 2], colorBy: 'type' }, { width: 1000, height: 300 });
    const panes = await lab.read<Pane[]>('lab.scene.panes');
    expect(panes.map(({ side }) => side)).toEqual([3, 1, 0, 2]);
    for (const { side, left, width } of panes) {
      const { x, y } = roofOf(car(() => true, side));
      await lab.goTo(x, y, 12);
      await expectColor([left + width / 2, 150], bytes(dark.types[0]));
    }
    await lab.look({ sides: [2] });
    expect(await lab.read('lab.scene.panes.length')).toBe(1);
    const { x, y } = roofOf(car(() => true, 2));
    await lab.goTo(x, y, 12);
    await expectColor([500, 150], bytes(dark.types[0]));
    expect(lab.complaints).toEqual([]);
    await lab.page.close();
  });

  test('a crowd larger than any before is drawn to the last vehicle', async () => {
    await opened({ colorBy: 'type' });
    const count = 20_000;
    const records = new Uint16Array(count * RECORD_WORDS);
    for (let v = 0; v < count; v++) records.set([1, 0, 0], v * RECORD_WORDS);
    records.set([0, Math.round((200 / streets.lengthOf(0)) * POSITION_MAX), 0], (count - 1) * RECORD_WORDS);
    const ids = Uint32Array.from({ length: count }, (_, v) => v * 3);
    const signals = new Uint8Array(packedBytes(streets.map.connectors.from.length));
    await lab.show(
      encodeVehicles({ sequence: 9, step: 1, sinceSteps: 0, revision: 0 }, [
        { count, ids, records, signals },
      ]),
    );
    const { x, y, headingX, headingY } = streets.placeOf(0, 200 - ROOF_M);
    await lab.goTo(x, y, 12);
    await expectColor(CENTRE, bytes(dark.types[0]));
    expect(await lab.pick(...CENTRE)).toEqual({ kind: 'vehicle', side: 0, vehicle: (count - 1) * 3 });
    const [ahead] = await lab.pixels([[240 + headingX * 100, 160 - headingY * 100]]);
    expect(distance(ahead, bytes(dark.asphalt))).toBeLessThan(NEAR);
    await lab.page.close();
  });

  test('closed lanes, incidents and the selected intersection are marked', async () => {
    await opened();
    const place = streets.placeOf(0, 380);
    await lab.goTo(place.x, place.y, 12);
    const along = Array.from({ length: 24 }, (_, k): Place => [180 + k * 5, 160]);
    const before = await lab.pixels(along);
    expect(before.every((pixel) => distance(pixel, bytes(dark.asphalt)) <= NEAR)).toBe(true);
    await lab.look({ closed: [0] });
    const striped = (await lab.pixels(along)).filter((pixel) => distance(pixel, bytes(dark.closed)) < 60);
    expect(striped.length).toBeGreaterThan(5);
    expect(striped.length).toBeLessThan(20);
    // Who is still on a closed lane is seen.
    const seen = car(({ element }) => element < streets.map.lanes.length.length);
    await lab.look({ closed: [seen.element], colorBy: 'type' });
    const roof = roofOf(seen);
    await lab.goTo(roof.x, roof.y, 16);
    await expectColor(CENTRE, bytes(dark.types[0]));
    await lab.goTo(place.x, place.y, 12);
    await lab.look({ closed: [], incidents: [{ lane: 0, positionM: 380 }] });
    const sign = await lab.pixels([-12, -6, 6, 12].map((dx): Place => [240 + dx, 166]));
    expect(sign.some((pixel) => distance(pixel, bytes(dark.closed)) < 30)).toBe(true);
    await lab.look({ incidents: [], intersection: 0 });
    await lab.goTo(0, 0, 6);
    await expectLine([240 + 14.5 * 1.25 * 6, 160], dark.accent);
    await lab.page.close();
  });

  describe('of a corridor', () => {
    beforeAll(async () => {
      streets = await Streets.open('corridor', ['fixed-time', 'actuated']);
      streets.run(200);
    });

    test('sides lie above one another, and each is pointed at in its own pane', async () => {
      await opened({ sides: [1, 0], colorBy: 'type', headroom: 30 }, { width: 600, height: 400 });
      const panes = await lab.read<Pane[]>('lab.scene.panes');
      expect(panes).toEqual([
        { side: 1, left: 0, top: 0, width: 600, height: 199 },
        { side: 0, left: 0, top: 201, width: 600, height: 199 },
      ]);
      await expectColor([300, 200], bytes(dark.divider));
      for (const { side, top } of panes) {
        const seen = car(({ speed }) => speed > 5, side);
        const { x, y } = roofOf(seen);
        await lab.goTo(x, y, 12);
        await expectColor([300, top + 99], bytes(dark.types[0]));
        expect(await lab.pick(300, top + 99)).toEqual({ kind: 'vehicle', side, vehicle: seen.vehicle });
        // What is under the pointer stays there.
        await lab.page.mouse.move(350, top + 120);
        await lab.page.mouse.wheel(0, -100);
        await lab.page.waitForTimeout(100);
        const factor = (await lab.read<number>('lab.scene.pixelsPerMetre')) / 12;
        expect(factor).toBeGreaterThan(1.05);
        const roof: Place = [350 - 50 * factor, top + 120 - 20.5 * factor];
        expect(await lab.pick(...roof)).toEqual({ kind: 'vehicle', side, vehicle: seen.vehicle });
      }
      await lab.page.setViewportSize({ width: 1200, height: 150 });
      await lab.page.waitForTimeout(100);
      expect(await lab.read('lab.scene.panes.map(({ top }) => top)')).toEqual([0, 0]);
      expect(lab.complaints).toEqual([]);
      await lab.page.close();
    });

    test('a picture that is taken away names its sides, each in its pane', async () => {
      await opened({ sides: [1, 0] }, { width: 600, height: 400 });
      const inkIn = (names: readonly string[], top: number) =>
        lab.read<number>(`(async () => {
          const picture = await createImageBitmap(await lab.scene.picture([], ${JSON.stringify(names)}));
          const pen = new OffscreenCanvas(600, 400).getContext('2d');
          pen.drawImage(picture, 0, 0);
          const { data } = pen.getImageData(0, ${top}, 120, 24);
          return data.filter((value, k) => k % 4 === 0 && value > 200).length;
        })()`);
      expect(await inkIn([], 201)).toBe(0);
      expect(await inkIn(['', 'B actuated'], 201)).toBe(0);
      expect(await inkIn(['', 'B actuated'], 0)).toBeGreaterThan(50);
      expect(await inkIn(['A fixed time', ''], 201)).toBeGreaterThan(50);
      await lab.page.close();
    });

    test('it opens on the signals, and shows the whole map when asked', async () => {
      await opened({ sides: [0] }, { width: 632, height: 400 });
      const opening = await lab.read<number>('lab.scene.pixelsPerMetre');
      const { x } = streets.map.intersections;
      const signals = x.filter((_, i) => streets.map.intersections.signal[i] === 1);
      expect(opening).toBeCloseTo(600 / (Math.max(...signals) - Math.min(...signals) + 240), 3);
      await lab.read('lab.scene.fit()');
      expect(await lab.read<number>('lab.scene.pixelsPerMetre')).toBeLessThan(opening * 0.9);
      await lab.page.close();
    });

    test('a queue stands out where vehicles are small', async () => {
      const { lanes } = streets.map;
      const queued = streets
        .vehicles()
        .filter(({ element, speed }) => speed === 0 && element < lanes.length.length);
      const { element } = queued.find((one) => queued.filter((x) => x.element === one.element).length > 3)!;
      const inIt = queued.filter((one) => one.element === element).map(({ part }) => part);
      const place = streets.placeOf(
        element,
        ((Math.min(...inIt) + Math.max(...inIt)) / 2) * streets.lengthOf(element),
      );
      for (const scale of [0.36, 0.7]) {
        await opened({ colorBy: 'type' });
        await lab.goTo(place.x, place.y, scale);
        const around = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map(
          (d): Place => [240 + place.headingY * d, 160 + place.headingX * d],
        );
        const pixels = await lab.pixels(around);
        expect(
          Math.min(...pixels.map((pixel) => distance(pixel, mixed(dark.asphalt, bytes(dark.queue), 0.9)))),
          // The band is about a pixel wide and may lie on two rows of pixels; what is beside it is 150 away.
        ).toBeLessThan(90);
        await lab.page.close();
      }
    });
  });
});
