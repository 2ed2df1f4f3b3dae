/**
 * What a page needs to draw one moment of all sides, as one binary message.
 *
 *     byte   0     magic, 0xF7
 *            1     version
 *            2     kind: 0 vehicles, 1 lanes, 2 heat
 *            3     sides
 *            4..7  sequence: counts the frames of a session, whatever their kind
 *            8..11 step
 *           12..15 steps since the frame before; 0: time has jumped, nothing is to be drawn in between
 *           16..   one section for each side, each a multiple of 4 bytes long
 *
 * A section of kind `vehicles`, for n vehicles in order of their numbers:
 *
 *            u32   length of the section in bytes
 *            u32   n
 *            u32   m, how many numbers follow their predecessor by 255 or more
 *            u32   number of the first vehicle; 0 for none
 *        m × u32   these gaps
 *        n × 6     { element u16, position u16 in 65535ths of the element's length, speed u8 in 0.25 m/s, kind u8 }
 *        n × u8    gap to the number before; 255: the next of the m; the first: 0
 *            …     signals: 2 bits for each connector, SHOWN value, the first in the lowest bits
 *
 * `kind` is the vehicle's type in its 3 low bits (7: that or a later one) and its delay so far in the others, as
 * `delayLevel` counts it.
 *
 * A section of kind `lanes`, for all lanes: u32 length, lanes × { vehicles u8, standing u8, mean speed u8 in
 * 0.25 m/s }, signals as above. Of kind `heat`, over the last minute: u32 length, lanes × { mean queue u16 in
 * tenths of a vehicle, time lost u16 in vehicle-seconds, CO2 u16 in g }.
 *
 * Little-endian throughout. This file is the whole contract: it imports nothing, and the server and the page
 * read the same copy of it. Every frame stands alone: who misses one has missed nothing but that moment.
 */
export const MAGIC = 0xf7;
export const FRAME_VERSION = 1;
export const HEADER_BYTES = 16;

export const FRAME_KIND = { vehicles: 0, lanes: 1, heat: 2 } as const;
export type FrameKind = keyof typeof FRAME_KIND;

/** Elements that a record can name. */
export const ELEMENTS_MAX = 0x10000;
export const POSITION_MAX = 0xffff;
/** m/s for each unit of a speed byte. */
export const SPEED_UNIT = 0.25;
export const TYPE_BITS = 3;
export const TYPE_MASK = (1 << TYPE_BITS) - 1;
export const DELAY_LEVELS = 32;
/** u16 words of a vehicle's record. */
export const RECORD_WORDS = 3;
/** Bytes of a lane in a `lanes` frame, u16 words in a `heat` frame. */
export const LANE_BYTES = 3;
export const HEAT_WORDS = 3;

const WIDE_GAP = 255;

export interface FrameHeader {
  readonly kind: FrameKind;
  readonly sides: number;
  readonly sequence: number;
  readonly step: number;
  readonly sinceSteps: number;
}

/** Vehicles of one side, to be written. Only the first `count` rows count. */
export interface VehicleColumns {
  readonly count: number;
  /** Rising. */
  readonly ids: Uint32Array;
  /** By row × RECORD_WORDS, as they lie in the frame. */
  readonly records: Uint16Array;
  /** Packed, 2 bits a connector. */
  readonly signals: Uint8Array;
}

export interface LaneColumns {
  /** By lane × LANE_BYTES. */
  readonly lanes: Uint8Array;
  readonly signals: Uint8Array;
}

export interface DecodedVehicles extends VehicleColumns {}
export interface DecodedLanes extends LaneColumns {}

export type DecodedFrame =
  | (FrameHeader & { readonly kind: 'vehicles'; readonly worlds: readonly DecodedVehicles[] })
  | (FrameHeader & { readonly kind: 'lanes'; readonly worlds: readonly DecodedLanes[] })
  | (FrameHeader & { readonly kind: 'heat'; readonly worlds: readonly Uint16Array[] });

/** How long everything is that a frame of a given road map holds. */
export interface FrameShape {
  readonly laneCount: number;
  readonly connectorCount: number;
}

/** A byte for a delay of `seconds`: 0 below 4 s, then in steps that grow, 31 from 16 minutes on. */
export function delayLevel(seconds: number): number {
  return seconds <= 0 ? 0 : Math.min(DELAY_LEVELS - 1, Math.floor(Math.sqrt(seconds)));
}

/** The least delay of a level, s. */
export function delayOfLevel(level: number): number {
  return level * level;
}

export function packedBytes(connectorCount: number): number {
  return (connectorCount + 3) >> 2;
}

