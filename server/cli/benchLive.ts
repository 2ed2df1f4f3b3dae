import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JoinRequest, type Opening, PROTOCOL_VERSION } from '../protocol/events.ts';
import { fileMistake } from '../study/mistake.ts';
import { MAIN, type Reading, served } from './benchServer.ts';
import { soak, soakTable } from './benchSoak.ts';
import type { Seen, ViewersOrder, ViewersTold } from './benchViewers.ts';
import { aligned, grouped, type Row } from './runTable.ts';
import { print, printJson } from './terminal.ts';

export interface BenchLiveFlags {
  readonly seconds: number;
  /** Instead: viewers that come and go for so long. */
  readonly soakMinutes?: number;
  readonly json?: boolean;
}

/** What watching costs, with so many viewers. */
export interface LiveCase extends Seen {
  readonly name: string;
  readonly vehicles: number;
  readonly bytesPerVehicle: number;
  /** Of the server's process, threads included, as a share of one core. */
  readonly cpuShare: number;
  readonly megabytesPerS: number;
  /** Resident memory of the server before and after, MB. */
  readonly memoryBeforeMb: number;
  readonly memoryAfterMb: number;
  /** From when a frame was sent to when its viewer said that it had it: the longest, ms. */
  readonly ageMaxMs: number;
  readonly framesSkipped: number;
}

const VIEWERS = fileURLToPath(new URL('./benchViewers.js', import.meta.url));
const VIEWERS_A_PROCESS = 500;
/** The engine of the language compiles what is used most in the meantime. */
const WARM_UP_S = 30;

/** `greenwave bench live`: what the live view costs the server, on this machine and over its loopback. */
export async function benchLive({ seconds, soakMinutes, json }: BenchLiveFlags): Promise<void> {
  if (soakMinutes !== undefined) {
    const result = await soak(soakMinutes);
    if (json) printJson(result);
    else print(soakTable(result));
    return;
  }
  const folder = temporaryFolder();
  const cases: LiveCase[] = [];
  try {
    const city = join(folder, 'city.yaml');
    const size = [
      '--rows',
      '20',
      '--columns',
      '20',
      '--vehicles',
      '40000',
      '--duration-s',
      '3600',
      '--seed',
      '1',
    ];
    await done(
      spawn(process.execPath, [MAIN, 'generate', 'grid', ...size, '--out', city], { stdio: 'ignore' }),
    );
    const heavy = opening('city', ['fixed-time'], HEAVY_FROM_S, 10);
    const light = opening('corridor', ['fixed-time', 'learned'], 900, 10);
    for (const viewers of [1, 10, 100]) {
      cases.push(await measured(`a city, ${viewers} viewers`, [city], heavy, { viewers, seconds }));
    }
    cases.push(
      await measured('a city, 10 viewers and 10 that read nothing', [city], heavy, {
        viewers: 10,
        seconds,
        stalled: 10,
      }),
    );
    cases.push(await measured('the corridor, 1,000 viewers', [], light, { viewers: 1000, seconds }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
  if (json) printJson({ machine, cases });
  else print(table(machine, cases));
}

/** @throws {Mistake} where there is no place for temporary files */
function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'greenwave-bench-'));
  } catch (error) {
    throw fileMistake(error, `${tmpdir()}, the folder of temporary files, cannot be written`);
  }
}

/** Ten thousand vehicles are on the way in the city when it is measured. */
const HEAVY_FROM_S = 650;

function opening(scenario: string, controllers: readonly string[], timeS: number, speed: number): Opening {
  return {
    setup: { scenario, seed: 1, demandScale: 1, controllers },
    interventions: [],
    timeS,
    running: true,
    speed,
  };
}

interface Crowd {
  readonly viewers: number;
  readonly seconds: number;
  /** Viewers beside these that stop reading. */
  readonly stalled?: number;
}

async function measured(
  name: string,
  files: readonly string[],
  open: Opening,
  { viewers, seconds, stalled = 0 }: Crowd,
): Promise<LiveCase> {
  const server = await served(files);
  const others: ChildProcess[] = [];
  try {
    const join: JoinRequest = { version: PROTOCOL_VERSION, opening: open, detail: 'vehicles', heat: false };
    const order = { url: server.url, seconds, warmUpS: WARM_UP_S, stalls: false };
    const first = crowd({ ...order, join, viewers: Math.min(viewers, VIEWERS_A_PROCESS) });
    const session = await first.joined;
    const again: JoinRequest = { version: PROTOCOL_VERSION, session, detail: 'vehicles', heat: false };
    const crowds = [first];
    for (let k = VIEWERS_A_PROCESS; k < viewers; k += VIEWERS_A_PROCESS) {
      crowds.push(crowd({ ...order, join: again, viewers: Math.min(viewers - k, VIEWERS_A_PROCESS) }));
    }
    if (stalled > 0) crowds.push(crowd({ ...order, join: again, viewers: stalled, stalls: true }));
    others.push(...crowds.map(({ child }) => child));
    await Promise.all(crowds.map(({ joined }) => joined));
    await pause(WARM_UP_S);
    const before = await server.metrics();
    await pause(seconds);
    const after = await server.metrics();
    const seen = (await Promise.all(crowds.map((one) => one.seen))).filter((one) => one !== null);
    return liveCase(name, merged(seen), before, after);
  } finally {
    for (const child of others) child.kill();
    await server.close();
  }
}

