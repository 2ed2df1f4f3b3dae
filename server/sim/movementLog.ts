import type { Network } from './network.ts';
import type { Simulation } from './simulation.ts';

/** What happened at each movement, minute by minute. */
export interface MovementLog {
  readonly minutes: MovementMinute[]; // complete ones, and the last one once `closeMinute` was called
  readonly queue: Int32Array; //         by movement: vehicles standing before it now
  readonly queueSince: Int32Array; //    by movement: the step up to which `queueSteps` is worked out
  arrivals: Int32Array;
  departures: Int32Array;
  queueSteps: Float64Array;
  delay: Float64Array;
  startStep: number;
}

export interface MovementMinute {
  readonly startS: number;
  readonly durationS: number;
  readonly arrivals: Int32Array; //    by movement: vehicles that reached its approach lanes
  readonly departures: Int32Array; //  by movement: vehicles that crossed its stop line
  readonly queue: Float64Array; //     by movement: standing vehicles, mean over the minute
  readonly delay: Float64Array; // s   by movement: of those that departed, on the approach, summed
}

export function createMovementLog({ movementCount }: Network): MovementLog {
  return {
    minutes: [],
    queue: new Int32Array(movementCount),
    queueSince: new Int32Array(movementCount),
    arrivals: new Int32Array(movementCount),
    departures: new Int32Array(movementCount),
    queueSteps: new Float64Array(movementCount),
    delay: new Float64Array(movementCount),
    startStep: 0,
  };
}

/** A vehicle bound for `connector` has reached its approach. */
export function countArrival({ network }: Simulation, log: MovementLog, connector: number): void {
  if (connector >= 0) log.arrivals[network.connectorMovement[connector]]++;
}

/** A vehicle bound for `connector` has begun (+1) or ceased (−1) to stand on its approach. */
export function countQueue(
  { network, step }: Simulation,
  log: MovementLog,
  connector: number,
  by: number,
): void {
  if (connector < 0) return;
  const m = network.connectorMovement[connector];
  log.queueSteps[m] += log.queue[m] * (step - log.queueSince[m]);
  log.queueSince[m] = step;
  log.queue[m] += by;
}

/**
 * A vehicle has crossed the stop line onto `connector`, after `lostSteps` more steps on the approach than alone; fewer, by
 * rounding to whole steps, are none.
 */
export function countDeparture(
  { network }: Simulation,
  log: MovementLog,
  connector: number,
  lostSteps: number,
): void {
  if (connector < 0) return;
  const m = network.connectorMovement[connector];
  log.departures[m]++;
  if (lostSteps > 0) log.delay[m] += lostSteps * network.stepS;
}

/** Called after every step; closes the minute when it is over. */
export function noteMinute(sim: Simulation, log: MovementLog): void {
  if ((sim.step - log.startStep) * sim.network.stepS >= 60 - 1e-9) closeMinute(sim, log);
}

/** Closes the minute under way, if it has begun. */
export function closeMinute({ network, step }: Simulation, log: MovementLog): void {
  const steps = step - log.startStep;
  if (steps === 0) return;
  for (let m = 0; m < network.movementCount; m++) {
    log.queueSteps[m] += log.queue[m] * (step - log.queueSince[m]);
    log.queueSince[m] = step;
  }
  log.minutes.push({
    startS: log.startStep * network.stepS,
    durationS: steps * network.stepS,
    arrivals: log.arrivals,
    departures: log.departures,
    queue: log.queueSteps.map((sum) => sum / steps),
    delay: log.delay,
  });
  log.arrivals = new Int32Array(network.movementCount);
  log.departures = new Int32Array(network.movementCount);
  log.queueSteps.fill(0);
  log.delay = new Float64Array(network.movementCount);
  log.startStep = step;
}
