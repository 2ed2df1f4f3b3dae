import type { Simulation } from '../sim/simulation.ts';

/** What signals showed: a row per interval, in order of its start. */
export interface SignalLog {
  count: number;
  intersection: Int32Array;
  ring: Uint8Array; //      0, or 1 for an intersection's second
  phase: Int32Array; //     index of the network; during a change the one that is ending
  interval: Uint8Array; //  INTERVAL value
  startStep: Int32Array;
  endStep: Int32Array; //   exclusive; of the last row of a ring only after `closeSignalLog`
  readonly latest: Int32Array; // by ring: its last row; −1: none yet
}

export function createSignalLog(ringCount: number): SignalLog {
  const capacity = 16 * ringCount + 16;
  return {
    count: 0,
    intersection: new Int32Array(capacity),
    ring: new Uint8Array(capacity),
    phase: new Int32Array(capacity),
    interval: new Uint8Array(capacity),
    startStep: new Int32Array(capacity),
    endStep: new Int32Array(capacity),
    latest: new Int32Array(ringCount).fill(-1),
  };
}

/** Called after every step. An interval that began in it has been shown for exactly one step. */
export function noteSignals(log: SignalLog, { network, signals, step }: Simulation): void {
  const { signalised, ringIntersection } = network;
  const { elapsed, phase, interval } = signals;
  for (let r = 0; r < ringIntersection.length; r++) {
    const i = ringIntersection[r]!;
    if (signalised[i] === 0 || elapsed[r] !== 1) continue;
    if (log.count === log.phase.length) grow(log);
    const row = log.count++;
    log.intersection[row] = i;
    log.ring[row] = r === i ? 0 : 1;
    log.phase[row] = phase[r]!;
    log.interval[row] = interval[r]!;
    log.startStep[row] = step - 1;
    if (log.latest[r]! >= 0) log.endStep[log.latest[r]!] = step - 1;
    log.latest[r] = row;
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
  const longerBytes = (column: Uint8Array) => {
    const copy = new Uint8Array(column.length * 2);
    copy.set(column);
    return copy;
  };
  log.interval = longerBytes(log.interval);
  log.ring = longerBytes(log.ring);
  log.intersection = longer(log.intersection);
  log.phase = longer(log.phase);
  log.startStep = longer(log.startStep);
  log.endStep = longer(log.endStep);
}
