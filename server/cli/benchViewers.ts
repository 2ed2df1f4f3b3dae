import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, JoinRequest, ServerEvents } from '../protocol/events.ts';
import { decodeHeader } from '../protocol/frame.ts';
import { VIEWER_SOCKET } from '../protocol/parser.ts';
import { Receipts } from '../protocol/receipts.ts';

/** What a process of viewers is told to do, in its arguments as JSON. */
export interface ViewersOrder {
  readonly url: string;
  readonly join: JoinRequest;
  readonly viewers: number;
  /** From when all have joined, and the time for warming up is over. */
  readonly seconds: number;
  readonly warmUpS: number;
  /** Whether they read nothing any more once they have joined. */
  readonly stalls: boolean;
}

/** What they tell: first that all have joined, then what they saw. */
export type ViewersTold =
  | { readonly kind: 'joined'; readonly session: string }
  | ({ readonly kind: 'seen' } & Seen);

export interface Seen {
  readonly viewers: number;
  readonly seconds: number;
  /** Frames of the best, of the middle one and of the least served viewer. */
  readonly framesMax: number;
  readonly framesMedian: number;
  readonly framesMin: number;
  readonly frameBytes: number;
  /** By how much a frame came later to a viewer than to the first of this process, ms: at most, and 99 of 100. */
  readonly lateMaxMs: number;
  readonly lateP99Ms: number;
  /** The longest that a viewer waited from one frame to the next, ms. */
  readonly gapMaxMs: number;
  readonly lost: number;
}

type Viewer = Socket<ServerEvents, ClientEvents>;

const OPENED_AT_A_TIME = 50;

async function watch({ url, join, viewers, seconds, warmUpS, stalls }: ViewersOrder): Promise<void> {
  const sockets: Viewer[] = [];
  let request = join;
  for (let k = 0; k < viewers; k += sockets.length === 1 ? 1 : OPENED_AT_A_TIME) {
    const more = sockets.length === 0 ? 1 : Math.min(OPENED_AT_A_TIME, viewers - sockets.length);
    const joined = await Promise.all(Array.from({ length: more }, () => joinedSocket(url, request)));
    for (const { socket, session } of joined) {
      sockets.push(socket);
      request = { version: join.version, session, detail: join.detail, heat: join.heat };
    }
    if (sockets.length >= viewers) break;
  }
  tell({ kind: 'joined', session: request.session! });
  await pause(warmUpS);
  if (stalls) {
    for (const socket of sockets) stall(socket);
    await pause(seconds);
    process.exit(0);
  }
  // It stays until it is ended: others are still measured.
  tell({ kind: 'seen', ...(await observed(sockets, seconds)) });
}

function joinedSocket(url: string, request: JoinRequest): Promise<{ socket: Viewer; session: string }> {
  const socket: Viewer = io(url, { ...VIEWER_SOCKET, reconnection: false, forceNew: true });
  return new Promise((resolve, reject) => {
    socket.on('connect_error', reject);
    const receipts = new Receipts((sequence) => socket.emit('seen', sequence));
    socket.on('frame', (frame) => receipts.drawn(decodeHeader(bufferOf(frame)).sequence));
    socket.on('welcome', () => {
      socket.emit('join', request, (reply) => {
        if (reply.ok) resolve({ socket, session: reply.session.id });
        else reject(new Error(reply.message));
      });
    });
  });
}

/** Its process takes nothing from the network any more, as one that hangs. */
function stall(socket: Viewer): void {
  const transport = socket.io.engine.transport as unknown as { ws: { _socket: { pause: () => void } } };
  transport.ws._socket.pause();
}

async function observed(sockets: readonly Viewer[], seconds: number): Promise<Seen> {
  const firstAt = new Map<number, number>();
  const late: number[] = [];
  const frames = sockets.map(() => 0);
  let bytes = 0;
  let gap = 0;
  let lost = 0;
  sockets.forEach((socket, k) => {
    let last = performance.now();
    socket.on('disconnect', () => lost++);
    socket.on('frame', (data) => {
      const now = performance.now();
      const frame = bufferOf(data);
      const { sequence } = decodeHeader(frame);
      const first = firstAt.get(sequence);
      if (first === undefined) firstAt.set(sequence, now);
      late.push(now - (first ?? now));
      gap = Math.max(gap, now - last);
      last = now;
      bytes = frame.byteLength;
      frames[k]!++;
    });
  });
  await pause(seconds);
  const ordered = [...frames].sort((a, b) => a - b);
  late.sort((a, b) => a - b);
  return {
    ...{ viewers: sockets.length, seconds },
    framesMax: ordered.at(-1) ?? 0,
    framesMedian: ordered[ordered.length >> 1] ?? 0,
    framesMin: ordered[0] ?? 0,
    frameBytes: bytes,
    lateMaxMs: late.at(-1) ?? 0,
    lateP99Ms: late[Math.floor(late.length * 0.99)] ?? 0,
    gapMaxMs: gap,
    lost,
  };
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Sockets hand over a piece of a larger buffer in Node. */
function bufferOf(data: ArrayBuffer | Uint8Array): ArrayBuffer {
  return data instanceof ArrayBuffer ? data : new Uint8Array(data).buffer;
}

function tell(told: ViewersTold): void {
  process.send!(told);
}

await watch({ ...(JSON.parse(process.argv[2]!) as ViewersOrder) });
process.disconnect();
