import { Decoder, Encoder, type Packet, PacketType, protocol } from 'socket.io-parser';

/**
 * What socket.io writes and reads its packets with. A frame goes to a viewer as one message of bytes, those of frame.ts and
 * no others; all else is as ever. By itself socket.io would send a text before each frame that tells of it: twice the
 * messages, and those are most of what a viewer costs.
 */
class FrameEncoder extends Encoder {
  override encode(packet: Packet): unknown[] {
    const { type, data } = packet;
    return type === PacketType.EVENT && data[0] === 'frame' ? [data[1]] : super.encode(packet);
  }
}

class FrameDecoder extends Decoder {
  /** @throws {Error} for text that is no packet; then socket.io ends the connection */
  override add(message: unknown): void {
    if (typeof message === 'string') super.add(message);
    else this.emitReserved('decoded', { type: PacketType.EVENT, nsp: '/', data: ['frame', message] });
  }
}

interface SocketOptions {
  transports: ['websocket'];
  parser: object;
}

/** How sockets are opened on the server. */
export const SERVER_SOCKET: SocketOptions = {
  // Polling would hold frames as text in the server's memory for as long as a viewer likes, and needs sessions that stick to
  // a process behind a balancer. A WebSocket's way out can be looked at.
  transports: ['websocket'],
  parser: { protocol, Encoder: FrameEncoder, Decoder },
};

/** How a viewer opens a socket. */
export const VIEWER_SOCKET: SocketOptions = {
  transports: ['websocket'],
  parser: { protocol, Encoder, Decoder: FrameDecoder },
};
