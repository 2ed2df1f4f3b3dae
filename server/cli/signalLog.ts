import type { Simulation } from '../sim/simulation.ts';

/** What signals showed: a row per interval, in order of its start. */
export interface SignalLog {
  count: number;
  intersection: Int32Array;
  phase: Int32Array; //     index of the network; during a change the one that is ending
  interval: Uint8Array; //  INTERVAL value
  startStep: Int32Array;
  endStep: Int32Array; //   exclusive; of the last row of an intersection only after `closeSignalLog`
  readonly latest: Int32Array; // by intersection: its last row; −1: none yet
}

export function createSignalLog(intersectionCount: number): SignalLog {
  const capacity = 16 * intersectionCount + 16;
  return {
    count: 0,
    intersection: new Int32Array(capacity),
    phase: new Int32Array(capacity),
    interval: new Uint8Array(capacity),
    startStep: new Int32Array(capacity),
    endStep: new Int32Array(capacity),
    latest: new Int32Array(intersectionCount).fill(-1),
  };
}

/** Called after every step. An interval that began in it has been shown for exactly one step. */
export function noteSignals(log: SignalLog, { network, signals, step }: Simulation): void {
  const { signalised } = network;
  const { elapsed, phase, interval } = signals;
  for (let i = 0; i < signalised.length; i++) {
    if (signalised[i] === 0 || elapsed[i] !== 1) continue;
    if (log.count === log.phase.length) grow(log);
    const row = log.count++;
    log.intersection[row] = i;
    log.phase[row] = phase[i]!;
    log.interval[row] = interval[i]!;
    log.startStep[row] = step - 1;
    if (log.latest[i]! >= 0) log.endStep[log.latest[i]!] = step - 1;
    log.latest[i] = row;
  }
}

/** Ends the intervals under way. */
export function closeSignalLog(log: SignalLog, { step }: Simulation): void {
  for (const row of log.latest) if (row >= 0) log.endStep[row] = step;
}

function grow(log: SignalLog): void {
  const longer = (column: Int32Array) => {
    const copy = new Int32Array(column.length * 2);
    copy.set(column);
    return copy;
  };
  const interval = new Uint8Array(log.interval.length * 2);
  interval.set(log.interval);
  log.interval = interval;
  log.intersection = longer(log.intersection);
  log.phase = longer(log.phase);
  log.startStep = longer(log.startStep);
  log.endStep = longer(log.endStep);
}
