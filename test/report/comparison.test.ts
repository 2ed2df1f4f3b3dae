/** What a comparison says, and above all what it does not say: no word of praise without intervals that leave out zero. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, holmOverScenarios } from '../../server/report/comparison.ts';
import { lossLines, windowText } from '../../server/report/lossText.ts';
import { excludesZero } from '../../server/report/statistics.ts';
import { DELAY, movementOf, plainRun, runsWithDelays, SERVED, VOLUME } from './plainRuns.ts';

const BASE = [30, 32, 28, 31, 29, 33, 27, 30, 31, 29];
const JITTER = [0.4, -0.3, 0.1, -0.2, 0.3, -0.4, 0.2, -0.1, 0.35, -0.35];

function shifted(by: number, spread = 1): number[] {
  return BASE.map((value, k) => value + by + spread * JITTER[k]);
}

const verdict = (delays: Readonly<Record<string, readonly number[]>>) =>
  compare(runsWithDelays(delays), { measures: [DELAY] }).verdict;

test('the sentence names who loses first, then who wins, then who does not differ, with numbers', () => {
  expect(
    verdict({ 'fixed-time': BASE, webster: shifted(0.05), actuated: shifted(-6), random: shifted(4) }),
  ).toMatchInlineSnapshot(
    `"On 10 seeds, random raises mean control delay by 4.0 s (3.8 to 4.2, +13 %) against fixed-time; actuated cuts it by 6.0 s (5.8 to 6.2, −20 %); webster does not differ measurably (+0.1 s, −0.2 to 0.3; about 150 seeds would tell)."`,
  );
});

test('a rival that does not differ comes with the seeds that would tell', () => {
  expect(verdict({ 'fixed-time': BASE, webster: shifted(0.1) })).toMatchInlineSnapshot(
    `"On 10 seeds, webster does not differ measurably from fixed-time in mean control delay (+0.1 s, −0.1 to 0.3; about 39 seeds would tell)."`,
  );
  expect(verdict({ 'fixed-time': BASE, webster: BASE })).toMatchInlineSnapshot(
    `"On 10 seeds, webster does not differ measurably from fixed-time in mean control delay (0.0 s, 0.0 to 0.0; the same on every seed)."`,
  );
});

test('one seed has no verdict, one controller no rival, and no vehicles no delay', () => {
  expect(verdict({ 'fixed-time': [30], actuated: [20] })).toMatchInlineSnapshot(
    `"One seed cannot tell a difference from chance, so there is no verdict: mean control delay is 30.0 s under fixed-time and 20.0 s under actuated."`,
  );
  expect(verdict({ 'fixed-time': BASE })).toMatchInlineSnapshot(
    `"Fixed-time was run alone: mean control delay is 30.0 s (95 % interval 28.7 to 31.3) on 10 seeds."`,
  );
  expect(verdict({ 'fixed-time': [30] })).toMatchInlineSnapshot(
    `"Fixed-time was run alone: mean control delay is 30.0 s on 1 seed."`,
  );
  const none = BASE.map(() => Number.NaN);
  expect(verdict({ 'fixed-time': none, actuated: none })).toMatchInlineSnapshot(
    `"There is no mean control delay to compare: no vehicle came to have one."`,
  );
  expect(verdict({ 'fixed-time': BASE, actuated: none })).toMatchInlineSnapshot(
    `"On 10 seeds, actuated cannot be compared against fixed-time."`,
  );
});

test('seeds that change nothing count as one: a run repeated is no evidence', () => {
  const {
    seeds,
    repeats,
    rivals,
    verdict: sentence,
  } = compare(runsWithDelays({ 'fixed-time': [30, 30, 30], actuated: [20, 20, 20] }), { measures: [DELAY] });
  expect({ seeds, repeats }).toEqual({ seeds: [1], repeats: [2, 3] });
  expect(rivals[0].differences.controlDelayS.verdict).toBeNull();
  expect(sentence).toMatchInlineSnapshot(
    `"All 3 seeds gave the same, as nothing here is left to chance, so they count as one and there is no verdict (--jitter-s varies departures): mean control delay is 30.0 s under fixed-time and 20.0 s under actuated."`,
  );
});

test('the sentence is cautious where Holm’s correction takes back what the intervals show', () => {
  const barely = [1, 1.2, -0.4, 1.1, 0.9, -0.3, 1.3, 0.8, 1.05, -0.2];
  const rival = BASE.map((value, k) => value - barely[k]);
  const many = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, rival]));
  const { rivals, verdict: sentence } = compare(runsWithDelays({ 'fixed-time': BASE, ...many }), {
    measures: [DELAY],
  });
  expect(rivals[0].differences.controlDelayS.verdict).toBe('better');
  expect(rivals[0].differences.controlDelayS.holmP).toBeGreaterThan(0.05);
  expect(sentence).toContain('; not significant by ranks after Holm’s correction, p = 0.');
});

test('“better” and “worse” need both intervals to leave out zero, whatever the figures', () => {
  const values = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 })), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(values, fc.constantFrom(DELAY, SERVED), (pairs, measure) => {
      const runs = pairs.flatMap(([a, b], seed) => [
        plainRun('a', seed, { [measure.id]: a }),
        plainRun('b', seed, { [measure.id]: b }),
      ]);
      const {
        t,
        bootstrap,
        verdict: word,
        mean,
      } = compare(runs, { measures: [measure] }).rivals[0].differences[measure.id];
      const shown = excludesZero(t) && excludesZero(bootstrap);
      const expected = mean! < 0 === (measure.better === 'lower') ? 'better' : 'worse';
      // Seeds that all gave the same count as one.
      const alone = new Set(pairs.map(String)).size < 2;
      expect(word).toBe(alone ? null : shown ? expected : 'no difference shown');
    }),
    {
      numRuns: 60,
      examples: [
        [
          [
            [1, 0],
            [1, 0],
          ],
          DELAY,
        ],
      ],
    },
  );
});

test('a measure without a good direction gets no verdict', () => {
  const runs = [1, 2, 3].flatMap((seed) => [
    plainRun('a', seed, { controlDelayS: 20, volume: 100 + seed }),
    plainRun('b', seed, { controlDelayS: 20 - seed, volume: 200 + seed }),
  ]);
  const { differences } = compare(runs, { measures: [DELAY, VOLUME] }).rivals[0];
  expect(differences.volume).toMatchObject({ mean: 100, verdict: null });
});

test('only seeds that all controllers have are compared, and the comparison says so', () => {
  const runs = [
    ...[1, 2, 3, 4].map((seed) => plainRun('fixed-time', seed, { controlDelayS: 30 + seed })),
    ...[1, 2, 4].map((seed) => plainRun('actuated', seed, { controlDelayS: 20 })),
  ];
  const asked = { controllers: ['fixed-time', 'actuated', 'webster'], seeds: [1, 2, 3, 4, 5] };
  const { partial, seeds, controllers } = compare(runs, { measures: [DELAY], asked });
  expect(seeds).toEqual([1, 2, 4]);
  expect(controllers.map(({ controller }) => controller)).toEqual(['fixed-time', 'actuated']);
  expect(controllers[0].estimates.controlDelayS).toMatchObject({ seeds: 3, mean: 97 / 3 });
  expect(partial).toMatchInlineSnapshot(
    `"This is a partial comparison: 7 of 15 runs are there. Nothing is there of webster. What follows uses the 3 seeds that every controller shown has a run of."`,
  );
  const apart = [plainRun('a', 1, { controlDelayS: 1 }), plainRun('b', 2, { controlDelayS: 2 })];
  const none = compare(apart, { measures: [DELAY] });
  expect(none.verdict).toBe('No seed has been run under every controller, so there is nothing to compare.');
  expect(none.partial).toContain('No seed has a run of every controller.');
  expect(compare(runsWithDelays({ a: BASE, b: BASE }), { measures: [DELAY] }).partial).toBeNull();
});

test('the order of the runs does not matter, the order of the controllers asked for does', () => {
  const runs = runsWithDelays({ a: BASE, b: shifted(3) });
  const asked = { controllers: ['a', 'b'], seeds: BASE.map((_, k) => k + 1) };
  const options = { measures: [DELAY], asked };
  expect(compare([...runs].reverse(), options)).toEqual(compare(runs, options));
});

test('pairs without a number are left out and counted', () => {
  const actuated = shifted(-6).map((value, k) => (k === 2 ? Number.NaN : value));
  const { rivals, controllers } = compare(runsWithDelays({ 'fixed-time': BASE, actuated }), {
    measures: [DELAY],
  });
  expect(rivals[0].differences.controlDelayS).toMatchObject({ pairs: 9, verdict: 'better' });
  expect(controllers[1].estimates.controlDelayS.seeds).toBe(9);
});

test('p-values are adjusted over the headline and one measure a group, for all rivals together', () => {
  const served = BASE.map((value) => value * 10);
  const runs = ['a', 'b', 'c'].flatMap((name, r) =>
    BASE.map((value, k) =>
      plainRun(name, k, {
        controlDelayS: value - r - JITTER[k],
        served: served[k] + r * JITTER[k],
        volume: 9,
      }),
    ),
  );
  const { family, rivals } = compare(runs, { measures: [DELAY, VOLUME, SERVED] });
  expect(family).toEqual(['controlDelayS', 'served']);
  const smallest = Math.min(
    ...rivals.flatMap(({ differences }) => family.map((id) => differences[id].wilcoxonP!)),
  );
  expect(Math.min(...rivals.map(({ differences }) => differences.controlDelayS.holmP!))).toBeCloseTo(
    4 * smallest,
    9,
  );
  expect(rivals[0].differences.volume.holmP).toBeNull();
});

test('over scenarios, one scenario’s chance finding is adjusted for the others', () => {
  const clear = compare(runsWithDelays({ a: BASE, b: shifted(-6) }), { measures: [DELAY] });
  const alike = compare(runsWithDelays({ a: BASE, b: BASE }), { measures: [DELAY] });
  const p = clear.rivals[0].differences.controlDelayS.wilcoxonP!;
  expect(holmOverScenarios([clear, alike, alike])).toEqual([[3 * p], [1], [1]]);
});

test('places are graded by volume; v/c above 1 is F for the movement alone', () => {
  const movements = [
    movementOf(0, 300, 12),
    movementOf(1, 100, 40, { degreeOfSaturation: 1.05 }),
    movementOf(2, 0, Number.NaN, { approach: 1 }),
    movementOf(3, 400, 61, { intersection: 1, approach: 2 }),
  ];
  const { service } = compare([plainRun('a', 1, { controlDelayS: 1 }, movements)], { measures: [DELAY] })
    .controllers[0];
  expect(service.movements.map(({ level }) => level)).toEqual(['B', 'F', null, 'E']);
  expect(service.approaches.map(({ controlDelayS, level }) => [controlDelayS, level])).toEqual([
    [19, 'B'],
    [null, null],
    [61, 'E'],
  ]);
  expect(service.intersections.map(({ controlDelayS }) => controlDelayS)).toEqual([19, 61]);
  expect(service.network).toEqual({ volume: 800, controlDelayS: 40, level: 'D' });
});

test('losses name measures first, then signals and movements by the delay they cost in all', () => {
  const run = (name: string, seed: number, by: number) =>
    plainRun(name, seed, { controlDelayS: 20 - by, served: 100 - 5 * by - (seed % 2) }, [
      movementOf(0, 100, 10 + 2 * by + 0.1 * (seed % 3)),
      movementOf(1, 10, 10 + 9 * by + 0.1 * (seed % 3)),
      movementOf(2, 500, 30 - 3 * by, { intersection: 1, approach: 1 }),
    ]);
  const runs = [1, 2, 3, 4, 5].flatMap((seed) => [run('a', seed, 0), run('b', seed, 1)]);
  const { losses } = compare(runs, { measures: [DELAY, SERVED] });
  expect(losses.map(({ kind, at }) => `${kind} ${at}`)).toEqual([
    'measure served',
    'intersection 0',
    'movement 0',
    'movement 1',
  ]);
  expect(losses[2]).toMatchObject({ volume: 100 });
});

describe('losses and where the window begins', () => {
  /** The baseline has its own backlog, and serves more per hour while it clears that. */
  const runsOf = (rival: { present: number; whole?: number; stops?: number }) =>
    [1, 2, 3, 4, 5].flatMap((seed) => {
      const noise = seed % 2;
      const run = (name: string, served: number, whole: number, present: number, stops: number) => ({
        ...plainRun(name, seed, { controlDelayS: 20 + noise, served, volume: stops }),
        ...{ warmupS: 300, presentAtWarmupEnd: present, whole: { controlDelayS: 30, served: whole } },
      });
      const { present, whole = 900, stops = 1 } = rival;
      return [
        run('a', 500 + noise, 900 + noise, 200 + noise, 1),
        run('b', 400 - noise, whole - noise, present - noise, stops),
      ];
    });
  const windowOf = (runs: ReturnType<typeof runsOf>, measures = [DELAY, SERVED]) =>
    compare(runs, { measures }).losses.map(({ at, window }) => [at, window?.kind ?? null]);

  test('a loss that no whole run shows, with a backlog on one side, is made by the window', () => {
    const { losses, window } = compare(runsOf({ present: 80 }), { measures: [DELAY, SERVED] });
    expect(losses).toMatchObject([{ at: 'served', window: { kind: 'made', whole: { mean: -1.2 } } }]);
    expect(window!.present.map(({ mean }) => mean)).toEqual([200.6, 79.4]);
    expect(window!.wholeHeadline!.map(({ mean }) => mean)).toEqual([30, 30]);
    expect(windowOf(runsOf({ present: 300 }))).toEqual([['served', 'made']]);
  });

  test('a loss over the whole run, or where both sides begin alike, or without a warm-up, is a loss', () => {
    expect(windowOf(runsOf({ present: 80, whole: 700 }))).toEqual([['served', null]]);
    expect(windowOf(runsOf({ present: 201 }))).toEqual([['served', null]]);
    const without = runsOf({ present: 80 }).map((run) => ({ ...run, warmupS: 0 }));
    expect(windowOf(without)).toEqual([['served', null]]);
    expect(compare(without, { measures: [DELAY, SERVED] }).window).toBeNull();
  });

  test('a measure of the whole run has nothing to do with the window', () => {
    expect(windowOf(runsOf({ present: 80 }), [DELAY, { ...SERVED, span: 'run' }])).toEqual([
      ['served', null],
    ]);
  });

  test('where only the window tells of a measure, who begins with more carries part of the loss along', () => {
    const measures = [DELAY, { ...VOLUME, better: 'lower' as const }];
    expect(windowOf(runsOf({ present: 300, stops: 2 }), measures)).toEqual([['volume', 'carried']]);
    expect(windowOf(runsOf({ present: 80, stops: 2 }), measures)).toEqual([['volume', null]]);
  });

  test('the text names vehicles, the whole run, and a smaller discharge that is no loss', () => {
    const measures = [DELAY, { ...VOLUME, id: 'dischargeVph', unit: 'veh/h' }];
    const discharging = (runs: ReturnType<typeof runsOf>) =>
      runs.map((run) => ({ ...run, measures: { ...run.measures, dischargeVph: run.measures.served } }));
    const text = (present: number) => windowText(compare(discharging(runsOf({ present })), { measures }));
    expect(text(80)).toMatchInlineSnapshot(
      `"The warm-up of 300 s does not end alike: 201 vehicles under a and 79 vehicles under b are then on the network or waiting to enter. Figures from then on include the discharge of these vehicles. Over the whole run mean control delay is 30.0 s under a and 30.0 s under b. After the warm-up b discharges 101 veh/h less than a, which has a backlog left to clear: that is no loss, and throughput is compared over the whole run."`,
    );
    expect(text(300)).not.toContain('discharges');
    expect(text(201)).toBeNull();
  });

  test('lines keep what the window makes apart from what is lost', () => {
    const comparison = compare(runsOf({ present: 80, stops: 2 }), {
      measures: [DELAY, SERVED, { ...VOLUME, better: 'lower' }],
    });
    expect(lossLines(comparison)).toEqual([
      {
        controller: 'b',
        lost: 'in volume (+1\u00a0veh)',
        madeByWindow: 'in vehicles served (\u2212101\u00a0veh)',
      },
    ]);
  });
});

