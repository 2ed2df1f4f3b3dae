import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import { text } from 'node:stream/consumers';
import { BACKEND_NAMES, type BackendName } from '../learning/backend.ts';
import { STEP_ROWS, STEP_SIZES } from '../learning/stepSpeed.ts';
import type { Probe } from './gpuProbe.ts';
import { aligned, grouped, type Row } from './runTable.ts';
import { print, printJson } from './terminal.ts';

/** A driver that has not come to an end by now is taken to hang, s. */
const PROBE_MAX_S = 60;
/** Lines of what a crashed process said that are passed on. */
const LINES_MAX = 5;

export interface GpuFlags {
  /** Time given to each size of batch, s. */
  readonly eachS: number;
  readonly json?: boolean;
}

/** `greenwave gpu`: which backends load here, on which device, why the others do not, and what each is worth. */
export async function gpu({ eachS, json }: GpuFlags): Promise<void> {
  const backends: Probe[] = [];
  for (const name of BACKEND_NAMES) backends.push(await probed(name, eachS)); // in turn, for their speeds
  const auto = backends.find(({ available }) => available)?.name;
  const cores = cpus();
  const machine = { cpu: cores[0]?.model ?? 'unknown', cores: cores.length, node: process.version };
  const place = { ...machine, platform: `${process.platform} ${process.arch}` };
  const record = { machine: place, network: STEP_SIZES, eachS, backends, auto };
  if (json) printJson(record);
  else print(gpuTable(record));
}

async function probed(name: BackendName, eachS: number): Promise<Probe> {
  const child = fork(new URL('./gpuProbe.js', import.meta.url), [name, String(eachS)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: PROBE_MAX_S * 1000,
    killSignal: 'SIGKILL',
  });
  let answer: Probe | undefined;
  child.on('message', (probe: Probe) => {
    answer = probe;
  });
  const begin = performance.now();
  const ended = new Promise<string>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const [end, complaint] = await Promise.all([ended, text(child.stderr!)]);
  if (answer) return answer;
  const late = performance.now() - begin >= PROBE_MAX_S * 1000;
  const found = late ? `It gave no answer within ${PROBE_MAX_S} s.` : `Its process ended with ${end}.`;
  const lastLines = complaint.trim().split('\n').slice(-LINES_MAX);
  const remedy = ['Look at the driver. It said last:', ...lastLines].join('\n      ');
  return { name, available: false, found, remedy: complaint === '' ? 'Look at the driver.' : remedy };
}

interface GpuRecord extends GpuFlags {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly auto: BackendName | undefined;
  readonly backends: readonly Probe[];
}

function gpuTable({ machine, eachS, auto, backends }: GpuRecord): string {
  const labelOf = (name: string, device: string) => `${name.padEnd(10)}  ${device}`;
  const rows = backends.map(
    (one): Row =>
      one.available
        ? [labelOf(one.name, one.device), ...one.speeds.map(({ stepsPerSecond }) => figure(stepsPerSecond))]
        : [labelOf(one.name, 'not here'), ...STEP_ROWS.map(() => '')],
  );
  const headings: Row = [labelOf('backend', 'device'), ...STEP_ROWS.map((size) => `${grouped(size)} rows`)];
  const missing = backends.flatMap((one) =>
    one.available ? [] : [`  ${one.name}: ${one.found}`, ...(one.remedy === '' ? [] : [`    ${one.remedy}`])],
  );
  const tooLong = backends.some((one) => one.available && one.speeds.some((s) => s.stepsPerSecond === null));
  const { cpu, cores, node, platform } = machine;
  return [
    `${cpu}, ${cores} cores, Node ${node}, ${platform}`,
    `Training steps per second: Adam on a network of ${STEP_SIZES.join('-')}, by rows in a batch`,
    '',
    aligned([headings, ...rows], STEP_ROWS.length),
    ...(tooLong ? [`  –: a step would have taken longer than ${eachS} s`, ''] : []),
    `auto takes ${auto ?? 'none of them'}.`,
    ...(missing.length > 0 ? ['', 'Not here:', ...missing] : []),
    '',
  ].join('\n');
}

function figure(stepsPerSecond: number | null): string {
  if (stepsPerSecond === null) return '–';
  return stepsPerSecond < 100 ? stepsPerSecond.toFixed(1) : grouped(Math.round(stepsPerSecond));
}
