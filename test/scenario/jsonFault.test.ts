import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonFault } from '../../server/scenario/jsonFault.ts';

/** A fault of JSON has a place, whatever it is, and JSON itself has none. */

const told = (text: string) => {
  const fault = jsonFault(text);
  return fault === null ? 'none' : `${fault.line}:${fault.column} ${fault.message} ${fault.advice}`;
};

const parses = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test.each([
  [
    '{\n  "a": [1, 2,],\n}',
    '2:13 a comma stands before the closing "]". Delete the comma: JSON has none after the last entry.',
  ],
  [
    '{"a": 1,\n}',
    '1:8 a comma stands before the closing "}". Delete the comma: JSON has none after the last entry.',
  ],
  [
    '{"a": 1\n "b": 2}',
    '2:2 found a double quote, expected "," or "}". Put a comma between entries, or close the bracket.',
  ],
  ['[1 2]', '1:4 found 2, expected "," or "]". Put a comma between entries, or close the bracket.'],
  ['{a: 1}', '1:2 the key a is without double quotes. Write "a".'],
  ["{'a': 1}", '1:2 found \', expected double quotes. Use straight double quotes: ".'],
  ['{"a": NaN}', '1:7 NaN is not a number in JSON. Write a finite number.'],
  ['{"a": -Infinity}', '1:7 -Infinity is not a number in JSON. Write a finite number.'],
  ['{"a": True}', '1:7 True is not a value in JSON. Use true, false or null.'],
  ['{"a": .5}', '1:7 .5 is not a number as JSON writes it. Write it as 12, -0.5 or 1e3.'],
  ['{"a": 01}', '1:7 01 is not a number as JSON writes it. Write it as 12, -0.5 or 1e3.'],
  ['{"a": red}', '1:7 the text red is without double quotes. Write "red".'],
  ['{"a": 1} // why', '1:10 a comment begins here, and JSON has none. Delete the comment.'],
  ['{"a" 1}', '1:6 found 1, expected ":" after the key. Write a colon between a key and its value.'],
  [
    '{"a": }',
    '1:7 found "}", expected a value. Write a value here, or take the comma or colon before it away.',
  ],
  [
    '{"a": "b',
    '1:7 the file ends in the middle of the text in quotes that begins here. Check that the file is whole: download or save it again.',
  ],
  ['{"a": "b\n"}', '1:7 the text in quotes that begins here does not end on its line. Close the quotes.'],
  ['{"a": "\\x"}', '1:8 a backslash begins no escape that JSON knows. Write \\\\ for a backslash.'],
  ['{"a": [1', '1:9 the file ends in the middle. Check that the file is whole: download or save it again.'],
  ['{"a": 1}}', '1:9 found "}" after the end of the JSON value. Delete what follows the last bracket.'],
  ['', '1:1 the file ends in the middle. Check that the file is whole: download or save it again.'],
])('%j is faulty at its first wrong character', (text, expected) => {
  expect(told(text)).toBe(expected);
  expect(parses(text)).toBe(false);
});

test('a fault is found in exactly the texts that JSON.parse refuses, within the text', () => {
  const edited = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '"', '}', ']', '{', '[', ':', '1', '\\', '\n', 'x', '-', '\u00a0'),
      fc.nat(2),
    )
    .map(([text, place, put, cut]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + put + text.slice(at + cut);
    });
  fc.assert(
    fc.property(edited, (text) => {
      const fault = jsonFault(text);
      expect(fault === null).toBe(parses(text));
      if (fault !== null) expect(fault.offset).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 3000 },
  );
});

test('a text of a million open brackets and a string of ten million characters are read to their end', () => {
  expect(jsonFault('['.repeat(1_000_000))).toMatchObject({ offset: 1_000_000 });
  expect(jsonFault(`["${'a\\n'.repeat(3_000_000)}",]`)).toMatchObject({
    message: 'a comma stands before the closing "]".',
  });
});
