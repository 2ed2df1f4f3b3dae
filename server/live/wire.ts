import type { Socket as RawSocket } from 'node:net';
import type { Socket } from 'socket.io';
import { neighbourhoodOf } from './addresses.ts';

export type Connection = Socket['conn'];

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
  #bytesRead = 0;

  constructor(connection: Connection, address: string) {
    const { socket, headers } = connection.request;
    this.id = String(++wires);
    this.neighbourhood = neighbourhoodOf(address);
    this.address = address;
    this.fromPage = headers.origin !== undefined;
    this.#connection = connection;
    this.#raw = socket;
    // Who is told to go and does not answer would keep its socket for half a minute.
    connection.on('close', () => setTimeout(() => socket.destroy(), LINGER_MS).unref());
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
    this.#connection.close(true);
    this.#raw.destroy();
  }

  get #waiting(): readonly { readonly data?: { readonly length?: number; readonly byteLength?: number } }[] {
    return (this.#connection as unknown as { readonly writeBuffer: [] }).writeBuffer;
  }
}
