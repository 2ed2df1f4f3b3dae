import { describe, expect, test } from 'vitest';
import { against, MEASURES } from '../../client/figures.ts';
import { clock, duration, fixed, grouped, signed, signedPercent } from '../../client/format.ts';
import { toldApart } from '../../client/places.ts';
import { askedWords, ringWords } from '../../client/ringWords.ts';
import { greenWords, servedWords } from '../../client/traffic.ts';
import { type Moment, verdictOf } from '../../client/verdict.ts';
import type { Figures } from '../../server/protocol/session.ts';

const NOTHING: Figures = {
  created: 0,
  entered: 0,
  finished: 0,
  running: 0,
  waitingToEnter: 0,
  averageDelayS: 0,
  delayP95S: 0,
  longestWaitS: 0,
  stopsPerVehicle: 0,
  queue: 0,
  averageQueue: 0,
  throughputVph: 0,
  co2Kg: 0,
  spillbacks: 0,
};
const side = (averageDelayS: number, more: Partial<Figures> = {}): Figures => ({
  ...NOTHING,
  created: 4812,
  entered: 4800,
  finished: 4500,
  averageDelayS,
  ...more,
});
const moment = (sides: Figures[], more: Partial<Moment> = {}): Moment => ({
  timeS: 1800,
  hasEnded: false,
  controllers: ['fixed-time', 'learned', 'max-pressure'].slice(0, sides.length),
  sides,
  seedMatters: true,
  ...more,
});

describe('numbers and times', () => {
  test('have a true minus, groups of three, and no sign where they round to nothing', () => {
    expect(grouped(4812)).toBe('4,812');
    expect(fixed(-1234.56, 1)).toBe('−1,234.6');
    expect(fixed(-0.04, 1)).toBe('0.0');
    expect(signed(3.25, 1)).toBe('+3.3');
    expect(signed(0.04, 1)).toBe('0.0');
    expect(signed(-0.04, 1)).toBe('0.0');
    expect(signedPercent(-0.184)).toBe('−18\u202f%');
  });

  test('a clock keeps its width, and is not led astray by sums of steps', () => {
    expect(clock(0)).toBe('0:00:00');
    expect(clock(3725.9)).toBe('1:02:05');
    expect(clock((0.1 + 0.7) * 10)).toBe('0:00:08');
    expect(clock(-5)).toBe('0:00:00');
  });

  test('a duration is as people say it', () => {
    expect(duration(45)).toBe('45 s');
    expect(duration(1859)).toBe('30 min');
    expect(duration(7200)).toBe('2 h');
    expect(duration(7500)).toBe('2 h 5 min');
  });
});

test('a phase is told by what it serves, whatever it is called', () => {
  expect(servedWords(['west-thru', 'east-thru', 'east-right', 'west-left'])).toBe('east, west');
  expect(servedWords(['west-left', 'east-left', 'north-right'])).toBe('east, west left');
  expect(servedWords(['north-right'])).toBe('north right');
  expect(servedWords(['ramp', 'ramp'])).toBe('ramp');
  expect(servedWords([])).toBe('');
});

test('names that begin alike are told apart by what follows, in whole words', () => {
  expect(toldApart(['intersection_1_1', 'intersection_2_1'])).toEqual(['1_1', '2_1']);
  expect(toldApart(['main street 1', 'main street 12'])).toEqual(['1', '12']);
  expect(toldApart(['i1', 'i2', 'i10'])).toEqual(['i1', 'i2', 'i10']);
  expect(toldApart(['north', 'south'])).toEqual(['north', 'south']);
  expect(toldApart(['a_1'])).toEqual(['a_1']);
  expect(toldApart([])).toEqual([]);
});

