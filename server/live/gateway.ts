import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import type { ClientEvents, Refusal, Role, ServerEvents, Welcome } from '../protocol/events.ts';
import { SERVER_SOCKET } from '../protocol/parser.ts';
import type { Access } from './access.ts';
import { type Addresses, neighbourhoodOf } from './addresses.ts';
import { type EventName, isEvent, readEvent } from './door.ts';
import { type Desk, HANDLERS, named, RATE_OF } from './handlers.ts';
import type { Headers } from './headers.ts';
import type { Hosts } from './hosts.ts';
import type { Limits } from './limits.ts';
import type { Rates } from './rates.ts';
import { type Offence, Refused } from './refused.ts';
import type { Broadcast } from './session.ts';
import { Tally } from './tally.ts';
import type { Tokens } from './tokens.ts';
import { Viewer, type ViewerSocket } from './viewer.ts';
import { type Connection, Wire } from './wire.ts';
import { Wires } from './wires.ts';

export interface GatewayOptions {
  readonly access: Access;
  readonly tokens: Tokens;
  readonly addresses: Addresses;
  readonly hosts: Hosts;
  readonly rates: Rates;
  readonly limits: Limits;
  readonly log: Logger;
  readonly welcome: (role: Role) => Welcome;
  /** Writes the headers that all answers have. */
  readonly headers: Headers;
}

const SWEEP_MS = 1000;
const FAULT: Refusal = {
  ok: false,
  code: 'failed',
  message: 'A fault of the server kept it from doing this. It is noted in the server’s log.',
};

const PLURALS: Readonly<Record<EventName, string>> = {
  join: 'sessions',
  leave: 'sessions',
  seen: 'frames seen',
  detail: 'changes of what is shown',
  command: 'commands',
  ask: 'questions',
};
/** Of connections whose viewers go on with it. */
const ENDS: Readonly<Record<Offence, { readonly logged: string; readonly farewell: string }>> = {
  stroke: {
    logged: 'sends what no page of ours does',
    farewell: 'Too much came from here that the server does not understand.',
  },
  haste: {
    logged: 'goes on faster than it is served',
    farewell: 'Much more came from here than the server takes, for seconds on end.',
  },
};

/** Where viewers come in, and everything they say is looked at. */
export class Gateway {
  readonly #io: Server<ClientEvents, ServerEvents, Record<string, never>, { role: Role }>;
  readonly #options: GatewayOptions;
  readonly #wires = new Wires();
  readonly #viewers = new Set<Viewer>();
  readonly #sweep: NodeJS.Timeout;
  #desk: Desk | null = null;

