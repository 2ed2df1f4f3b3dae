import { workerData } from 'node:worker_threads';
import type { Trips } from '../report/runResult.ts';
import { type Compiled, compile } from '../scenario/compile.ts';
import { atSeed, isUnchanged, type Study } from '../study/study.ts';
import { studyOf } from './commandStudy.ts';
import type { RunAnswer, RunTask, WorkerSetup } from './compareTask.ts';
import { conductMeasured } from './conductMeasured.ts';
import { tripPieces } from './tripRows.ts';

/** The thread that does a comparison's runs, one after another. */

const { loaded, studyFlags } = workerData as WorkerSetup;

let compiled: Compiled | undefined;
/** By controller: prepared once, used for all seeds. Stays empty where every seed has a network of its own. */
const prepared: (Study | undefined)[] = [];

export default function run(task: RunTask): RunAnswer {
  const study = studyFor(task);
  const result = conductMeasured(study, task.warmupS, task.kind === 'traced');
  const tripRows = task.kind === 'pilot' ? [] : tripPieces(study, result);
  return { result: { ...result, trips: drawnColumns(result.trips) }, tripRows };
}

/** The columns that pictures of all seeds need; the others are in trips.csv, and would fill the memory. */
function drawnColumns({ count, createdS, finishedS, delayS }: Trips): Trips {
  const none = { integer: new Int32Array(0), float: new Float64Array(0) };
  return {
    ...{ count, createdS, finishedS, delayS },
    ...{ route: none.integer, vehicleType: none.integer, source: none.integer, rank: none.integer },
    ...{ enteredS: none.float, controlDelayS: none.float, stops: none.integer, longestWaitS: none.float },
  };
}

function studyFor({ controller, seed }: RunTask): Study {
  const flags = studyFlags[controller]!;
  if (!isUnchanged(flags)) return studyOf(loaded, { ...flags, seed });
  compiled ??= compile(loaded.layout);
  prepared[controller] ??= studyOf(loaded, { ...flags, seed }, compiled);
  return atSeed(prepared[controller], seed);
}
