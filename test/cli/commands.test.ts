import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder, greenwave, ready } from './greenwave.ts';

/** The other commands, each by what it leaves behind. */

test('every ready scenario is valid', () => {
  for (const name of ['corridor', 'grid-4x4', 'irregular', 'isolated', 'oversaturated']) {
    const { code, stdout, stderr } = greenwave(['validate', ready(name)]);
    expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
    expect(stdout).toContain('that can be run');
  }
});

const folder = emptyFolder();
const GRID = [
  'generate',
  'grid',
  '--rows',
  '2',
  '--columns',
  '3',
  '--vehicles',
  '150',
  '--duration-s',
  '300',
];

test('a generated grid runs, in YAML as in JSON, and the seed decides the trips', () => {
  const fingerprintOf = (name: string, seed: string) => {
    expect(greenwave([...GRID, '--seed', seed, '--out', name], folder).code).toBe(0);
    return JSON.parse(greenwave(['run', name, '--json'], folder).stdout).fingerprint;
  };
  const yaml = fingerprintOf('grid.yaml', '1');
  expect(fingerprintOf('grid.json', '1')).toBe(yaml);
  expect(fingerprintOf('other.yaml', '2')).not.toBe(yaml);
  expect(readdirSync(folder).sort()).toEqual(['grid.json', 'grid.yaml', 'other.yaml']);
});

test('exported to CityFlow and read back, the same vehicles are under way', () => {
  const out = join(folder, 'cityflow');
  greenwave([...GRID, '--seed', '1', '--out', 'grid.yaml'], folder);
  expect(greenwave(['export', 'cityflow', 'grid.yaml', '--out', out], folder).code).toBe(0);
  expect(readdirSync(out).sort()).toEqual(['config.json', 'flow.json', 'roadnet.json']);
  const record = JSON.parse(greenwave(['run', join(out, 'config.json'), '--json']).stdout);
  expect(record).toMatchObject({ scenario: 'cityflow', protocol: 'scenario' });
  expect(record.vehicles.created).toBe(150);
  const again = greenwave(['export', 'cityflow', 'grid.yaml', '--out', out], folder);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is not empty')]);
});

test('bench prints the promised keys, and figures that agree with one another', () => {
  const flags = ['--duration-s', '300', '--runs', '3', '--run-s', '0.05', '--json'];
  const { code, stdout, stderr } = greenwave(['bench', ready('isolated'), ...flags]);
  expect([code, stderr]).toEqual([0, '']);
  const { cases, machine } = JSON.parse(stdout);
  expect(Object.keys(machine)).toEqual(['cpu', 'cores', 'node', 'platform']);
  expect(cases.length).toBe(1);
  const [one] = cases;
  expect(one).toMatchObject({ controller: 'max-pressure', protocol: 'scenario', durationS: 300, runs: 3 });
  expect(one.min).toBeLessThanOrEqual(one.updatesPerCpuSecond);
  expect(one.max).toBeGreaterThanOrEqual(one.updatesPerCpuSecond);
  expect((one.realTimeFactor / one.updatesPerCpuSecond) * one.vehicleUpdates).toBeCloseTo(300, 6);
  for (const key of ['updatesPerCpuSecondWithMeasures', 'cold', 'runningMax'])
    expect(one[key]).toBeGreaterThan(0);
  expect(one.heapGrowthBytes).toBeTypeOf('number');
});

test('demo compares three controllers', () => {
  const { code, stdout, stderr } = greenwave(['demo']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/fixed-time +max-pressure/);
  expect(stdout).toContain('npx greenwave run');
});

test('the JSON Schema is the one the reader checks with', async () => {
  const { scenarioJsonSchema } = await import('../../server/scenario/schema.ts');
  const path = new URL('../../scenarios/schema.json', import.meta.url);
  expect(existsSync(path)).toBe(true);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
});
