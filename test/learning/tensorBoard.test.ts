import { expect, test } from 'vitest';
import { crc32c, openingRecord, scalarRecord } from '../../server/learning/tensorBoard.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('the checksum is Castagnoli’s: that of "123456789" is e3069283', () => {
  expect(crc32c(bytes('123456789')).toString(16)).toBe('e3069283');
  expect(crc32c(bytes(''))).toBe(0);
  // RFC 3720, appendix B.4.
  expect(crc32c(new Uint8Array(32)).toString(16)).toBe('8a9136aa');
  expect(crc32c(new Uint8Array(32).fill(255)).toString(16)).toBe('62a8ab43');
});

test('a file begins with a record that says which version it is of', () => {
  const record = openingRecord(1.5);
  const { event } = taken(record);
  expect(event.slice(0, 9)).toEqual([0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f]); // field 1, 1.5
  expect(event.slice(9, 11)).toEqual([0x1a, 13]); // field 3, 13 bytes
  expect(String.fromCharCode(...event.slice(11))).toBe('brain.Event:2');
});

test('scalars come with wall time, step, tag and value, between checksums of length and content', () => {
  const record = scalarRecord(2, 300, { loss: 0.5, gain: -1 });
  const { event, length } = taken(record);
  expect(record.length).toBe(12 + length + 4);
  expect(event).toEqual([
    ...[0x09, 0, 0, 0, 0, 0, 0, 0, 0x40], // wall time 2
    ...[0x10, 0xac, 0x02], // step 300, the lowest seven bits first
    ...[0x2a, 26], // summary
    ...[0x0a, 11, 0x0a, 4, ...bytes('loss'), 0x15, 0, 0, 0, 0x3f],
    ...[0x0a, 11, 0x0a, 4, ...bytes('gain'), 0x15, 0, 0, 0x80, 0xbf],
  ]);
});

/** A record taken apart as a reader does it, its checksums unmasked and compared. */
function taken(record: Uint8Array): { event: number[]; length: number } {
  const view = new DataView(record.buffer);
  const length = Number(view.getBigUint64(0, true));
  const event = record.subarray(12, 12 + length);
  expect(unmasked(view.getUint32(8, true))).toBe(crc32c(record.subarray(0, 8)));
  expect(unmasked(view.getUint32(12 + length, true))).toBe(crc32c(event));
  return { event: [...event], length };
}

/** The inverse of TFRecord's mask: a number less, turned back by 15 bits. */
function unmasked(masked: number): number {
  const turned = (masked - 0xa282ead8) >>> 0;
  return ((turned << 15) | (turned >>> 17)) >>> 0;
}
