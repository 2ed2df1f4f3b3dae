import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { Access } from '../../server/live/access.ts';
import { neighbourhoodOf } from '../../server/live/addresses.ts';
import { Hosts } from '../../server/live/hosts.ts';
import type { Command, JoinRequest } from '../../server/protocol/events.ts';
import type { SessionState, Status } from '../../server/protocol/session.ts';
import { connected, join, metricsOf, OPENING, opened, raw, until, watching } from './opened.ts';

/** Who gets in, under which name, from which page, and what for; each attempt by who should not. */

const TOKEN = 'a token of some length';
const PAUSE: Command = { kind: 'pause' };
/** Listens on all addresses of this machine, as on a network. */
const PUBLIC = { host: '0.0.0.0', token: TOKEN } as const;

function reaches(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const done = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', done(true)).on('error', done(false)).on('timeout', done(false));
  });
}

test('it listens on this machine alone unless told otherwise', async () => {
  const outer = Object.values(networkInterfaces())
    .flatMap((all = []) => all)
    .find(({ internal, family }) => !internal && family === 'IPv4');
  const server = await opened();
  expect(await reaches('127.0.0.1', server.port)).toBe(true);
  if (outer === undefined) return;
  expect(await reaches(outer.address, server.port)).toBe(false);
  const other = await opened(PUBLIC);
  expect(await reaches(outer.address, other.port)).toBe(true);
});

test('it does not open where everybody could control it', async () => {
  await expect(opened({ host: '0.0.0.0' })).rejects.toThrow('Control would be open to everybody.');
  const origins = [new URL('https://traffic.example')];
  await expect(opened({ origins })).rejects.toThrow('Control would be open to everybody.');
  await opened({ host: '0.0.0.0', viewOnly: true });
  await opened(PUBLIC);
});

test('on this machine everybody controls; with a token who has it, and others watch', async () => {
  expect((await connected(await opened())).welcome.role).toBe('control');
  const server = await opened({ token: TOKEN });
  expect((await connected(server)).welcome.role).toBe('view');
  expect((await connected(server, { token: TOKEN })).welcome.role).toBe('control');
  const watched = await opened({ token: TOKEN, viewOnly: true });
  expect((await connected(watched, { token: TOKEN })).welcome.role).toBe('view');
  expect((await connected(await opened({ viewOnly: true }))).welcome.role).toBe('view');
});

test('a wrong token is told and gets no connection', async () => {
  const server = await opened({ token: TOKEN });
  for (const token of ['wrong', `${TOKEN} `, TOKEN.slice(1), 'a'.repeat(10_000)]) {
    await expect(connected(server, { token })).rejects.toThrow('not the right one');
  }
  for (const odd of [5, true, [TOKEN], { token: TOKEN }, { length: 1 }]) {
    await expect(connected(server, { token: odd as never })).rejects.toThrow('not the right one');
  }
  // In the query, where it would end up in logs, it is not looked at.
  const inQuery = await connected({ url: `${server.url}?token=${encodeURIComponent(TOKEN)}` });
  expect(inQuery.welcome.role).toBe('view');
});

test('who watches commands nothing, sees the main session, and may name another', async () => {
  const server = await opened({ token: TOKEN });
  const driver = await watching(server, { opening: OPENING }, { token: TOKEN });
  const viewer = await watching(server, { opening: { ...OPENING, timeS: 900 } });
  expect(viewer.session.id).not.toBe(driver.session.id);
  const neighbour = await watching(server, { opening: { ...OPENING, timeS: 30 } });
  expect(neighbour.session.id).toBe(viewer.session.id);
  const commands: Command[] = [
    PAUSE,
    { kind: 'seek', step: 0 },
    { kind: 'setup', setup: OPENING.setup },
    { kind: 'close-lane', lane: 'west-0' },
  ];
  for (const command of commands) {
    expect(await viewer.socket.emitWithAck('command', command)).toMatchObject({ ok: false, code: 'role' });
  }
  expect(await join(viewer.socket, { session: driver.session.id })).toMatchObject({ ok: true });
  expect(await viewer.socket.emitWithAck('command', PAUSE)).toMatchObject({ code: 'role' });
  expect(await driver.socket.emitWithAck('command', PAUSE)).toEqual({ ok: true });
  expect(server.threads.length).toBe(2);
});

