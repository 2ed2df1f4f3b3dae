import { describe, expect, test } from 'vitest';
import { Camera } from '../../client/scene/camera.ts';

const BOUNDS = { left: -500, right: 500, bottom: -200, top: 200 };

function opened(width = 800, height = 600): Camera {
  const camera = new Camera(BOUNDS);
  camera.resize(width, height);
  return camera;
}

describe('the camera', () => {
  test('opens with the whole map in the pane, and keeps it there until somebody moves it', () => {
    const camera = opened();
    const corner = camera.seenAt(-500, 200);
    expect(corner.x).toBeGreaterThan(0);
    expect(corner.y).toBeGreaterThan(0);
    camera.resize(400, 300);
    expect(camera.seenAt(-500, 0).x).toBeGreaterThan(0);
    camera.zoomAt(3, 200, 150);
    const { scale } = camera;
    camera.resize(800, 600);
    expect(camera.scale).toBe(scale);
  });

  test('opens on a part of the map, near it but no nearer than cars need, and never farther than the whole', () => {
    const part = { left: 100, right: 400, bottom: -50, top: 50 };
    const camera = new Camera(BOUNDS, part);
    camera.resize(632, 300);
    expect([camera.x, camera.y, camera.scale]).toEqual([250, 0, 2]);
    camera.resize(332, 300);
    expect([camera.x, camera.y, camera.scale]).toEqual([250, 0, 1]);
    camera.resize(3000, 3000);
    expect(camera.scale).toBe(3);
    camera.resize(3800, 3000);
    expect(camera.scale).toBe(camera.fitScale);
    camera.fit(0, true);
    expect([camera.x, camera.y]).toEqual([0, 0]);
    camera.resize(800, 600);
    expect([camera.x, camera.scale]).toEqual([0, camera.fitScale]);
  });

  test('keeps what is to be seen whole below the headroom', () => {
    const camera = new Camera(BOUNDS, { left: -100, right: 100, bottom: -100, top: 100 });
    camera.headroom = 40;
    camera.resize(800, 272);
    expect(camera.scale).toBe(1);
    expect(camera.seenAt(0, 100).y).toBeCloseTo(56, 9);
    expect(camera.seenAt(0, -100).y).toBeCloseTo(256, 9);
    camera.footroom = 50;
    camera.resize(800, 322);
    expect(camera.scale).toBe(1);
    expect(camera.seenAt(0, -100).y).toBeCloseTo(256, 9);
    camera.footroom = 0;
    camera.resize(800, 272);
    camera.fit(0, true);
    expect(camera.seenAt(0, 200).y).toBeGreaterThan(40);
    expect(camera.seenAt(0, -200).y).toBeLessThan(272);
  });

  test('zooms to the pointer: what is under it stays', () => {
    const camera = opened();
    const before = camera.placeAt(620, 300);
    camera.zoomAt(4, 620, 300);
    const after = camera.placeAt(620, 300);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
  });

  test('flies so that what is at the pointer stays all the way', () => {
    const camera = opened();
    const before = camera.placeAt(500, 320);
    camera.flyAt(4, 500, 320, 0, false);
    for (const now of [40, 100, 170, 300]) {
      camera.advance(now);
      expect(camera.placeAt(500, 320).x).toBeCloseTo(before.x, 6);
      expect(camera.placeAt(500, 320).y).toBeCloseTo(before.y, 6);
    }
    expect(camera.isMoving).toBe(false);
  });

  test('keeps to its limits', () => {
    const camera = opened();
    camera.zoomAt(1e9, 400, 300);
    expect(camera.scale).toBe(40);
    camera.pan(1e9, -1e9);
    expect([camera.x, camera.y]).toEqual([-500, -200]);
    camera.zoomAt(1e-9, 400, 300);
    expect(camera.scale).toBeCloseTo(camera.fitScale / 2, 9);
  });

  test('drags what is under the hand with it, and coasts to a halt', () => {
    const camera = opened();
    camera.zoomAt(5, 400, 300);
    const place = camera.placeAt(400, 300);
    camera.pan(30, -20);
    expect(camera.seenAt(place.x, place.y)).toEqual({ x: 430, y: 280 });
    camera.coast(900, 0, 0);
    const { x } = camera;
    for (let now = 16; now < 5000; now += 16) camera.advance(now);
    expect(camera.x).toBeLessThan(x - 20);
    expect(camera.isMoving).toBe(false);
  });

  test('is there at once where nothing shall glide', () => {
    const camera = opened();
    camera.goTo(100, 50, 8, 0, true);
    expect([camera.x, camera.y, camera.scale]).toEqual([100, 50, 8]);
    expect(camera.isMoving).toBe(false);
  });
});
