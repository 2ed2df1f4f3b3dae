import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCityFlow } from '../../server/formats/cityflow/read.ts';
import { CONFIG, cityFlowFiles, gridRoadnet, trip } from './gridCity.ts';

/** Whatever the files say, reading ends, and with a layout or with at least one problem. */

const sound = {
  config: CONFIG,
  roadnet: gridRoadnet({ columns: 1, rows: 1 }),
  flow: [trip('road_0_1_0', 'road_1_1_0')],
};
const files = cityFlowFiles(sound.roadnet, sound.flow);
const names = ['config', 'roadnet', 'flow'] as const;

/** Every place in a JSON value, as keys from the top. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

function expectAnswer(changed: Partial<typeof files>) {
  const reading = readCityFlow({ ...files, ...changed });
  if (reading.ok) expect(reading.layout.intersections.length).toBeGreaterThanOrEqual(0);
  else expect(reading.problems.length).toBeGreaterThan(0);
}

test('files cut off anywhere', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.double({ min: 0, max: 1, noNaN: true }), (name, share) => {
      expectAnswer({ [name]: files[name]!.slice(0, Math.floor(share * files[name]!.length)) });
    }),
    { numRuns: 200 },
  );
});

test('any value put anywhere', () => {
  const anything = fc.oneof(
    fc.constantFrom(null, '', 'road_0_1_0', 'intersection_1_1', [], {}, true, { toString: 1 }),
    fc.constantFrom(0, -1, 0.5, 1e-300, 1e300, 2 ** 31, 1e21),
    fc.jsonValue(),
  );
  for (const name of names) {
    const everywhere = places(sound[name]);
    fc.assert(
      fc.property(fc.constantFrom(...everywhere), anything, (path, value) => {
        expectAnswer({ [name]: JSON.stringify(replaced(sound[name], path, value)) });
      }),
      { numRuns: 700 },
    );
  }
});

test('characters that overflow, repeat or break', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.nat(),
      fc.constantFrom('1e999', 'NaN', '{', ']', '"', '-', '\u0000'),
      (name, at, text) => {
        const whole = files[name]!;
        const k = at % whole.length;
        expectAnswer({ [name]: whole.slice(0, k) + text + whole.slice(k + 1) });
      },
    ),
    { numRuns: 400 },
  );
});

test('brackets nested deeply', () => {
  for (const name of names) expectAnswer({ [name]: '['.repeat(100_000) });
  for (const name of names) expectAnswer({ [name]: '['.repeat(50_000) + ']'.repeat(50_000) });
});
