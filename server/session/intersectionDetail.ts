import type { IntersectionDetail } from '../protocol/question.ts';
import { NEVER, type Network, NONE, type RaggedRows, SHOWN } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import { COUNT, HALTING_SPEED, HEAD, NEXT, RECORD, SLOT_IDENTITY, SLOT_STATE } from '../sim/traffic.ts';
import { sinceOn } from './alarms.ts';
import { controlDelayAt, levelOf } from './service.ts';
import type { World } from './world.ts';

export const INTERVAL_NAMES = ['green', 'yellow-change', 'red-clearance'] as const;
const SHOWN_NAMES = ['red', 'yellow', 'permitted', 'protected'] as const;

/** Signal, plan and traffic of one intersection. Delay and level of service are of the whole run so far. */
export function intersectionDetail({ sim, study }: World, i: number): IntersectionDetail {
  const { network } = sim;
  const movements = row(network.movements, i).map((m) => movementDetail(sim, m));
  const controlDelayS = controlDelayAt(sim, i);
  const phases = row(network.phases, i);
  return {
    step: sim.step,
    rings: ringsOf(sim, i).map((ring) => ringDetail(sim, ring, study.phaseNames)),
    plan: network.signalised[i] === 0 ? [] : phases.map((p) => planRow(network, p, study.phaseNames)),
    cycleS: phases.reduce((sum, p) => sum + network.split[p]!, 0) * network.stepS,
    offsetS: network.offset[i]! * network.stepS,
    movements,
    controlDelayS,
    levelOfService: levelOf(controlDelayS),
    detectors: row(network.approachLanes, i).flatMap((lane) => detectorsOf(sim, lane)),
  };
}

/** Rings of an intersection with a signal, the first one first. */
export function ringsOf({ network }: Pick<Simulation, 'network'>, i: number): number[] {
  if (network.signalised[i] === 0) return [];
  const partner = network.ringPartner[i]!;
  return partner === NONE ? [i] : [i, partner];
}

/** What a ring shows. */
export function ringDetail(
  { signals, network }: Simulation,
  ring: number,
  phaseNames: readonly string[],
): IntersectionDetail['rings'][number] {
  const next = signals.next[ring]!;
  return {
    phase: phaseNames[signals.phase[ring]!]!,
    next: next === NONE ? null : phaseNames[next]!,
    interval: INTERVAL_NAMES[signals.interval[ring]!] ?? 'green',
    elapsedS: signals.elapsed[ring]! * network.stepS,
  };
}

function planRow(
  network: Network,
  p: number,
  phaseNames: readonly string[],
): IntersectionDetail['plan'][number] {
  const seconds = (column: Int32Array) => column[p]! * network.stepS;
  return {
    phase: phaseNames[p]!,
    splitS: seconds(network.split),
    minGreenS: seconds(network.minGreen),
    maxGreenS: network.maxGreen[p] === NEVER ? null : seconds(network.maxGreen),
    yellowChangeS: seconds(network.yellowChange),
    redClearanceS: seconds(network.redClearance),
    walkS: seconds(network.walk),
    pedestrianClearanceS: seconds(network.pedestrianClearance),
    movements: row(network.phaseMovements, p),
  };
}

function movementDetail(sim: Simulation, m: number): IntersectionDetail['movements'][number] {
  const { network, survey, signals } = sim;
  const i = network.movementIntersection[m]!;
  const connectors = row(network.connectors, i).filter((c) => network.connectorMovement[c] === m);
  let vehicles = 0;
  let queue = 0;
  let firstWaitS = 0;
  for (const lane of row(network.movementLanes, m)) {
    const bound = boundFor(sim, lane, connectors);
    vehicles += bound.vehicles;
    queue += bound.queue;
    firstWaitS = Math.max(firstWaitS, bound.firstWaitS);
  }
  let served = 0;
  let delay = 0;
  let shown: number = SHOWN.red;
  for (const c of connectors) {
    served += survey!.controlDelay.served[c]!;
    delay += survey!.controlDelay.delay[c]!;
    shown = Math.max(shown, signals.shown[c]!);
  }
  const controlDelayS = served === 0 || network.signalised[i] === 0 ? null : delay / served;
  return {
    movement: m,
    shown: SHOWN_NAMES[shown]!,
    ...{ vehicles, queue, firstWaitS, controlDelayS, served },
    levelOfService: levelOf(controlDelayS),
  };
}

/**
 * Vehicles of a lane that go on by one of some connectors, those of them that stand, and how much longer the first one has been
 * on the lane than the way to where it is takes at the speed limit, s.
 */
function boundFor(
  sim: Simulation,
  lane: number,
  connectors: readonly number[],
): { readonly vehicles: number; readonly queue: number; readonly firstWaitS: number } {
  const { traffic, step, network } = sim;
  const { record, slotIdentity, slotState } = traffic;
  const parity = (step & 1) << 1;
  const head = record[lane * RECORD + HEAD]!;
  let vehicles = 0;
  let queue = 0;
  let firstWaitS = 0;
  for (let slot = head; slot < head + record[lane * RECORD + COUNT]!; slot++) {
    if (!connectors.includes(slotIdentity[slot * SLOT_IDENTITY + NEXT]!)) continue;
    if (vehicles === 0) {
      const free = slotState[slot * SLOT_STATE + parity]! / network.elementSpeedLimit[lane]!;
      firstWaitS = Math.max(0, (step - sinceOn(sim, slot)) * network.stepS - free);
    }
    vehicles++;
    if (slotState[slot * SLOT_STATE + parity + 1]! < HALTING_SPEED) queue++;
  }
  return { vehicles, queue, firstWaitS };
}

function detectorsOf({ network: { detectors }, detectors: states }: Simulation, lane: number) {
  const found: IntersectionDetail['detectors'][number][] = [];
  if (states === null) return found;
  for (let d = detectors.starts[lane]!; d < detectors.starts[lane + 1]!; d++) {
    const fault =
      detectors.dropped[d] === 1
        ? 'says nothing'
        : detectors.stuckOn[d] === 1
          ? 'always says that somebody is there'
          : detectors.lossRate[d]! > 0
            ? `loses ${Math.round(detectors.lossRate[d]! * 100)} % of its counts`
            : null;
    found.push({ detector: d, present: states.present[d] === 1, count: states.count[d]!, fault });
  }
  return found;
}

export function row(rows: RaggedRows, r: number): number[] {
  return [...rows.items.subarray(rows.starts[r]!, rows.starts[r + 1]!)];
}
