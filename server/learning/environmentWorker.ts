import { parentPort, workerData } from 'node:worker_threads';
import { SignalEnvironment } from '../environment/environment.ts';
import type { Outcome } from '../environment/spaces.ts';
import type { EnvironmentOrder, EnvironmentReport, EnvironmentSetup } from './environmentTask.ts';

/** The thread that runs some of a `VectorEnvironment`'s copies. */

const { layout, options, count, seedStride } = workerData as EnvironmentSetup;

const copies = Array.from({ length: count }, () => ({
  environment: new SignalEnvironment(layout, options),
  seed: 0,
  ended: false,
}));

parentPort!.on('message', (order: EnvironmentOrder) => parentPort!.postMessage(done(order)));

function done(order: EnvironmentOrder): EnvironmentReport {
  let copy = 0;
  try {
    if (order.kind === 'reset') {
      const beginnings = order.seeds.map((seed, k) => {
        copy = k;
        Object.assign(copies[k]!, { seed, ended: false });
        return copies[k]!.environment.reset(seed);
      });
      return { kind: 'reset', beginnings };
    }
    const outcomes = order.actions.map((actions, k) => {
      copy = k;
      return step(copies[k]!, actions);
    });
    return { kind: 'step', outcomes };
  } catch (error) {
    return { kind: 'error', copy, message: error instanceof Error ? error.message : String(error) };
  }
}

/** One step; an episode that has ended begins anew instead. */
function step(copy: (typeof copies)[number], actions: ArrayLike<number>): Outcome {
  const { environment } = copy;
  if (copy.ended) {
    copy.seed += seedStride;
    copy.ended = false;
    const rewards = new Float64Array(environment.agents.length);
    return { ...environment.reset(copy.seed), rewards, terminated: false, truncated: false };
  }
  const outcome = environment.step(actions);
  copy.ended = outcome.terminated || outcome.truncated;
  return outcome;
}
