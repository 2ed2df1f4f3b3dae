import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import { shippedScenarios } from '../files/shipped.ts';
import type { Study } from '../study/study.ts';
import { observed, type Source, type Speed, studyToMeasure, timed } from './benchCase.ts';
import type { StudyFlags } from './commandStudy.ts';
import { policiesOf, withPolicy } from './policies.ts';
import type { PolicyText } from './policyFlag.ts';
import { aligned, grouped, type Row } from './runTable.ts';
import { print, printJson, tellInPlace } from './terminal.ts';
import { warn } from './warn.ts';

const WARM_UPS = 2;

export interface BenchFlags extends Omit<StudyFlags, 'policy'> {
  readonly policy?: readonly PolicyText[];
  readonly runs: number;
  /** Each run lasts at least this much CPU time. */
  readonly runS: number;
  readonly json?: boolean;
}

/** What one scenario comes to, speeds in vehicle updates per CPU-second. */
interface CaseResult {
  readonly scenario: string;
  readonly controller: string;
  readonly protocol: string;
  readonly durationS: number;
  /** The median of the runs, without measures; `min` and `max` are the slowest and the fastest. */
  readonly updatesPerCpuSecond: number;
  readonly min: number;
  readonly max: number;
  readonly updatesPerCpuSecondWithMeasures: number;
  readonly minWithMeasures: number;
  readonly maxWithMeasures: number;
  /** The first run of code that was never run before. */
  readonly cold: number;
  readonly runs: number;
  readonly vehicleUpdates: number;
  readonly runningMax: number;
  /** Simulated seconds per CPU-second, of the median run. */
  readonly realTimeFactor: number;
  readonly heapGrowthBytes: number;
}

/**
 * `greenwave bench`: two warm-up runs, then nine that count, each of a second or more. The runs of
 * all cases, with and without measures, take turns, so that a machine that slows down slows all.
 */
export async function bench(
  files: readonly string[],
  { json, runs, runS, policy: given = [], ...others }: BenchFlags,
): Promise<void> {
  const { controller = 'fixed-time' } = others;
  const flags: StudyFlags = { ...others, ...withPolicy(policiesOf(given, [controller]), controller) };
  const sources: Source[] = files.length > 0 ? [...files] : [...shippedScenarios(), null];
  const studies: Study[] = [];
  for (const source of sources) studies.push(await studyToMeasure(source, flags));
  for (const { warnings } of studies) warn(warnings);
  const cold: number[] = [];
  for (const source of sources) cold.push(await coldSpeed(source, flags));

  const bare: Speed[][] = studies.map(() => []);
  const measured: Speed[][] = studies.map(() => []);
  for (let round = 0; round < WARM_UPS + runs; round++) {
    tellInPlace(
      round < WARM_UPS ? `warm-up ${round + 1} of ${WARM_UPS}` : `run ${round - WARM_UPS + 1} of ${runs}`,
    );
    studies.forEach((study, k) => {
      const [without, withMeasures] = [timed(study, false, runS), timed(study, true, runS)];
      if (round < WARM_UPS) return;
      bare[k]!.push(without);
      measured[k]!.push(withMeasures);
    });
  }
  tellInPlace('');
  const cases = studies.map((study, k) => caseResult(study, cold[k]!, bare[k]!, measured[k]!));
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
  const place = { ...machine, platform: `${process.platform} ${process.arch}` };
  if (json) printJson({ machine: place, cases });
  else print(benchTable(place, cases));
}

function caseResult(
  study: Study,
  cold: number,
  bare: readonly Speed[],
  measured: readonly Speed[],
): CaseResult {
  const speeds = inOrder(bare.map((speed) => speed.updatesPerCpuSecond));
  const speedsWithMeasures = inOrder(measured.map((speed) => speed.updatesPerCpuSecond));
  return {
    scenario: study.compiled.layout.name,
    controller: study.controller.name,
    protocol: study.protocol.name,
    durationS: study.durationS,
    updatesPerCpuSecond: median(speeds),
    min: speeds[0]!,
    max: speeds.at(-1)!,
    updatesPerCpuSecondWithMeasures: median(speedsWithMeasures),
    minWithMeasures: speedsWithMeasures[0]!,
    maxWithMeasures: speedsWithMeasures.at(-1)!,
    cold,
    runs: bare.length,
    vehicleUpdates: bare[0]!.vehicleUpdates,
    ...observed(study),
    realTimeFactor: median(inOrder(bare.map((speed) => speed.realTimeFactor))),
  };
}

function coldSpeed(source: Source, flags: StudyFlags): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./coldRun.js', import.meta.url), { workerData: { source, flags } });
    worker.on('message', resolve).on('error', reject);
  });
}

function inOrder(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

function median(ordered: readonly number[]): number {
  return ordered[Math.floor(ordered.length / 2)]!;
}

function benchTable(machine: Record<string, string | number>, cases: readonly CaseResult[]): string {
  const millions = (value: number) => (value / 1e6).toFixed(2);
  const rows = cases.map(
    (one): Row => [
      one.scenario,
      one.controller,
      one.protocol,
      millions(one.updatesPerCpuSecond),
      `${millions(one.min)} to ${millions(one.max)}`,
      millions(one.updatesPerCpuSecondWithMeasures),
      millions(one.cold),
      grouped(Math.round(one.realTimeFactor)),
      grouped(one.runningMax),
      `${grouped(Math.round(one.heapGrowthBytes / 1000))} kB`,
    ],
  );
  const { cpu, cores, node, platform } = machine;
  return `${cpu}, ${cores} cores, Node ${node}, ${platform}, one thread
Million vehicle updates per CPU-second: median of ${cases[0]!.runs} runs after ${WARM_UPS}, slowest to fastest, with measures, cold

${aligned([HEADINGS, ...rows], HEADINGS.length - 1)}`;
}

const HEADINGS: Row = [
  'scenario',
  'controller',
  'protocol',
  'median',
  'range',
  'measured',
  'cold',
  '× real time',
  'running',
  'heap growth',
];
