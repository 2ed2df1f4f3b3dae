import { NEVER, NONE } from './network.ts';
import { ANSWER, type Simulation } from './simulation.ts';
import { ARRIVED, SLOT_IDENTITY, SLOT_STATE, TYPE, VEHICLE } from './traffic.ts';

/**
 * Whether the vehicle in `slot` of element `e` yields to the foe that `findFoe` found last.
 *
 * In order: a foe that cannot stop any more goes first; the movement of higher priority (thru, left,
 * right) goes first, unless the lower one surely passes before or after it; among equals goes first
 * who reaches the point in fewer steps, then who entered the intersection earlier, then who is nearer,
 * then who was created first. Who would yield goes nevertheless when the foe waits, directly or by
 * others, in a circle.
 *
 * @param connector  the connector it is on or bound for
 * @param k          the conflict point, as a row of the crosses
 */
export function yields(sim: Simulation, e: number, slot: number, connector: number, k: number): boolean {
  const { network, traffic, foes, step } = sim;
  const { types, connectorPriority, crosses } = network;
  const { slotState, slotIdentity } = traffic;
  const parity = (step & 1) << 1;
  const foeSlot = foes.slot;
  const foeConnector = crosses.foe[k];
  const foeDistance = sim.answer[ANSWER.foeDistance];
  const foeV = slotState[foeSlot * SLOT_STATE + parity + 1];
  const foeType = slotIdentity[foeSlot * SLOT_IDENTITY + TYPE];

  if (foeCanYield(sim, foeV, foeType, foeDistance)) {
    const mine = connectorPriority[connector];
    const theirs = connectorPriority[foeConnector];
    if (mine > theirs) return false;
    if (foeDistance <= 0) {
      if (foeDistance + types.length[foeType] < 0) return false;
    } else {
      const x = slotState[slot * SLOT_STATE + parity];
      const along = network.elementRoad[e] === NONE ? x : -(network.elementLength[e] - x);
      const distance = crosses.distance[k] - along;
      const v = slotState[slot * SLOT_STATE + parity + 1];
      const type = slotIdentity[slot * SLOT_IDENTITY + TYPE];
      const foeSteps = stepsToReach(sim, foeV, foeType, foeDistance, foeConnector);
      const steps = stepsToReach(sim, v, type, distance, connector);
      if (foeSteps > steps) return false;
      if (mine === theirs && foeSteps === steps) {
        if (goesFirst(sim, e, slot, distance, foeSlot, foeDistance)) return false;
      }
    }
  }
  return !waitsInCircle(sim, slotIdentity[foeSlot * SLOT_IDENTITY + VEHICLE]);
}

/** Whether the foe can still stop before the conflict point, or has cleared it. */
function foeCanYield(sim: Simulation, v: number, type: number, distance: number): boolean {
  const { maxDeceleration, yieldDistance, length } = sim.network.types;
  if (distance > 0) return (0.5 * v * v) / maxDeceleration[type] < distance - yieldDistance[type];
  return distance < 0 && distance + length[type] < 0;
}

/** Between equals that reach the conflict point in the same number of steps. */
function goesFirst(
  sim: Simulation,
  e: number,
  slot: number,
  distance: number,
  foeSlot: number,
  foeDistance: number,
): boolean {
  const { slotIdentity } = sim.traffic;
  const { elementRoad } = sim.network;
  const entered = elementRoad[e] === NONE ? slotIdentity[slot * SLOT_IDENTITY + ARRIVED] : NEVER;
  const foeEntered =
    elementRoad[sim.foes.element] === NONE ? slotIdentity[foeSlot * SLOT_IDENTITY + ARRIVED] : NEVER;
  if (entered !== foeEntered) return entered < foeEntered;
  if (distance !== foeDistance) return distance < foeDistance;
  return slotIdentity[slot * SLOT_IDENTITY + VEHICLE] < slotIdentity[foeSlot * SLOT_IDENTITY + VEHICLE];
}

/**
 * Steps until a driver who accelerates as usual is `distance` (m) on: first in whole steps up to its
 * top speed on that connector, then at that speed.
 */
function stepsToReach(sim: Simulation, v: number, type: number, distance: number, connector: number): number {
  const { types, stepS: dt, connectorTurns } = sim.network;
  const acceleration = types.usualAcceleration[type];
  const top = connectorTurns[connector] === 1 ? types.turnSpeed[type] : types.maxSpeed[type];
  if (distance <= 0) return 0;
  if (v > top) return Math.ceil(distance / v); // CityFlow's slip: in seconds
  let accelerating = 0; // m
  if (top > v) {
    const whole = Math.floor((top - v) / acceleration / dt);
    const reached = v + whole * acceleration * dt;
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
