import { expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../server/protocol/events.ts';
import { connected, join, metricsOf, OPENING, opened, threadOf, until, watching } from './opened.ts';

/** What ends, and what goes on then. */

test('a thread that is killed ends its session, and no other', async () => {
  const server = await opened();
  const doomed = await watching(server);
  const other = await watching(server);
  const farewells: unknown[] = [];
  doomed.socket.on('bye', (bye) => farewells.push(bye));
  const question = doomed.socket.emitWithAck('ask', { kind: 'record' });
  await server.threads[0].terminate();
  expect(await question).toMatchObject({ ok: false, code: 'failed' });
  await until(() => farewells.length > 0);
  expect(farewells).toEqual([
    {
      message: 'A fault of the server has ended this session; other sessions go on. Open it anew.',
      comesBack: false,
    },
  ]);
  expect(await doomed.socket.emitWithAck('command', { kind: 'play' })).toMatchObject({ code: 'unknown' });
  other.frames.length = 0;
  await until(() => other.frames.length >= 3);
  expect((await join(doomed.socket)).ok).toBe(true);
  expect(await metricsOf(server)).toMatch(/^greenwave_faults_total\{where="session"\} 1$/m);
});

test('a thread that runs out of memory ends its session alone, and says so', async () => {
  let heapMb = 256;
  const server = await opened({ startThread: (start) => threadOf(start, {}, heapMb) });
  const other = await watching(server);
  heapMb = 4;
  const { socket } = await connected(server);
  const reply = await join(socket);
  expect(reply).toMatchObject({ ok: false, code: 'failed', message: expect.stringContaining('memory') });
  other.frames.length = 0;
  await until(() => other.frames.length >= 3);
});

test('a thread that cannot begin says why', async () => {
  const server = await opened({ startThread: (start) => threadOf(start, { protocol: 'literature-5' }) });
  const { socket } = await connected(server);
  const reply = await join(socket);
  expect(reply).toMatchObject({
    ok: false,
    code: 'failed',
    message: expect.stringContaining('literature-5'),
  });
  expect(JSON.stringify(reply)).not.toMatch(/\.js|\.yaml/);
  expect(JSON.parse(await (await fetch(`${server.url}/healthz`)).text())).toMatchObject({ sessions: 0 });
});

test('of a fault of ours a viewer learns that there was one, and the server goes on', async () => {
  let isBroken = false;
  const server = await opened({
    startThread: (start) => {
      if (isBroken) throw new Error('the inside of the server');
      return threadOf(start);
    },
  });
  const other = await watching(server);
  isBroken = true;
  const { socket } = await connected(server);
  expect(await join(socket)).toEqual({
    ok: false,
    code: 'failed',
    message: expect.stringMatching(/^A fault of the server kept it from doing this/),
  });
  expect(server.logged.join('')).toContain('the inside of the server');
  expect(await metricsOf(server)).toMatch(/^greenwave_faults_total\{where="event"\} 1$/m);
  other.frames.length = 0;
  await until(() => other.frames.length >= 3);
});

test('when the server closes, viewers are told, and threads end', async () => {
  const server = await opened();
  const { socket } = await watching(server);
  const { socket: idle } = await connected(server);
  const farewells: unknown[] = [];
  for (const one of [socket, idle]) one.on('bye', (bye) => farewells.push(bye));
  const gone = Promise.all([socket, idle].map((one) => new Promise((done) => one.on('disconnect', done))));
  await server.close('It is time.');
  // As when the network fails, so that pages try again by themselves.
  expect(await gone).toEqual(['transport close', 'transport close']);
  expect(farewells).toEqual(Array(2).fill({ message: 'It is time.', comesBack: true }));
  await until(() => server.threads[0].threadId === -1);
  await expect(connected(server)).rejects.toThrow();
});

test('a session that is being opened when the server closes does not keep it', async () => {
  const server = await opened();
  const { socket } = await connected(server);
  socket.emit(
    'join',
    { version: PROTOCOL_VERSION, opening: { ...OPENING, timeS: 3600 }, detail: 'vehicles', heat: false },
    () => {},
  );
  await until(() => server.threads.length > 0);
  await server.close('It is time.');
  await until(() => server.threads[0].threadId === -1);
});
