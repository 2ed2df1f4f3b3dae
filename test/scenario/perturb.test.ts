import { describe, expect, test } from 'vitest';
import type { Flow, Layout } from '../../server/scenario/layout.ts';
import { perturb } from '../../server/scenario/perturb.ts';

/** Another day's demand on the same network. */

const flow = (id: string, startS: number, endS: number, intervalS: number): Flow => {
  return { id, vehicleType: 0, route: [0, 1], startS, endS, intervalS };
};

const withFlows = (flows: Flow[], stepS = 1): Layout => ({
  name: 'two roads',
  stepS,
  durationS: 3600,
  vehicleTypes: [],
  intersections: [],
  roads: [],
  flows,
  origins: [
    {
      id: 'west',
      arrivals: 'poisson',
      profile: [{ startS: 0, endS: 3600, flowVph: 400 }],
      routes: [{ roads: [0, 1], share: 1 }],
      vehicleTypes: [{ vehicleType: 0, share: 1 }],
    },
  ],
});

const nothing = { seed: 1, durationS: 3600, jitterS: 0, demandScale: 1 };
const starts = (layout: Layout) => layout.flows.map(({ startS }) => startS);

describe('perturb', () => {
  test('nothing asked for, nothing changed', () => {
    const layout = withFlows([flow('a', 0, -1, 5)]);
    expect(perturb(layout, nothing)).toBe(layout);
  });

  test('the file’s own departures are those of the simulator: start and end included', () => {
    const once = { ...nothing, demandScale: 1.0000001 };
    expect(starts(perturb(withFlows([flow('a', 2, 14, 4)]), once))).toEqual([2, 6, 10, 14]);
    expect(starts(perturb(withFlows([flow('a', 0, 2, 0.5)]), once))).toEqual([0, 1, 1, 2, 2]);
    expect(starts(perturb(withFlows([flow('a', 0, -1, 1000)]), once))).toEqual([0, 1000, 2000, 3000]);
  });

  test('jitter moves each departure by no more than asked, onto a step, not before the start', () => {
    const layout = withFlows([flow('a', 0, 3500, 10)], 0.5);
    const moved = starts(perturb(layout, { ...nothing, jitterS: 20 }));
    expect(moved.length).toBe(351);
    moved.forEach((startS, k) => {
      expect(Math.abs(startS - 10 * k)).toBeLessThanOrEqual(20);
      expect(startS).toBeGreaterThanOrEqual(0);
      expect(Number.isInteger(startS / 0.5)).toBe(true);
    });
    expect(new Set(moved.map((startS, k) => startS - 10 * k)).size).toBeGreaterThan(50);
  });

  test('departures beyond the run move into it as often as out of it', () => {
    const layout = withFlows([flow('a', 0, -1, 1)]);
    const moved = starts(perturb(layout, { ...nothing, durationS: 1000, jitterS: 100 }));
    expect(Math.abs(moved.length - 1000)).toBeLessThan(18);
    expect(Math.max(...moved)).toBeLessThan(1000);
  });

  test('volume is scaled on average, and by whole multiples exactly', () => {
    const layout = withFlows([flow('a', 0, 3599, 1)]);
    expect(perturb(layout, { ...nothing, demandScale: 2 }).flows.length).toBe(7200);
    expect(perturb(layout, { ...nothing, demandScale: 0 }).flows.length).toBe(0);
    const some = perturb(layout, { ...nothing, demandScale: 0.7 }).flows.length;
    expect(Math.abs(some - 2520)).toBeLessThan(4 * Math.sqrt(3600 * 0.7 * 0.3));
    expect(perturb(layout, { ...nothing, demandScale: 0.5 }).origins[0].profile[0].flowVph).toBe(200);
  });

  test('the seed decides, and another flow changes nothing', () => {
    const a = flow('a', 0, 3500, 10);
    const day = { ...nothing, jitterS: 20, demandScale: 1.5 };
    const alone = perturb(withFlows([a]), day).flows;
    expect(perturb(withFlows([a]), day).flows).toEqual(alone);
    expect(perturb(withFlows([flow('b', 0, 3500, 7), a]), day).flows.slice(-alone.length)).toEqual(alone);
    expect(perturb(withFlows([a]), { ...day, seed: 2 }).flows).not.toEqual(alone);
    const jitterAlone = { ...nothing, jitterS: 20 };
    expect(starts(perturb(withFlows([a]), jitterAlone))).not.toEqual(
      starts(perturb(withFlows([flow('b', 0, 3500, 10)]), jitterAlone)),
    );
  });
});
