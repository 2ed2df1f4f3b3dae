import { naturalLogarithm, type RandomStream } from '../sim/random.ts';

/**
 * Functions that `Math` has too, but whose last bit differs between engines: from additions, multiplications,
 * divisions and roots alone, so that training is the same everywhere.
 */

/** Natural logarithm of a positive number. */
export function logarithm(x: number): number {
  return x > 1 ? -naturalLogarithm(1 / x) : naturalLogarithm(x);
}

/** e to the power of x, for x from −1 to 1, to about 1e-16: twenty terms of its series. */
export function smallExponential(x: number): number {
  let sum = 1;
  for (let n = 20; n >= 1; n--) sum = 1 + (sum * x) / n;
  return sum;
}

/** x to the power of a whole number from 0. */
export function power(x: number, exponent: number): number {
  let result = 1;
  for (let k = 0; k < exponent; k++) result *= x;
  return result;
}

/**
 * A draw from the standard normal distribution by Marsaglia's polar method (Marsaglia & Bray 1964, SIAM Review
 * 6, 260–264). The second number that the method gives is left, so that a stream's position is all of its state.
 */
export function normal(stream: RandomStream): number {
  for (;;) {
    const u = 2 * stream.next() - 1;
    const v = 2 * stream.next() - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) return u * Math.sqrt((-2 * naturalLogarithm(s)) / s);
  }
}
