import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, emptyFolder, greenwave, MAIN, ready } from './greenwave.ts';

/** What reaches the terminal: never a control character of somebody's file, never a stack trace when nobody takes the output. */

const NAME =
  'a\u001b[31m\u001b]0;pwned\u0007b\u009b2J\u007f\u202enoitpecxe\u2066\u2028c\r\nWarning: all is lost';
const SHOWN =
  'a\\u001b[31m\\u001b]0;pwned\\u0007b\\u009b2J\\u007f\\u202enoitpecxe\\u2066\\u2028c\\u000d\\u000aWarning: all is lost';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** A scenario with that name. */
function hostileScenario(folder: string): string {
  const scenario = {
    name: NAME,
    description: NAME,
    durationS: 120,
    isolated: {},
    demand: { west: { flowVph: 600, turns: { thru: 1 } } },
  };
  const file = join(folder, 'hostile.json');
  writeFileSync(file, JSON.stringify(scenario));
  return file;
}

/** CityFlow files whose ids are formulas and escape sequences. */
function hostileCity(folder: string): string {
  const city = join(folder, 'city');
  expect(greenwave(['export', 'cityflow', ready('isolated'), '--out', city]).code).toBe(0);
  const roadnetFile = join(city, 'roadnet.json');
  const roadnet = JSON.parse(readFileSync(roadnetFile, 'utf8'));
  const begins = ['=', '@', '+', '-', '\t', '\r'];
  const ids = [...roadnet.intersections, ...roadnet.roads].map(({ id }) => id as string);
  const renamed = new Map(ids.map((id, k) => [id, `${begins[k % begins.length]}${NAME}${id}`]));
  for (const name of ['roadnet.json', 'flow.json']) {
    const path = join(city, name);
    const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')), (_, value) =>
      typeof value === 'string' ? (renamed.get(value) ?? value) : value,
    );
    writeFileSync(path, text);
  }
  return join(city, 'config.json');
}

