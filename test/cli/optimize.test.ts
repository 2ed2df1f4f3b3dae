import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { emptyFolder, greenwave, MAIN, ready } from './greenwave.ts';

/** `greenwave optimize` as a person calls it. */

const folder = emptyFolder();
const quick = ['--seeds', '1', '--held-out', '2', '--duration-s', '300'];

const delayIn = (text: string, row: string) =>
  text
    .split('\n')
    .find((line) => line.includes(row))!
    .trim()
    .split(/ {2,}/)
    .slice(1)
    .map(Number);

function optimized(name: string, out: string, ...flags: string[]) {
  const ended = greenwave(
    ['optimize', name.includes('.') ? name : ready(name), ...quick, '--out', out, ...flags],
    folder,
  );
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  return ended.stdout;
}

test('the plan found is better where it was searched, and fixed time runs it from the file', () => {
  const told = optimized('isolated', 'plan.yaml', '--controller', 'webster', '--evaluations', '25');
  const [before, after] = delayIn(told, 'seed 1, searched on');
  expect(after).toBeLessThan(before);
  const run = greenwave(['run', 'plan.yaml', '--seed', '1', '--duration-s', '300', '--json'], folder);
  expect(JSON.parse(run.stdout).averageDelayS).toBeCloseTo(after, 2);
  expect(told).toMatch(/95 % interval/);
  expect(told).toContain('Run it: greenwave run plan.yaml --duration-s 300 --controller fixed-time');
});

test('the same call writes the same bytes', () => {
  optimized('isolated', 'again.yaml', '--controller', 'webster', '--evaluations', '25');
  const [first, again] = ['plan.yaml', 'again.yaml'].map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(again).toBe(first);
});

test('the author’s comments and lists stay, and shared phases are written out where they differ', () => {
  optimized('corridor', 'street.yaml', '--controller', 'green-wave', '--evaluations', '6');
  const text = readFileSync(join(folder, 'street.yaml'), 'utf8');
  const original = readFileSync(ready('corridor'), 'utf8');
  expect(text.split('\n').slice(0, 10)).toEqual(original.split('\n').slice(0, 10));
  expect(text).toContain('to: { west: 0.8, north-1: 0.05, south-2: 0.05, north-3: 0.05, south-4: 0.05 }');
  expect(text).toContain('movements: [east-thru, west-thru]');
  const { intersections, signals } = parse(text);
  expect(signals).toEqual(parse(original).signals);
  for (const { phases, cycleS } of Object.values(intersections) as { phases: []; cycleS: number }[]) {
    expect(phases.reduce((sum, { splitS }) => sum + splitS, 0)).toBe(cycleS);
  }
});

test('derived phases are written out, also as JSON; trips at fixed times show nothing without jitter', () => {
  const grid = ['--rows', '2', '--columns', '2', '--vehicles', '60', '--out', 'small.yaml'];
  expect(greenwave(['generate', 'grid', ...grid], folder).code).toBe(0);
  const flags = ['--controller', 'green-wave', '--evaluations', '2'];
  expect(optimized('small.yaml', 'grid.json', ...flags)).toContain('every seed is the same day');
  expect(greenwave(['validate', 'grid.json'], folder).code).toBe(0);
  const { intersections } = JSON.parse(readFileSync(join(folder, 'grid.json'), 'utf8'));
  expect(Object.keys(intersections)).toEqual(['r1c1', 'r1c2', 'r2c1', 'r2c2']);
  for (const { phases } of Object.values(intersections) as { phases: [] }[]) expect(phases).toHaveLength(4);
  expect(optimized('small.yaml', 'grid.yaml', ...flags, '--jitter-s', '60')).toContain('95 % interval');
});

test('the settings of a controller that sees are searched and written as settings', () => {
  optimized('isolated', 'seen.yaml', '--controller', 'advanced-max-pressure', '--evaluations', '6');
  const text = readFileSync(join(folder, 'seen.yaml'), 'utf8');
  expect(text.startsWith(readFileSync(ready('isolated'), 'utf8').slice(0, 400))).toBe(true);
  const { controllers } = parse(text);
  expect(Object.keys(controllers)).toEqual(['advanced-max-pressure']);
  expect(Object.keys(controllers['advanced-max-pressure']).length).toBeGreaterThan(0);
});

test('aliases become copies', () => {
  const text = `name: aliases
durationS: 300
corridor: { intersections: 2, spacingM: 300 }
intersections:
  i1: &light
    phases: # the same at both
      - { movements: [east-thru, west-thru], permitted: [east-left, east-right, west-left, west-right] }
      - { movements: [north-thru, south-thru], permitted: [north-left, north-right, south-left, south-right] }
  i2: *light
demand:
  west: { flowVph: 300, to: { east: 1 } }
`;
  writeFileSync(join(folder, 'aliases.yaml'), text);
  const flags = ['--controller', 'green-wave', '--evaluations', '1', '--out', 'copies.yaml'];
  const { code, stderr } = greenwave(['optimize', 'aliases.yaml', ...quick.slice(0, 4), ...flags], folder);
  expect([code, stderr]).toEqual([0, '']);
  expect(readFileSync(join(folder, 'copies.yaml'), 'utf8')).toContain('# the same at both');
});

test('Ctrl-C writes the best so far', async () => {
  const flags = ['--controller', 'green-wave', '--evaluations', '100000', '--held-out', '2'];
  const args = [MAIN, 'optimize', ready('corridor'), ...flags, '--out', 'stopped.yaml'];
  // Before the search has begun Ctrl-C just ends the program: then it was too soon. The search itself takes
  // half a minute.
  let stderr = '';
  for (let waitMs = 1000; stderr === '' && waitMs <= 16_000; waitMs *= 2) {
    const child = spawn(process.execPath, args, { cwd: folder });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    setTimeout(() => child.kill('SIGINT'), waitMs);
    await new Promise((resolve) => child.on('close', resolve));
  }
  expect(stderr).toMatch(/^Stopped after [\d,]+ evaluations?; this is the best of them\.\n$/);
  expect(greenwave(['validate', 'stopped.yaml'], folder).code).toBe(0);
});

test('what cannot be is told before the search', () => {
  const told = (...args: string[]) => {
    const { code, stderr } = greenwave(['optimize', ...args], folder);
    expect(code).toBe(2);
    return stderr;
  };
  expect(told(ready('corridor'), '--controller', 'webstr', '--out', 'x.yaml')).toContain(
    'Did you mean "webster"?',
  );
  expect(told(ready('corridor'), '--controller', 'webster')).toContain('optimize needs --out <file>.');
  expect(
    told(ready('corridor'), '--controller', 'webster', '--measure', 'delay', '--out', 'x.yaml'),
  ).toMatchInlineSnapshot(`
    "Unknown measure "delay".
      Measures: averageDelayS, averageTravelTimeS, finishedTravelTimeS, averageApproachTimeS, delayP95S, maxWaitS, stopsPerVehicle, averageQueue, throughputVph.
    "
  `);
  expect(
    told(ready('corridor'), '--controller', 'webster', '--out', 'nowhere/x.yaml'),
  ).toMatchInlineSnapshot(`
    "--out: nowhere/x.yaml cannot be written: there is no such folder.
    "
  `);
  expect(
    told(ready('corridor'), '--controller', 'webster', '--set', 'cycle=long', '--out', 'x.yaml'),
  ).toMatchInlineSnapshot(`
    "--set webster.cycle: "long" is not allowed.
      Use own or common.
    "
  `);
});
