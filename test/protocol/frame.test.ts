import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type DecodedFrame,
  decodeFrame,
  delayLevel,
  delayOfLevel,
  elementOf,
  encodeHeat,
  encodeLanes,
  encodeVehicles,
  HEAT_WORDS,
  LANE_BYTES,
  packedBytes,
  RECORD_WORDS,
  recordWords,
  shownIn,
  type VehicleColumns,
} from '../../server/protocol/frame.ts';

/** The wire: what is written is read again, bytes are where the drawing says, and nothing malformed gets through. */

test('a frame of vehicles, byte by byte', () => {
  const world: VehicleColumns = {
    count: 4,
    ids: Uint32Array.of(5, 6, 43, 300),
    records: Uint16Array.of(1, 0x8000, 0x1020, 2, 0xffff, 0x0000, 4, 0, 0, 3, 0, 0x0905),
    signals: Uint8Array.of(0b11_10_01_00, 0b01),
  };
  const frame = encodeVehicles({ sequence: 7, step: 900, sinceSteps: 1, revision: 3 }, [world]);
  expect(Buffer.from(frame).toString('hex')).toBe(
    [
      ...['f7030001', '07000000', '84030000'], //             magic, version, kind, sides; sequence; step
      ...['01000000', '03000000'], //                         since; revision
      ...['44000000', '04000000', '02000000'], //             length, vehicles, runs
      ...['05000000', '02000000'], //                         from 5 on, two words
      ...['2c010000', '01000000'], //                         from 300 on, one word
      ...['03000000', '40000000', '01000000'], //             5, 6 and 43; 300
      ...['010000802010', '0200ffff0000', '040000000000', '030000000509'], // records
      ...['e401', '0000'], //                                              signals
    ].join(''),
  );
});

const world = fc
  .tuple(
    fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 70_000 })), {
      maxLength: 60,
    }),
    fc.integer({ min: 0, max: 9 }),
  )
  .chain(([gaps, connectors]) =>
    fc.record({
      gaps: fc.constant(gaps),
      first: fc.integer({ min: 0, max: 1_000_000 }),
      records: fc.uint16Array({
        minLength: gaps.length * RECORD_WORDS,
        maxLength: gaps.length * RECORD_WORDS,
      }),
      signals: fc.uint8Array({ minLength: packedBytes(connectors), maxLength: packedBytes(connectors) }),
      connectors: fc.constant(connectors),
    }),
  );

test('vehicles that are written are read again', () => {
  fc.assert(
    fc.property(
      world,
      fc.nat(),
      fc.nat(),
      ({ gaps, first, records, signals, connectors }, sequence, step) => {
        let id = first;
        const ids = Uint32Array.from(gaps, (gap) => (id += gap));
        const columns = { count: gaps.length, ids, records, signals };
        const frame = encodeVehicles({ sequence, step, sinceSteps: 3, revision: 5 }, [columns, columns]);
        const shape = { laneCount: 4, connectorCount: connectors };
        // At an odd place in another buffer, as sockets hand it over in Node.
        const shifted = new Uint8Array(frame.byteLength + 1);
        shifted.set(new Uint8Array(frame), 1);
        for (const data of [frame, shifted.subarray(1)]) {
          const read = decodeFrame(data, shape) as Extract<DecodedFrame, { kind: 'vehicles' }>;
          expect(read).toMatchObject({
            kind: 'vehicles',
            sides: 2,
            sequence,
            step,
            sinceSteps: 3,
            revision: 5,
          });
          for (const side of read.worlds) {
            expect(side.count).toBe(gaps.length);
            expect([...side.ids]).toEqual([...ids]);
            expect([...side.records]).toEqual([...records]);
            expect([...side.signals]).toEqual([...signals]);
          }
        }
      },
    ),
  );
});

test('lanes and heat that are written are read again', () => {
  const shape = { laneCount: 3, connectorCount: 5 };
  const header = { sequence: 1, step: 2, sinceSteps: 0, revision: 1 };
  const lanes = Uint8Array.from({ length: 3 * LANE_BYTES }, (_, k) => k);
  const signals = Uint8Array.of(0b10_01_11_00, 0b10);
  const read = decodeFrame(encodeLanes(header, [{ lanes, signals }]), shape);
  expect(read).toMatchObject({ kind: 'lanes', worlds: [{ lanes, signals }] });
  expect([0, 1, 2, 3, 4].map((k) => shownIn(signals, k))).toEqual([0, 3, 1, 2, 2]);
  const heat = Uint16Array.from({ length: 3 * HEAT_WORDS }, (_, k) => 7000 * k);
  expect(decodeFrame(encodeHeat(header, [heat, heat]), shape)).toMatchObject({
    kind: 'heat',
    worlds: [heat, heat],
  });
});

