import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvLine } from '../protocol/csv.ts';
import type { Measure } from '../report/measureList.ts';
import type { RunResult } from '../report/runResult.ts';
import { tidy } from '../study/flagValue.ts';

export const REPORT = 'report.html';
export const COMPARISON = 'comparison.json';
export const RUNS = 'runs.csv';
export const TRIPS = 'trips.csv';
const NAMES = [REPORT, COMPARISON, RUNS, TRIPS];

/** Whether a folder holds an earlier comparison and nothing else. */
export function holdsComparison(folder: string): boolean {
  if (readdirSync(folder).some((name) => !NAMES.includes(name))) return false;
  try {
    const record: unknown = JSON.parse(readFileSync(join(folder, COMPARISON), 'utf8'));
    return typeof record === 'object' && record !== null && 'greenwave' in record && 'comparison' in record;
  } catch {
    return false;
  }
}

/** A row a run, a column a measure. What cannot be told is left empty. */
export function* runRows(runs: readonly RunResult[], measures: readonly Measure[]): Generator<string> {
  const ids = measures.map(({ id }) => id);
  yield csvLine('controller', 'seed', 'fingerprint', 'warmupS', 'durationS', ...ids);
  for (const { controller, seed, fingerprint, warmupS, durationS, measures: values } of runs) {
    const cells = ids.map((id) => (Number.isFinite(values[id]) ? tidy(values[id]!) : ''));
    yield csvLine(controller, seed, fingerprint, tidy(warmupS), tidy(durationS), ...cells);
  }
}
