import type { Socket as RawSocket } from 'node:net';
import type { Socket } from 'socket.io';
import type { WebSocket } from 'ws';
import { neighbourhoodOf } from './addresses.ts';
import type { Limits } from './limits.ts';
import { Tally } from './tally.ts';

export type Connection = Socket['conn'];

/** `readyState` of a WebSocket that takes messages. */
const OPEN = 1;
/** For a last message to be read, ms. */
const LINGER_MS = 2000;
let wires = 0;

/**
 * The way out to a viewer. What is written to a viewer that does not read lies here, so whoever writes looks here first.
 * Of this engine.io's types tell half.
 */
export class Wire {
  readonly id: string;
  readonly address: string;
  /** All connections of one household count together. */
  readonly neighbourhood: string;
  /** Whether it named the page that it comes from, as browsers do. */
  readonly fromPage: boolean;
  readonly #connection: Connection;
  readonly #raw: RawSocket;
  readonly #socket: WebSocket;
  readonly #packets: Tally;
  readonly #pings: Tally;
  #bytesRead = 0;
  #hasAsked = false;
  #isCut = false;

  constructor(connection: Connection, address: string, limits: Pick<Limits, 'packets' | 'pings'>) {
    const { socket, headers } = connection.request;
    this.id = String(++wires);
    this.neighbourhood = neighbourhoodOf(address);
    this.address = address;
    this.fromPage = headers.origin !== undefined;
    this.#connection = connection;
    this.#raw = socket;
    this.#socket = (connection.transport as unknown as { readonly socket: WebSocket }).socket;
    this.#packets = new Tally(limits.packets);
    this.#pings = new Tally(limits.pings);
    // Who is told to go and does not answer would keep its socket for half a minute.
    connection.on('close', () => setTimeout(() => socket.destroy(), LINGER_MS).unref());
  }

  /**
   * Counts what comes, before anything else looks at it, and until the socket is gone: WebSocket messages, pings and pongs, and
   * requests to be connected.
   *
   * @param listener  called with what is too much, in words for the log
   */
  onExcess(listener: (what: string) => void): void {
    this.#socket.prependListener('message', (data: Buffer, isBinary: boolean) => {
      if (this.#isCut) return;
      if (!this.#packets.take()) listener('sends too often');
      else if (!isBinary && isConnect(data)) {
        if (this.#hasAsked) listener('connects twice');
        this.#hasAsked = true;
      }
    });
    const controlled = (answer: boolean) => (data: Buffer) => {
      if (this.#isCut) return;
      if (!this.#pings.take()) listener('pings too often');
      else if (answer && this.#socket.readyState === OPEN) this.#socket.pong(data, false, () => {});
    };
    this.#socket.on('ping', controlled(true)).on('pong', controlled(false));
  }

  /** Whether what is written now goes out at once, as far as this process can tell. */
  get isFree(): boolean {
    return this.#connection.transport.writable && this.#waiting.length === 0;
  }

  /** Calls back whenever it may be free again. */
  onFree(listener: () => void): void {
    this.#connection.transport.on('ready', listener);
  }

  get unreadPackets(): number {
    return this.#waiting.length;
  }

  get unreadBytes(): number {
    const bytes = this.#waiting.reduce((sum, { data }) => sum + (data?.length ?? data?.byteLength ?? 0), 0);
    return bytes + this.#raw.writableLength;
  }

  /** Bytes that came in since this was asked before. */
  takeBytesRead(): number {
    const before = this.#bytesRead;
    this.#bytesRead = this.#raw.bytesRead;
    return this.#bytesRead - before;
  }

  /** Ends the connection without waiting for the viewer to read what is under way. */
  cut(): void {
    this.#isCut = true;
    this.#connection.close(true);
    this.#raw.destroy();
  }

  get #waiting(): readonly { readonly data?: { readonly length?: number; readonly byteLength?: number } }[] {
    return (this.#connection as unknown as { readonly writeBuffer: [] }).writeBuffer;
  }
}

/** Whether a message is engine.io's `4` with socket.io's packet `0`, CONNECT, to any namespace. */
function isConnect(data: Buffer): boolean {
  return data.length >= 2 && data[0] === 0x34 && data[1] === 0x30;
}
