import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { emptyFolder, greenwave, MAIN, ready } from './greenwave.ts';

/** Two processes that write to one place: one has the lock, which outlives no process. */

const HOLDER = fileURLToPath(new URL('lockHolder.mjs', import.meta.url));

const children: ChildProcess[] = [];
afterEach(async () => {
  const ends = children.splice(0).map((child) => {
    const ended = child.exitCode !== null || child.signalCode !== null || once(child, 'exit');
    child.kill('SIGKILL');
    return ended;
  });
  await Promise.all(ends);
});

/** A real process that tries to take a lock, and the first line that it says. */
async function holder(file: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [HOLDER, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [piece] = await once(child.stdout!, 'data');
  return { child, said: String(piece).trim() };
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** A command that runs for hours, once it has its lock. */
async function underWay(lock: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' });
  children.push(child);
  while (pidIn(lock) !== child.pid) await moment();
  return child;
}

/** `null`: there is no lock, or none yet. */
function pidIn(lock: string): number | null {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')).pid;
  } catch {
    return null;
  }
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 10));

const oneWinner = (lines: readonly string[], pids: readonly number[]) => {
  const winner = lines.indexOf('held');
  const pattern = new RegExp(
    `^Mistake: --out: folder is being written by process ${pids[winner]}, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC\\.$`,
  );
  lines.forEach((line, k) => {
    if (k !== winner) expect(line).toMatch(pattern);
  });
};

test('of eight processes that take a lock at once exactly one gets it, and the others name it', async () => {
  const file = join(emptyFolder(), 'x.greenwave-lock');
  const all = await Promise.all(Array.from({ length: 8 }, () => holder(file)));
  oneWinner(
    all.map(({ said }) => said),
    all.map(({ child }) => child.pid!),
  );
});

test('the lock of a killed process is taken over, by exactly one of eight that try at once', async () => {
  const folder = emptyFolder();
  const file = join(folder, 'x.greenwave-lock');
  const first = await holder(file);
  expect(first.said).toBe('held');
  await killed(first.child);
  expect(existsSync(file)).toBe(true);
  const all = await Promise.all(Array.from({ length: 8 }, () => holder(file)));
  oneWinner(
    all.map(({ said }) => said),
    all.map(({ child }) => child.pid!),
  );
  expect(readdirSync(folder)).toEqual(['x.greenwave-lock']);
});

test('a lock is taken over when its process id belongs to another process now', async () => {
  const file = join(emptyFolder(), 'x.greenwave-lock');
  const first = await holder(file);
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  expect((await holder(file)).said).toMatch(/^Mistake/);
  if (lock.started === null) return; // a system that does not tell when a process was started
  writeFileSync(file, JSON.stringify({ ...lock, started: `${lock.started}0` }));
  expect((await holder(file)).said).toBe('held');
  expect(first.child.exitCode).toBe(null);
});

test('a lock without content is taken over only when it is old', async () => {
  const file = join(emptyFolder(), 'x.greenwave-lock');
  writeFileSync(file, '');
  expect((await holder(file)).said).toMatch(/^Mistake: --out: folder is being locked by another process/);
  utimesSync(file, 1e9, 1e9);
  expect((await holder(file)).said).toBe('held');
});

test('a lock of another machine is kept, and the machine and the file to delete are named', () => {
  const folder = emptyFolder();
  const file = join(folder, 'run.greenwave-lock');
  const since = '2026-01-02T03:04:05.678Z';
  const lock = { lock: 'greenwave', pid: 12, started: 'x', host: `not-${hostname()}`, space: null, since };
  writeFileSync(file, JSON.stringify(lock));
  const { code, stderr } = greenwave(['run', ready('isolated'), '--out', join(folder, 'run')]);
  expect(code).toBe(2);
  expect(stderr.replaceAll(folder, '…').replaceAll(hostname(), 'here')).toMatchInlineSnapshot(`
    "--out: …/run is being written by process 12 of machine not-here, since 2026-01-02 03:04:05 UTC.
      Wait until it has ended, or name another place.
      If it is no longer running, delete …/run.greenwave-lock.
    "
  `);
  expect(readdirSync(folder)).toEqual(['run.greenwave-lock']);
});

test('a file that only has the name of a lock is left alone', () => {
  const folder = emptyFolder();
  const file = join(folder, 'run.greenwave-lock');
  writeFileSync(file, 'my notes');
  const { code, stderr } = greenwave(['run', ready('isolated'), '--out', join(folder, 'run')]);
  expect({ code, stderr: stderr.replaceAll(folder, '…') }).toEqual({
    code: 2,
    stderr: '…/run.greenwave-lock is not a lock of Greenwave.\n  Move it away, or name another place.\n',
  });
  expect(readFileSync(file, 'utf8')).toBe('my notes');
});

const LONG = ['--duration-s', '1000000'];
const TRAINING = ['--generations', '1000000', '--population', '4', '--workers', '1', '--backend', 'cpu'];
const MANY = ['--seeds', '5000', '--warmup-s', '0', '--workers', '1'];

