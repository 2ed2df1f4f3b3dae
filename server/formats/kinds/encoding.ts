/** How the bytes of a text are to be read. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** A text's encoding with the length of its byte order mark, or why it cannot be read. */
export type EncodingReading =
  | { readonly encoding: Encoding; readonly markBytes: number }
  | { readonly problem: string; readonly advice: string };

/** So many bytes from the beginning are looked at. */
const LOOKED_AT = 4096;

/**
 * The encoding of a text, by its byte order mark. Without one it is taken for UTF-8; UTF-16 without a mark and binary files,
 * which show by their bytes of zero, are told as such.
 */
export function encodingOf(bytes: Uint8Array): EncodingReading {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return utf32('little');
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return utf32('big');
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', markBytes: 3 };
  const head = bytes.subarray(0, LOOKED_AT);
  const zeros = [0, 0];
  head.forEach((byte, k) => {
    if (byte === 0) zeros[k & 1]!++;
  });
  const half = head.length / 2;
  const [even, odd] = [zeros[0]! / half, zeros[1]! / half];
  if (odd > 0.4 && even < 0.1) return utf16WithoutMark('UTF-16LE');
  if (even > 0.4 && odd < 0.1) return utf16WithoutMark('UTF-16BE');
  const zero = bytes.indexOf(0);
  if (zero < 0) return { encoding: 'utf-8', markBytes: 0 };
  return {
    problem: `is binary: byte ${(zero + 1).toLocaleString('en')} is zero, which no text has`,
    advice: 'Give a text file.',
  };
}

function utf16WithoutMark(name: string): EncodingReading {
  return {
    problem: `looks like ${name} without a byte order mark`,
    advice: `Save it as UTF-8: iconv -f ${name} -t UTF-8 FILE > NEWFILE.`,
  };
}

function utf32(end: string): EncodingReading {
  return {
    problem: `is written in UTF-32 (${end}-endian)`,
    advice: 'Save it as UTF-8: iconv -f UTF-32 -t UTF-8 FILE > NEWFILE.',
  };
}

/** The index of the first byte at which bytes stop being UTF-8; −1 for none. */
export function utf8Fault(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const length =
      lead >= 0xc2 && lead <= 0xdf
        ? 2
        : lead >= 0xe0 && lead <= 0xef
          ? 3
          : lead >= 0xf0 && lead <= 0xf4
            ? 4
            : 0;
    if (length === 0) return at;
    const second = bytes[at + 1] ?? 0;
    // Overlong forms, surrogates and what lies beyond U+10FFFF.
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) return at;
    for (let k = 2; k < length; k++) if (((bytes[at + k] ?? 0) & 0xc0) !== 0x80) return at;
    at += length;
  }
  return -1;
}

/** Where a byte lies in a text of lines: line and byte within it, from 1. */
export function placeOfByte(bytes: Uint8Array, at: number): { readonly line: number; readonly byte: number } {
  let line = 1;
  let start = 0;
  for (let k = bytes.indexOf(10); k >= 0 && k < at; k = bytes.indexOf(10, k + 1)) {
    line++;
    start = k + 1;
  }
  return { line, byte: at - start + 1 };
}

/** What a text that is no UTF-8 is likely to be, as iconv names it: pairs of high bytes are Chinese, single ones Western. */
export function likelyEncoding(bytes: Uint8Array, from: number): 'GBK' | 'WINDOWS-1252' {
  let pairs = 0;
  let singles = 0;
  const end = Math.min(bytes.length, from + LOOKED_AT);
  for (let at = from; at < end; at++) {
    const lead = bytes[at]!;
    if (lead < 0x80) continue;
    const trail = bytes[at + 1] ?? 0;
    if (lead >= 0x81 && lead <= 0xfe && trail >= 0x80 && trail <= 0xfe) {
      pairs++;
      at++;
    } else singles++;
  }
  return pairs > singles ? 'GBK' : 'WINDOWS-1252';
}
