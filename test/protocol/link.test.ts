import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvent } from '../../server/live/door.ts';
import { type Opening, PROTOCOL_VERSION } from '../../server/protocol/events.ts';
import { asksForAnother, readOpening, writeOpening } from '../../server/protocol/link.ts';

/** A link shows the same moment. */

const USUAL: Opening = {
  setup: { scenario: 'corridor', seed: 1, demandScale: 1, controllers: ['fixed-time', 'learned'] },
  interventions: [],
  timeS: 900,
  running: true,
  speed: 5,
};

const name = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'ab1_.~-/ %ö&=') });
const step = fc.integer({ min: 0, max: 100_000 });
const opening: fc.Arbitrary<Opening> = fc.record({
  setup: fc.record({
    scenario: fc.constantFrom('corridor', 'grid-4x4'),
    seed: fc.integer(),
    demandScale: fc.constantFrom(0.5, 1, 1.25, 2),
    controllers: fc.array(fc.constantFrom('fixed-time', 'learned', 'webster'), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  interventions: fc.array(
    fc.oneof(
      fc.record({
        step,
        lane: name,
        kind: fc.constantFrom('close-lane' as const, 'open-lane' as const, 'clear-incident' as const),
      }),
      fc.record({
        step,
        lane: name,
        kind: fc.constant('incident' as const),
        positionM: fc.integer({ min: 0, max: 999 }),
      }),
    ),
    { maxLength: 5 },
  ),
  timeS: fc.constantFrom(0, 1, 1830.5, 3600),
  running: fc.constant(true),
  speed: fc.constantFrom(1, 5, 60, null),
});

test('what is written into an address is read from it', () => {
  fc.assert(
    fc.property(opening, (moment) => {
      const query = new URLSearchParams('at=i3');
      writeOpening(query, moment);
      const again = new URLSearchParams(query.toString());
      expect(readOpening(again, USUAL)).toEqual({ opening: moment, leftOut: [] });
      expect(asksForAnother(again, moment)).toBe(false);
      expect(again.get('at')).toBe('i3');
    }),
  );
});

test('a bare address opens what is usual; a link to a moment stands still there', () => {
  const read = (query: string) => readOpening(new URLSearchParams(query), USUAL).opening;
  expect(read('')).toEqual(USUAL);
  expect(read('?layer=queue')).toEqual(USUAL);
  expect(read('?t=60')).toMatchObject({ timeS: 60, running: false });
  expect(read('?scenario=grid-4x4')).toMatchObject({ timeS: 0, running: true });
  expect(read('?b=webster&a=learned').setup.controllers).toEqual(['learned', 'webster']);
});

test('what cannot be is left out by name, and the rest is read', () => {
  const read = (query: string) => readOpening(new URLSearchParams(query), USUAL);
  const { opening, leftOut } = read(
    '?seed=abc&demand=x&do=~1.close~a.close.b~3.jump.c~5.close.d&t=-5&e=webster',
  );
  expect(opening).toEqual({ ...USUAL, interventions: [{ step: 5, lane: 'd', kind: 'close-lane' }] });
  expect(leftOut).toEqual([
    'e=webster (there are at most 4 sides)',
    'seed=abc (a whole number, -9007199254740991 to 9007199254740991)',
    'demand=x (0 to 100)',
    't=-5 (seconds, 0 to 1000000)',
    ...['1.close', 'a.close.b', '3.jump.c'].map((text) => `do=${text} (such as 600.close.west-i1_0)`),
  ]);
  expect(read('?seed=1e30&t=1000').opening).toEqual({ ...USUAL, timeS: 1000, running: false });
  for (const part of [
    'seed=1.5',
    'seed=',
    'x=0',
    'run=yes',
    'scenario=../x',
    'b=two words',
    'do=7.incident.w.-1',
  ]) {
    expect(read(`?${part}`).leftOut.length, part).toBe(1);
  }
  expect(read(`?a=${'x'.repeat(99)}`).leftOut).toEqual([`a=${'x'.repeat(40)}… (the name of a controller)`]);
});

test('whatever stands in an address, what is read of it passes the door of the server', () => {
  const key = fc.constantFrom(...['scenario', 'seed', 'demand', 'a', 'b', 'e', 't', 'do', 'run', 'x']);
  const number = fc.oneof(fc.double().map(String), fc.maxSafeInteger().map(String), fc.constant('1e30'));
  const value = fc.oneof(
    number,
    fc.string(),
    name,
    fc.tuple(number, name).map(([s, l]) => `${s}.close.${l}`),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 8 }), (pairs) => {
      const { opening: read } = readOpening(new URLSearchParams(pairs), USUAL);
      const request = { version: PROTOCOL_VERSION, opening: read, detail: 'vehicles', heat: false };
      expect(readEvent('join', [request]).opening).toEqual(read);
    }),
  );
});

test('a link asks for another moment where it names something else, and only there', () => {
  const asks = (query: string) => asksForAnother(new URLSearchParams(query), { ...USUAL, timeS: 930.5 });
  expect(
    ['', '?layer=queue', '?scenario=corridor&a=fixed-time&b=learned', '?t=930.5', '?seed=01'].map(asks),
  ).toEqual(Array(5).fill(false));
  expect(
    [
      '?scenario=grid-4x4',
      '?seed=3',
      '?a=fixed-time&b=webster',
      '?a=fixed-time',
      '?t=900',
      '?do=1.close.w',
    ].map(asks),
  ).toEqual(Array(6).fill(true));
});
