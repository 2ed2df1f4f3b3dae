import { setImmediate as breathe } from 'node:timers/promises';
import { fingerprint, formatFingerprint } from '../sim/fingerprint.ts';
import { closeMinute } from '../sim/movementLog.ts';
import type { Simulation } from '../sim/simulation.ts';
import { type Summary, summarize } from '../sim/summary.ts';
import { advance, operationOf, type Study } from '../study/study.ts';
import { runWarnings } from '../warnings/runWarnings.ts';
import { once } from '../warnings/startWarnings.ts';
import { progressOf } from './progress.ts';
import { closeSignalLog, createSignalLog, noteSignals, type SignalLog } from './signalLog.ts';

/** Interval at which a run yields to the event loop, so that signals such as Ctrl-C are handled. */
const BREATHE_EVERY_MS = 100;

/** A study that was run to its end. */
export interface Conducted {
  readonly study: Study;
  readonly sim: Simulation;
  readonly cpuSeconds: number;
  /** What the run showed at its end. */
  readonly endWarnings: readonly string[];
  /** Only when details were asked for. */
  readonly signals: SignalLog | null;
}

/**
 * Runs a study to its end.
 *
 * @param details  whether movements and signals are logged, for the files
 */
export async function conduct(study: Study, details: boolean): Promise<Conducted> {
  const operation = operationOf(study, { measures: true, byMovement: details });
  const { sim } = operation;
  const signals = details ? createSignalLog(sim.network.ringIntersection.length) : null;
  const progress = await progressOf(study.controller.name, study.steps, 'steps');
  const start = process.cpuUsage();
  let breatheAt = performance.now() + BREATHE_EVERY_MS;
  while (sim.step < study.steps) {
    advance(study, operation);
    if (signals !== null) noteSignals(signals, sim);
    progress.done(sim.step);
    if (performance.now() < breatheAt) continue;
    await breathe(); // signals are taken here
    breatheAt = performance.now() + BREATHE_EVERY_MS;
  }
  const { user, system } = process.cpuUsage(start);
  progress.end();
  if (signals !== null) closeSignalLog(signals, sim);
  if (sim.measures?.movements) closeMinute(sim, sim.measures.movements);
  const endWarnings = runWarnings(sim, study.compiled.names);
  return { study, sim, cpuSeconds: (user + system) / 1e6, endWarnings, signals };
}

/** What a run is known by, as it is printed by `--json` and kept in `summary.json`. */
export interface RunRecord extends Summary {
  readonly scenario: string;
  readonly controller: string;
  /** What its preparation came to: a plan's cycle, which policy it is. */
  readonly facts: readonly string[];
  readonly protocol: string;
  /** Time from decision to decision. */
  readonly decisionS: number;
  readonly seed: number;
  readonly jitterS: number;
  readonly demandScale: number;
  readonly durationS: number;
  readonly stepS: number;
  readonly steps: number;
  readonly fingerprint: string;
  readonly vehicleUpdates: number;
  readonly cpuSeconds: number;
  readonly updatesPerCpuSecond: number;
  /** Of the file, of how it is run, then of the run at its end: each once. */
  readonly warnings: readonly string[];
}

export function recordOf({ study, sim, cpuSeconds, endWarnings }: Conducted): RunRecord {
  const { compiled, controller, facts, protocol, seed, jitterS, demandScale, durationS } = study;
  return {
    scenario: compiled.layout.name,
    controller: controller.name,
    facts,
    protocol: protocol.name,
    decisionS: protocol.decisionS ?? sim.network.stepS,
    seed,
    jitterS,
    demandScale,
    durationS,
    stepS: sim.network.stepS,
    steps: sim.step,
    fingerprint: formatFingerprint(fingerprint(sim)),
    ...summarize(sim),
    vehicleUpdates: sim.vehicleUpdates,
    cpuSeconds,
    updatesPerCpuSecond: cpuSeconds === 0 ? 0 : sim.vehicleUpdates / cpuSeconds,
    warnings: once([...study.warnings, ...endWarnings]),
  };
}
