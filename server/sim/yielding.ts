import { ANSWER } from './answer.ts';
import { NEVER, NONE } from './network.ts';
import type { Simulation } from './simulation.ts';
import { ARRIVED, SLOT_IDENTITY, SLOT_STATE, TYPE, VEHICLE } from './traffic.ts';

/**
 * Whether the vehicle in `slot` of element `e` yields to the foe that `findFoe` found last.
 *
 * In order: a foe that cannot stop any more goes first; the movement of higher priority (thru, left,
 * right) goes first, unless the lower one surely passes before or after it; among equals goes first
 * who reaches the point in fewer steps, then who entered the intersection earlier, then who is nearer,
 * then who was created first, or on CityFlow's files who has drawn the higher priority. Who would yield goes nevertheless when the foe waits, directly or by
 * others, in a circle.
 *
 * @param connector  the connector it is on or bound for
 * @param k          the conflict point, as a row of the crosses
 */
export function yields(sim: Simulation, e: number, slot: number, connector: number, k: number): boolean {
  const { network, traffic, foes, answer, step } = sim;
  const { types, connectorPriority, crosses } = network;
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
  if (foeCanYield) {
    const mine = connectorPriority[connector];
    const theirs = connectorPriority[foeConnector];
    if (mine > theirs) return false;
    if (foeDistance <= 0) {
      if (foeDistance + types.length[foeType] < 0) return false;
    } else {
      const x = slotState[slot * SLOT_STATE + parity];
      const along = network.elementRoad[e] === NONE ? x : -(network.elementLength[e] - x);
      answer[ANSWER.distance] = crosses.distance[k] - along;
      const steps = stepsToReach(sim, slot, connector, ANSWER.distance);
      const foeSteps = stepsToReach(sim, foeSlot, foeConnector, ANSWER.foeDistance);
      if (foeSteps > steps) return false;
      if (mine === theirs && foeSteps === steps && goesFirst(sim, e, slot)) return false;
    }
  }
  return !waitsInCircle(sim, slotIdentity[foeSlot * SLOT_IDENTITY + VEHICLE]);
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
function waitsInCircle(sim: Simulation, vehicle: number): boolean {
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
