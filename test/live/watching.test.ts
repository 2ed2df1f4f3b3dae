import { expect, test } from 'vitest';
import { decodeFrame, decodeHeader } from '../../server/protocol/frame.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import type { SessionState, Status } from '../../server/protocol/session.ts';
import { connected, join, OPENING, opened, until, watching } from './opened.ts';

/** What a viewer gets, and what becomes of sessions, on a real server with real sockets. */

const headers = (frames: readonly Buffer[]) =>
  frames.map((frame) => decodeHeader(new Uint8Array(frame).buffer));

test('a viewer is sent the road map and frames of it, and a paused session stands still', async () => {
  const server = await opened();
  const { socket, session, frames } = await watching(server);
  const map = (await (await fetch(`${server.url}/${session.map}`)).json()) as RoadMap;
  await until(() => frames.length >= 5);
  const shape = { laneCount: map.lanes.name.length, connectorCount: map.connectors.from.length };
  const decoded = frames.map((frame) => decodeFrame(frame, shape));
  expect(decoded.every(({ kind, sides }) => kind === 'vehicles' && sides === 2)).toBe(true);
  const steps = decoded.map(({ step }) => step);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps.at(-1)).toBeGreaterThan(steps[0]);

  const statuses: Status[] = [];
  socket.on('status', (status) => statuses.push(status));
  expect(await socket.emitWithAck('command', { kind: 'pause' })).toEqual({ ok: true });
  await until(() => statuses.at(-1)?.running === false);
  const { step } = statuses.at(-1)!;
  expect(await socket.emitWithAck('command', { kind: 'step', steps: 3 })).toEqual({ ok: true });
  await until(() => statuses.at(-1)!.step === step + 3);
  await until(() => headers(frames).at(-1)!.step === step + 3);
});

test('steps that are asked for at once are all done', async () => {
  const server = await opened();
  const opening = { ...OPENING, running: false };
  const { socket, frames } = await watching(server, { opening });
  await until(() => frames.length > 0);
  const { step } = headers(frames).at(-1)!;
  const ask = () => socket.emitWithAck('command', { kind: 'step', steps: 1 } as const);
  await Promise.all([ask(), ask(), ask(), ask(), ask()]);
  await until(() => headers(frames).at(-1)!.step >= step + 5, 5_000);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(headers(frames).at(-1)!.step).toBe(step + 5);
});

test('a search that finds nothing until the end of the run is told of, until something else is asked for', async () => {
  const server = await opened();
  const { socket, session } = await watching(server, {
    opening: { ...OPENING, running: false, timeS: 3590 },
  });
  const map = (await (await fetch(`${server.url}/${session.map}`)).json()) as RoadMap;
  const search = { side: 1, intersection: map.intersections.name.indexOf('main'), rival: 'fixed-time' };
  const order = { kind: 'next-disagreement', ...search } as const;
  const statuses: Status[] = [];
  socket.on('status', (status) => statuses.push(status));
  expect(await socket.emitWithAck('command', order)).toEqual({ ok: true });
  await until(() => statuses.at(-1)?.ended === true && statuses.at(-1)!.seekingStep === null);
  expect(statuses.at(-1)!.unfound).toEqual(search);
  expect(await socket.emitWithAck('command', order)).toMatchObject({
    ok: false,
    message: 'The run is at its end: go back to look for disagreements.',
  });
  expect(await socket.emitWithAck('command', { kind: 'seek', step: 3000 })).toEqual({ ok: true });
  await until(() => statuses.at(-1)!.step === 3000);
  expect(statuses.at(-1)!.unfound).toBeNull();
});

test('where a run is paused, and where it ends, is what is shown last', async () => {
  const server = await opened();
  const opening = { ...OPENING, running: false, speed: 60 };
  const { socket, frames } = await watching(server, { opening });
  const statuses: Status[] = [];
  socket.on('status', (status) => statuses.push(status));
  const standing = async () => {
    await until(() => statuses.at(-1)?.running === false);
    await until(() => headers(frames).at(-1)!.step === statuses.at(-1)!.step, 5_000);
  };
  for (let times = 0; times < 12; times++) {
    const { length } = statuses;
    expect(await socket.emitWithAck('command', { kind: 'play' })).toEqual({ ok: true });
    await until(() => statuses.slice(length).some(({ running }) => running));
    await new Promise((resolve) => setTimeout(resolve, 100 + times * 7));
    expect(await socket.emitWithAck('command', { kind: 'pause' })).toEqual({ ok: true });
    await standing();
  }
  expect(await socket.emitWithAck('command', { kind: 'speed', speed: null })).toEqual({ ok: true });
  expect(await socket.emitWithAck('command', { kind: 'play' })).toEqual({ ok: true });
  await until(() => statuses.at(-1)!.ended);
  await standing();
});

