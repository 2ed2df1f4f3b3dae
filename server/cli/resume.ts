import type { TrainingState } from '../learning/trainer.ts';
import { Mistake } from '../study/mistake.ts';
import type { Schedule } from './trainFlags.ts';
import { lastCheckpoint, lockTraining } from './trainFolder.ts';
import {
  type Limit,
  limitOf,
  type TrainFlags,
  type TrainOrder,
  type TrainPlan,
  trainPlanOf,
} from './trainPlan.ts';
import { warn } from './warn.ts';

/** What a checkpoint holds: what was to be done, and how far it has come. */
export interface Checkpoint {
  readonly order: TrainOrder;
  readonly limit: Limit;
  /** `null`: the start is not judged yet. */
  readonly state: TrainingState | null;
}

/** A plan, and where it goes on. */
export interface Resumed {
  readonly plan: TrainPlan;
  readonly state: TrainingState | null;
}

/**
 * The training whose checkpoint lies in a folder. Files and flags may be left out, and are those it was begun
 * with; only how long it goes on may be told anew.
 *
 * @throws {Mistake} when there is no checkpoint, or it is of a training with other files or flags
 */
export async function resumed(folder: string, files: readonly string[], flags: TrainFlags): Promise<Resumed> {
  lastCheckpoint(folder); // there is one: a folder of something else gets no lock
  if (flags.out === undefined || flags.out === folder) lockTraining(folder, '--resume');
  const { content, warning } = lastCheckpoint(folder); // what nobody changes from here on
  if (warning !== null) warn([warning]);
  const { order, limit, state } = content as Checkpoint;
  const { cities, protocol, seed, population, start, backend, sight } = order;
  const begunWith: TrainFlags = {
    ...{ cities, seed, population, backend, detectorsOnly: sight === 'detectors' },
    ...(protocol === null ? {} : { protocol }),
    ...(start === null ? {} : { start: start.path }),
  };
  const plan = await trainPlanOf(files.length > 0 ? files : order.files.map(({ path }) => path), {
    ...begunWith,
    ...flags,
  });
  const differences = differencesOf(order, plan.order, flags.schedule);
  if (differences.length > 0) {
    throw new Mistake(
      `The checkpoint in ${folder} is of another training:`,
      ...differences,
      'Leave out what it was begun with, or begin anew without --resume.',
    );
  }
  // A longer limit does not move what has been settled, or happened, already.
  const settled = { ...plan.order, schedule: order.schedule ?? null };
  return { plan: { ...plan, order: settled, limit: limitOf(flags) ?? limit }, state };
}

/** A sentence for each thing that is not as it was. */
function differencesOf(before: TrainOrder, now: TrainOrder, scheduleAsked?: Schedule): string[] {
  const differences: string[] = [];
  for (const flag of ['cities', 'protocol', 'seed', 'population', 'sight', 'backend'] as const) {
    if (before[flag] === now[flag]) continue;
    differences.push(`--${flag}: ${before[flag] ?? 'none'} then, ${now[flag] ?? 'none'} now.`);
  }
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  if (!same(before.weights, now.weights)) {
    differences.push(`--weights: ${before.weights.join(',')} then, ${now.weights.join(',')} now.`);
  }
  if (scheduleAsked !== undefined && !same(before.schedule, scheduleAsked)) {
    differences.push(
      `--schedule: ${before.schedule?.join(',') ?? 'by the limit'} then, ${scheduleAsked.join(',')} now.`,
    );
  }
  if (!same(before.start?.hash, now.start?.hash)) differences.push('--start is another policy.');
  if (!same(before.features, now.features)) {
    differences.push('Its policies see other features than those of this version of Greenwave.');
  }
  if (before.files.length !== now.files.length) {
    differences.push(`${before.files.length} files then, ${now.files.length} now.`);
  } else {
    before.files.forEach(({ path, hash }, k) => {
      const other = now.files[k]!;
      if (hash === other.hash) return;
      differences.push(
        path === other.path ? `${path} has changed since.` : `${path} then, ${other.path} now.`,
      );
    });
  }
  return differences;
}
