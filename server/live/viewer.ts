import type { Socket } from 'socket.io';
import type { ClientEvents, Detail, Role, ServerEvents } from '../protocol/events.ts';
import type { FrameKind } from '../protocol/frame.ts';
import { type News, Outbox } from './outbox.ts';
import type { Session } from './session.ts';
import type { Tally } from './tally.ts';
import type { Wire } from './wire.ts';

export type ViewerSocket = Socket<ClientEvents, ServerEvents, Record<string, never>, { role: Role }>;

/** Somebody who is connected. */
export class Viewer {
  readonly id: string;
  readonly role: Role;
  readonly wire: Wire;
  readonly outbox: Outbox;
  /** How often it may say what it has seen. */
  readonly receipts: Tally;
  session: Session | null = null;
  detail: Detail = 'vehicles';
  heat = false;
  isJoining = false;
  /** Questions and commands not yet answered. */
  openTickets = 0;
  readonly #socket: ViewerSocket;

  constructor(
    socket: ViewerSocket,
    role: Role,
    wire: Wire,
    receipts: Tally,
    aged: (seconds: number) => void,
  ) {
    this.id = socket.id;
    this.role = role;
    this.wire = wire;
    this.receipts = receipts;
    this.#socket = socket;
    this.outbox = new Outbox(wire, (news) => this.#send(news), aged);
  }

  get isConnected(): boolean {
    return this.#socket.connected;
  }

  wants(kind: FrameKind): boolean {
    return kind === 'heat' ? this.heat : kind === this.detail;
  }

  bye(message: string, comesBack: boolean): void {
    this.#socket.emit('bye', { message, comesBack });
  }

  /** Ends the connection when all that was written has been read. */
  disconnect(): void {
    this.#socket.disconnect(true);
  }

  #send(news: News): number | null {
    if (this.session === null) return null;
    if (news === 'session') this.#socket.emit('session', this.session.state);
    else if (news === 'status') this.#socket.emit('status', this.session.status);
    else return this.#sendFrame(news, this.session);
    return null;
  }

  #sendFrame(kind: FrameKind, session: Session): number | null {
    const newest = this.wants(kind) ? session.newest(kind) : null;
    if (newest === null) return null;
    this.#socket.volatile.emit('frame', newest.frame);
    session.noteSent(1, newest.frame.byteLength);
    return newest.sequence;
  }
}
