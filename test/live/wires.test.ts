import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { masked, opened, raw, rawViewer, until, watching } from './opened.ts';

/** Bytes that no browser would send, straight into the socket. */

const TRACE = /\n\s+at |node_modules|node:internal|\.js:\d|\.ts:\d/;

const upgrade = (port: number, path = '/socket.io/?EIO=4&transport=websocket', extra = '') =>
  `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${extra}`;
const KEY = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

test('malformed requests and handshakes are refused, without a trace of where', async () => {
  const server = await opened();
  const { port } = server;
  const host = `Host: localhost:${port}\r\n`;
  const good = await watching(server);
  const requests = [
    '\r\n\r\n',
    'NONSENSE\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(20_000)}\r\n\r\n`,
    `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`,
    `GET http://evil.example/ HTTP/1.1\r\n${host}\r\n`,
    `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello`,
    `CONNECT localhost:22 HTTP/1.1\r\n${host}\r\n`,
    `GET /socket.io/ HTTP/1.1\r\n${host}\r\n`,
    `GET /socket.io/?EIO=4&transport=constructor HTTP/1.1\r\n${host}\r\n`,
    `GET /socket.io/?EIO=4&transport=__proto__ HTTP/1.1\r\n${host}\r\n`,
    `POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\n40{`,
    `${upgrade(port)}\r\n`,
    `${upgrade(port)}Sec-WebSocket-Version: 1\r\nSec-WebSocket-Key: a\r\n\r\n`,
    `${upgrade(port, '/socket.io/?EIO=3&transport=websocket')}${KEY}\r\n`,
    `${upgrade(port, '/socket.io/?EIO=4&transport=polling')}${KEY}\r\n`,
    `${upgrade(port, '/socket.io/?EIO=4&transport=websocket&sid=AAAA')}${KEY}\r\n`,
    `${upgrade(port, '/elsewhere')}${KEY}\r\n`,
    `${upgrade(port, '/socket.io/?EIO=4&transport=websocket', 'Origin: http://a\x01b\r\n')}${KEY}\r\n`,
  ];
  for (const request of requests) {
    const answer = await raw(port, request, 300);
    expect(answer, request.slice(0, 80)).not.toMatch(TRACE);
    expect(answer, request.slice(0, 80)).not.toMatch(/^HTTP\/1\.1 (200|101)/);
  }
  good.frames.length = 0;
  await until(() => good.frames.length >= 3);
});

test('a second request for a connection, with its name, does not take it over', async () => {
  const server = await opened();
  const { socket, frames } = await watching(server);
  const sid = (socket.io as unknown as { engine: { id: string } }).engine.id;
  for (const between of ['', '&z=1?', '&%73id=x']) {
    const path = `/socket.io/?EIO=4&transport=websocket${between}&sid=${sid}`;
    const answer = await raw(server.port, `${upgrade(server.port, path)}${KEY}\r\n`, 300);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  }
  frames.length = 0;
  await until(() => frames.length >= 3);
  expect(socket.connected).toBe(true);
});

test('malformed messages end the connection that sent them, and no other', async () => {
  const server = await opened();
  const good = await watching(server);
  const deep = `42["join",${'['.repeat(7000)}${']'.repeat(7000)}]`;
  const messages = [
    Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5]), // not masked
    Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), // reserved bits
    Buffer.from([0x83, 0x80, 0, 0, 0, 0]), // an opcode that is none
    Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), // 9 exabytes
    Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]), // not UTF-8
    ...[
      '',
      '4',
      '9',
      'x',
      '4x',
      '42',
      '42{',
      '42[',
      '42[]',
      '42[5]',
      '42["join"',
      '42["disconnect"]',
      deep,
    ].map(masked),
    ...['40{}', '40[', '40/admin,', '41', '43', '430[1]', '43999["a"]', '44', '45', '451-["join",', '46'].map(
      masked,
    ),
    ...[
      '4599999999-["join",{"_placeholder":true,"num":0}]',
      '451-["join",{"_placeholder":true,"num":9}]',
    ].map(masked),
    ...[
      '42["newListener",1]',
      '42["error",1]',
      '42["connect",1]',
      '42/nowhere,["join"]',
      '429999999999999999999["seen"]',
    ].map(masked),
  ];
  for (const message of messages) {
    const socket = await rawViewer(server.port, good.session.id);
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.write(message);
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.destroy();
    expect(text).not.toMatch(TRACE);
  }
  good.frames.length = 0;
  await until(() => good.frames.length >= 3);
});

test('random bytes in place of a request, and after a handshake, hurt nobody else', async () => {
  const server = await opened();
  const good = await watching(server);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, isViewer) => {
      if (!isViewer) {
        expect(await raw(server.port, Buffer.from(bytes), 20)).not.toMatch(TRACE);
        return;
      }
      const socket = await rawViewer(server.port, good.session.id);
      socket.write(Buffer.from(bytes));
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.destroy();
    }),
    { numRuns: 60 },
  );
  good.frames.length = 0;
  await until(() => good.frames.length >= 3);
  expect(server.logged.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
});

test('who connects and says nothing is cut off', async () => {
  const server = await opened({ limits: { handshakeS: 1 } });
  const closed = (bytes: string) =>
    new Promise((resolve) => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('close', resolve).on('error', () => {});
      socket.on('data', () => {});
      socket.write(bytes);
    });
  await closed(`GET / HTTP/1.1\r\nHost: localhost:${server.port}\r\nX: `);
  await closed(`${upgrade(server.port)}${KEY}\r\n`);
});
