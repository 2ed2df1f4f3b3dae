import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { csvRows, emptyFolder, greenwave, MAIN, ready } from './greenwave.ts';

/** `greenwave compare` as a person calls it: the built program, as a process of its own. */

const FILES = ['comparison.json', 'report.html', 'runs.csv', 'trips.csv'];
const folder = emptyFolder();
const out = join(folder, 'comparison');
const SHORT = ['--controllers', 'fixed-time,max-pressure', '--seeds', '3', '--duration-s', '900'];

const first = greenwave(['compare', ready('isolated'), ...SHORT, '--workers', '2', '--out', out]);
const record = JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8'));
const bytesIn = (place: string) => FILES.map((name) => readFileSync(join(place, name), 'latin1'));

test('it writes four files, and tells the verdict and where they are', () => {
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(readdirSync(out).sort()).toEqual(FILES);
  const lines = first.stdout.trimEnd().split('\n');
  expect(lines[0]).toBe(
    'Isolated intersection: 2 controllers on seeds 1 to 3, 900 s each, protocol scenario',
  );
  expect(lines[2]).toBe(record.verdict);
  expect(lines[4]).toMatch(/^(?:Worse than under fixed-time:|No rival is shown to be worse)/);
  const warmup = lines.findIndex((line) => line.startsWith('Warm-up: '));
  expect(lines[warmup]).toMatch(/^Warm-up: \d+ s, by MSER-5 on the vehicles present in a pilot run/);
  expect(lines[warmup + 2]).toMatch(/^ {2}mean ± 95 % +fixed-time +max-pressure$/);
  expect(lines.at(-1)).toBe(`Written to ${out}; open report.html.`);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('max-pressure');
});

test('runs.csv has a row a run, in the order asked for, each the run that `greenwave run` makes', () => {
  const rows = csvRows(join(out, 'runs.csv'));
  expect(rows.map(({ controller, seed }) => `${controller} ${seed}`)).toEqual([
    ...['fixed-time 1', 'fixed-time 2', 'fixed-time 3'],
    ...['max-pressure 1', 'max-pressure 2', 'max-pressure 3'],
  ]);
  expect(record.runs.map((run: { fingerprint: string }) => run.fingerprint)).toEqual(
    rows.map(({ fingerprint }) => fingerprint),
  );
  const flags = ['--controller', 'max-pressure', '--seed', '2', '--duration-s', '900', '--json'];
  const alone = JSON.parse(greenwave(['run', ready('isolated'), ...flags]).stdout);
  expect(rows[4].fingerprint).toBe(alone.fingerprint);
  for (const { id } of record.comparison.measures) {
    for (const row of rows) expect(row[id]).toMatch(/^(-?[\d.]+(e[-+]\d+)?)?$/);
  }
});

test('trips.csv has the same arrivals under every controller', () => {
  const rows = csvRows(join(out, 'trips.csv'));
  for (const seed of ['1', '2', '3']) {
    const [a, b] = ['fixed-time', 'max-pressure'].map((name) =>
      rows
        .filter((row) => row.seed === seed && row.controller === name)
        .map(({ vehicle, originRoad, destinationRoad, createdS }) =>
          [vehicle, originRoad, destinationRoad, createdS].join(),
        ),
    );
    expect(a.length).toBeGreaterThan(100);
    expect(a).toEqual(b);
  }
  expect(new Set(rows.map(({ seed }) => seed)).size).toBe(3);
  expect(rows.find(({ finishedS }) => finishedS === '')).toBeDefined();
});

test('the bytes do not depend on workers, the folder one is in, or where the file lies', () => {
  const elsewhere = emptyFolder();
  copyFileSync(ready('isolated'), join(elsewhere, 'isolated.yaml'));
  const again = greenwave(
    ['compare', 'isolated.yaml', ...SHORT, '--workers', '1', '--out', 'x/y'],
    elsewhere,
  );
  expect(again.code).toBe(0);
  expect(bytesIn(join(elsewhere, 'x', 'y'))).toEqual(bytesIn(out));
});

test('--json prints what is in comparison.json; earlier results are replaced, other files are not', () => {
  const flags = ['--controllers', 'max-pressure', '--seeds', '1', '--first-seed', '7', '--warmup-s', '60'];
  const place = join(emptyFolder(), 'one');
  const args = ['compare', ready('isolated'), ...flags, '--duration-s', '300', '--json', '--out', place];
  const { code, stdout } = greenwave(args);
  expect(code).toBe(0);
  expect(readFileSync(join(place, 'comparison.json'), 'utf8')).toBe(stdout);
  expect(JSON.parse(stdout)).toMatchObject({ seeds: [7], traceSeed: 7, warmupS: 60, partial: false });
  expect(greenwave(args).code).toBe(0);
  writeFileSync(join(place, 'notes.txt'), 'mine');
  const refused = greenwave(args);
  expect([refused.code, refused.stdout]).toEqual([2, '']);
  expect(refused.stderr).toContain('is not empty, and does not hold earlier results of this command.');
  expect(readdirSync(place).sort()).toEqual([...FILES, 'notes.txt'].sort());
});

