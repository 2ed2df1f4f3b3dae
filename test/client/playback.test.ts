import { describe, expect, test } from 'vitest';
import { Playback } from '../../client/scene/playback.ts';

/** Pictures come every 16 ms; frames at the given times, `stride` steps apart. @returns the step drawn by picture */
function played(
  arrivals: readonly number[],
  untilMs: number,
  stride = 1,
  playback = new Playback(),
): number[] {
  const drawn: number[] = [];
  let next = 0;
  for (let now = 0; now <= untilMs; now += 16) {
    for (; next < arrivals.length && arrivals[next] <= now; next++) {
      playback.arrive(100 + next * stride, arrivals[next], next === 0);
    }
    playback.advance(now);
    drawn.push(playback.drawn);
  }
  return drawn;
}

const every = (ms: number, count: number) => Array.from({ length: count }, (_, k) => k * ms);
const steps = (drawn: readonly number[]) => drawn.slice(1).map((step, k) => step - drawn[k]);

describe('the moment drawn', () => {
  for (const interval of [100, 250, 1000]) {
    test(`follows frames every ${interval} ms evenly, one frame late`, () => {
      const drawn = played(every(interval, 40), interval * 39);
      const settled = steps(drawn.slice(Math.ceil((interval * 10) / 16)));
      const pace = 16 / interval;
      expect(Math.min(...settled)).toBeGreaterThan(pace * 0.9);
      expect(Math.max(...settled)).toBeLessThan(pace * 1.1);
      const behind = 100 + 39 - drawn[drawn.length - 1];
      expect(behind).toBeGreaterThan(0.85);
      expect(behind).toBeLessThan(1.25);
    });
  }

  test('never stands and never leaps while arrivals jitter by a quarter of their interval', () => {
    const jitter = [0, 22, -18, 25, -25, 8, -3, 14, -20, 11];
    const arrivals = every(100, 80).map((at, k) => at + jitter[k % jitter.length]);
    const settled = steps(played(arrivals, 7800)).slice(120);
    expect(Math.min(...settled)).toBeGreaterThan(0.16 * 0.6);
    expect(Math.max(...settled)).toBeLessThan(0.16 * 1.6);
  });

  test('never goes back and never runs ahead of the last frame', () => {
    const arrivals = [0, 100, 190, 600, 610, 620, 700, 1500, 1600];
    const playback = new Playback();
    let next = 0;
    let before = 0;
    for (let now = 0; now < 3000; now += 7) {
      for (; next < arrivals.length && arrivals[next] <= now; next++)
        playback.arrive(next, arrivals[next], next === 0);
      playback.advance(now);
      expect(playback.drawn).toBeGreaterThanOrEqual(before);
      expect(playback.drawn).toBeLessThanOrEqual(next - 1);
      before = playback.drawn;
    }
    expect(playback.drawn).toBe(8);
    expect(playback.resting).toBe(true);
  });

  test('keeps its pace over a pause', () => {
    const playback = new Playback();
    played(every(100, 20), 2500, 1, playback);
    expect(playback.drawn).toBe(119);
    playback.arrive(120, 60_000, false);
    playback.advance(60_000);
    playback.advance(60_050);
    expect(playback.drawn - 119).toBeGreaterThan(0.3);
    expect(playback.drawn - 119).toBeLessThan(0.8);
  });

  test('jumps where time has jumped, back as well as forward', () => {
    const playback = new Playback();
    played(every(100, 20), 1900, 1, playback);
    playback.arrive(20, 2000, true);
    expect(playback.drawn).toBe(20);
    playback.arrive(500, 2100, true);
    playback.advance(2100);
    expect(playback.drawn).toBe(500);
  });

  test('jumps when it has fallen four frames behind', () => {
    const playback = new Playback();
    played(every(100, 20), 1900, 1, playback);
    for (let k = 1; k <= 8; k++) playback.arrive(119 + k, 1900 + k, false);
    expect(playback.drawn).toBeGreaterThan(119 + 8 - 5);
  });
});
