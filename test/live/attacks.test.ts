import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { limitsFor } from '../../server/live/limits.ts';
import { emptyFolder, ready } from '../cli/greenwave.ts';
import { emptyFrame, healthTimes, segment, shaken, untilClosed } from './flood.ts';
import { metricsOf, OPENING, opened, raw, until, watching } from './opened.ts';
import { serving } from './serving.ts';

/** Attacks on a real server over the loopback address: what one client sends stays without effect on the others. */

const sockets: Socket[] = [];
afterAll(() => {
  for (const socket of sockets) socket.destroy();
});

const portOf = (url: string) => Number(new URL(url).port);

test('a session at a demand of 1e-300 has no vehicles and goes on', async () => {
  const server = await opened();
  const setup = { ...OPENING.setup, demandScale: 1e-300 };
  const { socket, status, frames } = await watching(server, { opening: { ...OPENING, setup } });
  expect(status.sides.map(({ running, finished }) => [running, finished])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  await until(() => frames.length >= 3);
  expect(await socket.timeout(10_000).emitWithAck('command', { kind: 'seek', step: 3600 })).toEqual({
    ok: true,
  });
  expect(await socket.timeout(10_000).emitWithAck('command', { kind: 'pause' })).toEqual({ ok: true });
});

test('packets that break off a connection while it is admitted leave no lines in the log', async () => {
  const { child, url, stderr } = await serving([]);
  const before = stderr();
  for (const texts of [
    ['40', 'x'],
    ['40{}', '9'],
    ['40{"token":"wrong"}', 'x'],
    ['40', '41', '40'],
    ['40/admin,', 'x'],
  ]) {
    const all = await Promise.all(Array.from({ length: 80 }, () => shaken(portOf(url))));
    await Promise.all(
      all.map((socket) => {
        socket.write(segment(...texts));
        return untilClosed(socket);
      }),
    );
  }
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const lines = stderr().slice(before.length).split('\n').filter(Boolean);
  expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(5);
  expect(stderr()).not.toContain('rejection');
  expect(await metricsOf({ url })).not.toMatch(/^greenwave_faults_total\{/m);
  child.kill();
}, 60_000);

test('a second request to connect closes the connection and is not answered', async () => {
  const server = await opened({ token: 'the-right-token', viewOnly: false });
  const guesses = Array.from({ length: 50 }, (_, k) => `40{"token":"wrong-token-${k}"}`);
  for (const texts of [
    [...guesses, '40{"token":"the-right-token"}'],
    ['40', '40{"token":"the-right-token"}'],
    ['40', '40'],
    ['40', '40/admin,'],
  ]) {
    const socket = await shaken(server.port);
    socket.write(segment(...texts));
    const answer = await untilClosed(socket);
    expect(answer).not.toContain('"role":"control"');
    expect(answer.split('"welcome"').length).toBeLessThanOrEqual(2);
  }
  await until(() => server.logged.some((line) => line.includes('connects twice')));
});

test('each wrong token costs a connection, and after ten the right one is not looked at either', async () => {
  const server = await opened({ token: 'the-right-token' });
  const answerTo = async (token: string) => {
    const socket = await shaken(server.port);
    socket.write(segment(`40{"token":"${token}"}`));
    return untilClosed(socket);
  };
  for (let k = 0; k < 10; k++) expect(await answerTo(`wrong-${k}`)).toContain('not the right one');
  expect(await answerTo('the-right-token')).toContain('Too many wrong tokens came from your address.');
  expect(server.logged.filter((line) => line.includes('a wrong token')).length).toBe(10);
  // Over HTTP they are the same tokens.
  const { session } = await watching(server, {});
  const report = `${server.url}/sessions/${session.id}/report?seeds=1`;
  const headers = { authorization: 'Bearer the-right-token' };
  expect((await fetch(report, { method: 'POST', headers })).status).toBe(429);
});

test('connections that were cut for what they sent keep their address out for a while, and others in', async () => {
  const { rates } = limitsFor(false);
  const server = await opened({ limits: { rates: { ...rates, cut: { times: 5, seconds: 60 } } } });
  for (let k = 0; k < 5; k++) {
    const socket = await shaken(server.port, '127.0.0.2');
    socket.write(segment('40', '40'));
    await untilClosed(socket);
  }
  const another = await shaken(server.port, '127.0.0.2');
  await untilClosed(another);
  const other = await watching(server);
  await until(() => other.frames.length >= 2);
});

test('frames that are no messages are counted: pings, pongs, fragments without end', async () => {
  const server = await opened();
  const good = await watching(server);
  const floods: Record<string, Buffer> = {
    pings: Buffer.concat(Array<Buffer>(5000).fill(emptyFrame(9))),
    pongs: Buffer.concat(Array<Buffer>(5000).fill(emptyFrame(10))),
    fragments: Buffer.concat([emptyFrame(1, false), ...Array<Buffer>(5000).fill(emptyFrame(0, false))]),
    messages: segment(...Array<string>(5000).fill('3')),
  };
  for (const [name, flood] of Object.entries(floods)) {
    for (const before of [[], ['40']]) {
      const socket = await shaken(server.port);
      if (before.length > 0) socket.write(segment(...before));
      socket.write(flood);
      expect(await untilClosed(socket), name).toBeDefined();
    }
  }
  good.frames.length = 0;
  await until(() => good.frames.length >= 3);
});

test('a ping is answered, as WebSocket has it', async () => {
  const server = await opened();
  const socket = await shaken(server.port);
  sockets.push(socket);
  const got: Buffer[] = [];
  socket.on('data', (data) => void got.push(data));
  socket.write(Buffer.from([0x89, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
  await until(() => Buffer.concat(got).includes(Buffer.from([0x8a, 0x02, 0x68, 0x69])));
});

test('while 20 connections ping as fast as they can for 8 s, the server answers others at once', async () => {
  const { child, url } = await serving(['--log-level', 'silent']);
  const flood = Buffer.concat(Array<Buffer>(10_000).fill(emptyFrame(9)));
  const end = performance.now() + 8000;
  const attackers = Array.from({ length: 20 }, async () => {
    while (performance.now() < end) {
      const socket = await shaken(portOf(url));
      socket.resume();
      while (!socket.destroyed && performance.now() < end) {
        if (!socket.write(flood)) {
          await new Promise((resolve) => {
            socket.once('drain', resolve).once('close', resolve);
            setTimeout(resolve, 200);
          });
        }
      }
      socket.destroy();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  const times = await healthTimes(url, 8000);
  await Promise.all(attackers);
  expect(times[times.length >> 1]!).toBeLessThan(200);
  expect(times.length).toBeGreaterThan(20);
  child.kill();
}, 60_000);

test('3,000 half requests from one address leave another address served', async () => {
  const server = await opened();
  const open: Socket[] = [];
  const half = `GET / HTTP/1.1\r\nHost: localhost:${server.port}\r\nX: `;
  for (let k = 0; k < 3000; k++) {
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    socket.on('error', () => {}).on('connect', () => socket.write(half));
    open.push(socket);
    if (k % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  sockets.push(...open);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const { frames } = await watching(server);
  await until(() => frames.length >= 2);
  // And at the address itself, the newest.
  await until(() => open.filter(({ destroyed }) => !destroyed).length <= 300);
  expect(open.filter(({ destroyed }) => !destroyed).length).toBeGreaterThan(250);
}, 60_000);

test('half requests from many addresses leave another address served', async () => {
  const server = await opened({ limits: { httpConnections: 200, httpConnectionsPerAddress: 50 } });
  const open: Socket[] = [];
  for (let k = 0; k < 600; k++) {
    const from = `127.0.1.${1 + (k % 12)}`;
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: from });
    socket.on('error', () => {}).on('connect', () => socket.write('GET / HTTP/1.1\r\n'));
    open.push(socket);
  }
  sockets.push(...open);
  await until(() => open.filter(({ destroyed }) => destroyed).length >= 300);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('requests in a pipeline are refused from some number on, and the connection ends', async () => {
  const { rates } = limitsFor(false);
  const server = await opened({ limits: { rates: { ...rates, request: { times: 50, seconds: 10 } } } });
  const one = `GET /nothing HTTP/1.1\r\nHost: localhost:${server.port}\r\n\r\n`;
  const answer = await raw(server.port, one.repeat(5000));
  // What was under way when the connection was cut may be lost.
  const count = (status: number) => answer.split(`HTTP/1.1 ${status} `).length - 1;
  expect(count(404)).toBeLessThanOrEqual(50);
  expect(count(429)).toBeLessThan(50);
});

test('viewers of one address are as many as the limit says, however they come', async () => {
  const server = await opened({ limits: { viewersPerAddress: 5 } });
  const all = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const socket = await shaken(server.port);
      sockets.push(socket);
      let text = '';
      socket.on('data', (data) => {
        text += data.toString('latin1');
      });
      socket.write(segment('40'));
      await until(() => text.includes('"welcome"') || socket.destroyed);
      return text;
    }),
  );
  expect(all.filter((text) => text.includes('"welcome"')).length).toBeLessThanOrEqual(5);
  expect(await metricsOf(server)).toMatch(/^greenwave_viewers [0-5]$/m);
});

test('no answer tells where files lie on the server’s machine', async () => {
  const folder = emptyFolder();
  const hidden = join(folder, 'secret place');
  mkdirSync(hidden);
  const file = join(hidden, 'my-road.yaml');
  writeFileSync(file, readFileSync(ready('isolated')));
  const { child, url } = await serving([file, '--log-level', 'silent']);
  const { session } = await watching({ url }, {});
  const report = `${url}/sessions/${session.id}/report?seeds=1`;
  const told = [JSON.stringify(session), await (await fetch(`${url}/sessions/${session.id}/log`)).text()];
  expect(told[1]).toContain('"file":"my-road.yaml"');
  for (const content of ['name: [', null, readFileSync(ready('corridor'), 'utf8')]) {
    if (content === null) rmSync(file);
    else writeFileSync(file, content);
    let answer = await fetch(report, { method: 'POST' });
    while (answer.status === 202) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      answer = await fetch(report);
    }
    expect(answer.status).toBe(422);
    told.push(await answer.text());
  }
  expect(told[2]).toContain('my-road.yaml has 1 problem');
  expect(told[3]).toContain('my-road.yaml cannot be read: there is no such file or folder.');
  expect(told[4]).toContain('has changed since the server read it');
  const all = told.join('\n');
  for (const place of [folder, 'secret place', tmpdir(), 'session.log']) expect(all).not.toContain(place);
  child.kill();
}, 60_000);
