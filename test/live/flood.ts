import { connect, type Socket } from 'node:net';
import { masked, until } from './opened.ts';

/** Clients that do what no page does, by hand. */

/** A socket after the WebSocket handshake, of which the server knows no more. `from`: its own address. */
export async function shaken(port: number, from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => {});
  let text = '';
  const read = (data: Buffer) => {
    text += data.toString('latin1');
  };
  socket.on('data', read);
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\n` +
      'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await until(() => text.includes('"pingInterval"') || /^HTTP\/1\.1 4/.test(text) || socket.destroyed);
  socket.off('data', read);
  return socket;
}

/** All that comes until the server closes. */
export async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

/** Messages of text in one segment. */
export function segment(...texts: readonly string[]): Buffer {
  return Buffer.concat(texts.map(masked));
}

/** A frame without content: 9 is a ping, 10 a pong, 0 the rest of a message, with the end of the message or without. */
export function emptyFrame(opcode: number, isEnd = true): Buffer {
  return Buffer.from([(isEnd ? 0x80 : 0) | opcode, 0x80, 0, 0, 0, 0]);
}

/** Times of answers to GET /healthz, ms, for `ms` long. */
export async function healthTimes(url: string, ms: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const start = performance.now();
    const answer = await fetch(`${url}/healthz`);
    await answer.text();
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return times.sort((a, b) => a - b);
}
