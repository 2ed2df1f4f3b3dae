/**
 * Numbers as CityFlow reads them.
 *
 * CityFlow parses its files with RapidJSON in its default mode, which is fast and rounds twice: it gathers the
 * digits of a number in an integer, or beyond 2⁵³ in a double, and then multiplies or divides once by a power of
 * ten. So a number of 16 digits or more may come out one last bit beside the nearest double, which `JSON.parse`
 * gives. Lengths are sums of such coordinates, and one bit in a length parts two runs within an hour.
 */

/** A quick look at whether a text has any number for which the two may differ. */
const MAY_DIFFER = /\d[\d.]{16}|\d[eE][+-]?\d/;
/** Strings, which are passed over, and numbers: sign, digits before and after the point, exponent. */
const TOKEN = /"(?:[^"\\]|\\.)*"|(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?/g;

/** A JSON text whose numbers `JSON.parse` reads as CityFlow does. The same text where that makes no difference. */
export function withNumbersAsRead(text: string): string {
  if (!MAY_DIFFER.test(text)) return text;
  return text.replace(TOKEN, (token: string, sign, whole, fraction, exponent) => {
    if (whole === undefined || (exponent === undefined && token.length < 17)) return token;
    if (fraction === undefined && exponent === undefined) return token;
    const read = numberAsRead(sign === '-', whole, fraction ?? '', Number(exponent ?? 0));
    // An infinite one is left to the parser, which makes the same of it.
    return read === Number(token) || !Number.isFinite(read) ? token : exact(read);
  });
}

/** A text from which the same double is read, with a point or an exponent, so that it does not become an integer. */
function exact(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/**
 * A JSON text whose numbers CityFlow reads as `JSON.parse` reads those of the text given. For about one number of 17
 * digits in a million no text was found that it does; such a number is off by its last bit there.
 */
export function withNumbersToRead(text: string): string {
  if (!MAY_DIFFER.test(text)) return text;
  return text.replace(TOKEN, (token: string, _sign, whole) =>
    whole === undefined ? token : toBeRead(Number(token)),
  );
}

/** Decimals beside the number itself, in its last digit, that are tried until one is read as the number. */
const NEIGHBORS = 20;
/** Zeros after the digits that are tried where no plain decimal is read as the number: each is another rounding. */
const ZEROS = 250;

function toBeRead(value: number): string {
  const shortest = String(value);
  if (readAs(shortest) === value) return shortest;
  for (const digits of [17, 18]) {
    const { integer, power } = scientific(value, digits);
    for (let k = 0; k <= 2 * NEIGHBORS; k++) {
      const text = decimal(value < 0, integer + neighbor(k), power);
      if (readAs(text) === value) return text;
    }
  }
  for (const digits of [17, 16, 19]) {
    const { integer, power } = scientific(value, digits);
    for (let zeros = 0; zeros <= ZEROS; zeros++) {
      for (let k = 0; k <= 2 * NEIGHBORS; k++) {
        const text = `${value < 0 ? '-' : ''}${integer + neighbor(k)}${'0'.repeat(zeros)}e${power - zeros}`;
        if (readAs(text) === value) return text;
      }
    }
  }
  return shortest;
}

/** The first `digits` digits of a number, as an integer, and the power of ten to multiply it by. */
function scientific(value: number, digits: number): { integer: bigint; power: number } {
  const [mantissa = '', power = ''] = Math.abs(value)
    .toExponential(digits - 1)
    .split('e');
  return { integer: BigInt(mantissa.replace('.', '')), power: Number(power) - digits + 1 };
}

/** 0, 1, −1, 2, −2 … */
function neighbor(k: number): bigint {
  return BigInt(k % 2 === 0 ? -(k / 2) : (k + 1) / 2);
}

/** `integer` × 10^`power` with a point and without an exponent, if that is not too long. */
function decimal(negative: boolean, integer: bigint, power: number): string {
  const sign = negative ? '-' : '';
  const digits = String(integer);
  if (power >= 0 || power < -40) return `${sign}${digits}e${power}`;
  const padded = digits.padStart(1 - power, '0');
  return `${sign}${padded.slice(0, power)}.${padded.slice(power)}`;
}

function readAs(text: string): number {
  return Number(withNumbersAsRead(text));
}

const LARGEST_EXACT = 2n ** 53n - 1n;
/** Where another digit may be more than the 64 bits of an integer hold: a tenth of the largest, and its last digit. */
const UNSIGNED = { tenth: 0x1999999999999999n, last: 5 };
const SIGNED = { tenth: 0x0cccccccccccccccn, last: 8 };
/** From this many digits on, RapidJSON drops the rest. The first digit before the point is not counted. */
const DIGITS_KEPT = 17;

/** RapidJSON's `ParseNumber` for a number with a fraction or an exponent, and its normal-precision `Strtod`. */
function numberAsRead(negative: boolean, whole: string, fraction: string, exponent: number): number {
  const limit = negative ? SIGNED : UNSIGNED;
  let integer = BigInt(whole[0]!);
  let significand = 0;
  let inDouble = false;
  let counted = 0;
  for (const digit of whole.slice(1)) {
    if (!inDouble && (integer > limit.tenth || (integer === limit.tenth && Number(digit) > limit.last))) {
      significand = Number(integer);
      inDouble = true;
    }
    if (inDouble) {
      significand = significand * 10 + Number(digit);
      continue;
    }
    integer = integer * 10n + BigInt(digit);
    counted++;
  }
  let shift = 0;
  let k = 0;
  if (!inDouble) {
    for (; k < fraction.length && integer <= LARGEST_EXACT; k++) {
      integer = integer * 10n + BigInt(fraction[k]!);
      shift--;
      if (integer !== 0n) counted++;
    }
    significand = Number(integer);
  }
  for (; k < fraction.length && counted < DIGITS_KEPT; k++) {
    significand = significand * 10 + Number(fraction[k]);
    shift--;
    if (significand > 0) counted++;
  }
  const magnitude = scaled(significand, exponent + shift);
  return negative ? -magnitude : magnitude;
}

function scaled(significand: number, power: number): number {
  if (power < -308) return timesPowerOfTen(timesPowerOfTen(significand, -308), power + 308);
  return timesPowerOfTen(significand, power);
}

function timesPowerOfTen(significand: number, power: number): number {
  if (power < -308) return 0;
  return power >= 0 ? significand * Number(`1e${power}`) : significand / Number(`1e${-power}`);
}
