import { expect, test } from 'vitest';
import { OPENING, opened, watching } from './opened.ts';

/** The comparison report of a session, made by the program in a process of its own. */

const SHORT = { ...OPENING, timeS: 5 };

/** Asks until there is an answer other than that it is being made. */
async function made(url: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(url);
    if (answer.status !== 202) return answer;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

const message = async (answer: Response) => ((await answer.json()) as { message: string }).message;

test('a report of what was watched is made, with what was done to the road', async () => {
  const server = await opened();
  const { socket, session } = await watching(server, { opening: SHORT });
  await socket.timeout(5000).emitWithAck('command', { kind: 'pause' });
  const lane = 'east-main_1';
  const closed = await socket.timeout(5000).emitWithAck('command', { kind: 'close-lane', lane });
  expect(closed).toEqual({ ok: true });
  const url = `${server.url}/sessions/${session.id}/report?seeds=2`;
  expect((await fetch(url)).status).toBe(404);
  const begun = await fetch(url, { method: 'POST' });
  expect([begun.status, await message(begun)]).toEqual([202, '2 seeds are being run under each controller.']);
  const another = await fetch(url.replace('seeds=2', 'seeds=3'), { method: 'POST' });
  expect([another.status, await message(another)]).toEqual([
    503,
    'Another report is being made. Ask again when it is done.',
  ]);
  const report = await made(url);
  expect(report.status).toBe(200);
  expect(report.headers.get('content-security-policy')).toContain("default-src 'none'");
  const page = await report.text();
  expect(page).toContain('<!doctype html>');
  expect(page).toMatch(/From \d+ s on lane east-main_1 is closed\./);
  expect(page).toContain('max-pressure');
  expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
}, 60_000);

test('who may not control makes none, and nobody from elsewhere', async () => {
  const server = await opened({ viewOnly: true });
  const { session } = await watching(server);
  const url = `${server.url}/sessions/${session.id}/report?seeds=2`;
  const viewer = await fetch(url, { method: 'POST' });
  expect([viewer.status, await message(viewer)]).toEqual([
    403,
    'Making a report is for who may control this session: that needs the token.',
  ]);
  const open = await opened();
  const own = await watching(open);
  const address = `${open.url}/sessions/${own.session.id}/report`;
  const foreign = await fetch(`${address}?seeds=2`, {
    method: 'POST',
    headers: { origin: 'http://evil.example' },
  });
  expect(foreign.status).toBe(403);
  for (const seeds of ['', '?seeds=0', '?seeds=101', '?seeds=x', '?seeds=1.5']) {
    expect((await fetch(address + seeds, { method: 'POST' })).status).toBe(400);
  }
  expect((await fetch(`${open.url}/sessions/none/report?seeds=1`, { method: 'POST' })).status).toBe(404);
});
