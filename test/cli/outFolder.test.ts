import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder, greenwave, MAIN, ready } from './greenwave.ts';

/** Whatever happens, the folder of a run holds all of an old one or all of a new one. */

const FILES = ['movements.csv', 'signals.csv', 'summary.json', 'trips.csv'];

function runInto(out: string, ...flags: string[]) {
  return greenwave(['run', ready('isolated'), '--duration-s', '120', '--out', out, ...flags]);
}

const seedIn = (out: string) => JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')).seed;

test('a run makes its folder and those above it, and replaces an earlier run whole', () => {
  const folder = emptyFolder();
  const out = join(folder, 'runs', 'isolated');
  expect(runInto(out, '--seed', '1').code).toBe(0);
  expect(readdirSync(out).sort()).toEqual(FILES);
  expect(runInto(out, '--seed', '2').code).toBe(0);
  expect(readdirSync(out).sort()).toEqual(FILES);
  expect(seedIn(out)).toBe(2);
  expect(readdirSync(join(folder, 'runs'))).toEqual(['isolated']);
});

test('an empty folder is used; one that holds anything else is left alone', () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'empty'));
  expect(runInto(join(folder, 'empty')).code).toBe(0);
  writeFileSync(join(folder, 'empty', 'notes.txt'), 'mine');
  const { code, stderr } = runInto(join(folder, 'empty'), '--seed', '2');
  expect(code).toBe(2);
  expect(stderr.replaceAll(folder, '…')).toMatch(
    /^--out: .* is not empty, and does not hold earlier results/,
  );
  expect(seedIn(join(folder, 'empty'))).toBe(0);
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'other', 'summary.json'), '{"sales": 12}');
  expect(runInto(join(folder, 'other')).code).toBe(2);
});

/** A run of many hours, whose files take a while to write; ended by a signal as soon as they are begun. */
async function interrupted(folder: string, signal: NodeJS.Signals): Promise<ChildProcess> {
  const begun = new Promise<void>((resolve) => {
    const watcher = watch(folder, (_, name) => {
      if (!name?.includes('unfinished')) return;
      watcher.close();
      resolve();
    });
  });
  const flags = ['--duration-s', '40000', '--out', join(folder, 'run'), '--seed', '2'];
  const child = spawn(process.execPath, [MAIN, 'run', ready('corridor'), ...flags], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await begun;
  child.kill(signal);
  await ended;
  return child;
}

test('Ctrl-C while writing leaves the earlier run, and no trace', async () => {
  if (process.platform === 'win32') return; // has no signals: a process is ended like with SIGKILL
  const folder = emptyFolder();
  runInto(join(folder, 'run'), '--seed', '1');
  const child = await interrupted(folder, 'SIGINT');
  expect(child.exitCode).toBe(130);
  expect(readdirSync(folder)).toEqual(['run']);
  expect(readdirSync(join(folder, 'run')).sort()).toEqual(FILES);
  expect(seedIn(join(folder, 'run'))).toBe(1);
});

test('killed while writing, there is no folder of that name', async () => {
  const folder = emptyFolder();
  await interrupted(folder, 'SIGKILL');
  expect(readdirSync(folder)).not.toContain('run');
});

test('a full disk is told, and leaves nothing', () => {
  if (process.platform !== 'linux') return; // stands in for a full disk: files may have 4 kB at most
  const folder = emptyFolder();
  const command = `trap '' XFSZ; ulimit -f 4; exec "$0" "$@"`;
  const args = ['run', ready('isolated'), '--duration-s', '1200', '--out', join(folder, 'run')];
  const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath, MAIN, ...args], {
    encoding: 'utf8',
  });
  expect(stderr.replaceAll(folder, '…')).toMatchInlineSnapshot(`
    "--out: …/run cannot be written: the file would be too large for this disk.
    "
  `);
  expect(status).toBe(2);
  expect(readdirSync(folder)).toEqual([]);
});