test('other days: every seed has its own network, and still one day a seed for all controllers', () => {
  const place = emptyFolder();
  const grid = join(place, 'grid.yaml');
  const size = ['--rows', '2', '--columns', '2', '--vehicles', '200', '--duration-s', '600'];
  greenwave(['generate', 'grid', ...size, '--out', grid]);
  const flags = ['--seeds', '2', '--jitter-s', '30', '--demand-scale', '1.5', '--warmup-s', '0'];
  const { code, stdout, stderr } = greenwave(['compare', grid, ...flags, '--out', join(place, 'out')]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('departures moved by up to 30 s, demand × 1.5');
  const rows = csvRows(join(place, 'out', 'trips.csv'));
  const of = (seed: string, controller: string) =>
    rows
      .filter((row) => row.seed === seed && row.controller === controller)
      .map(({ vehicle, createdS }) => `${vehicle} ${createdS}`);
  expect(of('1', 'fixed-time')).toEqual(of('1', 'max-pressure'));
  expect(of('1', 'fixed-time')).not.toEqual(of('2', 'fixed-time'));
  expect(of('1', 'fixed-time').length).toBeGreaterThan(220);
});

test('where nothing is left to chance one seed is run, as more would look like certainty', () => {
  const place = emptyFolder();
  const grid = join(place, 'grid.yaml');
  const size = ['--rows', '1', '--columns', '1', '--vehicles', '50', '--duration-s', '300'];
  greenwave(['generate', 'grid', ...size, '--out', grid]);
  const { code, stdout, stderr } = greenwave(['compare', grid, '--seeds', '3', '--out', join(place, 'out')]);
  expect(code).toBe(0);
  expect(stdout).toContain('One seed cannot tell a difference from chance, so there is no verdict');
  expect(stderr).toMatchInlineSnapshot(`
    "Warning: All seeds would be the same run, as every trip has a fixed time: one is run. With --jitter-s 60 each seed is a day of its own.
    "
  `);
});

test('what cannot be run is told before the first run', () => {
  const told = (...flags: string[]) => {
    const args = ['compare', ready('isolated'), '--out', 'nowhere', ...flags];
    const { code, stdout, stderr } = greenwave(args, folder);
    expect([code, stdout]).toEqual([2, '']);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
    return stderr;
  };
  expect(told('--controllers', 'fixed-time,maxpressure')).toMatch(
    /^Unknown controller "maxpressure"\.\n {2}Did you mean "max-pressure"\?\n {2}Controllers: fixed-time, /,
  );
  expect(told('--controllers', 'fixed-time,,webster')).toMatchInlineSnapshot(`
    "--controllers: "fixed-time,,webster" has an empty name.
      Write names with commas between them.
    "
  `);
  expect(told('--controllers', 'webster, webster')).toMatchInlineSnapshot(`
    "--controllers: "webster" is there twice.
      Name every controller once.
    "
  `);
  expect(told('--seeds', '0')).toMatchInlineSnapshot(`
    "--seeds: "0" is out of range.
      Use a whole number from 1 to 10,000.
    "
  `);
  expect(told('--trace-seed', '21')).toMatchInlineSnapshot(`
    "--trace-seed: 21 is not among the seeds.
      Use one from 1 to 20.
    "
  `);
  expect(told('--warmup-s', 'long')).toMatchInlineSnapshot(`
    "--warmup-s: "long" is not a number.
      Use auto, or a number of seconds.
    "
  `);
  expect(told('--warmup-s', '300', '--duration-s', '300')).toMatchInlineSnapshot(`
    "--warmup-s: 300 s is the whole run; nothing would be left to measure.
      Use less, or a longer --duration-s.
    "
  `);
  expect(told('--workers', '0')).toContain('Use a whole number from 1 to 1,024.');
  expect(told('--protocol', 'literature-15')).toContain('is made for CityFlow files');
  expect(told('--set', 'max-pressure.speed=3')).toMatch(/"speed"|speed/);
  expect(told('--out', join(ready('isolated'), 'below'))).toContain('is a file; name a folder.');
});

test('a full disk is told, and leaves nothing', () => {
  if (process.platform !== 'linux') return; // stands in for a full disk: files may have 4 kB at most
  const place = emptyFolder();
  const command = `trap '' XFSZ; ulimit -f 4; exec "$0" "$@"`;
  const args = [MAIN, 'compare', ready('isolated'), ...SHORT, '--out', join(place, 'run')];
  const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath, ...args], {
    encoding: 'utf8',
  });
  expect(stderr.replaceAll(place, '…')).toMatchInlineSnapshot(`
    "--out: …/run cannot be written: the file would be too large for this disk.
    "
  `);
  expect(status).toBe(2);
  expect(readdirSync(place)).toEqual([]);
});