test('after a restart who controlled the main session brings it back to its moment, whoever comes first', async () => {
  const driven: Partial<JoinRequest> = {
    opening: { ...OPENING, setup: { ...OPENING.setup, scenario: 'corridor' }, timeS: 90, running: false },
    session: 'of-before',
    wasMain: true,
  };
  for (const isFirst of [true, false]) {
    const server = await opened({ token: TOKEN });
    const early = isFirst ? null : await watching(server, {});
    const states: SessionState[] = [];
    early?.socket.on('session', (state) => states.push(state));
    const driver = await watching(server, driven, { token: TOKEN });
    expect(driver.joined).toMatchObject({ isMain: true, isAsAsked: true });
    expect(driver.session.setup.scenario).toBe('corridor');
    expect(headsFor(driver)).toBe(90);
    const late = await watching(server, { opening: OPENING });
    expect(late.session).toEqual(driver.session);
    expect(late.joined).toMatchObject({ isMain: true, isAsAsked: false });
    if (early === null) continue;
    expect(early.session.id).toBe(driver.session.id);
    await until(() => states.length > 0);
    expect(states.at(-1)).toEqual(driver.session);
    expect(driver.session.revision).toBeGreaterThan(early.session.revision);
    // Frames of it are seen by who was there before.
    early.frames.length = 0;
    await driver.socket.emitWithAck('command', { kind: 'step', steps: 1 });
    await until(() => early.frames.length > 0);
  }
});

test('the main session stays where somebody with control has led it', async () => {
  const server = await opened({ token: TOKEN });
  const back = (timeS: number): Partial<JoinRequest> => ({
    opening: { ...OPENING, timeS, running: false },
    session: 'of-before',
    wasMain: true,
  });
  await watching(server);
  const both = await Promise.all([80, 70].map((timeS) => watching(server, back(timeS), { token: TOKEN })));
  expect(new Set(both.map(({ session }) => session.id)).size).toBe(1);
  expect(both.map(({ joined }) => joined.isAsAsked).sort()).toEqual([false, true]);
  const [first, second] = both;
  const led = both.find(({ joined }) => joined.isAsAsked)!;
  expect(headsFor(led)).toBe(led === first ? 80 : 70);
  expect(headsFor(second)).toBe(headsFor(first));
  for (const { socket } of both) socket.disconnect();
  const third = await watching(server, back(60), { token: TOKEN });
  expect(third.joined).toMatchObject({ isMain: true, isAsAsked: false });
  expect(headsFor(third)).toBe(headsFor(led));
  // Who only watches brings nothing back, and a moment that there is not is refused.
  const { socket } = await connected(server);
  expect(await join(socket, back(50))).toMatchObject({ ok: false, code: 'unknown' });
  const other = await opened({ token: TOKEN });
  const watcher = await watching(other);
  const { socket: late } = await connected(other, { token: TOKEN });
  expect(await join(late, back(9999))).toMatchObject({ ok: false, code: 'unknown' });
  watcher.frames.length = 0;
  await until(() => watcher.frames.length > 0);
});

test('every command is a line in the log: who, from where, at which step', async () => {
  const server = await opened();
  const { socket, session } = await watching(server);
  await socket.emitWithAck('command', PAUSE);
  const line = server.logged.map((text) => JSON.parse(text)).find(({ msg }) => msg === 'command');
  expect(line).toMatchObject({ session: session.id, viewer: socket.id, command: PAUSE });
  expect(line.step).toBeTypeOf('number');
  expect(line.address).toMatch(/127\.0\.0\.1|::1/);
});

test('a page of a foreign site gets no WebSocket and no polling', async () => {
  const server = await opened();
  const own = `http://localhost:${server.port}`;
  expect((await connected(server, { origin: own })).welcome.role).toBe('control');
  const foreign = [
    'http://evil.example',
    `http://evil.example:${server.port}`,
    `https://localhost:${server.port}`,
    `http://localhost:${server.port + 1}`,
    `http://localhost.evil.example:${server.port}`,
    `http://127.0.0.1:${server.port}`,
    'null',
    'file://',
  ];
  for (const origin of foreign) {
    await expect(connected(server, { origin }), origin).rejects.toThrow();
    const polled = await raw(server.port, handshake(server.port, { origin, transport: 'polling' }), 300);
    expect(polled, origin).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(polled.toLowerCase(), origin).not.toContain('access-control-allow-origin');
  }
});

test('a name that is not the server’s own is refused, even if page and request agree', async () => {
  const server = await opened();
  const host = `evil.example:${server.port}`;
  await expect(connected(server, { host, origin: `http://${host}` })).rejects.toThrow();
  await expect(connected(server, { host })).rejects.toThrow();
  for (const path of ['/', '/healthz', '/metrics']) {
    const answer = await raw(server.port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 300);
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
  }
});

test('behind a proxy the page of its site is let in, and no other', async () => {
  const origins = [new URL('https://traffic.example')];
  const server = await opened({ origins, token: TOKEN });
  const through = { host: 'traffic.example', token: TOKEN };
  expect((await connected(server, { ...through, origin: 'https://traffic.example' })).welcome.role).toBe(
    'control',
  );
  await expect(connected(server, { ...through, origin: 'http://traffic.example' })).rejects.toThrow();
  await expect(connected(server, { ...through, origin: 'https://evil.example' })).rejects.toThrow();
});

test('a program, which names no page, needs the token unless it is on this machine', async () => {
  const server = await opened(PUBLIC);
  const page = { origin: `http://localhost:${server.port}` };
  expect((await connected(server, page)).welcome.role).toBe('view');
  await expect(connected(server)).rejects.toThrow('needs the token');
  expect((await connected(server, { token: TOKEN })).welcome.role).toBe('control');
});