test('a vehicle costs six bytes, and a bit for each number from the first to the last', () => {
  const count = 10_000;
  const ids = Uint32Array.from({ length: count }, (_, k) => 2 * k);
  const records = new Uint16Array(count * RECORD_WORDS);
  const frame = encodeVehicles({ sequence: 0, step: 0, sinceSteps: 1, revision: 1 }, [
    { count, ids, records, signals: new Uint8Array(0) },
  ]);
  expect(frame.byteLength).toBe(20 + 12 + 8 + 6 * count + (2 * count) / 8);
});

test('whatever else arrives is refused in words', () => {
  const shape = { laneCount: 2, connectorCount: 8 };
  const good = new Uint8Array(
    encodeVehicles({ sequence: 1, step: 1, sinceSteps: 1, revision: 1 }, [
      { count: 2, ids: Uint32Array.of(1, 999), records: new Uint16Array(6), signals: new Uint8Array(2) },
    ]),
  );
  const refused = (bytes: Uint8Array) => {
    try {
      decodeFrame(bytes, shape);
      return null;
    } catch (error) {
      return error as Error;
    }
  };
  const changed = (at: number, value: number) =>
    Uint8Array.from(good, (byte, k) => (k === at ? value : byte));
  expect(refused(changed(1, 2))?.message).toBe('Got a frame of version 2, can read 3. Reload the page.');
  expect(refused(changed(0, 0))?.message).toBe('The server sent something that is not a frame.');
  expect(refused(good.subarray(0, 9))?.message).toBe('A frame of 9 bytes is shorter than its header.');
  expect(refused(changed(24, 200))?.message).toMatch(/cannot hold 200 vehicles/);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 80 }),
      fc.array(fc.tuple(fc.nat(60), fc.nat(255))),
      (noise, changes) => {
        const bent = Uint8Array.from(good);
        for (const [at, value] of changes) bent[at] = value;
        for (const bytes of [noise, bent, good.subarray(0, noise.length)]) {
          const error = refused(bytes);
          if (error !== null)
            expect(error.message).toMatch(/^(A frame|Got a frame|The server sent|Section|A section) /);
          if (error !== null) expect(error.constructor).toBe(Error);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('levels of delay grow with the delay, and are the least delay of their own', () => {
  expect([0, 0.9, 1, 3.9, 4, 100, 960, 5000].map(delayLevel)).toEqual([0, 0, 1, 1, 2, 10, 30, 31]);
  for (let level = 0; level < 32; level++) expect(delayLevel(delayOfLevel(level))).toBe(level);
});

test('of a road map with more than 65,536 elements each element is read as it was written, in frames of version 4', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(0x7_ffff), { maxLength: 50 }),
      fc.integer({ min: 0x1_0001, max: 0x8_0000 }),
      (elements, elementCount) => {
        const shape = { laneCount: elementCount - 8, connectorCount: 8 };
        const words = recordWords(elementCount);
        expect(words).toBe(4);
        const records = Uint16Array.from(elements.flatMap((e, k) => [e & 0xffff, 7 * k, 9 * k, e >>> 16]));
        const ids = Uint32Array.from(elements, (_, k) => 3 * k);
        const signals = Uint8Array.of(0b11_10_01_00, 0b01);
        const frame = encodeVehicles({ sequence: 1, step: 2, sinceSteps: 1, revision: 1 }, [
          { count: elements.length, ids, records, words, signals },
        ]);
        expect(new Uint8Array(frame)[1]).toBe(4);
        const read = decodeFrame(frame, shape) as Extract<DecodedFrame, { kind: 'vehicles' }>;
        const [side] = read.worlds;
        expect(elements.map((_, k) => elementOf(side.records, k * 4, side.words))).toEqual(elements);
        expect([...side.signals]).toEqual([...signals]);
        // A page with another road map does not take it for its own.
        expect(() => decodeFrame(frame, { laneCount: 4, connectorCount: 8 })).toThrow(/another road map/);
      },
    ),
  );
  expect(recordWords(0x1_0000)).toBe(3);
});
