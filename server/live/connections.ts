import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { neighbourhoodOf } from './addresses.ts';
import type { Limits } from './limits.ts';

/** Before a connection has had its first request it may be cut for a newer one, ms. */
const PATIENCE_MS = 60_000;

/**
 * The TCP connections of the server. Those that are no WebSocket (yet) are counted by address: where one address has too many, or
 * all together, the oldest makes room, so that half-open requests keep nobody else out.
 */
export class Connections {
  readonly #limits: Pick<Limits, 'httpConnections' | 'httpConnectionsPerAddress'>;
  readonly #onCut: () => void;
  readonly #all = new Set<Socket>();
  /** By address, oldest first. Behind a proxy all are the proxy's. */
  readonly #http = new Map<string, Set<Socket>>();
  #httpCount = 0;

  /**
   * @param isBehindProxy  whether all connections come from one address, which cannot be told apart
   * @param onCut          called for each that is cut to make room
   */
  constructor(
    http: HttpServer,
    limits: Pick<Limits, 'httpConnections' | 'httpConnectionsPerAddress'>,
    isBehindProxy: boolean,
    onCut: () => void,
  ) {
    const { httpConnections: all, httpConnectionsPerAddress: perAddress } = limits;
    this.#limits = { httpConnections: all, httpConnectionsPerAddress: isBehindProxy ? all : perAddress };
    this.#onCut = onCut;
    http.timeout = PATIENCE_MS;
    http.on('connection', (socket: Socket) => this.#take(socket));
    http.prependListener('upgrade', ({ socket }: IncomingMessage) => this.#release(socket));
  }

  cutAll(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #take(socket: Socket): void {
    const address = neighbourhoodOf(socket.remoteAddress ?? '');
    const own = this.#http.get(address) ?? new Set();
    this.#http.set(address, own.add(socket));
    this.#httpCount++;
    this.#all.add(socket);
    socket.once('close', () => {
      this.#all.delete(socket);
      this.#release(socket, address);
    });
    if (own.size > this.#limits.httpConnectionsPerAddress) this.#cutOldest(own);
    else if (this.#httpCount > this.#limits.httpConnections) this.#cutOldest(this.#largest());
  }

  /** It is not counted any more. */
  #release(socket: Socket, address = neighbourhoodOf(socket.remoteAddress ?? '')): void {
    const own = this.#http.get(address);
    if (own?.delete(socket) !== true) return;
    this.#httpCount--;
    if (own.size === 0) this.#http.delete(address);
  }

  #largest(): Set<Socket> {
    let largest = new Set<Socket>();
    for (const own of this.#http.values()) if (own.size > largest.size) largest = own;
    return largest;
  }

  #cutOldest(own: Set<Socket>): void {
    const [oldest] = own;
    if (oldest === undefined) return;
    this.#onCut();
    this.#release(oldest);
    oldest.destroy();
  }
}