test('no frame comes of a run that has not been told of, and the newest one is of the run that stands', async () => {
  const server = await opened();
  const { socket, session, frames } = await watching(server);
  const map = (await (await fetch(`${server.url}/${session.map}`)).json()) as RoadMap;
  let { revision } = session;
  const strange: number[] = [];
  socket.on('session', (state) => {
    revision = state.revision;
  });
  (socket as unknown as { on(event: string, take: (frame: Buffer) => void): void }).on('frame', (frame) => {
    const of = headers([frame])[0].revision;
    if (of !== revision) strange.push(of);
  });
  const [lane] = map.lanes.name;
  const setup = { ...OPENING.setup, demandScale: 1.5 };
  for (const command of [
    { kind: 'close-lane', lane } as const,
    { kind: 'setup', setup } as const,
    { kind: 'pause' } as const,
    { kind: 'open-lane', lane } as const,
    { kind: 'setup', setup: { ...setup, controllers: ['max-pressure'] } } as const,
    { kind: 'restart' } as const,
    { kind: 'setup', setup } as const,
  ]) {
    const before = revision;
    expect(await socket.emitWithAck('command', command)).toEqual({ ok: true });
    if (command.kind !== 'pause' && command.kind !== 'restart') await until(() => revision > before);
    await until(() => headers(frames).at(-1)?.revision === revision);
  }
  expect(strange).toEqual([]);
  const late = await watching(server, { session: session.id });
  await until(() => late.frames.length > 0);
  expect(headers(late.frames)[0].revision).toBe(late.session.revision);
});

test('who joins a paused session by its name sees at once what the others see', async () => {
  const server = await opened();
  const first = await watching(server, { opening: { ...OPENING, running: false } });
  await until(() => first.frames.length > 0);
  const second = await watching(server, { session: first.session.id });
  await until(() => second.frames.length > 0);
  expect(second.session).toEqual(first.session);
  expect(headers(second.frames)[0].step).toBe(headers(first.frames)[0].step);
  expect(server.threads.length).toBe(1);
});

test('each viewer is sent the kinds of frames that it wants, and no other', async () => {
  const server = await opened();
  const cars = await watching(server);
  const lanes = await watching(server, { session: cars.session.id, detail: 'lanes', heat: true });
  const kinds = (frames: Buffer[]) => new Set(headers(frames).map(({ kind }) => kind));
  await until(() => cars.frames.length >= 5 && kinds(lanes.frames).size >= 2);
  expect(kinds(cars.frames)).toEqual(new Set(['vehicles']));
  expect(kinds(lanes.frames)).toEqual(new Set(['lanes', 'heat']));
  const reply = await lanes.socket.emitWithAck('detail', { detail: 'vehicles', heat: false });
  expect(reply).toEqual({ ok: true });
  lanes.frames.length = 0;
  await until(() => lanes.frames.length >= 5);
  expect(kinds(lanes.frames)).toEqual(new Set(['vehicles']));
});

test('who comes and goes with a crowd is counted, without telling everybody of each', async () => {
  const server = await opened();
  const { socket, session } = await watching(server, { opening: { ...OPENING, running: false } });
  const counts: number[] = [];
  socket.on('status', ({ viewers }) => counts.push(viewers));
  const crowd = await Promise.all(
    Array.from({ length: 40 }, () => watching(server, { session: session.id })),
  );
  await until(() => counts.at(-1) === 41);
  expect(counts.length).toBeLessThan(20);
  counts.length = 0;
  for (const viewer of crowd) viewer.socket.disconnect();
  await until(() => counts.at(-1) === 1);
  expect(counts.length).toBeLessThan(20);
});

test('a status tells how many alarms there have been, so that who missed some knows', async () => {
  const server = await opened();
  const { socket, session } = await watching(server, { opening: { ...OPENING, running: false } });
  const map = (await (await fetch(`${server.url}/${session.map}`)).json()) as RoadMap;
  const statuses: Status[] = [];
  socket.on('status', (status) => statuses.push(status));
  const lane = map.lanes.name[0];
  expect(await socket.emitWithAck('command', { kind: 'close-lane', lane })).toEqual({ ok: true });
  expect(await socket.emitWithAck('command', { kind: 'step', steps: 30 })).toEqual({ ok: true });
  await until(() => statuses.some(({ alarmCount }) => alarmCount > 0));
  const { revision, alarmCount } = statuses.at(-1)!;
  const ofRun = statuses.filter((status) => status.revision === revision);
  expect(ofRun.flatMap(({ alarms }) => alarms)).toHaveLength(alarmCount);
  const late = await watching(server, { session: session.id });
  const { answer } = (await late.socket.emitWithAck('ask', { kind: 'record' })) as never as {
    answer: { alarms: unknown[] };
  };
  expect(answer.alarms).toHaveLength(alarmCount);
});

