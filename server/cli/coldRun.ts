import { parentPort, workerData } from 'node:worker_threads';
import { type Source, studyToMeasure, timed } from './benchCase.ts';
import type { StudyFlags } from './commandStudy.ts';

/** A worker thread has code of its own, none of it compiled yet: one run in it is a first run. */
const { source, flags } = workerData as { source: Source; flags: StudyFlags };
const study = await studyToMeasure(source, flags);
parentPort?.postMessage(timed(study, false, 0).updatesPerCpuSecond);
