import { ANSWER } from './answer.ts';
import { NEVER, NONE, SHOWN } from './network.ts';
import { yieldsBySignal } from './signal.ts';
import type { Simulation } from './simulation.ts';
import { isBlocked } from './stopLine.ts';
import {
  COUNT,
  HALTING_SPEED,
  HEAD,
  NEXT,
  RECORD,
  SLOT_IDENTITY,
  SLOT_STATE,
  TYPE,
  VEHICLE,
} from './traffic.ts';
import { clearsFirst, waitsInCircle } from './yielding.ts';

/** See `waitsForGap`. */
export const GAP_ACCEPTED = NONE;

/**
 * Gap acceptance: the conflict point before which the vehicle in `slot` of element `e`, bound for or on a permitted
 * connector, waits for a gap in protected streams; a row of the crosses. `foes` then holds the vehicle that it waits for.
 * GAP_ACCEPTED: it need not wait for vehicles that are still to come; NEVER: there is no such stream, or it has entered.
 *
 * A permitted vehicle waits before its first conflict point with a protected movement until no protected vehicle, at
 * any of them, would reach the conflict point within the critical gap. Then it drives through all of them: a vehicle that
 * entered for the first and stopped for the second would stand in the way of the first. (HCM 2010, chapter 31: critical
 * headway and follow-up headway of permitted left turns.)
 */
export function waitsForGap(sim: Simulation, e: number, slot: number, connector: number): number {
  const { network, traffic, signals, foes, answer } = sim;
  const { crosses, types } = network;
  const { slotState, slotIdentity } = traffic;
  const s = slot * SLOT_STATE + ((sim.step & 1) << 1);
  const x = slotState[s];
  const v = slotState[s + 1];
  const type = slotIdentity[slot * SLOT_IDENTITY + TYPE];
  const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
  const along = network.elementRoad[e] === NONE ? x : x - network.elementLength[e];
  const brakingDistance = (0.5 * v * v) / types.maxDeceleration[type];
  let first = NEVER;
  for (let k = crosses.starts[connector]; k < crosses.starts[connector + 1]; k++) {
    if (!yieldsBySignal(signals, connector, crosses.foe[k])) continue;
    const distance = crosses.distance[k] - along;
    if (distance <= 0) continue;
    if (first === NEVER) {
      // Too late to wait: it has entered.
      if (!(brakingDistance < distance - types.yieldDistance[type])) return NEVER;
      first = k;
    }
    // A driver who decides once a step sees a gap half a step late on average.
    answer[ANSWER.gap] =
      criticalGap(types.criticalGap[type], vehicle) -
      network.stepS / 2 +
      (crosses.distance[k] - crosses.distance[first]) / CROSSING_SPEED;
    if (!isGapShort(sim, e, slot, k)) continue;
    if (!waitsInCircle(sim, slotIdentity[foes.slot * SLOT_IDENTITY + VEHICLE])) return first;
  }
  return first === NEVER ? NEVER : GAP_ACCEPTED;
}

/** Mean speed (m/s) of a vehicle that starts from standstill, between the conflict points that it crosses. */
const CROSSING_SPEED = 4;

/** Drivers' critical gaps differ by up to this share of the mean to either side. */
const GAP_SPREAD = 0.2;

/** The critical gap of a vehicle's driver (s): one number for the whole trip, spread evenly around the mean of its type. */
export function criticalGap(mean: number, vehicle: number): number {
  const share = (Math.imul(vehicle + 1, 0x9e3779b1) >>> 0) / 0x100000000;
  return mean * (1 - GAP_SPREAD + 2 * GAP_SPREAD * share);
}

/**
 * Whether a vehicle of the other connector of conflict point `k` could reach it within `ANSWER.gap` (s, here),
 * accelerating as usual up to the speed limit. Leaves the vehicle in `foes`.
 */
function isGapShort(sim: Simulation, e: number, slot: number, k: number): boolean {
  const { network, traffic, signals, foes, answer, step } = sim;
  const { crosses, types, elementLength, elementSpeedLimit } = network;
  const { record, slotState, slotIdentity } = traffic;
  const parity = (step & 1) << 1;
  const foe = crosses.foe[k];
  const at = crosses.foeDistance[k];
  const lane = network.connectorFrom[foe];

  const onConnector = record[foe * RECORD + HEAD];
  for (let other = onConnector; other < onConnector + record[foe * RECORD + COUNT]; other++) {
    const distance = at - slotState[other * SLOT_STATE + parity];
    if (distance < 0) continue; // it is being waited for until its rear is clear
    answer[ANSWER.distance] = distance;
    answer[ANSWER.foeDistance] = distance;
    foes.slot = other;
    foes.element = foe;
    if (clearsFirst(sim, e, slot, k)) continue;
    if (reachesWithin(sim, other, lane)) return true;
  }

  const shown = signals.shown[foe];
  if (shown === SHOWN.red) return false;
  const reach = answer[ANSWER.gap] * elementSpeedLimit[lane];
  const head = record[lane * RECORD + HEAD];
  for (let other = head; other < head + record[lane * RECORD + COUNT]; other++) {
    const rest = elementLength[lane] - slotState[other * SLOT_STATE + parity];
    if (rest + at > reach) return false;
    const v = slotState[other * SLOT_STATE + parity + 1];
    if (slotIdentity[other * SLOT_IDENTITY + NEXT] === foe) {
      const foeType = slotIdentity[other * SLOT_IDENTITY + TYPE];
      const canStop = (0.5 * v * v) / types.maxDeceleration[foeType] <= rest;
      if (canStop && shown === SHOWN.yellow) return false;
      if (v < HALTING_SPEED && isBlocked(sim, foe, foeType)) return false;
      answer[ANSWER.distance] = rest + at;
      foes.slot = other;
      foes.element = lane;
      return reachesWithin(sim, other, lane);
    }
    // Vehicles behind one that stands for another reason do not come.
    if (v < HALTING_SPEED) return false;
  }
  return false;
}

/** Whether the vehicle in `foeSlot` could cover `ANSWER.distance` within `ANSWER.gap` (s, here). */
function reachesWithin(
  { network, traffic, answer, step }: Simulation,
  foeSlot: number,
  lane: number,
): boolean {
  const { types, elementSpeedLimit } = network;
  const foeType = traffic.slotIdentity[foeSlot * SLOT_IDENTITY + TYPE];
  const v = traffic.slotState[foeSlot * SLOT_STATE + ((step & 1) << 1) + 1];
  const gap = answer[ANSWER.gap];
  const top = Math.min(types.maxSpeed[foeType], elementSpeedLimit[lane]);
  if (v >= top) return v * gap >= answer[ANSWER.distance];
  const acceleration = types.usualAcceleration[foeType];
  const accelerating = (top - v) / acceleration; // s
  const covered =
    gap <= accelerating
      ? v * gap + (acceleration * gap * gap) / 2
      : ((v + top) / 2) * accelerating + top * (gap - accelerating);
  return covered >= answer[ANSWER.distance];
}
