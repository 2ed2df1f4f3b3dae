import { csvLine } from '../protocol/csv.ts';
import type { RunResult } from '../report/runResult.ts';
import { tidy } from '../study/flagValue.ts';
import type { Study } from '../study/study.ts';
import { VEHICLE_HEADING, vehicleCells } from './vehicleName.ts';

/** Characters in a piece, more or less. */
const PIECE = 1 << 18;

/** The first line of a comparison's trips.csv. */
export const TRIP_HEADING = csvLine(
  'seed',
  'controller',
  ...VEHICLE_HEADING,
  'createdS',
  'enteredS',
  'finishedS',
  'travelTimeS',
  'delayS',
  'controlDelayS',
  'stops',
  'longestWaitS',
);

/** A row a vehicle, in order of creation, as pieces of UTF-8. What has not happened by the end is left empty. */
export function tripPieces(study: Study, result: RunResult): Uint8Array[] {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let piece = '';
  for (const row of tripRows(study, result)) {
    piece += row;
    if (piece.length < PIECE) continue;
    pieces.push(encoder.encode(piece));
    piece = '';
  }
  if (piece !== '') pieces.push(encoder.encode(piece));
  return pieces;
}

function* tripRows(
  { compiled, durationS }: Study,
  { controller, seed, trips }: RunResult,
): Generator<string> {
  for (let v = 0; v < trips.count; v++) {
    const createdS = trips.createdS[v]!;
    const finishedS = trips.finishedS[v]!;
    yield csvLine(
      seed,
      controller,
      ...vehicleCells(compiled, trips.source[v]!, trips.rank[v]!, trips.vehicleType[v]!, trips.route[v]!),
      tidy(createdS),
      known(trips.enteredS[v]!),
      known(finishedS),
      tidy((Number.isNaN(finishedS) ? durationS : finishedS) - createdS),
      tidy(trips.delayS[v]!),
      known(trips.controlDelayS[v]!),
      trips.stops[v]!,
      tidy(trips.longestWaitS[v]!),
    );
  }
}

function known(value: number): number | '' {
  return Number.isNaN(value) ? '' : tidy(value);
}
