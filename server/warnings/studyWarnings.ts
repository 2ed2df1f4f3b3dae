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
  const { file, layout, durationS, controller, protocol } = study;
  const never = neverGreenInRun(study);
  const inFile = new Set(neverGreenInPlan(file, study.planRuns));
  const isNew = never.some((m) => !inFile.has(m));
  const fileIsEmpty = expectedVehicles(file, file.durationS) < 1;
  return [
    fileIsEmpty ? null : noVehiclesWarning(layout, durationS),
    isNew ? neverGreenWarning(layout, never, `${controller}, protocol ${protocol}`, durationS) : null,
  ].filter((warning) => warning !== null);
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
  const movements = layout.intersections.flatMap((one) => one.movements);
  const never: number[] = [];
  for (let m = 0; m < network.movementCount; m++) {
    const isDrawn = movements[m]!.connectors.length > 0;
    if (signalised[movementIntersection[m]!] === 1 && green[m] === 0 && isDrawn) never.push(m);
  }
  return withoutTwins(never, layout.intersections);
}

/** Each text once, in the order of its first appearance. */
export function once(warnings: readonly string[]): string[] {
  return [...new Set(warnings)];
}
