/**
 * What a page needs to draw one moment of all sides, as one binary message.
 *
 *     byte   0     magic, 0xF7
 *            1     version: 3, or 4 where records have 8 bytes
 *            2     kind: 0 vehicles, 1 lanes, 2 heat
 *            3     sides
 *            4..7  sequence: counts the frames of a session, whatever their kind
 *            8..11 step
 *           12..15 steps since the frame before; 0: time has jumped, nothing is to be drawn in between
 *           16..19 revision of the session: a frame of another one is not of the run that is shown
 *           20..   one section for each side, each a multiple of 4 bytes long
 *
 * A section of kind `vehicles`, for n vehicles in order of their numbers:
 *
 *            u32   length of the section in bytes
 *            u32   n
 *            u32   m, runs of numbers
 *        m × 8     { number of the run's first vehicle u32, words of its bitmap u32 }
 *            …     the bitmaps, u32 words: a bit for each number from the run's first on, the lowest first
 *        n × 6     { element u16, position u16 in 65535ths of the element's length, speed u8 in 0.25 m/s, kind u8 }
 *            …     signals: 2 bits for each connector, SHOWN value, the first in the lowest bits
 *
 * Of a road map with more than 65,536 elements a record has 8 bytes: the upper half of the element's number, u16, comes last.
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
export const FRAME_VERSION = 3;
/** Of frames of vehicles whose elements have 32 bits. */
export const WIDE_FRAME_VERSION = 4;
export const HEADER_BYTES = 20;

export const FRAME_KIND = { vehicles: 0, lanes: 1, heat: 2 } as const;
export type FrameKind = keyof typeof FRAME_KIND;

/** Elements that a record of `RECORD_WORDS` can name; where there are more it has `WIDE_RECORD_WORDS`. */
export const NARROW_ELEMENTS_MAX = 0x10000;
/** Elements that a page can draw. */
export const ELEMENTS_MAX = 0x80000;
export const POSITION_MAX = 0xffff;
/** m/s for each unit of a speed byte. */
export const SPEED_UNIT = 0.25;
export const TYPE_BITS = 3;
export const TYPE_MASK = (1 << TYPE_BITS) - 1;
export const DELAY_LEVELS = 32;
/** u16 words of a vehicle's record. */
export const RECORD_WORDS = 3;
export const WIDE_RECORD_WORDS = 4;
/** Bytes of a lane in a `lanes` frame, u16 words in a `heat` frame. */
export const LANE_BYTES = 3;
export const HEAT_WORDS = 3;

/** A number further from the one before begins a run: eight bytes for that are fewer than empty words. */
const RUN_GAP = 96;

export interface FrameHeader {
  readonly kind: FrameKind;
  readonly sides: number;
  readonly sequence: number;
  readonly step: number;
  readonly sinceSteps: number;
  readonly revision: number;
}

/** Vehicles of one side, to be written. Only the first `count` rows count. */
export interface VehicleColumns {
  readonly count: number;
  /** Rising. */
  readonly ids: Uint32Array;
  /** By row × `words`, as they lie in the frame. */
  readonly records: Uint16Array;
  /** Of each record: as `recordWords` has it for the road map. RECORD_WORDS unless given. */
  readonly words?: number;
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

/** How many words a record has, of a road map with so many elements. */
export function recordWords(elementCount: number): number {
  return elementCount > NARROW_ELEMENTS_MAX ? WIDE_RECORD_WORDS : RECORD_WORDS;
}

/** The element of the record that begins at a word. */
export function elementOf(records: Uint16Array, at: number, words = RECORD_WORDS): number {
  return words === RECORD_WORDS ? records[at]! : records[at]! | (records[at + 3]! << 16);
}

/** A byte for a delay of `seconds`: 0 below 4 s, then in steps that grow, 31 from 16 minutes on. */
export function delayLevel(seconds: number): number {
  return seconds <= 0 ? 0 : seconds >= LEVELS.length ? DELAY_LEVELS - 1 : LEVELS[Math.floor(seconds)]!;
}

const LEVELS = Uint8Array.from({ length: DELAY_LEVELS ** 2 }, (_, s) => Math.floor(Math.sqrt(s)));

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
  const runs = worlds.map(runsOf);
  // All sides have the same road map.
  const words = worlds[0]?.words ?? RECORD_WORDS;
  const lengths = worlds.map(({ count, signals }, k) =>
    padded(12 + bytesOf(runs[k]!) + 2 * words * count + signals.length),
  );
  const version = words === RECORD_WORDS ? FRAME_VERSION : WIDE_FRAME_VERSION;
  const buffer = started({ ...header, kind: 'vehicles', sides: worlds.length }, lengths, version);
  const view = new DataView(buffer);
  let at = HEADER_BYTES;
  worlds.forEach(({ count, ids, records, signals }, k) => {
    const own = runs[k]!;
    view.setUint32(at, lengths[k]!, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, own.length, true);
    writeNumbers(new Uint32Array(buffer, at + 12, bytesOf(own) >> 2), own, ids);
    const to = at + 12 + bytesOf(own);
    new Uint16Array(buffer, to, count * words).set(records.subarray(0, count * words));
    new Uint8Array(buffer, to + 2 * words * count, signals.length).set(signals);
    at += lengths[k]!;
  });
  return buffer;
}

