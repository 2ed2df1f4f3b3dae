import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvLine } from '../protocol/csv.ts';
import { visibleLines } from '../protocol/visibleText.ts';
import { NEVER } from '../sim/network.ts';
import { INTERVAL } from '../sim/signal.ts';
import { delays, longestWait } from '../sim/summary.ts';
import { tidy } from '../study/flagValue.ts';
import type { Conducted, RunRecord } from './conduct.ts';
import type { FileTexts } from './folderDraft.ts';
import { VEHICLE_HEADING, vehicleCells } from './vehicleName.ts';

const NAMES = ['summary.json', 'trips.csv', 'movements.csv', 'signals.csv'];

/** Whether a folder holds an earlier run and nothing else. */
export function holdsRun(folder: string): boolean {
  if (readdirSync(folder).some((name) => !NAMES.includes(name))) return false;
  try {
    const summary: unknown = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
    return typeof summary === 'object' && summary !== null && 'fingerprint' in summary;
  } catch {
    return false;
  }
}

/** The files of a run. Times are seconds since its start. */
export function runFiles(conducted: Conducted, record: RunRecord): FileTexts {
  return {
    'summary.json': [visibleLines(`${JSON.stringify(record, null, 2)}\n`)],
    'trips.csv': tripRows(conducted),
    'movements.csv': movementRows(conducted),
    'signals.csv': signalRows(conducted),
  };
}

/** A row a vehicle, in order of creation. What has not happened by the end of the run is left empty. */
function* tripRows({ study, sim }: Conducted): Generator<string> {
  const { network, vehicles, measures, step } = sim;
  const { stepS } = network;
  const delay = delays(sim);
  const at = (stamp: number) => (stamp === NEVER ? '' : tidy(stamp * stepS));
  yield csvLine(
    ...VEHICLE_HEADING,
    'createdS',
    'enteredS',
    'finishedS',
    'travelTimeS',
    'delayS',
    'stops',
    'longestWaitS',
  );
  for (let v = 0; v < vehicles.created; v++) {
    const finished = vehicles.finishedAt[v]!;
    yield csvLine(
      ...vehicleCells(
        study.compiled,
        vehicles.source[v]!,
        vehicles.rank[v]!,
        vehicles.type[v]!,
        vehicles.route[v]!,
      ),
      at(vehicles.createdAt[v]!),
      at(vehicles.enteredAt[v]!),
      at(finished),
      tidy((Math.min(finished, step) - vehicles.createdAt[v]!) * stepS),
      tidy(delay[v]!),
      v < measures!.capacity ? measures!.stops[v]! : 0,
      tidy(longestWait(sim, measures!, v) * stepS),
    );
  }
}

/** A row per minute, intersection and movement. */
function* movementRows({ study, sim }: Conducted): Generator<string> {
  const { intersections, roads } = study.compiled.layout;
  yield csvLine(
    'minuteStartS',
    'durationS',
    'intersection',
    'movement',
    'fromRoad',
    'toRoad',
    'turn',
    'arrivals',
    'departures',
    'averageQueue',
    'delayS',
  );
  for (const { startS, durationS, arrivals, departures, queue, delay } of sim.measures!.movements!.minutes) {
    let m = 0;
    for (const { id, movements } of intersections) {
      for (const movement of movements) {
        yield csvLine(
          tidy(startS),
          tidy(durationS),
          id,
          movement.id,
          roads[movement.from]!.id,
          roads[movement.to]!.id,
          movement.turn,
          arrivals[m]!,
          departures[m]!,
          tidy(queue[m]!),
          tidy(delay[m]!),
        );
        m++;
      }
    }
  }
}

const INTERVAL_NAMES = {
  [INTERVAL.green]: 'green',
  [INTERVAL.yellowChange]: 'yellow change',
  [INTERVAL.redClearance]: 'red clearance',
} as const;

/** A row per interval shown, in order of its start. During a change the phase is the one that ends. */
function* signalRows({ study, sim, signals }: Conducted): Generator<string> {
  const { intersections } = study.compiled.layout;
  const { stepS } = sim.network;
  const log = signals!;
  yield csvLine('intersection', 'ring', 'phase', 'interval', 'startS', 'durationS');
  for (let row = 0; row < log.count; row++) {
    const i = log.intersection[row]!;
    const { id } = intersections[i]!;
    yield csvLine(
      id,
      log.ring[row]! + 1,
      study.phaseNames[log.phase[row]!]!,
      INTERVAL_NAMES[log.interval[row] as 0 | 1 | 2],
      tidy(log.startStep[row]! * stepS),
      tidy((log.endStep[row]! - log.startStep[row]!) * stepS),
    );
  }
}
