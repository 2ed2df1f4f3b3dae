/** The scenarios that come with the package, the JSON Schema made for them, and what is written being read again. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { generateGrid } from '../../server/scenario/generate.ts';
import { parseScenario } from '../../server/scenario/parse.ts';
import { formatProblems } from '../../server/scenario/problem.ts';
import { layOut } from '../../server/scenario/scenarioLayout.ts';
import { scenarioJsonSchema } from '../../server/scenario/schema.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const matchesSchema = new Ajv2020({ strict: false }).compile(scenarioJsonSchema());

test('there are at least five ready scenarios', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'isolated.yaml',
      'corridor.yaml',
      'grid-4x4.yaml',
      'oversaturated.yaml',
      'irregular.yaml',
    ]),
  );
});

test.each(files)(
  '%s has no problem and no warning, says what it teaches, and matches the JSON Schema',
  (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const parsed = parseScenario(text, file);
    expect(parsed.ok ? '' : formatProblems(file, parsed.problems)).toBe('');
    if (!parsed.ok) return;
    expect(parsed.warnings).toEqual([]);
    expect(parsed.layout.durationS).toBe(3600);
    expect(parsed.layout.origins.length + parsed.layout.flows.length).toBeGreaterThan(0);
    expect(layOut(parsed.scenario)).toEqual(parsed.layout);
    expect(text.startsWith('# yaml-language-server: $schema=./schema.json\n')).toBe(true);
    expect(text).toContain('What one learns here');
    expect(matchesSchema(parse(text)), JSON.stringify(matchesSchema.errors)).toBe(true);
  },
);

test('the irregular scenario has a three-leg intersection, unequal lanes and one without a signal', () => {
  const parsed = parseScenario(readFileSync(new URL('irregular.yaml', folder), 'utf8'), 'irregular.yaml');
  if (!parsed.ok) throw new Error('irregular.yaml has problems.');
  const { intersections, roads } = parsed.layout;
  const inner = intersections.flatMap(({ boundary }, i) => (boundary ? [] : [i]));
  const approaches = inner.map((i) => roads.filter(({ to }) => to === i).map(({ lanes }) => lanes.length));
  expect(approaches.some((lanes) => lanes.length === 3)).toBe(true);
  expect(approaches.some((lanes) => new Set(lanes).size > 1)).toBe(true);
  expect(inner.some((i) => intersections[i].signal === null)).toBe(true);
});

test('a generated grid is short, is read again as it was written, and lays out alike', () => {
  const scenario = generateGrid({ rows: 3, columns: 4, vehicles: 200, durationS: 600, seed: 5 });
  const text = stringify(scenario);
  expect(text.length).toBeLessThan(400);
  const parsed = parseScenario(text, 'generated.yaml');
  expect(parsed.ok && parsed.scenario).toEqual(scenario);
  expect(parsed.ok && parsed.layout).toEqual(layOut(scenario));
});

test('every key of the JSON Schema says what it means', () => {
  const mute: string[] = [];
  const visit = (node: unknown, path: string) => {
    if (node === null || typeof node !== 'object') return;
    const { properties } = node as { properties?: Record<string, { description?: string }> };
    for (const [key, child] of Object.entries(properties ?? {})) {
      if (!child.description) mute.push(`${path}.${key}`);
    }
    for (const [key, child] of Object.entries(node)) visit(child, `${path}.${key}`);
  };
  visit(scenarioJsonSchema(), '');
  expect(mute).toEqual([]);
});
