import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withNumbersAsRead, withNumbersToRead } from '../../server/formats/cityflow/numbers.ts';

/** Decimals as RapidJSON reads them in its default mode; the bits were printed by RapidJSON 1.1.0. */

const READ: readonly (readonly [text: string, bits: string])[] = [
  ['6812.47195406135895254', '40ba9c78d1fb3ac1'],
  ['92.02626867318003', '405701ae62cd0ded'],
  ['436.03046094152796', '407b407cc49cbab1'],
  ['42358333e-211', '15b53fb62d0763c3'],
  ['-0.6140e-25', 'bab3009bf31d31a0'],
  ['-1374228437645667736576914e-92', 'b1d7b620f2b5f7c6'],
  ['9244717.01260300937567334348', '4161a205a0673e6c'],
  ['1427391651196729436547338578656615.7983411', '46d1980dcb18f593'],
  ['-9244339.8233929488358682', 'c161a1d67a593c2a'],
];

function bitsOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

test.each(READ)('%s is read to the bits that RapidJSON gives', (text, bits) => {
  expect(bitsOf(JSON.parse(withNumbersAsRead(text)))).toBe(bits);
  expect(bitsOf(Number(text))).not.toBe(bits);
});

test('text in quotes and numbers of few digits stay as they are', () => {
  const text =
    '{"id 92.02626867318003": "436.03046094152796\\" 92.02626867318003", "x": [1, -2.5, 1e3, 12345678901234567890]}';
  expect(withNumbersAsRead(text)).toBe(text);
});

test('every number that is written is read as itself', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e7, max: 1e7, noNaN: true }), (value) => {
      const written = withNumbersToRead(JSON.stringify({ x: value }));
      expect(JSON.parse(withNumbersAsRead(written)).x).toBe(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 2000 },
  );
});