test('a wanted precision is reached or comes with the seeds for it', () => {
  const runs = runsWithDelays({ a: BASE, b: shifted(-2) });
  const wide = compare(runs, { measures: [DELAY], precision: 1 }).precision!;
  const narrow = compare(runs, { measures: [DELAY], precision: 0.05 }).precision!;
  expect(wide).toMatchObject({ wanted: 1, reached: true });
  expect(narrow.reached).toBe(false);
  expect(narrow.seedsNeeded).toBeGreaterThan(100);
});

test('a comparison is plain data: JSON keeps all of it', () => {
  const movements = [movementOf(0, 5, 12, { degreeOfSaturation: Infinity })];
  const runs = [
    ...runsWithDelays({ a: BASE, b: shifted(-6) }),
    ...BASE.map((_, k) => plainRun('c', k + 1, {}, movements)),
  ];
  const comparison = compare(runs, { measures: [DELAY, SERVED, VOLUME], precision: 0.1 });
  expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
});

test('a measure that does not exist is named together with those that do', () => {
  const runs = runsWithDelays({ a: [1] });
  expect(() => compare(runs, { measures: [DELAY, SERVED], headline: 'delay' })).toThrow(
    '"delay" is not a measure. Measures: controlDelayS, served.',
  );
  expect(() => compare([], { measures: [DELAY] })).toThrow('There are no runs to compare.');
});
