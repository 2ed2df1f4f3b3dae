import { workerData } from 'node:worker_threads';
import { EpisodeRuns } from '../learning/episode.ts';
import type { TrainAnswer, TrainSetup, TrainTask } from './trainTask.ts';

/** The thread that does a training's episodes, one after another. */

const { layouts, sight } = workerData as TrainSetup;
const runs = new EpisodeRuns(layouts, sight);

export default function run(task: TrainTask): TrainAnswer {
  return 'lookInto' in task
    ? runs.lookInto(task.episode, task.lookInto)
    : runs.run(task.episode, task.decider);
}