test.each([
  ['run'],
  ['validate'],
  ['export', 'cityflow'],
  ['compare', '--seeds', '2', '--warmup-s', '0'],
  ['explain', '--intersection', 'center', '--time-s', '10'],
  ['optimize', '--controller', 'fixed-time', '--seeds', '1', '--held-out', '2', '--evaluations', '1'],
  ['bench', '--runs', '1', '--run-s', '0.01', '--duration-s', '60'],
])('%s shows control characters of a name as escapes', (command, ...flags) => {
  const folder = emptyFolder();
  const file = hostileScenario(folder);
  const writes = !['validate', 'explain', 'bench'].includes(command);
  const out = writes ? ['--out', join(folder, 'out')] : [];
  const args = command === 'export' ? [command, flags[0]!, file, ...out] : [command, file, ...flags, ...out];
  const { stdout, stderr } = greenwave(args);
  expect(stdout + stderr).not.toBe('');
  expect(stdout + stderr).not.toMatch(ACTS);
  expect(`${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Warning: all'))).toEqual([]);
});

test('run shows the name of its scenario with escapes, and --json keeps its value', () => {
  const file = hostileScenario(emptyFolder());
  expect(greenwave(['run', file]).stdout).toContain(`${SHOWN}: fixed-time`);
  const { stdout } = greenwave(['run', file, '--json']);
  expect(stdout).not.toMatch(ACTS);
  expect(JSON.parse(stdout).scenario).toBe(NAME);
});

test('ids of CityFlow files act neither on the terminal nor in a spreadsheet', () => {
  const folder = emptyFolder();
  const config = hostileCity(folder);
  const told = [
    greenwave(['validate', config]),
    greenwave(['run', config, '--duration-s', '600', '--out', join(folder, 'run')]),
    greenwave(['explain', config, '--intersection', 'nowhere', '--time-s', '10']),
    greenwave([
      'compare',
      config,
      '--seeds',
      '1',
      '--duration-s',
      '600',
      '--warmup-s',
      '0',
      '--out',
      join(folder, 'cmp'),
    ]),
  ];
  for (const { stdout, stderr } of told) expect(stdout + stderr).not.toMatch(ACTS);
  expect(told.map(({ code }) => code)).toEqual([0, 0, 2, 0]);
  const files = ['run/trips.csv', 'run/movements.csv', 'run/signals.csv', 'cmp/trips.csv', 'cmp/runs.csv'];
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text, file).not.toMatch(ACTS);
    const rows = text.trimEnd().split('\n');
    expect(
      new Set(rows.map((row) => `${row},`.match(/(?:"(?:[^"]|"")*"|[^,"]*),/g)!.length)).size,
      file,
    ).toBe(1);
    // A number that is negative is none of theirs.
    const formulas = text.match(/(?:^|,)"?\s*(?:[=@+\t\r]|-(?![\d.]))[^,]*/gm);
    expect(formulas, file).toBe(null);
  }
  for (const file of ['run/summary.json', 'cmp/comparison.json', 'cmp/report.html']) {
    expect(readFileSync(join(folder, file), 'utf8'), file).not.toMatch(ACTS);
  }
  expect(readFileSync(join(folder, 'run/movements.csv'), 'utf8')).toMatch(/,'[=@+-]/);
});

test('a mistake shows control characters of paths and flags as escapes', () => {
  for (const args of [
    ['run', NAME],
    ['run', ready('isolated'), '--controller', NAME],
    ['run', ready('isolated'), `--${NAME}`],
    ['run', ready('isolated'), '--out', `/dev/null/${NAME}`],
    ['train', '--resume', NAME],
    ['replay', NAME],
    [NAME],
  ]) {
    const { code, stderr } = greenwave(args);
    expect(stderr).not.toMatch(ACTS);
    expect(stderr.split('\n').filter((line) => line.startsWith('Warning'))).toEqual([]);
    expect(code).toBe(2);
  }
});

/** The program in a shell, with its streams led elsewhere. */
function shell(script: string, args: readonly string[], cwd?: string): Ended {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, MAIN, ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

const FULL = 'stdout cannot be written: no space is left on the disk.\n';

test
  .skipIf(process.platform !== 'linux')
  .each([
    ['--help'],
    ['--version'],
    ['help', 'run'],
    ['run', ready('isolated'), '--duration-s', '60'],
    ['run', ready('isolated'), '--duration-s', '60', '--json'],
    ['run', ready('isolated'), '--duration-s', '60', '--out', 'run'],
    [
      'compare',
      ready('isolated'),
      '--seeds',
      '1',
      '--duration-s',
      '60',
      '--warmup-s',
      '0',
      '--out',
      'compare',
    ],
    ['validate', ready('isolated')],
    ['explain', ready('isolated'), '--intersection', 'main', '--time-s', '10'],
    ['generate', 'grid', '--rows', '2', '--columns', '2', '--vehicles', '3', '--out', 'grid.yaml'],
    ['export', 'cityflow', ready('isolated'), '--out', 'city'],
    ['gpu', '--each-s', '0.01'],
  ])('%s: a stdout that takes nothing is told in one line, and ends with 2', (...args) => {
  const folder = emptyFolder();
  const { code, stderr } = shell('exec "$0" "$@" > /dev/full', args, folder);
  expect(
    stderr
      .split('\n')
      .filter((line) => !line.startsWith('Warning:'))
      .join('\n'),
  ).toBe(FULL);
  expect(code).toBe(2);
  const out = args.indexOf('--out');
  expect(readdirSync(folder)).toEqual(out < 0 ? [] : [args[out + 1]]);
});

test.skipIf(process.platform !== 'linux')('output that is taken in part only is told', () => {
  const { code, stderr } = shell('ulimit -f 1; exec "$0" "$@" > printed', ['run', '--help'], emptyFolder());
  expect(stderr).toBe('stdout cannot be written: the file would be too large for this disk.\n');
  expect(code).toBe(2);
});

test.skipIf(process.platform === 'win32')('a reader that has read enough ends nothing', () => {
  const folder = emptyFolder();
  const args = ['run', ready('isolated'), '--duration-s', '60', '--json', '--out', 'run'];
  const { stdout, stderr } = shell('set -o pipefail; "$0" "$@" | true; echo $?', args, folder);
  expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  expect(readdirSync(folder)).toEqual(['run']);
});

test.skipIf(process.platform !== 'linux')(
  'a closed or full stderr changes no exit code, and nothing on stdout',
  () => {
    for (const stderr of ['2> /dev/full', '2>&-', '> /dev/full 2> /dev/full']) {
      expect(shell(`exec "$0" "$@" ${stderr}`, ['run', 'nowhere.yaml'])).toEqual({
        code: 2,
        stdout: '',
        stderr: '',
      });
    }
    const warned = ['run', ready('isolated'), '--duration-s', '60', '--jitter-s', '5'];
    expect(greenwave(warned).stderr).toMatch(/^Warning/);
    const { code, stdout } = shell('exec "$0" "$@" 2> /dev/full', warned);
    expect(code).toBe(0);
    expect(stdout).toContain('fingerprint');
  },
);

test.skipIf(process.platform !== 'linux')('closed stdin, stdout and stderr are as led to nowhere', () => {
  const args = ['run', ready('isolated'), '--duration-s', '60'];
  expect(shell('exec "$0" "$@" <&- >&- 2>&-', args)).toEqual({ code: 0, stdout: '', stderr: '' });
});
