import { io, type Socket } from 'socket.io-client';
import { type ClientEvents, type Opening, PROTOCOL_VERSION, type ServerEvents } from '../protocol/events.ts';
import { decodeHeader } from '../protocol/frame.ts';
import { VIEWER_SOCKET } from '../protocol/parser.ts';
import { Receipts } from '../protocol/receipts.ts';
import { type Reading, served } from './benchServer.ts';
import { aligned, grouped, type Row } from './runTable.ts';

/** What a server came to that viewers kept coming to and leaving. */
export interface Soak {
  readonly minutes: number;
  readonly viewers: number;
  readonly commands: number;
  /** By minute. */
  readonly readings: readonly {
    readonly minute: number;
    readonly memoryMb: number;
    readonly heapMb: number;
    readonly viewers: number;
  }[];
  readonly faults: number;
}

const VIEWERS_AT_ONCE = 20;
/** How long one stays at most, s. */
const STAY_S = 90;
const OPENINGS: readonly Opening[] = [
  opening('corridor', ['fixed-time', 'learned'], 900),
  opening('grid-4x4', ['fixed-time', 'max-pressure', 'learned'], 300),
  opening('isolated', ['actuated', 'learned'], 0),
  opening('oversaturated', ['webster', 'learned'], 1200),
];

function opening(scenario: string, controllers: readonly string[], timeS: number): Opening {
  return {
    setup: { scenario, seed: 1, demandScale: 1, controllers },
    interventions: [],
    timeS,
    running: true,
    speed: 10,
  };
}

/** Has viewers come and go for so long, each with a run of its own or another's, and reads the server's memory each minute. */
export async function soak(minutes: number): Promise<Soak> {
  const server = await served([]);
  const readings: Soak['readings'][number][] = [];
  const crowd = new Crowd(server.url);
  try {
    const end = performance.now() + minutes * 60_000;
    while (performance.now() < end) {
      await crowd.secondsGoBy(60, Math.min(end, performance.now() + 60_000));
      readings.push(readingOf(readings.length + 1, await server.metrics()));
    }
    const last = await server.metrics();
    crowd.goHome();
    return {
      minutes,
      viewers: crowd.came,
      commands: crowd.commands,
      readings,
      faults: last.values.get('greenwave_faults_total') ?? 0,
    };
  } finally {
    await server.close();
  }
}

function readingOf(minute: number, { values }: Reading): Soak['readings'][number] {
  const megabytes = (name: string) => (values.get(name) ?? 0) / 1e6;
  return {
    minute,
    memoryMb: megabytes('process_resident_memory_bytes'),
    heapMb: megabytes('nodejs_heap_size_used_bytes'),
    viewers: values.get('greenwave_viewers') ?? 0,
  };
}

type Viewer = Socket<ServerEvents, ClientEvents>;

/** Viewers that come, do something now and then, and leave, some without a word. */
class Crowd {
  came = 0;
  commands = 0;
  readonly #url: string;
  readonly #here = new Set<Viewer>();
  #turn = 0;
  #session: string | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  async secondsGoBy(seconds: number, endMs: number): Promise<void> {
    for (let k = 0; k < seconds && performance.now() < endMs; k++) {
      if (this.#here.size < VIEWERS_AT_ONCE) this.#come();
      for (const viewer of this.#here) if (this.#nextTurn() % 7 === 0) this.#act(viewer);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  goHome(): void {
    for (const viewer of this.#here) viewer.disconnect();
    this.#here.clear();
  }

  /** Not by chance: every soak is the same, as far as the clock lets it. */
  #nextTurn(): number {
    this.#turn = (Math.imul(this.#turn, 1_103_515_245) + 12_345) >>> 0;
    return this.#turn >>> 8;
  }

  #come(): void {
    const viewer: Viewer = io(this.#url, { ...VIEWER_SOCKET, reconnection: false, forceNew: true });
    this.#here.add(viewer);
    this.came++;
    const turn = this.#nextTurn();
    const receipts = new Receipts((sequence) => viewer.emit('seen', sequence));
    viewer.on('frame', (frame) => receipts.drawn(decodeHeader(new Uint8Array(frame).buffer).sequence));
    viewer.on('disconnect', () => this.#here.delete(viewer));
    viewer.on('connect_error', () => this.#here.delete(viewer));
    viewer.on('welcome', () => {
      const joins = turn % 3 > 0 && this.#session !== null ? { session: this.#session } : {};
      const request = {
        ...joins,
        opening: OPENINGS[turn % OPENINGS.length]!,
        detail: 'vehicles',
        heat: turn % 2 === 0,
      } as const;
      viewer.emit('join', { version: PROTOCOL_VERSION, ...request }, (reply) => {
        if (reply.ok) this.#session = reply.session.id;
      });
    });
    const stayMs = 1000 * (1 + (turn % STAY_S));
    setTimeout(() => (turn % 5 === 0 ? viewer.io.engine?.close() : viewer.disconnect()), stayMs);
  }

  #act(viewer: Viewer): void {
    this.commands++;
    const turn = this.#nextTurn();
    const done = () => {};
    switch (turn % 6) {
      case 0:
        viewer.emit('command', { kind: 'seek', step: turn % 3000 }, done);
        break;
      case 1:
        viewer.emit('command', { kind: 'play' }, done);
        break;
      case 2:
        viewer.emit('ask', { kind: 'why', side: 0, intersection: 0 }, done);
        break;
      case 3:
        viewer.emit('ask', { kind: 'time-space', fromStep: 0, toStep: 100_000 }, done);
        break;
      case 4:
        viewer.emit('command', { kind: 'speed', speed: [1, 5, 20, null][turn % 4]! }, done);
        break;
      default:
        viewer.emit('ask', { kind: 'record' }, done);
    }
  }
}

/** The first minutes warm up; after that memory ought to stay. */
export function soakTable({ minutes, viewers, commands, readings, faults }: Soak): string {
  const every = Math.max(1, Math.ceil(readings.length / 12));
  const rows = readings
    .filter(({ minute }) => minute % every === 0 || minute === readings.length)
    .map(
      ({ minute, memoryMb, heapMb, viewers: now }): Row => [
        String(minute),
        memoryMb.toFixed(0),
        heapMb.toFixed(0),
        String(now),
      ],
    );
  const what = `${minutes} minutes, ${grouped(viewers)} viewers came and went, ${grouped(commands)} commands and questions, ${faults} faults`;
  return `${what}\n\n${aligned([['minute', 'memory, MB', 'heap, MB', 'viewers'], ...rows], 3)}`;
}