/** Vehicles whose numbers lie near one another: rows `row` to `end`. */
interface Run {
  readonly row: number;
  end: number;
  words: number;
}

function runsOf({ count, ids }: VehicleColumns): Run[] {
  const runs: Run[] = [];
  for (let row = 0; row < count; row++) {
    const run = runs[runs.length - 1];
    if (run === undefined || ids[row]! - ids[row - 1]! > RUN_GAP) {
      runs.push({ row, end: row + 1, words: 1 });
    } else {
      run.end = row + 1;
      run.words = ((ids[row]! - ids[run.row]!) >>> 5) + 1;
    }
  }
  return runs;
}

function bytesOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { words }) => sum + 8 + 4 * words, 0);
}

function writeNumbers(to: Uint32Array, runs: readonly Run[], ids: Uint32Array): void {
  let bitmap = 2 * runs.length;
  runs.forEach(({ row, end, words }, k) => {
    const first = ids[row]!;
    to[2 * k] = first;
    to[2 * k + 1] = words;
    for (let r = row; r < end; r++) {
      const bit = ids[r]! - first;
      to[bitmap + (bit >>> 5)]! |= 1 << (bit & 31);
    }
    bitmap += words;
  });
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
  { kind, sides, sequence, step, sinceSteps, revision }: FrameHeader,
  lengths: readonly number[],
  version = FRAME_VERSION,
): ArrayBuffer {
  const buffer = new ArrayBuffer(lengths.reduce((sum, length) => sum + length, HEADER_BYTES));
  const view = new DataView(buffer);
  view.setUint8(0, MAGIC);
  view.setUint8(1, version);
  view.setUint8(2, FRAME_KIND[kind]);
  view.setUint8(3, sides);
  view.setUint32(4, sequence, true);
  view.setUint32(8, step, true);
  view.setUint32(12, sinceSteps, true);
  view.setUint32(16, revision, true);
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
  const words = recordWords(shape.laneCount + shape.connectorCount);
  switch (header.kind) {
    case 'vehicles':
      if (isWide(buffer) !== (words === WIDE_RECORD_WORDS))
        throw new Error('A frame is of another road map than the one that is here.');
      return {
        ...header,
        kind: 'vehicles',
        worlds: worlds.map((at) => decodeVehicles(buffer, at, signalBytes, words)),
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
  if (version !== FRAME_VERSION && version !== WIDE_FRAME_VERSION) {
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
    revision: view.getUint32(16, true),
  };
}

function isWide(buffer: ArrayBuffer): boolean {
  return new DataView(buffer).getUint8(1) === WIDE_FRAME_VERSION;
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

function decodeVehicles(
  buffer: ArrayBuffer,
  at: number,
  signalBytes: number,
  recordWords: number,
): DecodedVehicles {
  fits(buffer, at, 12);
  const view = new DataView(buffer);
  const length = view.getUint32(at, true);
  const count = view.getUint32(at + 4, true);
  const runs = view.getUint32(at + 8, true);
  const tooMany = () => new Error(`A section of ${length} bytes cannot hold ${count} vehicles.`);
  if (12 + 8 * runs > length) throw tooMany();
  const heads = new Uint32Array(buffer, at + 12, 2 * runs);
  let words = 0;
  for (let k = 0; k < runs; k++) words += heads[2 * k + 1]!;
  const from = 12 + 8 * runs + 4 * words;
  const signalsFrom = from + 2 * recordWords * count;
  if (signalsFrom + signalBytes > length) throw tooMany();
  const bitmaps = new Uint32Array(buffer, at + 12 + 8 * runs, words);
  return {
    count,
    ids: readNumbers(heads, bitmaps, count),
    records: new Uint16Array(buffer, at + from, count * recordWords),
    words: recordWords,
    signals: new Uint8Array(buffer, at + signalsFrom, signalBytes),
  };
}

/** @throws {Error} when the bitmaps hold another number of vehicles */
function readNumbers(heads: Uint32Array, bitmaps: Uint32Array, count: number): Uint32Array {
  const ids = new Uint32Array(count);
  let row = 0;
  let word = 0;
  for (let k = 0; k < heads.length; k += 2) {
    let base = heads[k]!;
    for (const end = word + heads[k + 1]!; word < end; word++) {
      for (let bits = bitmaps[word]! | 0; bits !== 0; bits &= bits - 1) {
        // What is beyond the end is not kept, but counted.
        ids[row++] = base + 31 - Math.clz32(bits & -bits);
      }
      base += 32;
    }
  }
  if (row !== count) throw new Error(`A section of ${count} vehicles has numbers for ${row}.`);
  return ids;
}

function decodeLanes(buffer: ArrayBuffer, at: number, laneCount: number, signalBytes: number): DecodedLanes {
  fits(buffer, at, 4 + laneCount * LANE_BYTES + signalBytes);
  return {
    lanes: new Uint8Array(buffer, at + 4, laneCount * LANE_BYTES),
    signals: new Uint8Array(buffer, at + 4 + laneCount * LANE_BYTES, signalBytes),
  };
}
