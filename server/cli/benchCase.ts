import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { operate } from '../control/operation.ts';
import { type Loaded, loadLayout } from '../files/load.ts';
import { generateGrid } from '../scenario/generate.ts';
import { layOut } from '../scenario/scenarioLayout.ts';
import { runningCount } from '../sim/simulation.ts';
import { operationOf, type Study } from '../study/study.ts';
import { type StudyFlags, studyOf } from './commandStudy.ts';

/** A file to measure; `null`: the generated grid. */
export type Source = string | null;

/** Some 20,000 vehicles on the roads of 900 intersections at the busiest time. */
const GRID = { rows: 30, columns: 30, vehicles: 24_000, durationS: 1800, seed: 0 };

/** By then the first vehicles are under way, and every pass has been through. */
const SETTLED_STEPS = 100;

export async function studyToMeasure(source: Source, flags: StudyFlags): Promise<Study> {
  return studyOf(source === null ? generatedGrid() : await loadLayout(source), flags);
}

function generatedGrid(): Loaded {
  return { layout: layOut(generateGrid(GRID)), format: 'scenario', controllersOnly: false, warnings: [] };
}

export interface Speed {
  readonly updatesPerCpuSecond: number;
  /** Simulated seconds per CPU-second. */
  readonly realTimeFactor: number;
  readonly vehicleUpdates: number; // of one pass through the study
}

/** Runs a study, again and again until `leastS` of CPU time have passed if it is a short one. */
export function timed(study: Study, measures: boolean, leastS: number): Speed {
  let cpuS = 0;
  let updates = 0;
  let passes = 0;
  do {
    const operation = operationOf(study, { measures });
    const start = process.cpuUsage();
    for (let k = 0; k < study.steps; k++) operate(operation);
    const { user, system } = process.cpuUsage(start);
    cpuS += (user + system) / 1e6;
    updates += operation.sim.vehicleUpdates;
    passes++;
  } while (cpuS < leastS);
  return {
    updatesPerCpuSecond: updates / cpuS,
    realTimeFactor: (passes * study.durationS) / cpuS,
    vehicleUpdates: updates / passes,
  };
}

/**
 * What a run puts on the heap once it is under way, whether kept or thrown away, and how many
 * vehicles it has at once at most.
 */
export function observed(study: Study): { heapGrowthBytes: number; runningMax: number } {
  const operation = operationOf(study, { measures: false });
  let runningMax = 0;
  let heapBefore = 0;
  for (let k = 0; k < study.steps; k++) {
    if (k === Math.min(SETTLED_STEPS, study.steps - 1)) heapBefore = collectedHeap();
    operate(operation);
    runningMax = Math.max(runningMax, runningCount(operation.sim));
  }
  return { heapGrowthBytes: process.memoryUsage().heapUsed - heapBefore, runningMax };
}

let collect: (() => void) | undefined;

/** Bytes in use after a full collection. */
function collectedHeap(): number {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = globalThis.gc ?? (runInNewContext('gc') as () => void);
  }
  collect();
  return process.memoryUsage().heapUsed;
}
