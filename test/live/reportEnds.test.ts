import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { OPENING, opened, until, watching } from './opened.ts';
import { serving } from './serving.ts';

/** A report that is being made ends when nobody can take it any more: stopped, with its session, with the server. */

const LONG = { ...OPENING, setup: { ...OPENING.setup, scenario: 'corridor' }, timeS: 0 };

/** The processes that have `text` in their command line, by number. */
function processesOf(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
      } catch {
        return false; // it has ended meanwhile
      }
    })
    .map(Number);
}

/** The folders of reports that a server makes. */
function foldersOf(pid: number): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`greenwave-report-${pid}-`));
}

const message = async (answer: Response) => ((await answer.json()) as { message: string }).message;
const linux = process.platform === 'linux';

test.skipIf(!linux)(
  'a report is stopped on request, and can be made again',
  async () => {
    const server = await opened();
    const { session } = await watching(server, { opening: LONG });
    const url = `${server.url}/sessions/${session.id}/report?seeds=100`;
    const mine = `greenwave-report-${process.pid}-`;
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(202);
    await until(() => processesOf(mine).length > 0);
    expect((await fetch(url, { method: 'DELETE', headers: { origin: 'http://evil.example' } })).status).toBe(
      403,
    );
    const stopped = await fetch(url, { method: 'DELETE' });
    expect([stopped.status, await message(stopped)]).toEqual([200, 'The report was stopped.']);
    const asked = await fetch(url);
    expect([asked.status, await message(asked)]).toEqual([
      410,
      'The report was stopped. Make it again if you need it.',
    ]);
    await until(() => processesOf(mine).length === 0 && foldersOf(process.pid).length === 0);
    // Nothing is a fault, and another one begins at once.
    expect((await fetch(url.replace('100', '99'), { method: 'POST' })).status).toBe(202);
    await until(() => processesOf(mine).length > 0);
    expect(server.logged.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
    await server.close('The test is over.');
    await until(() => processesOf(mine).length === 0 && foldersOf(process.pid).length === 0);
  },
  60_000,
);

test('a viewer without control stops no report', async () => {
  const server = await opened({ viewOnly: true });
  const { session } = await watching(server, {});
  const url = `${server.url}/sessions/${session.id}/report?seeds=2`;
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
});

test.skipIf(!linux)(
  'a report ends with its session',
  async () => {
    const server = await opened({ limits: { idleS: 1 } });
    const { session, socket } = await watching(server, { opening: LONG });
    const url = `${server.url}/sessions/${session.id}/report?seeds=100`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(202);
    const mine = `greenwave-report-${process.pid}-`;
    await until(() => processesOf(mine).length > 0);
    socket.disconnect();
    await until(() => processesOf(mine).length === 0 && foldersOf(process.pid).length === 0);
    expect((await fetch(url)).status).toBe(404);
  },
  60_000,
);

test.skipIf(!linux)(
  'a report ends when the server is killed, and the next server sweeps its folder',
  async () => {
    const report = async (url: string, seeds: number) => {
      const { session } = await watching({ url }, { opening: LONG });
      return fetch(`${url}/sessions/${session.id}/report?seeds=${seeds}`, { method: 'POST' });
    };
    const first = await serving(['--log-level', 'silent']);
    const pid = first.child.pid!;
    expect((await report(first.url, 100)).status).toBe(202);
    const its = `greenwave-report-${pid}-`;
    await until(() => processesOf(its).length > 0);
    first.child.kill('SIGKILL');
    await first.ended;
    await until(() => processesOf(its).length === 0);
    const second = await serving(['--log-level', 'silent']);
    expect((await report(second.url, 1)).status).toBe(202);
    await until(() => foldersOf(pid).length === 0);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    await until(() => processesOf(`greenwave-report-${second.child.pid}-`).length === 0);
  },
  60_000,
);
