/**
 * Damaged scenarios: whatever is put into a file, `parseScenario` answers, soon, with a layout or with
 * problems that each say something. Damage is done to the values of a good scenario and to its text.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseScenario } from '../../server/scenario/parse.ts';
import type { Scenario } from '../../server/scenario/schema.ts';

const GOOD: Scenario[] = [
  {
    name: 'crossing',
    stepS: 0.5,
    isolated: {
      lanes: [{ turns: ['left'] }, { turns: ['thru', 'right'], widthM: 3 }],
      approaches: ['north', 'east', 'south', 'west'],
    },
    signals: { minGreenS: 6 },
    intersections: {
      main: {
        cycleS: 60,
        phases: [
          {
            movements: ['north-thru', 'south-thru'],
            permitted: ['north-right', 'south-right', 'north-left', 'south-left'],
            splitS: 30,
          },
          {
            movements: ['east-thru', 'west-thru'],
            permitted: ['east-right', 'west-right', 'east-left', 'west-left'],
            splitS: 30,
          },
        ],
      },
    },
    vehicles: { car: 0.9, van: 0.1 },
    vehicleTypes: { van: { basedOn: 'car', lengthM: 6 } },
    demand: {
      west: { flowVph: 500, turns: { left: 0.2, thru: 0.6, right: 0.2 }, turnsAt: { main: { thru: 1 } } },
      east: {
        profile: [{ fromS: 0, toS: 900, flowVph: 300 }],
        to: { west: 0.5, north: 0.5 },
        arrivals: 'uniform',
      },
      north: { flowVph: 10, routes: [{ via: ['main', 'south'], share: 1 }], vehicles: { bus: 1 } },
    },
  },
  {
    name: 'town',
    intersections: {
      m: { x: 0, y: 0, halfWidthM: 12 },
      a: { x: 200, y: 10 },
      b: { x: -30, y: 250, boundary: true },
      c: { x: -220, y: 0 },
    },
    roads: [
      { from: 'a', to: 'm', lanes: 2, via: [[100, 20]] },
      { id: 'hill', from: 'b', to: 'm', lanes: 1, lanesBack: 2, speedLimitKmh: 30 },
      { from: 'm', to: 'c', oneWay: true, laneWidthM: 3 },
    ],
    signals: 'auto',
    randomTrips: { vehicles: 20, durationS: 60, seed: 1 },
  },
  {
    name: 'grid',
    grid: { rows: 2, columns: 2, lanes: 1 },
    randomTrips: { vehicles: 50, durationS: 60, seed: 1 },
  },
];

const ODD = [
  null,
  true,
  '',
  'north-trhu',
  'main',
  'thru',
  'none',
  '__proto__',
  'constructor',
  'x'.repeat(5000),
  '\u0000\u001b[31m',
  NaN,
  Infinity,
  -Infinity,
  -1,
  0,
  -0,
  0.1,
  0.3,
  1,
  7.5,
  100,
  1e9,
  1e300,
  5e-324,
  Number.MAX_SAFE_INTEGER + 2,
  [],
  [[]],
  {},
  [null],
  ['thru'],
  [0, 0],
  { x: 1 },
  { car: 1 },
  [{}],
  [[NaN, 1e308]],
];

type Tree = { [key: string | number]: unknown };

/** All places in a value, as lists of keys. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [path];
  const keys = Array.isArray(value) ? value.map((_, k) => k) : Object.keys(value);
  return [path, ...keys.flatMap((key) => places((value as Tree)[key], [...path, key]))];
}

function damage(
  root: unknown,
  path: readonly (string | number)[],
  act: (owner: Tree, key: string | number) => void,
) {
  let owner = root as Tree;
  for (const key of path.slice(0, -1)) owner = owner[key] as Tree;
  if (path.length > 0 && owner !== null && typeof owner === 'object') act(owner, path[path.length - 1]);
}

const damagedScenario = fc
  .record({
    good: fc.constantFrom(...GOOD),
    wounds: fc.array(
      fc.record({
        where: fc.nat(),
        how: fc.constantFrom('replace', 'delete', 'rename', 'swap', 'repeat'),
        odd: fc.constantFrom<unknown>(...ODD),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ good, wounds }) => {
    const root: unknown = structuredClone(good);
    for (const { where, how, odd } of wounds) {
      const all = places(root);
      const other = all[(where * 7) % all.length];
      damage(root, all[where % all.length], (owner, key) => {
        if (how === 'replace') owner[key] = structuredClone(odd);
        else if (how === 'delete') delete owner[key];
        else if (how === 'repeat') owner[key] = [owner[key], structuredClone(owner[key])];
        else if (how === 'rename') {
          owner[`${key}x`] = owner[key];
          delete owner[key];
        } else {
          let value = root as unknown;
          for (const step of other) value = (value as Tree)[step];
          owner[key] = structuredClone(value);
        }
      });
    }
    return root;
  });

function expectAnswer(text: string, fileName: string): void {
  const started = performance.now();
  const parsed = parseScenario(text, fileName);
  expect(performance.now() - started).toBeLessThan(5000);
  const answers = parsed.ok ? parsed.warnings : parsed.problems;
  if (!parsed.ok) expect(answers.length).toBeGreaterThan(0);
  for (const { place, message, advice } of answers) {
    expect(message).toMatch(/\S.*\.$/s);
    expect(`${place}${message}${advice ?? ''}`).not.toMatch(/\bundefined\b|\[object|invalid|illegal/i);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must not reach a terminal
    expect(`${place}${message}${advice ?? ''}`).not.toMatch(/[\u0000-\u001f]/);
  }
  if (parsed.ok) {
    for (const { lanes } of parsed.layout.roads) {
      for (const { length, points } of lanes) {
        expect(length).toBeGreaterThan(0);
        expect(points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
      }
    }
  }
}

test('the scenarios that get damaged are good', () => {
  for (const good of GOOD) expect(parseScenario(stringify(good), 'good.yaml')).toMatchObject({ ok: true });
});

test('damaged values, as YAML', () => {
  fc.assert(
    fc.property(damagedScenario, (root) => expectAnswer(stringify(root) ?? '', 'damaged.yaml')),
    { numRuns: 600 },
  );
});

test('damaged values, as JSON', () => {
  fc.assert(
    fc.property(damagedScenario, (root) => expectAnswer(JSON.stringify(root) ?? '', 'damaged.json')),
    { numRuns: 400 },
  );
});

test('damaged text', () => {
  const texts = GOOD.flatMap((good) => [stringify(good), JSON.stringify(good, null, 1)]);
  const wound = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(40),
    insert: fc.oneof(
      fc.constantFrom(
        '',
        '[',
        '{',
        '}',
        ']',
        '"',
        "'",
        ':',
        ': ',
        '- ',
        '\t',
        '\n',
        '&a ',
        '*a',
        '!!set ',
        '? ',
        '|',
        '#',
        '%',
        '---\n',
        '.nan',
        '1e999',
        '\\',
        '<<: ',
      ),
      fc.string({ maxLength: 6 }),
    ),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(wound, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (good, wounds, cut, end) => {
        let text = good;
        for (const { at, remove, insert } of wounds) {
          const k = Math.floor(at * text.length);
          text = text.slice(0, k) + insert + text.slice(k + remove);
        }
        if (cut) text = text.slice(0, Math.floor(end * text.length));
        expectAnswer(text, good.startsWith('{') ? 'damaged.json' : 'damaged.yaml');
      },
    ),
    { numRuns: 800 },
  );
});
