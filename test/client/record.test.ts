import { expect, test } from 'vitest';
import { isIncomplete, NOTHING_TOLD, roadStateAt, withMore } from '../../client/record.ts';
import { readSight, type Sight, USUAL_SIGHT, writeSight } from '../../client/sight.ts';
import type { Alarm, Sample } from '../../server/protocol/session.ts';

const sample = (step: number): Sample => ({ step, sides: [] });
const alarm = (step: number, begins = true): Alarm => ({
  ...{ step, begins, side: 0, kind: 'spillback', lanes: [3], intersection: 1, text: 'The queue is long.' },
});

test('samples come in order and once, however often they are told', () => {
  const first = withMore(NOTHING_TOLD, { samples: [sample(10), sample(20)], alarms: [alarm(12)] });
  const again = withMore(first, { samples: [sample(20), sample(30)], alarms: [alarm(12), alarm(14, false)] });
  expect(again.samples.map(({ step }) => step)).toEqual([10, 20, 30]);
  expect(again.alarms.map(({ step, begins }) => [step, begins])).toEqual([
    [12, true],
    [14, false],
  ]);
  const record = withMore(withMore(NOTHING_TOLD, { samples: [sample(40)], alarms: [] }), again);
  expect(record.samples.map(({ step }) => step)).toEqual([10, 20, 30, 40]);
  expect(withMore(again, NOTHING_TOLD)).toBe(again);
});

test('a sample that is missed is noticed, wherever it is, and so is an alarm', () => {
  const missesAny = (steps: number[], knownStep: number, alarms = [alarm(12)], alarmCount = 1) =>
    isIncomplete({ samples: steps.map(sample), alarms }, 10, { knownStep, alarmCount });
  expect(missesAny([10, 20, 30], 35)).toBe(false);
  expect(missesAny([20, 30], 35)).toBe(true);
  expect(missesAny([10, 30], 35)).toBe(true);
  expect(missesAny([10], 60)).toBe(true);
  expect(missesAny([], 9)).toBe(false);
  expect(missesAny([10], 15, [], 1)).toBe(true);
  expect(missesAny([10], 15, [alarm(12), alarm(14, false)], 1)).toBe(false);
});

test('the road is as people left it at the step that is shown', () => {
  const done = [
    { step: 100, kind: 'close-lane', lane: 'a_0' },
    { step: 200, kind: 'incident', lane: 'b_0', positionM: 40 },
    { step: 300, kind: 'open-lane', lane: 'a_0' },
    { step: 400, kind: 'clear-incident', lane: 'b_0' },
  ] as const;
  expect(roadStateAt(done, 99)).toEqual({ closed: [], incidents: [] });
  expect(roadStateAt(done, 250)).toEqual({ closed: ['a_0'], incidents: [{ lane: 'b_0', positionM: 40 }] });
  expect(roadStateAt(done, 400)).toEqual({ closed: [], incidents: [] });
});

test('a view that cannot be is none', () => {
  for (const text of ['', '1,2', '1,2,0', '1,2,-3', 'a,b,c', '1e9,0,5', '1,2,3,4', 'Infinity,0,1']) {
    expect(readSight(new URLSearchParams({ view: text })).view).toBeNull();
  }
});

test('what is looked at comes back from the address', () => {
  const sight: Sight = {
    at: 'i 3/ä',
    vehicle: 343,
    lane: 'west-1_0',
    side: 2,
    layer: 'difference',
    colorBy: 'speed',
    panel: 'trip',
    chart: 'time-space',
    view: { x: 620.5, y: -14, acrossM: 180.3 },
  };
  const query = new URLSearchParams('scenario=corridor&t=600');
  writeSight(query, sight);
  expect(readSight(new URLSearchParams(query.toString()))).toEqual(sight);
  writeSight(query, USUAL_SIGHT);
  expect(query.toString()).toBe('scenario=corridor&t=600');
});

test('an address that somebody made up is as usual', () => {
  const made = new URLSearchParams('v=-1&side=z&layer=lava&color=&panel=none&chart=..');
  expect(readSight(made)).toEqual(USUAL_SIGHT);
  expect(readSight(new URLSearchParams('v=1e9')).vehicle).toBeNull();
});