  constructor(http: HttpServer, options: GatewayOptions) {
    const { limits, hosts } = options;
    this.#options = options;
    this.#io = new Server(http, {
      ...SERVER_SOCKET,
      wsEngine: FrugalWebSocketServer,
      serveClient: false,
      // It would compress each frame anew for every viewer.
      perMessageDeflate: false,
      maxHttpBufferSize: limits.messageBytes,
      connectTimeout: limits.handshakeS * 1000,
      pingTimeout: limits.silenceS * 1000,
      cors: (request, done) =>
        done(null, { origin: hosts.allows(`${request.headers.origin}`, request.headers.host) }),
      allowRequest: (request, done) => {
        this.#reasonAgainst(request).then(
          (reason) => {
            if (reason !== null) this.#desk?.metrics.refused('connection');
            done(reason, reason === null);
          },
          () => done('The server failed.', false),
        );
      },
    });
    this.#io.engine.use(options.headers);
    this.#io.engine.use((request: IncomingMessage, _: unknown, next: (error?: Error) => void) => {
      // As engine.io has read it.
      const { EIO: version, sid } = (request as unknown as { _query: Record<string, unknown> })._query;
      // A WebSocket is one request; a second one for a connection is an attempt at taking it over.
      const isFirst = version === '4' && sid === undefined;
      next(isFirst ? undefined : new Error('No first request of a connection.'));
    });
    this.#io.engine.on('connection', (connection: Connection) => this.#connected(connection));
    this.#io.use((socket, next) => {
      this.#admit(socket).then(
        () => next(),
        (error: unknown) => {
          const refusal = error instanceof Refused ? error.reply : FAULT;
          if (!(error instanceof Refused)) this.#desk?.fault('connect', error);
          this.#desk?.metrics.refused(refusal.code);
          next(Object.assign(new Error(refusal.message), { data: refusal }));
          // Once it has been told: a wrong token costs a handshake each.
          setImmediate(() => socket.conn.close());
        },
      );
    });
    this.#io.on('connection', (socket) => this.#welcome(socket));
    this.#sweep = setInterval(() => this.#cutTheUnruly(), SWEEP_MS);
  }

  get broadcast(): Broadcast {
    return {
      session: (viewers, state) => this.#io.to(viewers).emit('session', state),
      status: (viewers, status) => this.#io.to(viewers).emit('status', status),
      frame: (viewers, frame) => this.#io.to(viewers).volatile.emit('frame', frame),
    };
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  get unreadBytes(): number {
    return this.#wires.unreadBytes;
  }

  /** From here on viewers are served. */
  open(desk: Desk): void {
    this.#desk = desk;
  }

  /** Takes leave of everybody. */
  close(message: string): void {
    clearInterval(this.#sweep);
    for (const viewer of this.#viewers) {
      viewer.session?.leave(viewer);
      viewer.bye(message, true);
    }
    // As a network that fails would: pages try again by themselves.
    for (const connection of this.#wires.connections) connection.close();
  }

  /** What speaks against a connection before it is made, in words for whoever looks into it; `null`: nothing. */
  async #reasonAgainst(request: IncomingMessage): Promise<string | null> {
    const { addresses, hosts, limits, rates } = this.#options;
    const { origin, host } = request.headers;
    if (this.#desk === null) return 'The server is not open.';
    if (!hosts.knows(host)) return 'The server does not go by this name.';
    if (origin !== undefined && !hosts.allows(origin, host)) return 'Pages of other sites may not connect.';
    const from = neighbourhoodOf(addresses.of(request));
    if (!(await rates.take('handshake', from))) return 'Too many connections at once. Try again later.';
    if (await rates.isSpent('cut', from)) return 'Too many connections from here had to be cut.';
    // Some more than may stay, so that they can be told.
    if (this.#wires.of(from) >= limits.viewersPerAddress + 20) return 'Too many connections from here.';
    return this.#wires.size >= limits.viewers + 100 ? 'The server is full.' : null;
  }

  #connected(connection: Connection): void {
    const wire = new Wire(connection, this.#options.addresses.of(connection.request), this.#options.limits);
    this.#wires.add(connection, wire);
    wire.onExcess((what) => this.#cutAbuser(wire, what));
    // The first request with all its headers is not needed any more.
    (connection as { request: IncomingMessage | null }).request = null;
  }

  /** @throws {Refused} what speaks against serving a connection, for the person at the other end */
  async #admit(socket: ViewerSocket): Promise<void> {
    const { access, tokens, limits } = this.#options;
    const wire = this.#wires.find(socket.conn);
    // It has been closed since it asked.
    if (wire === null) throw new Refused('unknown', 'The connection is closed.');
    if (this.#wires.size > limits.viewers || this.#wires.of(wire.neighbourhood) > limits.viewersPerAddress) {
      const [count, where] =
        this.#wires.size > limits.viewers
          ? [limits.viewers, '']
          : [limits.viewersPerAddress, ' from your address'];
      throw new Refused('busy', `There are ${count} viewers${where} already. Try again later.`);
    }
    const token: unknown = socket.handshake.auth.token;
    const role = await tokens.roleOf(token, wire.address);
    if (!wire.fromPage && !access.admitsProgram(token)) {
      throw new Refused('role', 'A program that is not a page of this server needs the token.');
    }
    socket.data = { role };
  }

  #welcome(socket: ViewerSocket): void {
    const { limits, log, welcome } = this.#options;
    const { role } = socket.data;
    const aged = (seconds: number) => this.#desk?.metrics.frameAged(seconds);
    const wire = this.#wires.find(socket.conn);
    if (wire === null) return;
    const viewer = new Viewer(socket, role, wire, new Tally(limits.receipts), aged);
    this.#viewers.add(viewer);
    log.debug({ ...named(viewer), role }, 'connected');
    socket.onAny((name: unknown, ...args: unknown[]) => {
      this.#take(viewer, name, args).catch((error: unknown) => this.#desk?.fault('event', error));
    });
    socket.on('disconnect', (reason) => {
      this.#viewers.delete(viewer);
      viewer.session?.leave(viewer);
      log.debug({ ...named(viewer), reason }, 'disconnected');
    });
    socket.emit('welcome', welcome(role));
  }

  /** One event of a viewer, from reading it to the reply. */
  async #take(viewer: Viewer, name: unknown, args: unknown[]): Promise<void> {
    const reply = typeof args.at(-1) === 'function' ? (args.pop() as (answer: object) => void) : null;
    try {
      const answer = await this.#answer(viewer, name, args);
      reply?.({ ok: true, ...answer });
    } catch (error) {
      const refusal = error instanceof Refused ? error.reply : FAULT;
      if (!(error instanceof Refused)) this.#desk?.fault('event', error);
      this.#desk?.metrics.refused(refusal.code);
      reply?.(refusal);
    }
    viewer.outbox.pump();
  }

  async #answer(viewer: Viewer, name: unknown, args: readonly unknown[]): Promise<object> {
    try {
      if (!isEvent(name)) throw new Refused('unknown', `This server has no event ${quoted(name)}.`, 'stroke');
      if (!(await this.#mayCome(name, viewer))) {
        throw new Refused('busy', this.#tooSoon(name), 'haste');
      }
      const payload = readEvent(name, args);
      return await HANDLERS[name](viewer, payload as never, this.#desk!);
    } catch (error) {
      if (error instanceof Refused && error.offence !== null) await this.#count(error.offence, viewer);
      throw error;
    }
  }

  #mayCome(name: EventName, viewer: Viewer): boolean | Promise<boolean> {
    return name === 'seen' ? viewer.receipts.take() : this.#options.rates.take(RATE_OF[name], viewer.id);
  }

  #tooSoon(name: EventName): string {
    const { limits } = this.#options;
    const { times, seconds } = name === 'seen' ? limits.receipts : limits.rates[RATE_OF[name]];
    const span = seconds === 1 ? 'a second' : `in ${seconds} seconds`;
    return `That was faster than the server takes it (${times} ${PLURALS[name]} ${span}). Try again.`;
  }

  async #count(offence: Offence, viewer: Viewer): Promise<void> {
    if (await this.#options.rates.take(offence, viewer.id)) return;
    const { logged, farewell } = ENDS[offence];
    this.#options.log.warn(named(viewer), `${logged}: disconnected`);
    viewer.bye(farewell, false);
    viewer.disconnect();
  }

  #cutTheUnruly(): void {
    const { limits } = this.#options;
    for (const wire of this.#wires) {
      if (wire.takeBytesRead() > limits.bytesPerSecond) this.#cutAbuser(wire, 'sends too much');
      else if (wire.unreadPackets > limits.unreadPacketsMax) this.#cut(wire, 'does not read');
      else if (wire.unreadBytes > limits.unreadBytesMax) this.#cut(wire, 'does not read');
    }
  }

  #cut(wire: Wire, why: string): void {
    this.#options.log.warn({ address: wire.address, why }, 'a connection was cut');
    wire.cut();
  }

  /** An address that goes on like this is kept out for a while. */
  #cutAbuser(wire: Wire, why: string): void {
    this.#cut(wire, why);
    this.#options.rates.take('cut', wire.neighbourhood).catch((error: unknown) => {
      this.#desk?.fault('rates', error);
    });
  }
}

/** Messages in many fragments and pings cost the server without being counted as packets of engine.io. */
class FrugalWebSocketServer extends WebSocketServer {
  constructor(options: ConstructorParameters<typeof WebSocketServer>[0]) {
    // `Wire` answers pings, as long as there are not too many.
    super({ ...options, autoPong: false, ...{ maxFragments: 16, maxBufferedChunks: 1024 } });
  }
}

function quoted(name: unknown): string {
  return JSON.stringify(String(name).slice(0, 40));
}
