import { ANSWER } from './answer.ts';
import { BY_SIGNAL, NEVER, NONE, RULE } from './network.ts';
import { yieldsBySignal } from './signal.ts';
import type { Simulation } from './simulation.ts';
import { ARRIVED, SLOT_IDENTITY, SLOT_STATE, TYPE, VEHICLE } from './traffic.ts';

/**
 * Whether the vehicle in `slot` of element `e` yields to the foe that `findFoe` found last.
 *
 * In order: a foe that cannot stop any more goes first; the movement that the rule of the conflict point
 * prefers goes first, unless the other one surely passes before or after it; among equals the vehicle goes
 * first that reaches the point in fewer steps, then the one that entered the intersection earlier, then the
 * nearer one, then the one created first, or on CityFlow's files the one of the higher priority. A vehicle that would
 * yield goes nevertheless when the foe waits, directly or by others, in a circle.
 *
 * @param connector  the connector it is on or bound for
 * @param k          the conflict point, as a row of the crosses
 */
export function yields(sim: Simulation, e: number, slot: number, connector: number, k: number): boolean {
  const { network, traffic, foes, answer, step } = sim;
  const { types, crosses } = network;
  const { slotState, slotIdentity } = traffic;
  const parity = (step & 1) << 1;
  const foeSlot = foes.slot;
  const foeConnector = crosses.foe[k];
  const foeDistance = answer[ANSWER.foeDistance];
  const foeV = slotState[foeSlot * SLOT_STATE + parity + 1];
  const foeType = slotIdentity[foeSlot * SLOT_IDENTITY + TYPE];

  // Whether the foe can still stop before the conflict point, or has cleared it.
  const foeCanYield =
    foeDistance > 0
      ? (0.5 * foeV * foeV) / types.maxDeceleration[foeType] < foeDistance - types.yieldDistance[foeType]
      : foeDistance < 0 && foeDistance + types.length[foeType] < 0;
  let rule = crosses.rule[k];
  if (rule >= BY_SIGNAL) {
    rule -= BY_SIGNAL;
    if (yieldsBySignal(sim.signals, foeConnector, connector)) rule = RULE.first;
    else if (yieldsBySignal(sim.signals, connector, foeConnector)) rule = RULE.second;
    if (clearsFirst(sim, e, slot, k)) return false;
  }
  if (foeCanYield) {
    if (rule === RULE.first) return false;
    if (foeDistance <= 0) {
      if (foeDistance + types.length[foeType] < 0) return false;
    } else {
      const x = slotState[slot * SLOT_STATE + parity];
      const along = network.elementRoad[e] === NONE ? x : -(network.elementLength[e] - x);
      answer[ANSWER.distance] = crosses.distance[k] - along;
      const steps = stepsToReach(sim, slot, connector, ANSWER.distance);
      const foeSteps = stepsToReach(sim, foeSlot, foeConnector, ANSWER.foeDistance);
      if (foeSteps > steps) return false;
      if (rule === RULE.equal && foeSteps === steps && goesFirst(sim, e, slot)) return false;
    }
  }
  return !waitsInCircle(sim, slotIdentity[foeSlot * SLOT_IDENTITY + VEHICLE]);
}

/** Slower foes (m/s) may yet stand before they have cleared a conflict point. */
const CLEARING_SPEED = 3;
/** Distance (m) that a vehicle behind keeps from a conflict point until it is clear. */
const CLEAR_OF = 2;

/**
 * Whether the foe that `findFoe` or `waitsForGap` found last is inside the intersection and will have cleared conflict
 * point `k`, even at its present speed, before the vehicle in `slot` of element `e` gets near it, accelerating as it can.
 */
export function clearsFirst(sim: Simulation, e: number, slot: number, k: number): boolean {
  const { network, traffic, foes, answer, step } = sim;
  const { types, crosses, connectorFrom, elementLength, elementRoad } = network;
  const { slotState, slotIdentity } = traffic;
  const parity = (step & 1) << 1;
  if (foes.element === connectorFrom[crosses.foe[k]]) return false;
  const foeV = slotState[foes.slot * SLOT_STATE + parity + 1];
  if (foeV < CLEARING_SPEED) return false;
  const rear = answer[ANSWER.foeDistance] + types.length[slotIdentity[foes.slot * SLOT_IDENTITY + TYPE]];
  const seconds = rear / foeV;
  const x = slotState[slot * SLOT_STATE + parity];
  const v = slotState[slot * SLOT_STATE + parity + 1];
  const along = elementRoad[e] === NONE ? x : x - elementLength[e];
  const acceleration = types.maxAcceleration[slotIdentity[slot * SLOT_IDENTITY + TYPE]];
  return (v + (acceleration * seconds) / 2) * seconds < crosses.distance[k] - along - CLEAR_OF;
}

