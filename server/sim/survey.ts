import {
  type ControlDelay,
  chargeIntersection,
  createControlDelay,
  growControlDelay,
  noteDriving,
} from './controlDelay.ts';
import { createDrivingSurvey, type DrivingSurvey, growDrivingSurvey, noteDriven } from './drivingSurvey.ts';
import type { Network } from './network.ts';
import { createQueueSurvey, noteQueues, type QueueSurvey } from './queueSurvey.ts';
import { createSignalSurvey, noteShown, type SignalSurvey } from './signalSurvey.ts';
import type { Simulation } from './simulation.ts';
import { createTrace, type Trace, traceCorridor, traceSignals } from './trace.ts';

/**
 * A traffic survey: observers that stand at every approach and look at every vehicle in every step, for
 * what a comparison reports beyond `Measures`. They see, and change nothing: a run goes the same way with and
 * without them. Unlike the measures they cost about as much again as the run, so they come only when asked.
 *
 * All but the series and the trace counts from the end of the warm-up. A snapshot does not hold a survey.
 */
export interface SurveyOptions {
  /** End of the warm-up, s. */
  readonly fromS: number;
  /** By vehicle type: EMISSION_CLASS value; cars unless given. */
  readonly emissionClass?: Uint8Array;
  /** Whether signals and the vehicles of the corridor are recorded for pictures. */
  readonly trace?: boolean;
  /** Whether only control delay is looked at, which costs little. */
  readonly controlDelayOnly?: boolean;
}

export interface Survey {
  readonly fromStep: number; // the warm-up's last step is the one before
  readonly controlDelayOnly: boolean;
  capacity: number;
  readonly controlDelay: ControlDelay;
  readonly queues: QueueSurvey;
  readonly signals: SignalSurvey;
  readonly driving: DrivingSurvey;
  readonly series: SurveySeries;
  readonly trace: Trace | null;
}

/** Values by interval, from the start of the run. */
export interface SurveySeries {
  readonly intervalSteps: number;
  readonly served: number[]; //       vehicles that left an intersection with a signal
  readonly delay: number[]; //    s   control delay of these, summed
  readonly queue: number[]; //        vehicles standing on approaches, mean
  readonly present: number[]; //      vehicles on the network or waiting to enter it, at the end
  readonly finished: number[]; //     vehicles that finished
  readonly queues: Float64Array[]; // by approach: mean queue; only with a trace
  startStep: number; //               of the interval under way
  finishedBefore: number;
}

export const SERIES_INTERVAL_S = 60;

export function createSurvey(network: Network, capacity: number, options: SurveyOptions): Survey {
  return {
    fromStep: Math.round(options.fromS / network.stepS),
    controlDelayOnly: options.controlDelayOnly ?? false,
    capacity,
    controlDelay: createControlDelay(network, capacity),
    queues: createQueueSurvey(network),
    signals: createSignalSurvey(network),
    driving: createDrivingSurvey(network, capacity, options.emissionClass),
    series: {
      intervalSteps: Math.max(1, Math.round(SERIES_INTERVAL_S / network.stepS)),
      served: [],
      delay: [],
      queue: [],
      present: [],
      finished: [],
      queues: [],
      startStep: 0,
      finishedBefore: 0,
    },
    trace: options.trace === true ? createTrace(network) : null,
  };
}

/** After the signals of a step, and before anything moves. */
export function surveySignals(sim: Simulation, survey: Survey): void {
  if (survey.controlDelayOnly) return;
  noteShown(sim, survey.signals, sim.step >= survey.fromStep);
  if (survey.trace !== null) traceSignals(sim, survey.trace);
}

/** The vehicle in `slot` is driving off element `e`; it has not been taken out yet. */
export function surveyLeaving(sim: Simulation, survey: Survey, e: number, slot: number): void {
  makeRoom(sim, survey);
  noteDriving(sim, survey.controlDelay, e, slot, sim.step >= survey.fromStep);
}

/** The vehicle that `surveyLeaving` saw last is now `x` along element `to`, bound for `next`, or out of the network (NONE). */
export function surveyLeft(
  sim: Simulation,
  survey: Survey,
  vehicle: number,
  to: number,
  next: number,
  x: number,
  v: number,
): void {
  chargeIntersection(sim, survey.controlDelay, vehicle, to, next, x, v, sim.step >= survey.fromStep);
}

/** The end of a step. */
export function surveyStep(sim: Simulation, survey: Survey): void {
  makeRoom(sim, survey);
  if (survey.controlDelayOnly) return;
  const { step } = sim;
  const { series, trace } = survey;
  const counts = step > survey.fromStep;
  noteQueues(sim, survey.queues, counts);
  if (step >= survey.fromStep) noteDriven(sim, survey.driving, counts);
  if (trace !== null && trace.corridor !== null) traceCorridor(sim, trace.corridor);
  if (step - series.startStep === series.intervalSteps) closeInterval(sim, survey);
}

/** Closes the interval of the series that is under way, if it has begun. */
export function closeInterval({ vehicles, step }: Simulation, survey: Survey): void {
  const { series, queues, controlDelay } = survey;
  const steps = step - series.startStep;
  if (steps === 0) return;
  series.served.push(controlDelay.servedNow);
  series.delay.push(controlDelay.delayNow);
  series.queue.push(queues.totalNow / steps);
  series.present.push(vehicles.created - vehicles.finished);
  series.finished.push(vehicles.finished - series.finishedBefore);
  if (survey.trace !== null) series.queues.push(queues.now.map((sum) => sum / steps));
  controlDelay.servedNow = 0;
  controlDelay.delayNow = 0;
  queues.totalNow = 0;
  queues.now.fill(0);
  series.startStep = step;
  series.finishedBefore = vehicles.finished;
}

function makeRoom({ vehicles }: Simulation, survey: Survey): void {
  if (survey.capacity >= vehicles.capacity) return;
  survey.capacity = vehicles.capacity;
  growControlDelay(survey.controlDelay, vehicles.capacity);
  growDrivingSurvey(survey.driving, vehicles.capacity);
}
