import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser';
import { expect, test } from 'vitest';
import { SERVER_SOCKET, VIEWER_SOCKET } from '../../server/protocol/parser.ts';

/** What lies on the wire: frames are their bytes and nothing else, all else is socket.io's. */

interface Parser {
  readonly Encoder: new () => Encoder;
  readonly Decoder: new () => Decoder;
}

function sent(packet: Packet): unknown[] {
  return new (SERVER_SOCKET.parser as Parser).Encoder().encode(packet);
}

function received(decoder: Decoder, messages: readonly unknown[]): Packet[] {
  const packets: Packet[] = [];
  decoder.on('decoded', (packet) => packets.push(packet));
  for (const message of messages) decoder.add(message);
  return packets;
}

test('a frame is one message of its own bytes, and an event again at the viewer', () => {
  const frame = Uint8Array.of(0xf7, 1, 0, 1).buffer;
  const messages = sent({ type: PacketType.EVENT, nsp: '/', data: ['frame', frame] });
  expect(messages).toEqual([frame]);
  expect(received(new (VIEWER_SOCKET.parser as Parser).Decoder(), messages)).toEqual([
    { type: PacketType.EVENT, nsp: '/', data: ['frame', frame] },
  ]);
});

test('all else is as socket.io has it, both ways', () => {
  const packets: Packet[] = [
    { type: PacketType.CONNECT, nsp: '/', data: { sid: 'x' } },
    { type: PacketType.EVENT, nsp: '/', data: ['status', { step: 3 }] },
    { type: PacketType.EVENT, nsp: '/', data: ['frames', 'of another name'] },
    { type: PacketType.ACK, nsp: '/', id: 7, data: [{ ok: true }] },
    { type: PacketType.EVENT, nsp: '/', id: 8, data: ['ask', Uint8Array.of(1, 2)] },
  ];
  for (const packet of packets) {
    const plain = new Encoder().encode({ ...packet });
    expect(sent({ ...packet })).toEqual(plain);
    expect(new (VIEWER_SOCKET.parser as Parser).Encoder().encode({ ...packet })).toEqual(plain);
    const read = received(new Decoder(), plain);
    expect(received(new (SERVER_SOCKET.parser as Parser).Decoder(), plain)).toEqual(read);
    if (plain.length === 1) {
      expect(received(new (VIEWER_SOCKET.parser as Parser).Decoder(), plain)).toEqual(read);
    }
  }
});

test('bytes that come to the server by themselves are no event there', () => {
  const decoder = new (SERVER_SOCKET.parser as Parser).Decoder();
  expect(() => decoder.add(Buffer.of(0xf7))).toThrow(/binary/);
});