/** What a signal shows connector `k` (counted from the first connector on): SHOWN value. */
export function shownIn(signals: Uint8Array, k: number): number {
  return (signals[k >> 2]! >> ((k & 3) << 1)) & 3;
}

export function encodeVehicles(
  header: Omit<FrameHeader, 'kind' | 'sides'>,
  worlds: readonly VehicleColumns[],
): ArrayBuffer {
  const wide = worlds.map(wideGaps);
  const lengths = worlds.map(({ count, signals }, k) =>
    padded(16 + 4 * wide[k]!.length + 6 * count + count + signals.length),
  );
  const buffer = started({ ...header, kind: 'vehicles', sides: worlds.length }, lengths);
  const view = new DataView(buffer);
  let at = HEADER_BYTES;
  worlds.forEach(({ count, ids, records, signals }, k) => {
    const gaps = wide[k]!;
    view.setUint32(at, lengths[k]!, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, gaps.length, true);
    view.setUint32(at + 12, count === 0 ? 0 : ids[0]!, true);
    new Uint32Array(buffer, at + 16, gaps.length).set(gaps);
    let to = at + 16 + 4 * gaps.length;
    new Uint16Array(buffer, to, count * RECORD_WORDS).set(records.subarray(0, count * RECORD_WORDS));
    to += 6 * count;
    const narrow = new Uint8Array(buffer, to, count);
    for (let row = 1; row < count; row++) narrow[row] = Math.min(WIDE_GAP, ids[row]! - ids[row - 1]!);
    new Uint8Array(buffer, to + count, signals.length).set(signals);
    at += lengths[k]!;
  });
  return buffer;
}

function wideGaps({ count, ids }: VehicleColumns): number[] {
  const gaps: number[] = [];
  for (let row = 1; row < count; row++) {
    const gap = ids[row]! - ids[row - 1]!;
    if (gap >= WIDE_GAP) gaps.push(gap);
  }
  return gaps;
}

export function encodeLanes(
  header: Omit<FrameHeader, 'kind' | 'sides'>,
  worlds: readonly LaneColumns[],
): ArrayBuffer {
  const lengths = worlds.map(({ lanes, signals }) => padded(4 + lanes.length + signals.length));
  const buffer = started({ ...header, kind: 'lanes', sides: worlds.length }, lengths);
  const view = new DataView(buffer);
  let at = HEADER_BYTES;
  worlds.forEach(({ lanes, signals }, k) => {
    view.setUint32(at, lengths[k]!, true);
    new Uint8Array(buffer, at + 4, lanes.length).set(lanes);
    new Uint8Array(buffer, at + 4 + lanes.length, signals.length).set(signals);
    at += lengths[k]!;
  });
  return buffer;
}

/** @param worlds  by side: by lane × HEAT_WORDS */
export function encodeHeat(
  header: Omit<FrameHeader, 'kind' | 'sides'>,
  worlds: readonly Uint16Array[],
): ArrayBuffer {
  const lengths = worlds.map((heat) => padded(4 + 2 * heat.length));
  const buffer = started({ ...header, kind: 'heat', sides: worlds.length }, lengths);
  const view = new DataView(buffer);
  let at = HEADER_BYTES;
  worlds.forEach((heat, k) => {
    view.setUint32(at, lengths[k]!, true);
    new Uint16Array(buffer, at + 4, heat.length).set(heat);
    at += lengths[k]!;
  });
  return buffer;
}

function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}

function started(
  { kind, sides, sequence, step, sinceSteps }: FrameHeader,
  lengths: readonly number[],
): ArrayBuffer {
  const buffer = new ArrayBuffer(lengths.reduce((sum, length) => sum + length, HEADER_BYTES));
  const view = new DataView(buffer);
  view.setUint8(0, MAGIC);
  view.setUint8(1, FRAME_VERSION);
  view.setUint8(2, FRAME_KIND[kind]);
  view.setUint8(3, sides);
  view.setUint32(4, sequence, true);
  view.setUint32(8, step, true);
  view.setUint32(12, sinceSteps, true);
  return buffer;
}

/**
 * Reads a frame. Columns of the result lie in the message's own memory, numbers of vehicles apart.
 *
 * @param data   of any alignment
 * @param shape  of the road map that the frame is for
 * @throws {Error} in words for the person at the page, when it is no frame of this version and shape
 */
