import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limited } from '../../server/live/log.ts';
import { emptyFolder, MAIN } from '../cli/greenwave.ts';
import { segment, shaken, untilClosed } from './flood.ts';
import { until, watching } from './opened.ts';
import { children, serving } from './serving.ts';

/** The log never holds up the server, and never repeats itself. */

/** Fills what stderr leads to before the program begins. */
const FULL = `data:text/javascript,${encodeURIComponent(`
  import { constants, fstatSync, openSync, writeSync } from 'node:fs';
  import { Socket } from 'node:net';
  const isSocket = fstatSync(2).isSocket();
  globalThis.kept = isSocket ? new Socket({ fd: 2, readable: false }) : null;
  const fd = isSocket ? 2 : openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK);
  for (let bytes = 4096; bytes >= 1; ) {
    try { writeSync(fd, ' '.repeat(bytes)); } catch { bytes >>= 1; }
  }
`)}`;

/** A server whose stderr nobody reads, by way of a shell's pipe or of a socket. */
async function unread(
  how: 'pipe' | 'socket',
): Promise<{ url: string; pid: number; ended: Promise<unknown> }> {
  const serve = ['--import', FULL, MAIN, 'serve', '--port', '0', '--log-level', 'debug'];
  const child =
    how === 'socket'
      ? spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'pipe'] })
      : // The other end of the pipe is a process that sleeps.
        spawn(
          'bash',
          [
            '-c',
            'mkfifo "$0" 2>/dev/null; sleep 120 <"$0" & exec "$@" 2>"$0"',
            join(emptyFolder(), 'stderr'),
            process.execPath,
            ...serve,
          ],
          { stdio: ['ignore', 'pipe', 'ignore'] },
        );
  children.push(child);
  let stdout = '';
  child.stdout!.on('data', (data) => {
    stdout += data;
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await until(() => stdout.includes('\n'));
  return { url: stdout.trim(), pid: child.pid!, ended };
}

/** Makes the server log. */
async function chatter(url: string): Promise<void> {
  for (let k = 0; k < 30; k++) {
    const socket = await shaken(Number(new URL(url).port), `127.0.${1 + (k % 100)}.1`);
    socket.write(segment('40'));
    socket.end();
    await untilClosed(socket);
  }
}

for (const how of ['pipe', 'socket'] as const) {
  test(`a reader of stderr that stands still (${how}) delays no frame, and SIGTERM ends the server`, async () => {
    const { url, pid, ended } = await unread(how);
    const { frames } = await watching({ url }, {});
    await chatter(url);
    frames.length = 0;
    const start = performance.now();
    await until(() => frames.length >= 20);
    // Ten a second, on a machine that has other things to do.
    expect(performance.now() - start).toBeLessThan(10_000);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const told = performance.now();
    process.kill(pid, 'SIGTERM');
    expect(await ended).toBe(0);
    expect(performance.now() - told).toBeLessThan(3000);
  }, 120_000);
}

test('lines that were dropped are counted, once the log is read again', async () => {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { openLog } from ${JSON.stringify(new URL('../../dist/server/live/log.js', import.meta.url).href)};
       const { logger } = openLog('info', 2);
       for (let k = 0; k < 3000; k++) logger.info({ k, filling: 'x'.repeat(1000) }, 'line ' + (k % 190));
       console.log('ready');
       setTimeout(() => {}, 60_000);`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.push(child);
  child.stderr.pause();
  await new Promise((resolve) => child.stdout.once('data', resolve));
  let text = '';
  child.stderr.on('data', (data) => {
    text += data;
  });
  child.stderr.resume();
  await until(() => text.includes('log lines were dropped'));
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { dropped?: number });
  const dropped = lines.reduce((sum, line) => sum + (line.dropped ?? 0), 0);
  expect(dropped).toBeGreaterThan(1000);
  expect(lines.filter(({ dropped: count }) => count === undefined).length + dropped).toBe(3000);
  child.kill();
});

test('when the reader of stderr has gone, the server goes on and ends as told', async () => {
  const { child, url, ended } = await serving(['--log-level', 'debug']);
  child.stderr!.destroy();
  const { frames } = await watching({ url }, {});
  await until(() => frames.length >= 3);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('lines of one kind are written so many times, and then counted; a stack is written once', () => {
  const lines: { msg: string; level: number; err?: object; leftOut?: number }[] = [];
  const { logger, end } = limited('debug', { write: (line) => void lines.push(JSON.parse(line)) });
  for (let k = 0; k < 1000; k++) {
    logger.error({ where: 'event', err: new Error('the same') }, 'a fault');
    logger.warn({ address: `10.0.0.${k}` }, 'a connection was cut');
    logger.info({ k }, 'joined');
    logger.error(`text ${k}`);
  }
  end();
  const told = lines.filter(({ leftOut }) => leftOut === undefined);
  expect(told.filter(({ msg }) => msg === 'a fault').length).toBe(1);
  expect(told.filter(({ msg }) => msg === 'a connection was cut').length).toBe(3);
  expect(told.filter(({ msg }) => msg === 'joined').length).toBe(20);
  expect(lines.length).toBeLessThan(300);
  const leftOut = lines.reduce((sum, line) => sum + (line.leftOut ?? 0), 0);
  expect(told.length + leftOut).toBe(4000);
});
