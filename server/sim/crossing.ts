import {
  findFoe,
  PATH,
  PATH_CROSSES,
  PATH_INTERSECTION,
  PATH_MASK,
  PATH_RANKS,
  PATH_TO,
  PATH_TURNS,
  PATH_WORD,
  PATH_WORDS,
  refreshLive,
} from './foes.ts';
import { NEVER, NONE, SHOWN } from './network.ts';
import { ANSWER, type Simulation } from './simulation.ts';
import {
  COUNT,
  ENTERED,
  NEXT,
  RECORD,
  RECORD_TAIL,
  SLOT_IDENTITY,
  SLOT_STATE,
  TAIL_TYPE,
  TYPE,
} from './traffic.ts';
import { rememberBlocker, yields } from './yielding.ts';

/** Above this speed (m/s), the last vehicle of an exit lane makes room in time. (CityFlow's constant.) */
const CRAWL = 2;

/**
 * Leaves in `ANSWER.limit` the speed limit that the intersection sets for the vehicle in `slot` of
 * element `e`: red signal, full exit lane, turn, and conflicting traffic. The type's maximum speed when
 * there is none.
 */
export function limitAtJunction(sim: Simulation, e: number, slot: number): void {
  const { network, traffic, foes, answer } = sim;
  const { types, crosses } = network;
  const { slotState, slotIdentity } = traffic;
  const s = slot * SLOT_STATE + ((sim.step & 1) << 1);
  const x = slotState[s];
  const v = slotState[s + 1];
  const type = slotIdentity[slot * SLOT_IDENTITY + TYPE];
  const brakingDistance = (0.5 * v * v) / types.maxDeceleration[type];
  let limit = types.maxSpeed[type];
  let connector = e;
  let along = x; // on the connector, m; negative before it
  if (network.elementRoad[e] !== NONE) {
    connector = slotIdentity[slot * SLOT_IDENTITY + NEXT];
    const rest = network.elementLength[e] - x;
    along = -rest;
    // Who cannot stop any more, even at maximum deceleration, drives on.
    if (!(brakingDistance > rest) && isBlocked(sim, connector, type)) {
      const stop = stopSpeed(sim, rest, v, type);
      answer[ANSWER.limit] = stop < limit ? stop : limit;
      return;
    }
    if (foes.path[connector * PATH + PATH_TURNS] === 1 && types.turnSpeed[type] < limit) {
      limit = types.turnSpeed[type];
    }
  }

  // The first conflict point, along the connector, at which this vehicle must yield.
  const { live, path, mask, crossOfRank } = foes;
  const p = connector * PATH;
  const i = path[p + PATH_INTERSECTION];
  if (foes.liveStep[i] !== sim.step) refreshLive(sim, i);
  const firstWord = path[p + PATH_WORD];
  const firstMask = path[p + PATH_MASK];
  const yieldDistance = types.yieldDistance[type];
  let chosen = NEVER;
  for (let w = 0; w < path[p + PATH_WORDS]; w++) {
    for (let bits = live[firstWord + w] & mask[firstMask + w]; bits !== 0; bits &= bits - 1) {
      const rank = (w << 5) + 31 - Math.clz32(bits & -bits);
      const k = path[p + PATH_CROSSES] + crossOfRank[path[p + PATH_RANKS] + rank];
      if (k > chosen) continue; // crosses are in order of distance
      const distance = crosses.distance[k] - along;
      // Past it, or too late to yield.
      if (!(distance > 0 && brakingDistance < distance - yieldDistance)) continue;
      if (!findFoe(sim, k)) continue;
      if (!yields(sim, e, slot, connector, k)) continue;
      rememberBlocker(sim, slot);
      chosen = k;
    }
  }
  if (chosen !== NEVER) {
    const stop = stopSpeed(sim, crosses.distance[chosen] - along - yieldDistance, v, type);
    if (stop < limit) limit = stop;
  }
  answer[ANSWER.limit] = limit;
}

/** Whether the signal or a full exit lane keeps a vehicle of `type` from driving onto a connector. */
function isBlocked(sim: Simulation, connector: number, type: number): boolean {
  if (sim.signals.shown[connector] < SHOWN.permitted) return true;
  const { network, traffic, foes, step } = sim;
  const { record, tail } = traffic;
  const { length } = network.types;
  const lane = foes.path[connector * PATH + PATH_TO];
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
