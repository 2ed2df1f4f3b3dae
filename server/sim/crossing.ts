import { findFoe, refreshLive } from './foes.ts';
import { NONE, SHOWN } from './network.ts';
import type { Simulation } from './simulation.ts';
import { COUNT, ENTERED, NEXT, RECORD, RECORD_TAIL, SLOT_IDENTITY, TAIL_TYPE } from './traffic.ts';
import { rememberBlocker, yields } from './yielding.ts';

/** Above this speed (m/s), the last vehicle of an exit lane makes room in time. (CityFlow's constant.) */
const CRAWL = 2;

/**
 * The speed limit that the intersection sets for the vehicle in `slot` of element `e`: red signal,
 * full exit lane, turn, and conflicting traffic. The type's maximum speed when there is none.
 *
 * @param x  m along the element
 * @param v  m/s
 */
export function junctionSpeed(
  sim: Simulation,
  e: number,
  slot: number,
  x: number,
  v: number,
  type: number,
): number {
  const { network, foes } = sim;
  const { types, crosses } = network;
  const brakingDistance = (0.5 * v * v) / types.maxDeceleration[type];
  let limit = types.maxSpeed[type];
  let connector = e;
  let along = x;
  if (network.elementRoad[e] !== NONE) {
    connector = sim.traffic.slotIdentity[slot * SLOT_IDENTITY + NEXT];
    const rest = network.elementLength[e] - x;
    along = -rest;
    // Who cannot stop any more, even at maximum deceleration, drives on.
    if (!(brakingDistance > rest) && isBlocked(sim, connector, type)) {
      const stop = stopSpeed(sim, rest, v, type);
      return stop < limit ? stop : limit;
    }
    if (network.connectorTurns[connector] === 1 && types.turnSpeed[type] < limit) {
      limit = types.turnSpeed[type];
    }
  }

  const i = network.elementIntersection[connector];
  if (foes.liveStep[i] !== sim.step) refreshLive(sim, i);
  const { live, word, bit } = foes;
  for (let k = crosses.starts[connector]; k < crosses.starts[connector + 1]; k++) {
    if ((live[word[k]] & bit[k]) === 0) continue;
    const distance = crosses.distance[k] - along;
    const stopDistance = distance - types.yieldDistance[type];
    if (!(distance > 0 && brakingDistance < stopDistance)) continue; // past it, or too late to yield
    if (!findFoe(sim, crosses.foe[k], crosses.foeDistance[k])) continue;
    if (!yields(sim, e, slot, v, type, connector, distance, crosses.foe[k])) continue;
    rememberBlocker(sim, slot);
    const stop = stopSpeed(sim, stopDistance, v, type);
    return stop < limit ? stop : limit;
  }
  return limit;
}

/** Whether the signal or a full exit lane keeps a vehicle of `type` from driving onto a connector. */
function isBlocked(sim: Simulation, connector: number, type: number): boolean {
  if (sim.signals.shown[connector] < SHOWN.permitted) return true;
  const { network, traffic, step } = sim;
  const { record, tail } = traffic;
  const { length } = network.types;
  const lane = network.connectorTo[connector];
  const r = lane * RECORD;
  if (record[r + COUNT] === 0) return false;
  if (record[r + ENTERED] === step) return true; // it stands at the very start of the lane
  const t = lane * RECORD_TAIL + ((step & 1) << 1);
  return !(tail[t] > length[record[r + TAIL_TYPE]] + length[type] || tail[t + 1] >= CRAWL);
}

/**
 * The speed at the end of a step with which a driver comes to stand within `distance` (m): by equal
 * steps of braking, or still accelerating while there is room for it. Negative: it stands before the
 * step is over.
 */
function stopSpeed(sim: Simulation, distance: number, v: number, type: number): number {
  const { usualAcceleration, usualDeceleration } = sim.network.types;
  const dt = sim.network.stepS;
  const faster = v + usualAcceleration[type] * dt;
  const needed = ((v + faster) * dt) / 2 + (faster * faster) / usualDeceleration[type] / 2;
  if (needed < distance) return faster;
  if (v === 0) return 0;
  const stepsLeft = (2 * distance) / (v + 1e-8) / dt;
  return v - v / (stepsLeft >= 1 ? Math.trunc(stepsLeft) : stepsLeft);
}
