import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { csvRows, emptyFolder, MAIN, ready } from './greenwave.ts';

/** Comparisons that do not come to their end: stopped by a signal, or with workers that die. */

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real program, not waited for. */
function begin(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; end: Promise<Ended> } {
  const child = spawn(process.execPath, [...args], { env: { ...process.env, ...env } });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (piece) => {
    texts.stdout += piece;
  });
  child.stderr.on('data', (piece) => {
    texts.stderr += piece;
  });
  return { child, end: once(child, 'close').then(([code]) => ({ code, ...texts })) };
}

const MANY = ['--seeds', '5000', '--duration-s', '600', '--warmup-s', '0', '--workers', '2'];

/** A comparison far from its end, with some runs done. */
async function underWay(folder: string) {
  const begun = begin([MAIN, 'compare', ready('isolated'), ...MANY, '--out', join(folder, 'run')]);
  const tripsWritten = () => {
    const draft = readdirSync(folder).find((name) => name.includes('unfinished'));
    const trips = draft === undefined ? '' : join(folder, draft, 'trips.csv');
    return existsSync(trips) && statSync(trips).size > 100_000;
  };
  while (!tripsWritten()) await new Promise((resolve) => setTimeout(resolve, 10));
  return begun;
}

test('Ctrl-C leaves what is finished, marked as partial', async () => {
  if (process.platform === 'win32') return; // has no signals: a process is ended like with SIGKILL
  const folder = emptyFolder();
  const { child, end } = await underWay(folder);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await end;
  expect(code).toBe(130);
  expect(stderr).toBe('Stopping; what is finished is written. Ctrl-C once more ends at once.\n');
  expect(stdout).toMatch(/This is a partial comparison: \d+ of 10,?000 runs are there/);
  expect(readdirSync(folder)).toEqual(['run']);
  const out = join(folder, 'run');
  const record = JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8'));
  const runs = csvRows(join(out, 'runs.csv'));
  expect(record.partial).toBe(true);
  expect(runs.length + record.missing.length).toBe(10_000);
  expect(record.missing[0]).toMatchObject({ controller: 'fixed-time', reason: null });
  const name = ({ controller, seed }: Record<string, string>) => `${controller} ${seed}`;
  expect(new Set(csvRows(join(out, 'trips.csv')).map(name))).toEqual(new Set(runs.map(name)));
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toMatch(/partial/);
});

test('SIGTERM does the same; killed, there is no folder of that name', async () => {
  if (process.platform === 'win32') return;
  const folder = emptyFolder();
  const told = await underWay(folder);
  told.child.kill('SIGTERM');
  expect((await told.end).code).toBe(143);
  expect(readdirSync(join(folder, 'run')).length).toBe(4);
  const other = emptyFolder();
  const killed = await underWay(other);
  killed.child.kill('SIGKILL');
  await killed.end;
  expect(readdirSync(other)).not.toContain('run');
});

test('a second Ctrl-C ends at once, but not the same one passed on by npx', async () => {
  if (process.platform === 'win32') return;
  const url = new URL('../../dist/server/cli/interruption.js', import.meta.url).href;
  const program = `
    const { Interruption } = await import('${url}');
    const { signal } = new Interruption(() => console.log('left nothing'));
    signal.addEventListener('abort', () => console.log('first'));
    setInterval(() => console.log('goes on'), 100);`;
  const { child, end } = begin(['--input-type=module', '--eval', program]);
  const said = async () => String((await once(child.stdout!, 'data'))[0]);
  await said();
  child.kill('SIGINT');
  while (!(await said()).includes('first'));
  child.kill('SIGINT'); // by npx
  await new Promise((resolve) => setTimeout(resolve, 600));
  child.kill('SIGINT');
  const { code, stdout } = await end;
  expect(code).toBe(130);
  expect(stdout).toMatch(/first\n(goes on\n)+left nothing\n$/);
});

/**
 * Kills the worker that has just done one of the runs, before it can hand it over. Loaded into every thread
 * of the real program, as `--import` does.
 */
function murderer(folder: string, controller: string, seed: number, often: boolean): NodeJS.ProcessEnv {
  const file = join(folder, 'murderer.mjs');
  const done = join(folder, 'done');
  writeFileSync(
    file,
    `import { existsSync, writeFileSync } from 'node:fs';
     import { isMainThread, MessagePort } from 'node:worker_threads';
     const post = MessagePort.prototype.postMessage;
     if (!isMainThread) MessagePort.prototype.postMessage = function (message, ...rest) {
       const run = message?.result?.result;
       if (run?.controller === '${controller}' && run.seed === ${seed} && !existsSync(${JSON.stringify(done)})) {
         if (!${often}) writeFileSync(${JSON.stringify(done)}, '');
         process.exit(7);
       }
       return post.call(this, message, ...rest);
     };`,
  );
  return { NODE_OPTIONS: `--import ${pathToFileURL(file).href}` };
}

const FEW = ['--seeds', '3', '--duration-s', '300', '--warmup-s', '0', '--workers', '2'];

test('a worker that dies is told with its run, which is done again: the files are the same', async () => {
  const folder = emptyFolder();
  const args = (name: string) => [MAIN, 'compare', ready('isolated'), ...FEW, '--out', join(folder, name)];
  const env = murderer(folder, 'max-pressure', 2, false);
  const [hurt, whole] = await Promise.all([begin(args('hurt'), env).end, begin(args('whole')).end]);
  expect([hurt.code, whole.code]).toEqual([0, 0]);
  expect(hurt.stderr).toBe(
    'max-pressure, seed 2: its worker ended with exit code 7. The run is tried once more.\n',
  );
  for (const name of ['comparison.json', 'report.html', 'runs.csv', 'trips.csv']) {
    const [a, b] = ['hurt', 'whole'].map((place) => readFileSync(join(folder, place, name), 'latin1'));
    expect(a === b, name).toBe(true);
  }
});

test('one that dies twice is left out, and the comparison goes on, partial', async () => {
  const folder = emptyFolder();
  const out = join(folder, 'run');
  const env = murderer(folder, 'fixed-time', 3, true);
  const { code, stdout, stderr } = await begin(
    [MAIN, 'compare', ready('isolated'), ...FEW, '--out', out],
    env,
  ).end;
  expect(code).toBe(1);
  expect(stderr).toMatchInlineSnapshot(`
    "fixed-time, seed 3: its worker ended with exit code 7. The run is tried once more.
    fixed-time, seed 3: its worker ended with exit code 7. The run is left out.
    "
  `);
  expect(stdout).toContain('This is a partial comparison: 5 of 6 runs are there.');
  expect(JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8'))).toMatchObject({
    partial: true,
    missing: [{ controller: 'fixed-time', seed: 3, reason: 'its worker ended with exit code 7' }],
    comparison: { seeds: [1, 2] },
  });
});

test('when no worker lives, there is an end, and no folder', async () => {
  const folder = emptyFolder();
  const file = join(folder, 'end.mjs');
  writeFileSync(
    file,
    `import { isMainThread } from 'node:worker_threads'; if (!isMainThread) process.exit(9);`,
  );
  const args = [MAIN, 'compare', ready('isolated'), ...FEW, '--out', join(folder, 'run')];
  const { code, stderr } = await begin(args, { NODE_OPTIONS: `--import ${pathToFileURL(file).href}` }).end;
  expect(code).toBe(1);
  expect(stderr).toMatch(/No run could be finished\. Nothing is written\.\n$/);
  expect(readdirSync(folder)).toEqual(['end.mjs']);
});
