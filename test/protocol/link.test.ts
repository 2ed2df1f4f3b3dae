import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Opening } from '../../server/protocol/events.ts';
import { readOpening, writeOpening } from '../../server/protocol/link.ts';

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
      expect(readOpening(again, USUAL)).toEqual(moment);
      expect(again.get('at')).toBe('i3');
    }),
  );
});

test('a bare address opens what is usual; a link to a moment stands still there', () => {
  const read = (query: string) => readOpening(new URLSearchParams(query), USUAL);
  expect(read('')).toEqual(USUAL);
  expect(read('?layer=queue')).toEqual(USUAL);
  expect(read('?t=60')).toMatchObject({ timeS: 60, running: false });
  expect(read('?scenario=grid-4x4')).toMatchObject({ timeS: 0, running: true });
  expect(read('?b=webster&a=learned').setup.controllers).toEqual(['learned', 'webster']);
  expect(read('?seed=abc&demand=x&do=~1.close~a.close.b~3.jump.c')).toEqual(USUAL);
});