test.each([
  { command: 'run', flags: LONG, lock: 'out.greenwave-lock', codes: [143] },
  { command: 'compare', flags: MANY, lock: 'out.greenwave-lock', codes: [143] },
  {
    command: 'optimize',
    flags: ['--controller', 'fixed-time', '--evaluations', '100000'],
    lock: 'out.greenwave-lock',
    codes: [143, 0], // 0: after the first plan, the best so far is written
  },
  { command: 'train', flags: TRAINING, lock: join('out', 'training.lock'), codes: [143] },
])(
  '$command refuses a place that another process writes, takes it over after a kill, and leaves no lock',
  async ({ command, flags, lock, codes }) => {
    const folder = emptyFolder();
    const out = join(folder, 'out');
    const args = [command, ready('isolated'), ...flags, '--out', out];
    const first = await underWay(join(folder, lock), ...args);
    const second = greenwave(args);
    expect(second.stderr).toContain(`--out: ${out} is being written by process ${first.pid}, since `);
    expect(second.code).toBe(2);
    expect(existsSync(join(folder, lock))).toBe(true);
    const checkpoint = join(out, 'checkpoint.jsonl');
    while (command === 'train' && !existsSync(checkpoint)) await moment();
    await killed(first);
    const again = command === 'train' ? ['train', '--resume', out] : args;
    const third = spawn(process.execPath, [MAIN, ...again], { stdio: 'ignore' });
    children.push(third);
    while (pidIn(join(folder, lock)) !== third.pid) {
      expect(third.exitCode).toBe(null);
      await moment();
    }
    if (process.platform === 'win32') return; // has no signals: a process is ended like with SIGKILL
    const ended = once(third, 'exit');
    third.kill('SIGTERM');
    expect(codes).toContain((await ended)[0]);
    expect(existsSync(join(folder, lock))).toBe(false);
  },
);

test('a killed comparison leaves a draft that the next one removes, and nothing else of that kind', async () => {
  const folder = emptyFolder();
  const out = join(folder, 'out');
  const args = ['compare', ready('isolated'), '--duration-s', '120', '--warmup-s', '0', '--out', out];
  const child = spawn(process.execPath, [MAIN, ...args, '--seeds', '5000'], { stdio: 'ignore' });
  children.push(child);
  const draft = () => readdirSync(folder).find((name) => name.startsWith('out.unfinished-'));
  while (draft() === undefined) await moment();
  await killed(child);
  const left = draft()!;
  expect(readdirSync(folder).sort()).toEqual(['out.greenwave-lock', left]);
  const [, mark] = /^out\.unfinished-\d+-(\w+)-\w+$/.exec(left)!;
  const live = await holder(join(folder, 'other.greenwave-lock'));
  const started = JSON.parse(readFileSync(join(folder, 'other.greenwave-lock'), 'utf8')).started;
  const { createHash } = await import('node:crypto');
  const liveMark = createHash('sha256')
    .update(started ?? '')
    .digest('hex')
    .slice(0, 8);
  const others = [
    'out.unfinished-notes', // of a person
    `out.unfinished-99999999-${mark}-abcdef`, // with something else in it
    `out.unfinished-${live.child.pid}-${liveMark}-abcdef`, // of a process that runs
    `outer.unfinished-99999999-${mark}-abcdef`, // of another place
  ];
  for (const name of others) mkdirSync(join(folder, name));
  writeFileSync(join(folder, others[1]!, 'thesis.txt'), 'mine');
  expect(greenwave([...args, '--seeds', '1']).code).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(['other.greenwave-lock', 'out', ...others].sort());
});

test('an earlier result that was moved aside just before a kill is put back by the next run', async () => {
  const folder = emptyFolder();
  const out = join(folder, 'out');
  const aside = join(folder, 'out.replaced-99999999-01234567-abcdef');
  mkdirSync(aside);
  writeFileSync(join(aside, 'summary.json'), '{"fingerprint": "kept"}');
  mkdirSync(join(folder, 'out.unfinished-99999999-01234567-abcdef'));
  const run = await underWay(
    join(folder, 'out.greenwave-lock'),
    ...['run', ready('isolated'), ...LONG, '--out', out],
  );
  while (!existsSync(out)) await moment();
  await killed(run);
  expect(readFileSync(join(out, 'summary.json'), 'utf8')).toBe('{"fingerprint": "kept"}');
  expect(greenwave(['run', ready('isolated'), '--duration-s', '120', '--out', out]).code).toBe(0);
  expect(readdirSync(folder)).toEqual(['out']);
});

test.skipIf(process.platform === 'win32')(
  'a closed terminal ends a comparison, which leaves nothing',
  async () => {
    const folder = emptyFolder();
    const args = ['compare', ready('isolated'), ...MANY, '--out', join(folder, 'out')];
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' });
    children.push(child);
    while (!readdirSync(folder).some((name) => name.includes('unfinished'))) await moment();
    const ended = once(child, 'exit');
    child.kill('SIGHUP');
    expect(await ended).toEqual([129, null]);
    expect(readdirSync(folder)).toEqual([]);
  },
);