describe('the verdict', () => {
  test('says who saves how much, on how many trips, and that it is one seed', () => {
    const { tone, text, isOfOneSeed } = verdictOf(moment([side(116), side(95)]));
    expect(tone).toBe('saves');
    expect(isOfOneSeed).toBe(true);
    expect(text).toBe(
      'After 30 min, same 4,812 trips: B learned saves 21 s per vehicle (−18\u202f%) against A fixed time. One seed so far: other seeds may differ.',
    );
  });

  test('does not send to other seeds where all are the same run', () => {
    const { text, isOfOneSeed } = verdictOf(moment([side(116), side(95)], { seedMatters: false }));
    expect(text).toMatch(
      /against A fixed time\. Every trip of this file has its time: any seed is this run\.$/,
    );
    expect(isOfOneSeed).toBeUndefined();
  });

  test('says so when B loses', () => {
    const { tone, text } = verdictOf(moment([side(50), side(54)]));
    expect(tone).toBe('loses');
    expect(text).toContain('B learned loses 4.0 s per vehicle (+8\u202f%) against A fixed time');
  });

  test('calls a difference below half a second none', () => {
    const { tone, text } = verdictOf(moment([side(50), side(50.4)]));
    expect(tone).toBe('even');
    expect(text).toContain('cost the same, 50 s of delay per vehicle');
  });

  test('claims nothing while warming up, by time or by trips', () => {
    expect(verdictOf(moment([side(50), side(20)], { timeS: 299 })).tone).toBe('warming');
    const few = verdictOf(moment([side(50), side(20, { finished: 19 })]));
    expect(few.tone).toBe('warming');
    expect(few.text).toContain('a side has 19');
    expect(verdictOf(moment([])).tone).toBe('warming');
  });

  test('does not say "same trips" where they are not', () => {
    expect(verdictOf(moment([side(50), side(20, { created: 4000 })])).text).not.toContain('same');
  });

  test('ranks three sides, and says when the first is the best', () => {
    const { tone, text } = verdictOf(moment([side(52), side(35), side(31)]));
    expect(tone).toBe('saves');
    expect(text).toContain(
      'C max pressure delays least, 31 s per vehicle; B learned 35 s, A fixed time 52 s',
    );
    expect(verdictOf(moment([side(30), side(35), side(31)])).tone).toBe('loses');
  });

  test('names those together that are alike, however their last digits order them', () => {
    const two = verdictOf(moment([side(52), side(31.2), side(31)]));
    expect(two.tone).toBe('saves');
    expect(two.text).toContain(
      'B learned and C max pressure delay least, 31 s per vehicle; A fixed time 52 s.',
    );
    const withFirst = verdictOf(moment([side(31.1), side(52), side(31)]));
    expect(withFirst.tone).toBe('even');
    expect(withFirst.text).toContain('A fixed time and C max pressure delay least');
    const all = verdictOf(moment([side(31.1), side(31.3), side(31)]));
    expect(all.tone).toBe('even');
    expect(all.text).toContain(
      'A fixed time, B learned and C max pressure cost the same, 31 s of delay per vehicle.',
    );
  });

  test('at the end says so; alone asks for company', () => {
    expect(verdictOf(moment([side(52), side(35)], { hasEnded: true, timeS: 3600 })).text).toContain(
      'Over the whole 60 min, same',
    );
    expect(verdictOf(moment([side(52)])).text).toContain('Add a side to compare');
  });
});

describe('a difference', () => {
  const measure = (key: string) => MEASURES.find((one) => one.key === key)!;

  test('is better downwards for delay and upwards for throughput', () => {
    expect(against(measure('delay'), 50, 40)).toMatchObject({ word: 'better', arrow: '▼', by: '−10.0' });
    expect(against(measure('throughput'), 1000, 900)).toMatchObject({ word: 'worse', arrow: '▼' });
    expect(against(measure('throughput'), 1000, 1100)).toMatchObject({ word: 'better', arrow: '▲' });
  });

  test('is none where both look the same, and has no share of nothing', () => {
    expect(against(measure('delay'), 50.04, 50.01)).toMatchObject({ word: 'same' });
    expect(against(measure('spillbacks'), 0, 2)).toMatchObject({ word: 'worse', by: '+2', share: '' });
    expect(against(measure('delay'), null, 2)).toBeNull();
  });

  test('nothing has a value before there are vehicles', () => {
    for (const { read } of MEASURES) expect(read(NOTHING)).toBeNull();
  });
});

test('movements with green are put together by where they come from', () => {
  expect(greenWords(['east-thru', 'west-thru', 'east-right'])).toBe('east thru/right, west thru');
  expect(greenWords(['ramp'])).toBe('ramp');
});

test('a ring tells what it shows, and during a change does not say that the next phase is there', () => {
  const green = { phase: '2+6', next: null, interval: 'green', elapsedS: 12, chosen: '2+6' } as const;
  const change = { ...green, phase: '4+8', next: '2+6', interval: 'red-clearance', elapsedS: 3 } as const;
  expect(ringWords(green)).toBe('2+6, green for 12 s');
  expect(ringWords(change)).toBe('4+8, red clearance for 3 s, then 2+6');
  expect(askedWords([green])).toBe('2+6: it stays');
  expect(askedWords([change])).toBe('2+6');
  expect(askedWords([green, { ...green, phase: '8', chosen: '8' }])).toBe('2+6 and 8: they stay');
  expect(askedWords([{ ...green, chosen: null }])).toBeNull();
});
