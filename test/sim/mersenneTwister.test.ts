import { expect, test } from 'vitest';
import { createTwister, nextInt32 } from '../../server/sim/mersenneTwister.ts';

/** The generator against the C++ standard, [rand.predef]: the 10,000th output of a default one, whose seed is 5489. */

test('the 10,000th output of seed 5489 is 4,123,659,995', () => {
  const words = createTwister(5489);
  for (let k = 1; k < 10_000; k++) nextInt32(words);
  expect(nextInt32(words) >>> 0).toBe(4_123_659_995);
});

test('a seed counts modulo 2³²', () => {
  expect(createTwister(-1)).toEqual(createTwister(2 ** 32 - 1));
  expect(createTwister(2 ** 40 + 7)).toEqual(createTwister(7));
});