test('another scenario comes into the same session with its own road map, for all its viewers', async () => {
  const server = await opened();
  const { socket, session } = await watching(server);
  const other = await watching(server, { session: session.id });
  const states: SessionState[] = [];
  other.socket.on('session', (state) => states.push(state));
  const setup = { ...OPENING.setup, scenario: 'corridor' };
  expect(await socket.emitWithAck('command', { kind: 'setup', setup })).toEqual({ ok: true });
  await until(() => states.length > 0);
  expect(states[0]).toMatchObject({ id: session.id, setup });
  expect(states[0].map).not.toBe(session.map);
  expect((await fetch(`${server.url}/${states[0].map}`)).status).toBe(200);
  expect((await fetch(`${server.url}/${session.map}`)).status).toBe(404);
  other.frames.length = 0;
  await until(() => other.frames.length >= 3);
});

test('equal questions at one step are asked once, whoever asks', async () => {
  const server = await opened();
  const { socket, session } = await watching(server, { opening: { ...OPENING, running: false } });
  const other = await watching(server, { session: session.id });
  const [thread] = server.threads;
  const asked: unknown[] = [];
  const post = thread.postMessage.bind(thread);
  thread.postMessage = (message: { kind: string }) => {
    if (message.kind === 'ask') asked.push(message);
    post(message);
  };
  const why = { kind: 'why', side: 0, intersection: 0 } as const;
  const replies = await Promise.all(
    [socket, other.socket, socket, other.socket].map((one) => one.emitWithAck('ask', why)),
  );
  expect(replies[0]).toMatchObject({ ok: true, answer: {} });
  expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
  expect(asked.length).toBe(1);
  await socket.emitWithAck('ask', { ...why, side: 1 });
  expect(asked.length).toBe(2);
});

test('what cannot be done is told, and the session goes on', async () => {
  const server = await opened();
  const { socket, frames } = await watching(server);
  const nowhere = { kind: 'close-lane', lane: 'nowhere' } as const;
  const reply = await socket.emitWithAck('command', nowhere);
  expect(reply).toMatchObject({ ok: false, code: 'failed' });
  frames.length = 0;
  await until(() => frames.length >= 3);
});

test('a session keeps so many interventions, and no more', async () => {
  const server = await opened({ limits: { interventions: 2 } });
  const { socket, session } = await watching(server);
  const map = (await (await fetch(`${server.url}/${session.map}`)).json()) as RoadMap;
  const close = { kind: 'close-lane', lane: map.lanes.name[0] } as const;
  expect(await socket.emitWithAck('command', close)).toEqual({ ok: true });
  expect(await socket.emitWithAck('command', { ...close, kind: 'open-lane' })).toEqual({ ok: true });
  await until(() => server.logged.filter((line) => line.includes('-lane')).length === 2);
  expect(await socket.emitWithAck('command', close)).toMatchObject({ ok: false, code: 'failed' });
});

test('a session without viewers is told so, and closed after a while', async () => {
  const server = await opened({ limits: { idleS: 0.3 } });
  const { socket, session } = await watching(server);
  expect(await socket.emitWithAck('leave')).toEqual({ ok: true });
  await until(() => server.logged.length > 0 && server.threads[0].threadId === -1);
  expect(await join(socket, { session: session.id })).toMatchObject({ ok: false, code: 'unknown' });
  expect((await fetch(`${server.url}/${session.map}`)).status).toBe(404);
});

test('when there are as many sessions as may be, the one longest without viewers makes room, and else nobody', async () => {
  const server = await opened({ limits: { sessions: 2 } });
  const [a, b] = [await watching(server), await watching(server)];
  const { socket: third } = await connected(server);
  expect(await join(third)).toMatchObject({ ok: false, code: 'busy' });
  await a.socket.emitWithAck('leave');
  await b.socket.emitWithAck('leave');
  const reply = await join(third);
  expect(reply.ok).toBe(true);
  expect(await join(a.socket, { session: a.session.id })).toMatchObject({ ok: false, code: 'unknown' });
  expect(await join(b.socket, { session: b.session.id })).toMatchObject({ ok: true });
});

test('the log of a run can be downloaded, as long as its session is there', async () => {
  const server = await opened();
  const { session } = await watching(server);
  const response = await fetch(`${server.url}/sessions/${session.id}/log`);
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="greenwave-isolated-1.log"');
  expect(await response.text()).toContain('isolated');
  expect((await fetch(`${server.url}/sessions/nothing/log`)).status).toBe(404);
});

test('a page of another version is told to reload', async () => {
  const server = await opened();
  const { socket } = await connected(server);
  expect(await join(socket, { version: 0, opening: OPENING })).toMatchObject({
    ok: false,
    code: 'version',
    message: expect.stringContaining('reload the page'),
  });
});
