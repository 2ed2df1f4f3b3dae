import { expect, test } from 'vitest';
import { checkpointText, readCheckpoint } from '../../server/learning/checkpoint.ts';
import { decoded, encoded } from '../../server/learning/encoding.ts';

const CONTENT = {
  generation: 3,
  weights: Float64Array.of(0.1 + 0.2, -0, Number.NaN, Infinity, 5e-324),
  replay: [{ seen: Float32Array.of(1.5, -2), phase: Int32Array.of(-1, 7), done: Uint8Array.of(0, 255) }],
  left: null,
};

test('every number of a typed array comes back with its bits, also −0 and what is none', () => {
  expect(decoded(encoded(CONTENT))).toStrictEqual(CONTENT);
  const { weights } = decoded(encoded(CONTENT)) as typeof CONTENT;
  expect(Object.is(weights[1], -0)).toBe(true);
  expect(encoded(Float64Array.of(1))).toBe('{"Float64Array":"AAAAAAAA8D8="}');
});

test('a part of a larger array is written alone', () => {
  const part = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
  expect(decoded(encoded({ part }))).toStrictEqual({ part: Float64Array.of(2, 3) });
});

test('a checkpoint is read back, and two of the same content are the same text', () => {
  const text = checkpointText(CONTENT);
  expect(readCheckpoint(text)).toStrictEqual({ ok: true, content: CONTENT });
  expect(checkpointText(CONTENT)).toBe(text);
});

test('whatever of its end is missing, a torn checkpoint is told from a whole one', () => {
  const text = checkpointText({ some: 'content' });
  for (let length = 0; length < text.length - 1; length++) {
    expect(readCheckpoint(text.slice(0, length)).ok, `${length} of ${text.length}`).toBe(false);
  }
});

test('what is wrong is said', () => {
  const text = checkpointText({ some: 'content' });
  const problemOf = (damaged: string) => {
    const reading = readCheckpoint(damaged);
    return reading.ok ? null : reading.problem;
  };
  expect(problemOf(text.replace('content', 'CONTENT'))).toBe('its content is not what its hash says');
  expect(problemOf(text.replace('"version":1', '"version":2'))).toBe(
    'it is of version 2, and version 1 is read',
  );
  expect(problemOf(text.slice(0, -10))).toBe('it breaks off after 9 of 18 characters');
  expect(problemOf('{"format":"greenwave-policy"}\n')).toBe('it is not a checkpoint');
  expect(problemOf('\0\0\0\0')).toBe('it is not a checkpoint');
  expect(problemOf('null\n')).toBe('it is not a checkpoint');
});
