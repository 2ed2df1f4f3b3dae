import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { csvRows, emptyFolder, greenwave, ready } from './greenwave.ts';

/** `greenwave run` as a person calls it: the built program, as a process of its own. */

const folder = emptyFolder();
const out = join(folder, 'run');
const inFiles = greenwave(['run', ready('isolated'), '--duration-s', '1000', '--out', out, '--json']);
const record = JSON.parse(inFiles.stdout);

test('--json prints one object with the promised keys, and nothing else', () => {
  expect(inFiles.code).toBe(0);
  expect(inFiles.stderr).toBe('');
  expect(Object.keys(record)).toEqual(
    expect.arrayContaining([
      ...['scenario', 'controller', 'protocol', 'seed', 'stepS', 'steps', 'fingerprint', 'vehicles'],
      ...['averageTravelTimeS', 'averageApproachTimeS', 'finishedTravelTimeS', 'averageDelayS', 'delayP95S'],
      ...['maxWaitS', 'stopsPerVehicle', 'averageQueue', 'throughputVph', 'vehicleUpdates', 'cpuSeconds'],
      ...['updatesPerCpuSecond', 'warnings'],
    ]),
  );
  expect(record).toMatchObject({
    controller: 'fixed-time',
    protocol: 'scenario',
    seed: 0,
    stepS: 1,
    steps: 1000,
  });
  expect(record.fingerprint).toMatch(/^0x[0-9a-f]{8}$/);
  const { created, entered, finished, running, waitingToEnter } = record.vehicles;
  expect([entered - finished, created - entered]).toEqual([running, waitingToEnter]);
});

test('summary.json is what --json prints', () => {
  expect(readFileSync(join(out, 'summary.json'), 'utf8')).toBe(inFiles.stdout);
});

test('trips.csv has a row a vehicle, and adds up to the summary', () => {
  const trips = csvRows(join(out, 'trips.csv'));
  const mean = (key: string, rows = trips) =>
    rows.reduce((sum, row) => sum + Number(row[key]), 0) / rows.length;
  expect(trips.length).toBe(record.vehicles.created);
  expect(new Set(trips.map((row) => row.vehicle)).size).toBe(trips.length);
  const finished = trips.filter((row) => row.finishedS !== '');
  expect(finished.length).toBe(record.vehicles.finished);
  expect(trips.filter((row) => row.enteredS === '').length).toBe(record.vehicles.waitingToEnter);
  expect(mean('travelTimeS')).toBeCloseTo(record.averageTravelTimeS, 4);
  expect(mean('travelTimeS', finished)).toBeCloseTo(record.finishedTravelTimeS, 4);
  expect(mean('delayS')).toBeCloseTo(record.averageDelayS, 4);
  expect(mean('stops') * trips.length).toBeCloseTo(record.stopsPerVehicle * record.vehicles.entered, 4);
  expect(Math.max(...trips.map((row) => Number(row.longestWaitS)))).toBe(record.maxWaitS);
});

test('movements.csv has a row per minute and movement, the last minute cut short', () => {
  const rows = csvRows(join(out, 'movements.csv'));
  expect(new Set(rows.map((row) => row.minuteStartS)).size).toBe(17);
  expect(rows.length).toBe(17 * new Set(rows.map((row) => row.movement)).size);
  expect(rows.at(-1)).toMatchObject({ minuteStartS: '960', durationS: '40' });
  const queueSeconds = rows.reduce((sum, row) => sum + Number(row.averageQueue) * Number(row.durationS), 0);
  expect(Math.abs(queueSeconds / 1000 / record.averageQueue - 1)).toBeLessThan(1e-4);
});

test('signals.csv covers the run without a gap, in the order green, yellow change, red clearance', () => {
  const rows = csvRows(join(out, 'signals.csv'));
  let now = 0;
  rows.forEach((row, k) => {
    expect(Number(row.startS)).toBe(now);
    expect(row.interval).toBe(['green', 'yellow change', 'red clearance'][k % 3]);
    now += Number(row.durationS);
  });
  expect(now).toBe(1000);
});

test('for people there is a table, and the same fingerprint with and without files', () => {
  const { code, stdout, stderr } = greenwave(['run', ready('isolated'), '--duration-s', '1000']);
  expect([code, stderr]).toEqual([0, '']);
  const steady = stdout
    .replace(/(per CPU-second +)\S+ million/, '$1…')
    .replace(/(CPU time of the stepping +)\S+ s/, '$1…');
  expect(steady).toContain(record.fingerprint);
  expect(steady.split('\n').map((line) => line.slice(0, 34).trim())).toMatchInlineSnapshot(`
    [
      "Isolated intersection: fixed-time",
      "",
      "vehicles created",
      "entered",
      "finished",
      "on the network",
      "waiting to enter",
      "average travel time, all created",
      "average time on approaches",
      "average travel time, finished",
      "average delay",
      "delay of the 95th of 100",
      "longest wait",
      "stops per vehicle",
      "average queue, all approaches",
      "throughput",
      "vehicle updates",
      "per CPU-second",
      "CPU time of the stepping",
      "fingerprint",
      "",
    ]
  `);
});

test('another seed is another day, the same seed the same one', () => {
  const fingerprintOf = (...flags: string[]) => {
    const { stdout } = greenwave(['run', ready('isolated'), '--duration-s', '600', '--json', ...flags]);
    return JSON.parse(stdout).fingerprint;
  };
  const first = fingerprintOf('--seed', '7');
  expect(fingerprintOf('--seed', '7')).toBe(first);
  expect(fingerprintOf('--seed', '8')).not.toBe(first);
});

test('flags reach the simulator', () => {
  const flags = [
    '--controller',
    'max-pressure',
    '--decision-s',
    '20',
    '--demand-scale',
    '0.5',
    '--seed',
    '3',
  ];
  const { stdout } = greenwave(['run', ready('isolated'), '--duration-s', '1000', '--json', ...flags]);
  const half = JSON.parse(stdout);
  expect(half).toMatchObject({ controller: 'max-pressure', decisionS: 20, demandScale: 0.5, seed: 3 });
  expect(half.vehicles.created / record.vehicles.created).toBeGreaterThan(0.35);
  expect(half.vehicles.created / record.vehicles.created).toBeLessThan(0.65);
});

test('--set reaches the controller, what is said to it alone above what is said to all', () => {
  const fingerprintOf = (...flags: string[]) => {
    const args = ['run', ready('isolated'), '--duration-s', '600', '--json', ...flags];
    return JSON.parse(greenwave(args).stdout).fingerprint;
  };
  const longer = fingerprintOf('--set', 'cycleS=140');
  expect(longer).not.toBe(fingerprintOf());
  expect(fingerprintOf('--set', 'fixed-time.cycleS = 140', '--set', 'cycleS=90')).toBe(longer);
});

test('--jitter-s on random arrivals alone is told to mean nothing', () => {
  const { code, stderr } = greenwave([
    'run',
    ready('isolated'),
    '--duration-s',
    '60',
    '--jitter-s',
    '5',
    '--json',
  ]);
  expect(code).toBe(0);
  expect(stderr).toMatchInlineSnapshot(`
    "Warning: --jitter-s changes nothing here: there are no trips at fixed times. Random arrivals differ with --seed.
    "
  `);
});

test('a reader that closes the pipe early ends the program quietly', async () => {
  const { execSync } = await import('node:child_process');
  const { MAIN } = await import('./greenwave.ts');
  const command = `"${process.execPath}" "${MAIN}" run "${ready('isolated')}" --duration-s 60 --json | exit 0`;
  if (process.platform === 'win32') return;
  expect(execSync(command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })).toBe('');
});
