import type { Ruled } from '../control/protocol.ts';
import type { Layout } from '../scenario/layout.ts';
import { noVehiclesWarning } from './layoutWarnings.ts';
import { type NeverGreen, neverGreenInPlan, neverGreenWarning, withoutTwins } from './neverGreen.ts';
import { expectedVehicles } from './trips.ts';

/** A run that is about to begin, as far as warnings are concerned. */
export interface StudyFacts {
  /** As it was read, before flags changed the demand. */
  readonly file: Layout;
  readonly planRuns: boolean;
  /** As it is run. */
  readonly layout: Layout;
  readonly durationS: number;
  readonly ruled: Ruled;
  /** Whether the controller follows the plan's splits rather than choosing phases. */
  readonly followsPlan: boolean;
  readonly controller: string;
  readonly protocol: string;
}

/**
 * What a run adds to the warnings of its file: the demand that flags took away, and movements that the controller never
 * shows green to though the file does.
 */
export function startWarnings(study: StudyFacts): string[] {
  const { layout, durationS } = study;
  const empty = noVehiclesWarning(layout, durationS);
  const never = neverGreenInRun(study);
  return [
    empty === null || isEmpty(study.file) ? null : empty,
    isInFile(never, study)
      ? null
      : neverGreenWarning(layout, never, `${study.controller}, protocol ${study.protocol}`, durationS),
  ].filter((warning) => warning !== null);
}

/** Whether the file alone has too few vehicles, which its own warning says. */
function isEmpty(file: Layout): boolean {
  return expectedVehicles(file, file.durationS) < 1;
}

/** Whether the plan of the file leaves out all of them, which its own warning says. */
function isInFile(never: NeverGreen, { file, planRuns }: StudyFacts): boolean {
  if (never.length === 0) return true;
  const inFile = new Set(neverGreenInPlan(file, planRuns));
  return never.every((m) => inFile.has(m));
}

/** Movements that are in none of the phases which the controller may choose, nor in the one shown between two. */
function neverGreenInRun({ layout, ruled, followsPlan }: StudyFacts): NeverGreen {
  const { network, phaseSets } = ruled;
  const { phaseMovements, ringIntersection, movementIntersection, signalised, split, changePhase } = network;
  const green = new Uint8Array(network.movementCount);
  const show = (p: number) => {
    for (let k = phaseMovements.starts[p]!; k < phaseMovements.starts[p + 1]!; k++)
      green[phaseMovements.items[k]!] = 1;
  };
  phaseSets.forEach((phases, ring) => {
    const between = changePhase[ringIntersection[ring]!]!;
    if (between >= 0 && phases.length > 0) show(between);
    for (const p of phases) if (!followsPlan || phases.length === 1 || split[p]! > 0) show(p);
  });
  const red: number[] = [];
  for (let m = 0; m < network.movementCount; m++) {
    if (signalised[movementIntersection[m]!] === 1 && green[m] === 0) red.push(m);
  }
  if (red.length === 0) return red;
  const movements = layout.intersections.flatMap((one) => one.movements);
  const never = red.filter((m) => movements[m]!.connectors.length > 0);
  return withoutTwins(never, layout.intersections);
}

/** Each text once, in the order of its first appearance. */
export function once(warnings: readonly string[]): string[] {
  return [...new Set(warnings)];
}