test('on a network the numbers are for who has the token', async () => {
  const server = await opened(PUBLIC);
  const ask = (authorization: string) => fetch(`${server.url}/metrics`, { headers: { authorization } });
  expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
  expect((await ask('Bearer wrong')).status).toBe(401);
  expect((await ask(`Bearer ${TOKEN.replaceAll(' ', '')}`)).status).toBe(401);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const plain = await opened({ host: '0.0.0.0', token: 'without-spaces' });
  const told = { headers: { authorization: 'Bearer without-spaces' } };
  expect((await fetch(`${plain.url}/metrics`, told)).status).toBe(200);
});

test('there are so many viewers at most, in all and from one address, and the next one is told', async () => {
  const full = await opened({ limits: { viewers: 2 } });
  await connected(full);
  const { socket } = await connected(full);
  await expect(connected(full)).rejects.toThrow('There are 2 viewers already');
  socket.disconnect();
  await until(() => full.logged.some((line) => line.includes('"disconnected"')));
  await connected(full);
  expect(await metricsOf(full)).toMatch(/^greenwave_refusals_total\{code="busy"\} 1$/m);
  const crowded = await opened({ limits: { viewersPerAddress: 1 } });
  await connected(crowded);
  await expect(connected(crowded)).rejects.toThrow('from your address');
});

test('behind a proxy viewers count by the address that the proxy itself tells, else by their own', async () => {
  const limits = { viewersPerAddress: 1 };
  const proxied = await opened({ limits, behindProxy: true });
  await connected(proxied, { forwardedFor: '203.0.113.7' });
  await connected(proxied, { forwardedFor: '203.0.113.8' });
  // What stands before the last one the viewer may have written itself.
  for (const forwardedFor of ['203.0.113.7', '198.51.100.9, 203.0.113.7']) {
    await expect(connected(proxied, { forwardedFor })).rejects.toThrow('from your address');
  }
  await connected(proxied, { forwardedFor: 'nowhere' });
  await expect(connected(proxied)).rejects.toThrow('from your address');
  expect(proxied.logged.join('')).toContain('203.0.113.8');
  const open = await opened({ limits });
  await connected(open, { forwardedFor: '203.0.113.7' });
  await expect(connected(open, { forwardedFor: '203.0.113.8' })).rejects.toThrow('from your address');
});

test('handshakes from one address are limited', async () => {
  const { rates } = (await import('../../server/live/limits.ts')).limitsFor(false);
  const server = await opened({ limits: { rates: { ...rates, handshake: { times: 5, seconds: 60 } } } });
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => connected(server)));
  expect(tries.filter(({ status }) => status === 'fulfilled').length).toBe(5);
});

test('addresses of one household count together', () => {
  expect(neighbourhoodOf('::ffff:10.0.0.7')).toBe('10.0.0.7');
  expect(neighbourhoodOf('2001:db8:1:2:3:4:5:6')).toBe(neighbourhoodOf('2001:db8:1:2::9'));
  expect(neighbourhoodOf('2001:db8:1:3::9')).not.toBe(neighbourhoodOf('2001:db8:1:2::9'));
  expect(neighbourhoodOf('2001:db8::1:2')).toBe('2001:db8:0:0');
  expect(neighbourhoodOf('::1')).toBe('0:0:0:0');
});

test('a server on all addresses goes by every address, and by no name of a stranger', () => {
  const hosts = new Hosts('0.0.0.0', ['tower'], []);
  for (const name of ['localhost:1', '192.0.2.7:80', '[2001:db8::1]:80', 'tower', 'LOCALHOST'])
    expect([name, hosts.knows(name)]).toEqual([name, true]);
  for (const name of ['evil.example', 'tower.evil.example', '', 'a b', 'localhost@evil', '[::1', undefined])
    expect([name, hosts.knows(name)]).toEqual([name, false]);
  expect(new Hosts('localhost', [], []).knows('192.0.2.7')).toBe(false);
});

test('a token is compared whole', () => {
  const access = new Access({ token: TOKEN, viewOnly: false, exposed: true });
  expect(access.isToken(TOKEN)).toBe(true);
  for (const other of ['', TOKEN.slice(0, -1), `${TOKEN}a`, TOKEN.toUpperCase(), null, undefined, 7]) {
    expect(access.isToken(other)).toBe(false);
  }
});

/** Where it is, or is on its way to. */
function headsFor({ status }: { status: Status }): number {
  return status.seekingStep ?? status.step;
}

function handshake(port: number, { origin = '', transport = 'websocket' } = {}): string {
  const line = origin === '' ? '' : `Origin: ${origin}\r\n`;
  return `GET /socket.io/?EIO=4&transport=${transport} HTTP/1.1\r\nHost: localhost:${port}\r\n${line}\r\n`;
}