export function decodeFrame(data: ArrayBuffer | Uint8Array, shape: FrameShape): DecodedFrame {
  const buffer = aligned(data);
  const header = decodeHeader(buffer);
  const worlds = sectionsOf(buffer, header.sides);
  const signalBytes = packedBytes(shape.connectorCount);
  switch (header.kind) {
    case 'vehicles':
      return {
        ...header,
        kind: 'vehicles',
        worlds: worlds.map((at) => decodeVehicles(buffer, at, signalBytes)),
      };
    case 'lanes':
      return {
        ...header,
        kind: 'lanes',
        worlds: worlds.map((at) => decodeLanes(buffer, at, shape.laneCount, signalBytes)),
      };
    case 'heat':
      return {
        ...header,
        kind: 'heat',
        worlds: worlds.map((at) => {
          const words = shape.laneCount * HEAT_WORDS;
          fits(buffer, at, 4 + 2 * words);
          return new Uint16Array(buffer, at + 4, words);
        }),
      };
  }
}

/** What a frame says of itself. */
export function decodeHeader(buffer: ArrayBuffer): FrameHeader {
  if (buffer.byteLength < HEADER_BYTES)
    throw new Error(`A frame of ${buffer.byteLength} bytes is shorter than its header.`);
  const view = new DataView(buffer);
  if (view.getUint8(0) !== MAGIC) throw new Error('The server sent something that is not a frame.');
  const version = view.getUint8(1);
  if (version !== FRAME_VERSION) {
    throw new Error(`Got a frame of version ${version}, can read ${FRAME_VERSION}. Reload the page.`);
  }
  const code = view.getUint8(2);
  const kind = (Object.keys(FRAME_KIND) as FrameKind[]).find((name) => FRAME_KIND[name] === code);
  if (kind === undefined) throw new Error(`Got a frame of kind ${code}, which is none.`);
  return {
    kind,
    sides: view.getUint8(3),
    sequence: view.getUint32(4, true),
    step: view.getUint32(8, true),
    sinceSteps: view.getUint32(12, true),
  };
}

function aligned(data: ArrayBuffer | Uint8Array): ArrayBuffer {
  if (data instanceof ArrayBuffer) return data;
  const { buffer, byteOffset, byteLength } = data;
  if (byteOffset % 4 === 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer)
    return buffer;
  // Not slice(): that of a Buffer copies nothing.
  return new Uint8Array(data).buffer;
}

/** Where each section begins; together they are the rest of the frame. */
function sectionsOf(buffer: ArrayBuffer, sides: number): number[] {
  const view = new DataView(buffer);
  const starts: number[] = [];
  let at = HEADER_BYTES;
  for (let k = 0; k < sides; k++) {
    fits(buffer, at, 4);
    const length = view.getUint32(at, true);
    if (length < 4 || length % 4 !== 0 || at + length > buffer.byteLength) {
      throw new Error(
        `Section ${k} of a frame claims ${length} bytes, of ${buffer.byteLength - at} that are left.`,
      );
    }
    starts.push(at);
    at += length;
  }
  if (at !== buffer.byteLength)
    throw new Error(`A frame has ${buffer.byteLength - at} bytes after its last section.`);
  return starts;
}

function fits(buffer: ArrayBuffer, at: number, bytes: number): void {
  if (at + bytes > buffer.byteLength) throw new Error(`A frame is cut short at byte ${buffer.byteLength}.`);
}

function decodeVehicles(buffer: ArrayBuffer, at: number, signalBytes: number): DecodedVehicles {
  fits(buffer, at, 16);
  const view = new DataView(buffer);
  const length = view.getUint32(at, true);
  const count = view.getUint32(at + 4, true);
  const wide = view.getUint32(at + 8, true);
  if (16 + 4 * wide + 7 * count + signalBytes > length) {
    throw new Error(`A section of ${length} bytes cannot hold ${count} vehicles.`);
  }
  const gaps = new Uint32Array(buffer, at + 16, wide);
  let from = at + 16 + 4 * wide;
  const records = new Uint16Array(buffer, from, count * RECORD_WORDS);
  from += 6 * count;
  const narrow = new Uint8Array(buffer, from, count);
  const ids = new Uint32Array(count);
  let id = view.getUint32(at + 12, true);
  let used = 0;
  for (let row = 0; row < count; row++) {
    const gap = narrow[row]!;
    id += gap === WIDE_GAP ? (gaps[used++] ?? 0) : gap;
    ids[row] = id;
  }
  return { count, ids, records, signals: new Uint8Array(buffer, from + count, signalBytes) };
}

function decodeLanes(buffer: ArrayBuffer, at: number, laneCount: number, signalBytes: number): DecodedLanes {
  fits(buffer, at, 4 + laneCount * LANE_BYTES + signalBytes);
  return {
    lanes: new Uint8Array(buffer, at + 4, laneCount * LANE_BYTES),
    signals: new Uint8Array(buffer, at + 4 + laneCount * LANE_BYTES, signalBytes),
  };
}
