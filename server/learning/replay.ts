import { INPUT_COUNT } from '../environment/observer.ts';
import type { Sample } from './rollouts.ts';

/** Decisions to learn from, oldest first, as columns: `phases` by decision, the others by its phases in turn. */
export interface Replay {
  readonly phases: Int32Array;
  readonly inputs: Float32Array; // by phase × INPUT_COUNT
  readonly costs: Float32Array; //  by phase: veh·s, less the mean over the decision's phases
}

export const EMPTY_REPLAY: Replay = {
  phases: new Int32Array(0),
  inputs: new Float32Array(0),
  costs: new Float32Array(0),
};

/** Samples as columns, which pass from thread to thread for little. */
export function replayOf(samples: readonly Sample[]): Replay {
  return {
    phases: Int32Array.from(samples, ({ phaseCount }) => phaseCount),
    inputs: joined(samples.map(({ inputs }) => Float32Array.from(inputs))),
    costs: joined(
      samples.map(({ costs }) => {
        const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
        return Float32Array.from(costs, (cost) => cost - mean);
      }),
    ),
  };
}

/** All in turn; of more than `most` decisions the latest. */
export function joinedReplay(parts: readonly Replay[], most: number): Replay {
  const phases = Int32Array.from(parts.flatMap((part) => [...part.phases]));
  const dropped = Math.max(0, phases.length - most);
  const rows = phases.subarray(0, dropped).reduce((sum, count) => sum + count, 0);
  return {
    phases: phases.slice(dropped),
    inputs: joined(parts.map(({ inputs }) => inputs)).slice(rows * INPUT_COUNT),
    costs: joined(parts.map(({ costs }) => costs)).slice(rows),
  };
}

function joined(columns: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    all.set(column, at);
    at += column.length;
  }
  return all;
}
