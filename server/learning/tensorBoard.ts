/**
 * Event files of TensorBoard: records of TFRecord, each an `Event` in protocol buffers.
 *
 *     record    length u64, masked CRC-32C of the length u32, event, masked CRC-32C of the event u32
 *     Event     1 wall_time double, 2 step int64, 3 file_version string, 5 summary Summary
 *     Summary   1 value Value, repeated
 *     Value     1 tag string, 2 simple_value float
 *
 * Little-endian throughout. tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto.
 */

/** Castagnoli's polynomial, its bits reversed. */
const POLYNOMIAL = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  return crc;
});

/** CRC-32C (Castagnoli). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

/** The record that a file begins with. @param timeS  seconds since 1970 */
export function openingRecord(timeS: number): Uint8Array {
  return record([...double(1, timeS), ...text(3, 'brain.Event:2')]);
}

/** Scalars by tag, at a step. @param timeS  seconds since 1970 */
export function scalarRecord(
  timeS: number,
  step: number,
  scalars: Readonly<Record<string, number>>,
): Uint8Array {
  const values = Object.entries(scalars).flatMap(([tag, value]) => {
    return message(1, [...text(1, tag), ...float(2, value)]);
  });
  return record([...double(1, timeS), ...key(2, VARINT), ...varint(step), ...message(5, values)]);
}

function record(event: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(12 + event.length + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(event.length), true);
  view.setUint32(8, maskedCrc(bytes.subarray(0, 8)), true);
  bytes.set(event, 12);
  view.setUint32(12 + event.length, maskedCrc(bytes.subarray(12, 12 + event.length)), true);
  return bytes;
}

/** So that a checksum of data which hold checksums is a good one: turned by 15 bits, and a number added. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Wire types of protocol buffers. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;

function key(field: number, wireType: number): number[] {
  return [(field << 3) | wireType];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return bytes;
}

function double(field: number, value: number): number[] {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value, true);
  return [...key(field, FIXED_64), ...new Uint8Array(bytes.buffer)];
}

function float(field: number, value: number): number[] {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setFloat32(0, value, true);
  return [...key(field, FIXED_32), ...new Uint8Array(bytes.buffer)];
}

function text(field: number, value: string): number[] {
  return message(field, [...new TextEncoder().encode(value)]);
}

function message(field: number, bytes: readonly number[]): number[] {
  return [...key(field, LENGTH), ...varint(bytes.length), ...bytes];
}
