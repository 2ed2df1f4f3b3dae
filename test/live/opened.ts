import { connect, type Socket as RawSocket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { afterAll } from 'vitest';
import type { ServedFlags } from '../../server/cli/serveCatalogue.ts';
import { reportMaker } from '../../server/cli/sessionReport.ts';
import type { SessionSetup } from '../../server/cli/sessionSetup.ts';
import { loadLayout } from '../../server/files/load.ts';
import { assetOf } from '../../server/live/asset.ts';
import { type LiveOptions, type LiveServer, openLive } from '../../server/live/liveServer.ts';
import type { Page } from '../../server/live/page.ts';
import type { SessionStart } from '../../server/live/sessionThread.ts';
import {
  type ClientEvents,
  type Joined,
  type JoinRequest,
  type Opening,
  PROTOCOL_VERSION,
  type Reply,
  type ServerEvents,
  type Welcome,
} from '../../server/protocol/events.ts';
import { VIEWER_SOCKET } from '../../server/protocol/parser.ts';
import type { SessionState, Status } from '../../server/protocol/session.ts';
import { MAIN, ready } from '../cli/greenwave.ts';

/** A real server on a free port, and real viewers of it. */

const SCENARIOS = ['isolated', 'corridor'];

export const OPENING: Opening = {
  setup: { scenario: 'isolated', seed: 1, demandScale: 1, controllers: ['fixed-time', 'max-pressure'] },
  interventions: [],
  timeS: 60,
  running: true,
  speed: 10,
};

export interface Opened extends LiveServer {
  readonly url: string;
  /** Of the sessions opened so far, in order. */
  readonly threads: Worker[];
  /** All that the server has logged, one line each. */
  readonly logged: string[];
}

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

export async function opened(options: Partial<LiveOptions> = {}): Promise<Opened> {
  const threads: Worker[] = [];
  const logged: string[] = [];
  const server = await openLive({
    host: 'localhost',
    port: 0,
    token: null,
    viewOnly: false,
    origins: [],
    behindProxy: false,
    greenwave: '0.0.0',
    offer: {
      catalogue: SCENARIOS.map((id) => ({ id, name: id, description: '', durationS: 3600 })),
      controllers: ['fixed-time', 'max-pressure'].map((name) => ({ name, summary: '', sees: 'nothing' })),
      opening: OPENING,
    },
    page: await smallPage(),
    startThread: (start) => {
      const thread = threadOf(start);
      threads.push(thread);
      return thread;
    },
    makeReport: reportMaker({ fileOf: ready, policies: [], flags: {}, main: MAIN }),
    log: pino({ level: 'debug', base: null }, { write: (line: string) => void logged.push(line) }),
    ...options,
  });
  closing.push(() => server.close('The test is over.'));
  return { ...server, url: `http://localhost:${server.port}`, threads, logged };
}

const LOADED = new Map(
  await Promise.all(SCENARIOS.map(async (id) => [id, await loadLayout(ready(id))] as const)),
);

/** The built thread of a session. */
export function threadOf(start: SessionStart, flags: ServedFlags = {}, heapMb = 256): Worker {
  const { scenario } = start.setup;
  const workerData: SessionSetup = {
    ...{ start, flags, file: scenario },
    loaded: LOADED.get(scenario)!,
    policies: new Map(),
  };
  return new Worker(new URL('../../dist/server/cli/sessionWorker.js', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
}

export async function smallPage(): Promise<Page> {
  const text = `<!doctype html><title>Greenwave</title>${'<p>A page.</p>'.repeat(100)}`;
  return new Map([['/', await assetOf(Buffer.from(text), 'text/html; charset=utf-8', 'no-cache')]]);
}

export type ViewerSocket = Socket<ServerEvents, ClientEvents>;

export interface ViewerOptions {
  readonly token?: string;
  /** As a browser that shows a page of this site. */
  readonly origin?: string;
  readonly host?: string;
  /** As a proxy tells from where it comes. */
  readonly forwardedFor?: string;
}

/** A socket that is on its way to being connected. */
export function dialled({ url }: Pick<Opened, 'url'>, options: ViewerOptions = {}): ViewerSocket {
  const { token, origin, host, forwardedFor } = options;
  const socket: ViewerSocket = io(url, {
    ...VIEWER_SOCKET,
    forceNew: true,
    reconnection: false,
    ...(token === undefined ? {} : { auth: { token } }),
    extraHeaders: {
      ...(origin && { origin }),
      ...(host && { host }),
      ...(forwardedFor && { 'x-forwarded-for': forwardedFor }),
    },
  });
  closing.push(() => socket.disconnect());
  return socket;
}

/** @throws {Error} what the server says against it */
export async function connected(
  server: Pick<Opened, 'url'>,
  options: ViewerOptions = {},
): Promise<{ socket: ViewerSocket; welcome: Welcome }> {
  const socket = dialled(server, options);
  const welcome = await new Promise<Welcome>((resolve, reject) => {
    socket.once('welcome', resolve).once('connect_error', reject);
  });
  return { socket, welcome };
}

export function join(
  socket: ViewerSocket,
  request: Partial<JoinRequest> = { opening: OPENING },
): Promise<Reply<Joined>> {
  const whole: JoinRequest = { version: PROTOCOL_VERSION, detail: 'vehicles', heat: false, ...request };
  return socket.timeout(20_000).emitWithAck('join', whole);
}

/** A viewer who has joined a session, and says of each frame that it was seen. */
export async function watching(
  server: Pick<Opened, 'url'>,
  request: Partial<JoinRequest> = { opening: OPENING },
  options: ViewerOptions = {},
): Promise<{
  socket: ViewerSocket;
  joined: Joined;
  session: SessionState;
  status: Status;
  frames: Buffer[];
}> {
  const { socket } = await connected(server, options);
  const frames: Buffer[] = [];
  // In Node a binary message comes as a Buffer.
  (socket as unknown as Socket).on('frame', (frame: Buffer) => {
    frames.push(frame);
    socket.emit('seen', frame.readUInt32LE(4));
  });
  const reply = await join(socket, request);
  if (!reply.ok) throw new Error(reply.message);
  return { socket, joined: reply, session: reply.session, status: reply.status, frames };
}

export async function metricsOf({ url }: Pick<Opened, 'url'>): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** Sends bytes as they are, and resolves with all that comes back until the server closes, or nothing comes. */
export function raw(port: number, bytes: string | Buffer, silenceMs = 1500): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const done = () => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(silenceMs, done);
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('close', done).on('error', done);
    socket.write(bytes);
  });
}

/** A viewer by hand, whose socket can be told not to read. */
export async function rawViewer(port: number, session: string): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\n` +
      'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  await until(() => text.includes('"pingInterval"'));
  socket.write(masked('40'));
  await until(() => text.includes('"welcome"'));
  socket.write(
    masked(
      `420["join",${JSON.stringify({ version: PROTOCOL_VERSION, session, detail: 'vehicles', heat: true })}]`,
    ),
  );
  await until(() => text.includes('"ok":true'));
  return socket;
}

/** A text message as a browser frames it. */
export function masked(text: string): Buffer {
  const body = Buffer.from(text);
  const length = body.length < 126 ? [0x80 | body.length] : [0x80 | 126, body.length >> 8, body.length & 255];
  // With a mask of zeros it stays as it is.
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), body]);
}

/** Resolves when `what` is true. */
export async function until(what: () => boolean, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!what()) {
    if (performance.now() > end) throw new Error(`Still not so after ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
