import type { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { LiveOptions } from '../../server/live/liveServer.ts';
import { FRAMES_IN_FLIGHT } from '../../server/protocol/events.ts';
import { FRAME_VERSION, MAGIC } from '../../server/protocol/frame.ts';
import { connected, join, masked, metricsOf, OPENING, opened, rawViewer, until, watching } from './opened.ts';

/** Viewers that read slowly, or not at all, beside one that does. */

const sequenceOf = (frame: Buffer) => frame.readUInt32LE(4);

test('a viewer that does not say it has seen frames is sent so many, and then the newest', async () => {
  const server = await opened();
  const good = await watching(server);
  const { socket } = await connected(server);
  const frames: Buffer[] = [];
  socket.on('frame', (frame) => frames.push(frame as unknown as Buffer));
  await join(socket, { session: good.session.id });
  await until(() => frames.length === FRAMES_IN_FLIGHT);
  const before = good.frames.length;
  await until(() => good.frames.length >= before + 15);
  expect(frames.length).toBe(FRAMES_IN_FLIGHT);
  // Nothing new comes from here on.
  expect(await good.socket.emitWithAck('command', { kind: 'pause' })).toEqual({ ok: true });
  const newest = sequenceOf(good.frames.at(-1)!);
  socket.emit('seen', sequenceOf(frames.at(-1)!));
  await until(() => frames.length > FRAMES_IN_FLIGHT);
  expect(sequenceOf(frames[FRAMES_IN_FLIGHT])).toBeGreaterThanOrEqual(newest);
});

const SEEN_ALL = masked('42["seen",4294967295]');

/** A server whose sessions show 40,000 vehicles 50 times a second, 14 MB in all. */
function openedHeavy(limits: LiveOptions['limits'] = {}) {
  return opened({
    limits,
    startThread: ({ setup }) =>
      new Worker(new URL('./heavyTraffic.mjs', import.meta.url), {
        workerData: { setup, vehicles: 40_000, everyMs: 20 },
      }),
  });
}

test('for a viewer that stops reading nothing piles up, and others are served', async () => {
  const server = await openedHeavy();
  const good = await watching(server);
  const stuck = await rawViewer(server.port, good.session.id);
  stuck.pause();
  // It says all the time that it has seen everything, so that credit alone would not stop the frames.
  const liar = setInterval(() => stuck.write(SEEN_ALL), 20);
  const before = good.frames.length;
  await until(() => good.frames.length >= before + 100);
  const unread = Number(/^greenwave_unread_bytes (\S+)/m.exec(await metricsOf(server))?.[1]);
  const frameBytes = good.frames[0].length;
  // The kernel has taken what it wanted, the next frame waits, and that is all.
  expect(unread).toBeGreaterThan(0);
  expect(unread).toBeLessThan(2.5 * frameBytes);

  // When it reads again it gets what the kernel has kept, and then nothing older than that moment.
  const resumed = sequenceOf(good.frames.at(-1)!);
  const sequences = sequencesIn(stuck);
  stuck.resume();
  await until(() => (sequences.at(-1) ?? 0) > resumed);
  clearInterval(liar);
  stuck.destroy();
  const old = sequences.filter((sequence) => sequence < resumed);
  expect(old.length).toBeLessThan(50);
  await server.close('');
});

/** The sequences of frames in what a socket reads from now on; it fills itself. */
function sequencesIn(socket: Socket): number[] {
  const found: number[] = [];
  // The beginning of a frame, as it is written in frame.ts.
  const mark = Buffer.from([MAGIC, FRAME_VERSION, 0, 1]);
  let rest = Buffer.alloc(0);
  socket.on('data', (data) => {
    const bytes = Buffer.concat([rest, data]);
    let at = bytes.indexOf(mark);
    while (at >= 0 && at + 8 <= bytes.length) {
      found.push(bytes.readUInt32LE(at + 4));
      at = bytes.indexOf(mark, at + 8);
    }
    rest = bytes.subarray(at >= 0 ? at : Math.max(0, bytes.length - 3));
  });
  return found;
}

test('a viewer that asks and does not read the answers is cut off', async () => {
  const server = await openedHeavy({ unreadPacketsMax: 20 });
  const good = await watching(server);
  const stuck = await rawViewer(server.port, good.session.id);
  stuck.pause();
  let asked = 0;
  const asking = setInterval(() => {
    stuck.write(SEEN_ALL);
    stuck.write(masked(`42${asked++}["ask",{"kind":"vehicle","vehicle":${asked}}]`));
  }, 60);
  const cut = new Promise((resolve) => stuck.on('close', resolve).on('error', resolve));
  await until(() => server.logged.some((line) => line.includes('does not read')));
  clearInterval(asking);
  stuck.resume();
  await cut;
  good.frames.length = 0;
  await until(() => good.frames.length >= 5);
  await server.close('');
});

test('thirty viewers of one session are sent the same frames', async () => {
  const server = await opened();
  const first = await watching(server, { opening: OPENING });
  const others = await Promise.all(
    Array.from({ length: 29 }, () => watching(server, { session: first.session.id })),
  );
  await until(() => others.every(({ frames }) => frames.length >= 5));
  const sent = new Map(first.frames.map((frame) => [sequenceOf(frame), frame]));
  for (const { frames } of others) {
    for (const frame of frames) {
      const same = sent.get(sequenceOf(frame));
      if (same !== undefined) expect(frame.equals(same)).toBe(true);
    }
  }
});
