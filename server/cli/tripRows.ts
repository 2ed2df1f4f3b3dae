import type { RunResult } from '../report/runResult.ts';
import { line } from './csv.ts';
import { tidy } from './flagValue.ts';
import type { Study } from './study.ts';
import { vehicleName } from './vehicleName.ts';

/** Characters in a piece, more or less. */
const PIECE = 1 << 18;

/** The first line of a comparison's trips.csv. */
export const TRIP_HEADING = line(
  'seed',
  'controller',
  'vehicle',
  'vehicleType',
  'originRoad',
  'destinationRoad',
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
  const { names, network } = compiled;
  const { starts, items } = network.routes;
  for (let v = 0; v < trips.count; v++) {
    const route = trips.route[v]!;
    const createdS = trips.createdS[v]!;
    const finishedS = trips.finishedS[v]!;
    yield line(
      seed,
      controller,
      vehicleName(names, trips.source[v]!, trips.rank[v]!),
      names.vehicleType[trips.vehicleType[v]!]!,
      names.road[items[starts[route]!]!]!,
      names.road[items[starts[route + 1]! - 1]!]!,
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
