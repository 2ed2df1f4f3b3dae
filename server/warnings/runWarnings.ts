import type { Names } from '../scenario/compile.ts';
import { LOCK_GREENS, lockedMovements } from '../sim/greens.ts';
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
const FINDINGS: readonly RunFinding[] = [nobodyFinished, locked];

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

/** So many locked movements are named; the others are counted. */
const LOCKED_NAMED = 3;

/** Movements that had green again and again while nobody could move: spillback has locked an intersection. */
function locked({ sim: { measures, network }, names }: FinishedRun): string[] {
  const found = measures === null ? [] : lockedMovements(measures.greens);
  if (found.length === 0) return [];
  const named = found.slice(0, LOCKED_NAMED).map(({ movement, step }) => {
    const [intersection = '', ...turn] = names.movement[movement]!.split('.');
    return `${turn.join('.')} at "${intersection}" (at ${Math.round(step * network.stepS).toLocaleString('en')} s)`;
  });
  const others = found.length - named.length;
  const more = others > 0 ? `, and ${others} more` : '';
  return [
    `Gridlock: ${found.length === 1 ? 'a movement' : `${found.length} movements`} had green for ${LOCK_GREENS} cycles in a row and no vehicle moved: ${named.join(', ')}${more}.`,
  ];
}
