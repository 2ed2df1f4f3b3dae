import type { Layout } from '../../server/scenario/layout.ts';
import { ApproachTimes, approachLanes } from './approachTimes.ts';
import { PlainModel } from './plainModel.ts';
import type { PlainLane } from './plainNetwork.ts';

/** The two controllers of the signal-control papers in their common environment, driving the plain model. */

export interface LiteratureResult {
  readonly engineAverageTravelTimeS: number;
  readonly paperAverageTravelTimeS: number;
  readonly finished: number;
  readonly insideAtEnd: number;
  readonly waitingToEnter: number;
  readonly seenOnApproaches: number;
  readonly leftAnApproach: number;
  /** Vehicles halted on approaches, mean over steps. */
  readonly averageQueue: number;
  readonly averageQueueAtDecisions: number;
  readonly vehicleUpdates: number;
  readonly steps: number;
}

export interface LiteratureStudy {
  readonly layout: Layout;
  readonly controller: 'fixed-time' | 'max-pressure';
  /** Decision interval A, s; also FixedTime's nominal green. */
  readonly decisionS: number;
  readonly durationS: number;
  /** Called after every step. */
  readonly watch?: (model: PlainModel) => void;
}

const HALTED = 0.1; // m/s
const YELLOW_PHASE = 0;
const YELLOW_STEPS = 5;
const PHASES = [1, 2, 3, 4];

interface SignalState {
  readonly intersection: number;
  readonly phases: readonly number[];
  /** Per phase of `phases` the movements that count for its pressure. */
  readonly movements: readonly (readonly {
    readonly start: readonly PlainLane[];
    readonly exit: readonly PlainLane[];
  }[])[];
  phase: number;
  /** Steps shown of the present green. */
  timer: number;
  yellowLeft: number;
}

export function runLiterature({
  layout,
  controller,
  decisionS,
  durationS,
  watch,
}: LiteratureStudy): LiteratureResult {
  const model = new PlainModel(layout);
  const approaches = approachLanes(layout, model).flat();
  const times = new ApproachTimes(model);
  const signals = signalStates(layout, model);
  const decisionSteps = Math.round(decisionS / layout.stepS);
  const steps = Math.round(durationS / layout.stepS);
  let queueSum = 0;
  let decisionQueueSum = 0;
  let decisions = 0;
  let vehicleUpdates = 0;
  for (let step = 0; step < steps; step++) {
    if (step % decisionSteps === 0) {
      for (const signal of signals) {
        const wanted = controller === 'fixed-time' ? fixedTime(signal, decisionSteps) : maxPressure(signal);
        if (wanted === signal.phase) continue;
        Object.assign(signal, { phase: wanted, timer: 0, yellowLeft: YELLOW_STEPS });
        model.setPhase(signal.intersection, YELLOW_PHASE);
      }
    }
    for (const signal of signals) showOneStep(model, signal);
    model.step();
    times.observe();
    const queue = halted(approaches);
    queueSum += queue;
    vehicleUpdates += model.running.length;
    if ((step + 1) % decisionSteps === 0) {
      decisionQueueSum += queue;
      decisions++;
    }
    watch?.(model);
  }
  return {
    engineAverageTravelTimeS: model.averageTravelTime(),
    paperAverageTravelTimeS: times.average(durationS),
    finished: model.finishedCount,
    insideAtEnd: model.running.length,
    waitingToEnter: model.waitingCount,
    seenOnApproaches: times.seenCount,
    leftAnApproach: times.leftCount,
    averageQueue: queueSum / steps,
    averageQueueAtDecisions: decisionQueueSum / decisions,
    vehicleUpdates,
    steps,
  };
}

function signalStates(layout: Layout, model: PlainModel): SignalState[] {
  return layout.intersections.flatMap(({ signal, movements }, intersection) => {
    if (signal === null || signal.phases.length < 2) return [];
    const phases = PHASES.filter((phase) => phase < signal.phases.length);
    const lanes = movements.map(({ from, to, connectors }) => {
      const starts = new Set(connectors.map((connector) => connector.fromLane));
      return {
        start: [...starts].map((lane) => model.network.lanes[from][lane]),
        exit: model.network.lanes[to],
      };
    });
    const counted = phases.map((phase) =>
      signal.phases[phase].greens.flatMap(({ movement }) =>
        movements[movement].turn === 'right' ? [] : [lanes[movement]],
      ),
    );
    const state: SignalState = {
      intersection,
      phases,
      movements: counted,
      phase: phases[0],
      timer: 0,
      yellowLeft: 0,
    };
    model.setPhase(intersection, state.phase);
    return [state];
  });
}

function showOneStep(model: PlainModel, signal: SignalState): void {
  if (signal.yellowLeft === 0) {
    model.setPhase(signal.intersection, signal.phase);
    signal.timer++;
  } else signal.yellowLeft--;
}

/** The next phase once the present one was green long enough, which is asked at decisions only. */
function fixedTime(signal: SignalState, greenSteps: number): number {
  if (signal.timer < greenSteps) return signal.phase;
  return signal.phases[(signal.phases.indexOf(signal.phase) + 1) % signal.phases.length];
}

/** The phase of largest pressure; the first of equals. */
function maxPressure(signal: SignalState): number {
  const pressures = signal.movements.map((movements) =>
    movements.reduce((sum, { start, exit }) => sum + halted(start) - halted(exit), 0),
  );
  return signal.phases[pressures.indexOf(Math.max(...pressures))];
}

function halted(lanes: readonly PlainLane[]): number {
  let count = 0;
  for (const lane of lanes) for (const vehicle of lane.vehicles) if (vehicle.v < HALTED) count++;
  return count;
}
