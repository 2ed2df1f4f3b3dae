import type { Names } from '../scenario/compile.ts';
import type { Simulation } from '../sim/simulation.ts';

/** A run that has come to its end, or to where somebody looks at it. */
export interface FinishedRun {
  readonly sim: Simulation;
  readonly names: Names;
}

/**
 * Looks at a finished run, and says in full sentences what its figures alone would hide; nothing where all is well.
 * It reads the simulation and changes nothing.
 */
export type RunFinding = (run: FinishedRun) => readonly string[];

/**
 * What is looked for at the end of every run. To add a finding, write a `RunFinding` and list it here: it is then shown
 * by `run`, kept in `summary.json` and `comparison.json` by run, told in the report with its controller and seeds, and
 * an alarm of the live page in the step in which the run ends.
 */
const FINDINGS: readonly RunFinding[] = [nobodyFinished];

/** All that is to be said of a run at its end, each sentence once. */
export function runWarnings(sim: Simulation, names: Names): string[] {
  return [...new Set(FINDINGS.flatMap((finding) => finding({ sim, names })))];
}

/** A run of less than this may be shorter than any trip, s. */
const SHORT_RUN_S = 600;

/** Averages of a run in which nobody arrives look like those of heavy traffic. */
function nobodyFinished({ sim: { vehicles, network, step } }: FinishedRun): string[] {
  const isLong = step * network.stepS >= SHORT_RUN_S;
  if (vehicles.created === 0 || vehicles.finished > 0 || !isLong) return [];
  return [`None of the ${vehicles.created.toLocaleString('en')} vehicles finished its trip.`];
}