/** Between equals that reach the conflict point in the same number of steps; see `yields`. */
function goesFirst({ network, traffic, foes, answer, demand }: Simulation, e: number, slot: number): boolean {
  const { slotIdentity } = traffic;
  const { elementRoad } = network;
  const own = slot * SLOT_IDENTITY;
  const foe = foes.slot * SLOT_IDENTITY;
  const entered = elementRoad[e] === NONE ? slotIdentity[own + ARRIVED] : NEVER;
  const foeEntered = elementRoad[foes.element] === NONE ? slotIdentity[foe + ARRIVED] : NEVER;
  if (entered !== foeEntered) return entered < foeEntered;
  if (answer[ANSWER.distance] !== answer[ANSWER.foeDistance]) {
    return answer[ANSWER.distance] < answer[ANSWER.foeDistance];
  }
  if (demand.draws !== null) {
    const { priority } = demand.draws;
    return priority[slotIdentity[own + VEHICLE]] > priority[slotIdentity[foe + VEHICLE]];
  }
  return slotIdentity[own + VEHICLE] < slotIdentity[foe + VEHICLE];
}

/**
 * Steps until a driver who accelerates as usual is `answer[distanceAt]` metres on: first in whole steps
 * up to its top speed on that connector, then at that speed.
 */
function stepsToReach(sim: Simulation, slot: number, connector: number, distanceAt: number): number {
  const { network, traffic, answer } = sim;
  const { types, stepS: dt, connectorTurns } = network;
  const type = traffic.slotIdentity[slot * SLOT_IDENTITY + TYPE];
  const v = traffic.slotState[slot * SLOT_STATE + ((sim.step & 1) << 1) + 1];
  const distance = answer[distanceAt];
  const acceleration = types.usualAcceleration[type];
  const top = connectorTurns[connector] === 1 ? types.turnSpeed[type] : types.maxSpeed[type];
  if (distance <= 0) return 0;
  if (v > top) return Math.ceil(distance / v); // CityFlow's slip: in seconds
  let accelerating = 0; // m
  if (top > v) {
    const whole = Math.floor((top - v) / acceleration / dt);
    // CityFlow's slip divides by the step; it is kept for its files, and shows where the step is not 1 s.
    const reached =
      network.reference === null ? v + whole * acceleration * dt : v + (whole * acceleration) / dt;
    accelerating = ((v + reached) * (whole * dt)) / 2 + (reached < top ? ((reached + top) * dt) / 2 : 0);
  }
  if (accelerating > distance) {
    return Math.ceil((Math.sqrt(v * v + 2 * acceleration * distance) - v) / acceleration / dt);
  }
  return Math.ceil((top - v) / acceleration / dt) + Math.ceil((distance - accelerating) / top / dt);
}

/**
 * Whether the chain "made to yield by …" that starts at `vehicle` runs into a circle, as the step
 * before left it. Tortoise and hare: the hare takes two links at a time and meets the tortoise
 * exactly when there is a circle.
 */
export function waitsInCircle(sim: Simulation, vehicle: number): boolean {
  let tortoise = vehicle;
  let hare = vehicle;
  while (hare !== NONE) {
    const ahead = blockerOf(sim, hare);
    if (ahead === NONE) return false;
    tortoise = blockerOf(sim, tortoise);
    hare = blockerOf(sim, ahead);
    if (tortoise === hare) return true;
  }
  return false;
}

const BLOCKER = 4;

/** Who made a vehicle yield in the step before; NONE if nobody did, or it has finished since. */
function blockerOf({ vehicles, step }: Simulation, vehicle: number): number {
  const { blocker, finishedAt } = vehicles;
  const k = vehicle * BLOCKER + (((step - 1) & 1) << 1);
  if (blocker[k + 1] !== step - 1) return NONE;
  return finishedAt[blocker[k]] === NEVER ? blocker[k] : NONE;
}

/** Notes that the foe found last makes the vehicle in `slot` yield. */
export function rememberBlocker({ traffic, vehicles, foes, step }: Simulation, slot: number): void {
  const { slotIdentity } = traffic;
  const vehicle = slotIdentity[slot * SLOT_IDENTITY + VEHICLE];
  const k = vehicle * BLOCKER + ((step & 1) << 1);
  vehicles.blocker[k] = slotIdentity[foes.slot * SLOT_IDENTITY + VEHICLE];
  vehicles.blocker[k + 1] = step;
}
