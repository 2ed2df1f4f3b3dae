/**
 * The generator of CityFlow, C++'s `std::mt19937`: Matsumoto & Nishimura (1998), ACM TOMACS 8, 3, with the
 * initialization of 2002. Integer arithmetic alone, hence the same everywhere.
 *
 * `words` is the whole state: the 624 words of the generator, and how many of them have been given out.
 */
const N = 624;
const M = 397;
export const TWISTER_WORDS = N + 1;

/** @param seed  taken modulo 2³² */
export function createTwister(seed: number): Int32Array {
  const words = new Int32Array(TWISTER_WORDS);
  words[0] = (seed % 0x100000000) | 0;
  for (let k = 1; k < N; k++) {
    const before = words[k - 1];
    words[k] = (Math.imul(before ^ (before >>> 30), 1812433253) + k) | 0;
  }
  words[N] = N;
  return words;
}

/** The next output, as a signed 32-bit integer. */
export function nextInt32(words: Int32Array): number {
  if (words[N] === N) twist(words);
  let y = words[words[N]++];
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >>> 18);
}

function twist(words: Int32Array): void {
  for (let k = 0; k < N; k++) {
    const y = (words[k] & 0x80000000) | (words[(k + 1) % N] & 0x7fffffff);
    words[k] = words[(k + M) % N] ^ (y >>> 1) ^ ((y & 1) === 1 ? 0x9908b0df : 0);
  }
  words[N] = 0;
}
