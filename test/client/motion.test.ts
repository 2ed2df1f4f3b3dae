import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rgbOf } from '../../client/scene/color.ts';
import { THEMES } from '../../client/scene/theme.ts';
import { type Lab, SKIPPED, startLab } from './lab.ts';
import { type Seen, Streets } from './streets.ts';

/** What moves on the map: vehicles from frame to frame, and the map under a hand. The page's clock is set by hand, too. */

const { dark } = THEMES;
const CAR = rgbOf(dark.types[0]).map((part) => part * 255);
const SIZE = { width: 480, height: 320 };
/** CSS pixels for each metre. */
const SCALE = 11;

interface At {
  readonly x: number;
  readonly y: number;
}

describe.skipIf(SKIPPED)('the map in motion', () => {
  let browser: Browser;
  let start: (size?: { width: number; height: number }) => Promise<Lab>;
  let lab: Lab;
  let streets: Streets;

  beforeAll(async () => {
    ({ browser, lab: start } = await startLab());
    streets = await Streets.open('isolated');
    streets.run(300);
  }, 120_000);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    lab = await start(SIZE);
    return () => lab.page.close();
  });

  /** A page whose clock goes on when it is told to, looking at a place. */
  async function opened(x: number, y: number): Promise<void> {
    await lab.page.clock.install();
    await lab.page.clock.pauseAt(Date.now() + 60_000);
    await lab.open(streets.map, { colorBy: 'type', still: true });
    await lab.goTo(x, y, SCALE);
    await lab.look({ still: false });
  }

  /** Two moments one step apart. */
  function moments() {
    const first = { frame: streets.vehicleFrame(), seen: streets.vehicles() };
    streets.run(1);
    return [first, { frame: streets.vehicleFrame(1), seen: streets.vehicles() }] as const;
  }

  const drawnStep = () => lab.read<number>('lab.scene.drawnStep');

  /** Whether there is a car's roof at each of some places, with the camera above the `middle`. */
  async function carsAt(places: readonly At[], middle: At): Promise<boolean[]> {
    const pixels = await lab.pixels(
      places.map(({ x, y }) => [240 + (x - middle.x) * SCALE, 160 - (y - middle.y) * SCALE] as const),
    );
    return pixels.map((pixel) => Math.max(...pixel.map((part, k) => Math.abs(part - CAR[k]))) < 14);
  }

  /** The place of the roof of a car whose front is so many m along an element. */
  function roof(element: number, alongM: number): At {
    const { x, y, headingX, headingY } = streets.placeOf(element, alongM);
    return { x: x - headingX * 3, y: y - headingY * 3 };
  }

  /** A car that drives along one lane from moment to moment, with nobody near. */
  function driving(before: readonly Seen[], after: readonly Seen[]) {
    const was = new Map(before.map((seen) => [seen.vehicle, seen]));
    for (const { vehicle, element, part, type } of after) {
      const seen = was.get(vehicle);
      const length = streets.lengthOf(element);
      if (seen?.element !== element || type !== 0 || element >= streets.map.lanes.length.length) continue;
      const [from, to] = [seen.part * length, part * length];
      const others = [...before, ...after].filter(
        (other) => other.element === element && other.vehicle !== vehicle,
      );
      const alone = others.every((other) => Math.abs(other.part * length - to) > 40);
      if (alone && from > 20 && to - from > 10) return { vehicle, element, from, to };
    }
    throw new Error('Nobody drives alone on a lane at this moment.');
  }

  test('a vehicle is half way when half of the time between two frames has passed', async () => {
    const [first, second] = moments();
    const { vehicle, element, from, to } = driving(first.seen, second.seen);
    const middle = roof(element, (from + to) / 2);
    await opened(middle.x, middle.y);
    const at = (part: number) => roof(element, from + (to - from) * part);
    await lab.look({ vehicle });
    await lab.show(first.frame);
    expect(await carsAt([at(0), at(0.5), at(1)], middle)).toEqual([true, false, false]);
    await lab.page.clock.runFor(480);
    await lab.show(second.frame);
    const start = await drawnStep();
    await lab.page.clock.runFor(272);
    const part = (await drawnStep()) - start;
    expect(part).toBeGreaterThan(0.35);
    expect(part).toBeLessThan(0.7);
    expect(await carsAt([at(0), at(part), at(1)], middle)).toEqual([false, true, false]);
    // The ring goes with it: it is found where it is drawn.
    const { x, y } = at(part);
    const picked = await lab.pick(240 + (x - middle.x) * SCALE, 160 - (y - middle.y) * SCALE);
    expect(picked).toEqual({ kind: 'vehicle', side: 0, vehicle });
    await lab.page.clock.runFor(2000);
    expect(await drawnStep()).toBe(start + 1);
    expect(await carsAt([at(0), at(0.5), at(1)], middle)).toEqual([false, false, true]);
    const drawn = await lab.read<number>('lab.scene.drawCount');
    await lab.page.clock.runFor(2000);
    expect(await lab.read<number>('lab.scene.drawCount')).toBe(drawn);
    expect(lab.complaints).toEqual([]);
  });

  test('a vehicle that turns follows the curve', async () => {
    const lanes = streets.map.lanes.length.length;
    const turning = (before: readonly Seen[], after: readonly Seen[]) =>
      after.flatMap((now) => {
        const was = before.find(({ vehicle }) => vehicle === now.vehicle);
        const curved = now.element >= lanes && streets.map.connectors.shape[now.element - lanes].length > 4;
        const comes =
          was !== undefined && was.element < lanes && streets.lengthOf(was.element) * (1 - was.part) < 3;
        return curved && comes && now.type === 0 ? [{ was, now }] : [];
      })[0];
    for (let tries = 0; tries < 400; tries++) {
      const [first, second] = moments();
      const found = turning(first.seen, second.seen);
      if (found === undefined) continue;
      const { was, now } = found;
      const rest = streets.lengthOf(was.element) * (1 - was.part);
      const along = now.part * streets.lengthOf(now.element);
      const middle = streets.placeOf(now.element, 0);
      await opened(middle.x, middle.y);
      await lab.show(first.frame);
      await lab.page.clock.runFor(480);
      await lab.show(second.frame);
      await lab.page.clock.runFor(400);
      const part = (await drawnStep()) % 1;
      const gone = part * (rest + along) - rest;
      expect(gone).toBeGreaterThan(0);
      // Its roof lies on the chord from its front, on the curve, to its tail, still on the lane.
      const front = streets.placeOf(now.element, gone);
      const tail = streets.placeOf(was.element, streets.lengthOf(was.element) + gone - 5);
      const roofAt = { x: front.x + (tail.x - front.x) * 0.55, y: front.y + (tail.y - front.y) * 0.55 };
      expect(await carsAt([roofAt], middle)).toEqual([true]);
      return;
    }
    throw new Error('Nobody turned for 400 s.');
  });

  test('nothing glides where it shall be still, or where time has jumped', async () => {
    const [first, second] = moments();
    const { element, from, to } = driving(first.seen, second.seen);
    const middle = roof(element, (from + to) / 2);
    await opened(middle.x, middle.y);
    await lab.look({ still: true });
    await lab.show(first.frame);
    await lab.page.clock.runFor(480);
    await lab.show(second.frame);
    expect(await carsAt([roof(element, from), roof(element, to)], middle)).toEqual([false, true]);
    await lab.look({ still: false });
    const later = streets.vehicleFrame(0);
    await lab.show(later);
    expect(await drawnStep()).toBe(streets.step);
  });

  test('the camera goes with the vehicle that it follows, until a hand moves the map', async () => {
    const [first, second] = moments();
    const { vehicle, element, from, to } = driving(first.seen, second.seen);
    const middle = roof(element, from);
    await opened(middle.x, middle.y);
    await lab.show(first.frame);
    await lab.look({ vehicle, follow: true });
    await lab.page.clock.runFor(480);
    await lab.show(second.frame);
    await lab.page.clock.runFor(3000);
    const seen = { kind: 'vehicle', side: 0, vehicle };
    const front = streets.placeOf(element, to);
    expect(await carsAt([roof(element, to)], front)).toEqual([true]);
    expect(await lab.pick(240, 160)).toEqual(seen);
    await lab.page.mouse.move(240, 160);
    await lab.page.mouse.down();
    await lab.page.mouse.move(300, 160, { steps: 4 });
    await lab.page.mouse.up();
    expect(await lab.read('lab.moves > 0')).toBe(true);
    await lab.page.clock.runFor(3000);
    expect(await lab.pick(240, 160)).not.toEqual(seen);
  });

  test('hands drag the map and zoom it at the pointer, and a drag is no click', async () => {
    const place = streets.placeOf(0, 200);
    await lab.open(streets.map, { still: true });
    await lab.show(streets.vehicleFrame());
    await lab.goTo(place.x, place.y, 10);
    await lab.read(
      `window.clicks = 0; document.querySelector('canvas').addEventListener('click', () => window.clicks++)`,
    );
    const positionAt = async (x: number) => ((await lab.pick(x, 160)) as { positionM: number }).positionM;
    const here = await positionAt(240);
    await lab.page.mouse.move(240, 160);
    await lab.page.mouse.down();
    await lab.page.mouse.move(330, 160, { steps: 5 });
    await lab.page.mouse.up();
    expect(await lab.read('window.clicks')).toBe(0);
    expect(await positionAt(330)).toBeCloseTo(here, 0);
    await lab.page.mouse.move(330, 160);
    await lab.page.mouse.wheel(0, -300);
    await lab.page.waitForFunction('lab.scene.pixelsPerMetre > 12');
    expect(await positionAt(330)).toBeCloseTo(here, 0);
    await lab.page.mouse.click(330, 160);
    expect(await lab.read('window.clicks')).toBe(1);
    const scale = await lab.read<number>('lab.scene.pixelsPerMetre');
    await lab.page.mouse.dblclick(330, 160);
    expect(await lab.read<number>('lab.scene.pixelsPerMetre')).toBeGreaterThan(scale * 1.5);
    expect(await positionAt(330)).toBeCloseTo(here, 0);
  });

  test('zooming without a pointer leaves the chosen intersection where it is', async () => {
    const { x, y, signal } = streets.map.intersections;
    const intersection = signal.indexOf(1);
    await lab.open(streets.map, { still: true, intersection });
    await lab.goTo(x[intersection] + 20, y[intersection], 3);
    const seen = { kind: 'intersection', side: 0, intersection };
    expect(await lab.pick(240 - 60, 160)).toEqual(seen);
    await lab.read('lab.scene.zoom(4)');
    expect(await lab.pick(240 - 60, 160)).toEqual(seen);
    await lab.goTo(x[intersection] + 2000, y[intersection], 0.5);
    const { pixelsPerMetre } = await lab.read<{ pixelsPerMetre: number }>(
      '({ pixelsPerMetre: lab.scene.pixelsPerMetre })',
    );
    await lab.read('lab.scene.zoom(2)');
    expect(await lab.read<number>('lab.scene.pixelsPerMetre')).toBeCloseTo(pixelsPerMetre * 2, 5);
  });

  test('two fingers pinch the map', async () => {
    await lab.open(streets.map, { still: true });
    const scale = await lab.read<number>('lab.scene.pixelsPerMetre');
    await lab.read(`(() => {
      const canvas = document.querySelector('canvas');
      canvas.setPointerCapture = () => {};
      const send = (type, pointerId, clientX) =>
        canvas.dispatchEvent(new PointerEvent(type, { pointerId, clientX, clientY: 160, pointerType: 'touch', bubbles: true }));
      send('pointerdown', 1, 200);
      send('pointerdown', 2, 280);
      send('pointermove', 1, 160);
      send('pointermove', 2, 320);
      send('pointerup', 1, 160);
      send('pointerup', 2, 320);
    })()`);
    expect(await lab.read<number>('lab.scene.pixelsPerMetre')).toBeCloseTo(scale * 2, 5);
  });

  test('the map comes back when the graphics card has dropped it, and says so', async () => {
    await lab.open(streets.map, { still: true, colorBy: 'type' });
    await lab.show(streets.vehicleFrame());
    const car = streets
      .vehicles()
      .find(({ element, type, part }) => type === 0 && element < 24 && part > 0.1)!;
    const middle = roof(car.element, car.part * streets.lengthOf(car.element));
    await lab.goTo(middle.x, middle.y, SCALE);
    expect(await carsAt([middle], middle)).toEqual([true]);
    await lab.read(`(async () => {
      const gl = document.querySelector('canvas').getContext('webgl2').getExtension('WEBGL_lose_context');
      gl.loseContext();
      await new Promise((resolve) => setTimeout(resolve, 50));
      gl.restoreContext();
      await new Promise((resolve) => setTimeout(resolve, 200));
    })()`);
    const [lost, back] = await lab.read<(string | null)[]>('lab.troubles');
    expect(lost).toMatch(/graphics card/);
    expect(back).toBeNull();
    expect(await carsAt([middle], middle)).toEqual([true]);
  });

  test('a picture has its caption below the map', async () => {
    await lab.open(streets.map, { still: true });
    const [plain, captioned] = await lab.read<{ width: number; height: number }[]>(`Promise.all(
      [[], ['Isolated intersection', 'fixed time, seed 1, 00:05:00'].map((text) => ({ text }))].map(async (caption) => {
        const { width, height } = await createImageBitmap(await lab.scene.picture(caption));
        return { width, height };
      }))`);
    expect(plain).toEqual(SIZE);
    expect(captioned.width).toBe(SIZE.width);
    expect(captioned.height).toBeGreaterThan(SIZE.height + 40);
    const colors = await lab.read<number[][]>(`(async () => {
      const stops = [{ at: 0, color: '#ff0000' }, { at: 1, color: '#0000ff' }];
      const caption = [{ text: 'A ramp', colors: stops, isRamp: true }, { text: 'Kinds', colors: stops }];
      const picture = await createImageBitmap(await lab.scene.picture(caption, []));
      const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
      pen.drawImage(picture, 0, 0);
      const at = (x, line) => [...pen.getImageData(x, ${SIZE.height} + 14 + line * 20 + 6, 1, 1).data.slice(0, 3)];
      return [at(15, 0), at(62, 0), at(108, 0), at(20, 1), at(100, 1)];
    })()`);
    const [first, between, last, one, other] = colors;
    expect(first[0]).toBeGreaterThan(240);
    expect(Math.abs(between[0] - between[2])).toBeLessThan(20);
    expect(last[2]).toBeGreaterThan(240);
    expect([one, other]).toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
  });
});
