import { expect, test } from 'vitest';
import { type ShownFrame, Timeline } from '../../client/scene/timeline.ts';

const world = () => ({
  count: 0,
  ids: new Uint32Array(),
  records: new Uint16Array(),
  signals: new Uint8Array(),
});

function frame(step: number, sinceSteps = 1): ShownFrame {
  return { kind: 'vehicles', sides: 1, sequence: step, step, sinceSteps, revision: 0, worlds: [world()] };
}

test('frames are drawn one after the other, each reached from the one before', () => {
  const timeline = new Timeline(0.5);
  const frames = [frame(0, 0), frame(1), frame(2), frame(3)];
  const seen: number[] = [];
  frames.forEach((next, k) => {
    timeline.take(next, k * 100);
    for (let now = k * 100; now < (k + 1) * 100; now += 10) {
      if (timeline.advance(now, false))
        seen.push(frames.findIndex((one) => one.worlds[0] === timeline.momentOf(0)!.now));
    }
  });
  for (let now = 400; now < 1200; now += 10) if (timeline.advance(now, false)) seen.push(3);
  expect(seen).toEqual([1, 2, 3]);
  expect(timeline.isResting).toBe(true);
  expect(timeline.fraction).toBe(1);
  expect(timeline.momentOf(0)).toMatchObject({ kind: 'vehicles', seconds: 0.5, before: frames[2].worlds[0] });
  expect(timeline.momentOf(1)).toBeNull();
});

test('where time has jumped nothing is drawn on the way', () => {
  const timeline = new Timeline(1);
  timeline.take(frame(5, 0), 0);
  expect(timeline.take(frame(90, 0), 100)).toBe(true);
  expect(timeline.momentOf(0)).toMatchObject({ before: null });
  expect([timeline.drawnStep, timeline.fraction]).toEqual([90, 1]);
});

test('over a few frames that were missed one glides, over more one jumps', () => {
  const timeline = new Timeline(1);
  timeline.take(frame(10, 0), 0);
  // Frames 12 to 18 were never sent here.
  expect(timeline.take(frame(20, 2), 500)).toBe(false);
  timeline.advance(2000, true);
  expect(timeline.momentOf(0)).toMatchObject({ seconds: 10 });
  // Neither was the one that said that time had leapt.
  expect(timeline.take(frame(31, 2), 2500)).toBe(true);
  expect(timeline.momentOf(0)).toMatchObject({ before: null });
  expect(timeline.drawnStep).toBe(31);
  // At a higher speed a frame is many steps after the one before, and nothing was missed.
  expect(timeline.take(frame(131, 100), 2600)).toBe(false);
});

test('a page out of sight keeps no more than a few frames, and goes on from the last', () => {
  const timeline = new Timeline(1);
  timeline.take(frame(0, 0), 0);
  let startedAnew = 0;
  for (let k = 1; k <= 1000; k++) if (timeline.take(frame(k), k * 100)) startedAnew++;
  expect(startedAnew).toBeGreaterThan(100);
  timeline.advance(100_000, false);
  expect(timeline.drawnStep).toBeGreaterThan(995);
});