function crowd(order: ViewersOrder) {
  const child = fork(VIEWERS, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  let join: (session: string) => void = () => {};
  let see: (seen: Seen | null) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const joined = new Promise<string>((resolve, reject) => {
    join = resolve;
    fail = reject;
  });
  const seen = new Promise<Seen | null>((resolve) => {
    see = resolve;
  });
  child.on('message', (told: ViewersTold) => {
    if (told.kind === 'joined') join(told.session);
    else see(told);
  });
  child.on('exit', (code) => {
    fail(new Error(`A process of viewers ended with code ${code} before they had joined.`));
    see(null);
  });
  return { child, joined, seen };
}

function merged(all: readonly Seen[]): Seen {
  const most = (of: (seen: Seen) => number) => Math.max(...all.map(of));
  return {
    viewers: all.reduce((sum, { viewers }) => sum + viewers, 0),
    seconds: all[0]!.seconds,
    framesMax: most(({ framesMax }) => framesMax),
    framesMedian: Math.min(...all.map(({ framesMedian }) => framesMedian)),
    framesMin: Math.min(...all.map(({ framesMin }) => framesMin)),
    frameBytes: most(({ frameBytes }) => frameBytes),
    lateMaxMs: most(({ lateMaxMs }) => lateMaxMs),
    lateP99Ms: most(({ lateP99Ms }) => lateP99Ms),
    gapMaxMs: most(({ gapMaxMs }) => gapMaxMs),
    lost: all.reduce((sum, { lost }) => sum + lost, 0),
  };
}

function liveCase(name: string, seen: Seen, before: Reading, after: Reading): LiveCase {
  const seconds = (after.atMs - before.atMs) / 1000;
  const grown = (key: string) => (after.values.get(key) ?? 0) - (before.values.get(key) ?? 0);
  const vehicles = after.values.get('greenwave_vehicles') ?? 0;
  return {
    name,
    ...seen,
    vehicles,
    bytesPerVehicle: vehicles === 0 ? 0 : seen.frameBytes / vehicles,
    cpuShare: grown('process_cpu_seconds_total') / seconds,
    megabytesPerS: grown('greenwave_frame_bytes_sent_total') / seconds / 1e6,
    memoryBeforeMb: (before.values.get('process_resident_memory_bytes') ?? 0) / 1e6,
    memoryAfterMb: (after.values.get('process_resident_memory_bytes') ?? 0) / 1e6,
    ageMaxMs: (after.values.get('greenwave_frame_age_max_seconds') ?? Number.NaN) * 1000,
    framesSkipped: grown('greenwave_frames_skipped_total'),
  };
}

function done(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`It ended with code ${code}.`))));
  });
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

function table(machine: { cpu: string; cores: number; node: string }, cases: readonly LiveCase[]): string {
  const rows = cases.map(
    (one): Row => [
      one.name,
      grouped(one.vehicles),
      one.bytesPerVehicle.toFixed(1),
      (one.framesMin / one.seconds).toFixed(1),
      `${(one.cpuShare * 100).toFixed(0)} %`,
      one.megabytesPerS.toFixed(1),
      Number.isNaN(one.ageMaxMs) ? '–' : one.ageMaxMs.toFixed(0),
      one.gapMaxMs.toFixed(0),
      `${one.memoryBeforeMb.toFixed(0)} → ${one.memoryAfterMb.toFixed(0)}`,
      grouped(one.framesSkipped),
    ],
  );
  return `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; viewers and server share them
CPU is that of the server's process, simulation included, as a share of one core

${aligned([HEADINGS, ...rows], HEADINGS.length - 1)}`;
}

const HEADINGS: Row = [
  'what',
  'vehicles',
  'bytes/veh',
  'frames/s, least',
  'CPU',
  'MB/s',
  'age at most, ms',
  'gap at most, ms',
  'memory, MB',
  'skipped',
];
