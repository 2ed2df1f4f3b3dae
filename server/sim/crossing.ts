import { ANSWER } from './answer.ts';
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
import type { Simulation } from './simulation.ts';
import {
  COUNT,
  ENTERED,
  HEAD,
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
 * Lowers `ANSWER.limit` to the speed that the intersection allows the vehicle in `slot` of element `e`,
 * whose speed is in `ANSWER.speed`: red signal, closed or full exit lane, turn, and conflicting traffic. Returns whether
 * the signal or a closed lane makes it stand.
 */
export function limitAtJunction(sim: Simulation, e: number, slot: number): boolean {
  const { network, traffic, foes, answer } = sim;
  const { types, crosses } = network;
  const { slotState, slotIdentity } = traffic;
  const s = slot * SLOT_STATE + ((sim.step & 1) << 1);
  const x = slotState[s];
  const v = slotState[s + 1];
  const type = slotIdentity[slot * SLOT_IDENTITY + TYPE];
  const brakingDistance = (0.5 * v * v) / types.maxDeceleration[type];
  let connector = e;
  let along = x; // on the connector, m; negative before it
  if (network.elementRoad[e] !== NONE) {
    connector = slotIdentity[slot * SLOT_IDENTITY + NEXT];
    const rest = network.elementLength[e] - x;
    along = -rest;
    // Who cannot stop any more, even at maximum deceleration, drives on.
    if (!(brakingDistance > rest) && isBlocked(sim, connector, type)) {
      answer[ANSWER.gap] = rest;
      limitToStop(sim, type);
      return v === 0 && isShut(sim, connector) && !canCreep(sim, type);
    }
    if (foes.path[connector * PATH + PATH_TURNS] === 1 && types.turnSpeed[type] < answer[ANSWER.limit]) {
      answer[ANSWER.limit] = types.turnSpeed[type];
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
    answer[ANSWER.gap] = crosses.distance[chosen] - along - yieldDistance;
    limitToStop(sim, type);
  }
  return false;
}

/** Whether the signal shows red, or the lane that a connector leads into is closed. */
function isShut({ signals, closures, foes }: Simulation, connector: number): boolean {
  if (signals.shown[connector] < SHOWN.permitted) return true;
  return closures !== null && closures.closed[foes.path[connector * PATH + PATH_TO]] === 1;
}

/** Whether the signal, or a closed, blocked or full exit lane keeps a vehicle of `type` from driving onto a connector. */
function isBlocked(sim: Simulation, connector: number, type: number): boolean {
  if (isShut(sim, connector)) return true;
  const { network, traffic, foes, closures, step } = sim;
  const { record, tail } = traffic;
  const { length } = network.types;
  const lane = foes.path[connector * PATH + PATH_TO];
  if (closures !== null && !(closures.incident[lane] > length[type])) return true;
  const r = lane * RECORD;
  if (record[r + COUNT] === 0) return false;
  const parity = (step & 1) << 1;
  if (record[r + ENTERED] === step) {
    // The last vehicle is at the very start of the lane; the record does not know it yet.
    const last = record[r + HEAD] + record[r + COUNT] - 1;
    return !(traffic.slotState[last * SLOT_STATE + parity + 1] >= CRAWL);
  }
  const t = lane * RECORD_TAIL + parity;
  return !(tail[t] > length[record[r + TAIL_TYPE]] + length[type] || tail[t + 1] >= CRAWL);
}

/** Whether a vehicle at rest has room to move up and stop again within `ANSWER.gap`. */
function canCreep({ network, answer }: Simulation, type: number): boolean {
  const { usualAcceleration, usualDeceleration } = network.types;
  const faster = usualAcceleration[type] * network.stepS;
  return (faster * network.stepS) / 2 + (faster * faster) / usualDeceleration[type] / 2 < answer[ANSWER.gap];
}

/** CityFlow's vehicles never drive faster than this, m/s, whatever else it finds. */
export const REFERENCE_LIMIT = 100;

/** The first number beyond the integers that CityFlow counts steps with. */
const INT_END = 0x80000000;

/**
 * Lowers `ANSWER.limit` to the speed at the end of the step with which a vehicle with `ANSWER.speed` comes
 * to stand within `ANSWER.gap`: by equal steps of braking, or still accelerating while there is room for
 * it. Negative: it stands before the step is over.
 */
function limitToStop({ network, answer }: Simulation, type: number): void {
  const { usualAcceleration, usualDeceleration } = network.types;
  const dt = network.stepS;
  const v = answer[ANSWER.speed];
  const distance = answer[ANSWER.gap];
  const faster = v + usualAcceleration[type] * dt;
  const needed = ((v + faster) * dt) / 2 + (faster * faster) / usualDeceleration[type] / 2;
  let stop = 0;
  if (needed < distance) {
    stop = faster;
  } else if (v !== 0) {
    const stepsLeft = (2 * distance) / (v + 1e-8) / dt;
    if (stepsLeft < INT_END) stop = v - v / (stepsLeft >= 1 ? Math.trunc(stepsLeft) : stepsLeft);
    else stop = network.reference === null ? v : v + v / INT_END; // CityFlow's integer overflows to −2³¹
  } else if (distance === 0 && network.reference !== null) {
    // Who stands exactly at the stop line: CityFlow divides 0 by 0, and what is left of all limits is its last one.
    answer[ANSWER.limit] = REFERENCE_LIMIT;
    return;
  }
  if (stop < answer[ANSWER.limit]) answer[ANSWER.limit] = stop;
}
