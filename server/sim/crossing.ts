import { ANSWER } from './answer.ts';
import {
  PATH,
  PATH_CROSSES,
  PATH_INTERSECTION,
  PATH_MASK,
  PATH_RANKS,
  PATH_TURNS,
  PATH_WORD,
  PATH_WORDS,
} from './connectorPath.ts';
import { findFoe, refreshLive } from './foes.ts';
import { GAP_ACCEPTED, waitsForGap } from './gap.ts';
import { limitToPermittedTurn, limitToTurn } from './lone.ts';
import { NEVER, NONE, SHOWN } from './network.ts';
import { yieldsBySignal } from './signal.ts';
import type { Simulation } from './simulation.ts';
import { isBlocked, isShut } from './stopLine.ts';
import { NEXT, SLOT_IDENTITY, SLOT_STATE, TYPE } from './traffic.ts';
import { rememberBlocker, yields } from './yielding.ts';

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
    if (network.slowsAhead === 1 && foes.path[connector * PATH + PATH_TURNS] === 1) {
      answer[ANSWER.gap] = rest;
      if (sim.signals.faces[connector] === 1 && sim.signals.shown[connector] === SHOWN.permitted)
        limitToPermittedTurn(sim, type);
      else limitToTurn(sim, type);
    }
    // Who cannot stop any more, even at maximum deceleration, drives on.
    if (!(brakingDistance > rest) && isBlocked(sim, connector, type)) {
      answer[ANSWER.gap] = rest;
      limitToStop(sim, type);
      return v === 0 && isShut(sim, connector) && !canCreep(sim, type);
    }
    if (network.slowsAhead === 0 && foes.path[connector * PATH + PATH_TURNS] === 1) limitToTurn(sim, type);
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
  let gapAccepted = false;
  if (sim.signals.faces[connector] === 1) {
    chosen = waitsForGap(sim, e, slot, connector);
    gapAccepted = chosen === GAP_ACCEPTED;
    if (gapAccepted) chosen = NEVER;
    if (chosen !== NEVER) rememberBlocker(sim, slot);
  }
  for (let w = 0; w < path[p + PATH_WORDS]; w++) {
    for (let bits = live[firstWord + w] & mask[firstMask + w]; bits !== 0; bits &= bits - 1) {
      const rank = (w << 5) + 31 - Math.clz32(bits & -bits);
      const k = path[p + PATH_CROSSES] + crossOfRank[path[p + PATH_RANKS] + rank];
      if (k > chosen) continue; // crosses are in order of distance
      const distance = crosses.distance[k] - along;
      // Past it, or too late to yield.
      if (!(distance > 0 && brakingDistance < distance - yieldDistance)) continue;
      if (!findFoe(sim, k)) continue;
      if (
        gapAccepted &&
        answer[ANSWER.foeDistance] > 0 &&
        yieldsBySignal(sim.signals, connector, crosses.foe[k])
      )
        continue;
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
