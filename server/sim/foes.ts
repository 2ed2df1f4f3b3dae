import { ANSWER } from './answer.ts';
import {
  PATH,
  PATH_CROSSES,
  PATH_INTERSECTION,
  PATH_MASK,
  PATH_RANKS,
  PATH_TO,
  PATH_TURNS,
  PATH_WORD,
  PATH_WORDS,
} from './connectorPath.ts';
import { ROUNDING } from './following.ts';
import { isHeld } from './incident.ts';
import { type Network, NONE, SHOWN } from './network.ts';
import type { Simulation } from './simulation.ts';
import { standsBlocked } from './stopLine.ts';
import {
  COUNT,
  HEAD,
  HEAD_NEXT,
  RECORD,
  RECORD_TAIL,
  SLOT_IDENTITY,
  SLOT_STATE,
  TAIL_FROM,
  TAIL_TYPE,
  TYPE,
} from './traffic.ts';

/**
 * Who else wants the same spot: foes, as seen from a conflict point.
 *
 * A connector's foe at a conflict point is one vehicle at most, the first of these that has not
 * cleared the point: the vehicle that just left the connector, those on it from front to back, and
 * the first of its approach lane if it is bound for the connector and the signal lets it go. So
 * vehicles at red never count, nor do those that wait for a closed lane to open or an incident to be cleared.
 *
 * `live` has a bit for each connector that may hold a foe at all, so that drivers ask only about
 * those. It is worked out for an intersection when the first driver of a step asks.
 */
export interface Foes {
  readonly wordStart: Int32Array; //   by intersection: its first word in the bitmaps, one more than there are
  readonly live: Int32Array; //        bitmap by rank of the connector
  readonly liveStep: Int32Array; //    by intersection: the step for which `live` holds
  readonly onConnector: Int32Array; // bitmap: connectors with vehicles on them
  readonly exiting: Int32Array; //     bitmap: connectors that the last vehicle of an exit lane may still hang over
  readonly path: Int32Array; //        by element × PATH: what a driver bound for a connector must know, together
  readonly mask: Int32Array; //        bitmap by rank: connectors that a connector has conflict points with
  readonly crossOfRank: Uint16Array; // by rank of the other: which of a connector's crosses is with it
  readonly room: Float64Array; //      by exit lane: m for one more vehicle, see stopLine.ts
  readonly roomStep: Int32Array; //    by exit lane: the step for which `room` holds
  slot: number; //                     the foe found last
  element: number; //                  where it is
}

export function createFoes(network: Network): Foes {
  const { intersectionCount, connectors } = network;
  const wordStart = new Int32Array(intersectionCount + 1);
  for (let i = 0; i < intersectionCount; i++) {
    const count = connectors.starts[i + 1] - connectors.starts[i];
    wordStart[i + 1] = wordStart[i] + ((count + 31) >> 5);
  }
  const words = wordStart[intersectionCount];
  return {
    wordStart,
    live: new Int32Array(words),
    liveStep: new Int32Array(intersectionCount).fill(NONE),
    onConnector: new Int32Array(words),
    exiting: new Int32Array(words),
    ...createPaths(network, wordStart),
    room: new Float64Array(network.elementCount),
    roomStep: new Int32Array(network.elementCount).fill(NONE),
    slot: NONE,
    element: NONE,
  };
}

/** For every connector, which others it has conflict points with, and which of its crosses each is. */
function createPaths(network: Network, wordStart: Int32Array) {
  const { elementCount, elementRoad, elementIntersection, elementRank, connectors, crosses } = network;
  const path = new Int32Array(elementCount * PATH);
  let words = 0;
  let ranks = 0;
  for (let e = 0; e < elementCount; e++) {
    if (elementRoad[e] !== NONE) continue;
    const i = elementIntersection[e];
    path[e * PATH + PATH_TO] = network.connectorTo[e];
    path[e * PATH + PATH_INTERSECTION] = i;
    path[e * PATH + PATH_TURNS] = network.connectorTurns[e];
    path[e * PATH + PATH_CROSSES] = crosses.starts[e];
    path[e * PATH + PATH_RANKS] = ranks;
    path[e * PATH + PATH_MASK] = words;
    path[e * PATH + PATH_WORD] = wordStart[i];
    path[e * PATH + PATH_WORDS] = wordStart[i + 1] - wordStart[i];
    words += wordStart[i + 1] - wordStart[i];
    ranks += connectors.starts[i + 1] - connectors.starts[i];
  }
  const mask = new Int32Array(words);
  const crossOfRank = new Uint16Array(ranks);
  for (let e = 0; e < elementCount; e++) {
    for (let k = crosses.starts[e]; k < crosses.starts[e + 1]; k++) {
      const rank = elementRank[crosses.foe[k]];
      mask[path[e * PATH + PATH_MASK] + (rank >> 5)] |= 1 << (rank & 31);
      crossOfRank[path[e * PATH + PATH_RANKS] + rank] = k - crosses.starts[e];
    }
  }
  return { path, mask, crossOfRank };
}

/** Works out `live` for one intersection from the state at the beginning of the step. */
export function refreshLive(sim: Simulation, i: number): void {
  const { network, traffic, foes, step } = sim;
  const { wordStart, live, onConnector, exiting } = foes;
  const { approachLanes, elementRank } = network;
  const { record } = traffic;
  foes.liveStep[i] = step;
  const first = wordStart[i];
  for (let w = first; w < wordStart[i + 1]; w++) {
    if (exiting[w] !== 0) forgetExited(sim, i, w);
    live[w] = onConnector[w] | exiting[w];
  }
  for (let k = approachLanes.starts[i]; k < approachLanes.starts[i + 1]; k++) {
    const lane = approachLanes.items[k];
    const next = record[lane * RECORD + HEAD_NEXT];
    if (next < 0 || !mayGo(sim, lane, next)) continue;
    const rank = elementRank[next];
    live[first + (rank >> 5)] |= 1 << (rank & 31);
  }
}

/**
 * Drops connectors from `exiting` whose last leaver has driven its whole length into the exit lane. Where streams merge
 * the conflict point is at the connector's end, and beyond it by what the lengths were rounded by.
 */
function forgetExited(sim: Simulation, i: number, word: number): void {
  const { network, traffic, foes, step } = sim;
  const { record, tail } = traffic;
  const parity = (step & 1) << 1;
  let bits = foes.exiting[word];
  while (bits !== 0) {
    const bit = bits & -bits;
    bits ^= bit;
    const rank = ((word - foes.wordStart[i]) << 5) + 31 - Math.clz32(bit);
    const connector = network.connectors.items[network.connectors.starts[i] + rank];
    const lane = network.connectorTo[connector];
    const r = lane * RECORD;
    const hangsOver =
      record[r + COUNT] > 0 &&
      record[r + TAIL_FROM] === connector &&
      tail[lane * RECORD_TAIL + parity] < network.types.length[record[r + TAIL_TYPE]] + ROUNDING;
    if (!hangsOver) foes.exiting[word] &= ~bit;
  }
}

/** Whether the first vehicle of `lane`, bound for `connector`, drives or may drive across the stop line. */
function mayGo(sim: Simulation, lane: number, connector: number): boolean {
  const { closures, network } = sim;
  const shown = sim.signals.shown[connector];
  if (closures !== null) {
    if (isHeld(sim, closures, lane, sim.traffic.record[lane * RECORD + HEAD])) return false;
    if (closures.closed[network.connectorTo[connector]] === 1 && !cannotStop(sim, lane)) return false;
  }
  if (shown >= SHOWN.permitted) return true;
  return shown === SHOWN.yellow && cannotStop(sim, lane);
}

/** Whether the first vehicle of a lane is too fast to stop at the stop line even at maximum deceleration. */
function cannotStop(sim: Simulation, lane: number): boolean {
  const { network, traffic, step } = sim;
  const slot = traffic.record[lane * RECORD + HEAD];
  const s = slot * SLOT_STATE + ((step & 1) << 1);
  const v = traffic.slotState[s + 1];
  const type = traffic.slotIdentity[slot * SLOT_IDENTITY + TYPE];
  const rest = network.elementLength[lane] - traffic.slotState[s];
  return (0.5 * v * v) / network.types.maxDeceleration[type] > rest;
}

/**
 * Looks for the foe at a conflict point, row `k` of the crosses. Returns whether there is one, and
 * leaves it in `foes` and its distance with the simulation.
 */
export function findFoe(sim: Simulation, k: number): boolean {
  const { network, traffic, foes, answer, step } = sim;
  const connector = network.crosses.foe[k];
  const at = network.crosses.foeDistance[k];
  const { record, tail, slotState, slotIdentity } = traffic;
  const { length } = network.types;
  const parity = (step & 1) << 1;

  const lane = network.connectorTo[connector];
  const r = lane * RECORD;
  if (record[r + TAIL_FROM] === connector && record[r + COUNT] > 0) {
    const x = tail[lane * RECORD_TAIL + parity];
    const beyond = network.elementLength[connector] - at;
    if (beyond + (x - length[record[r + TAIL_TYPE]]) < 0) {
      foes.slot = record[r + HEAD] + record[r + COUNT] - 1;
      foes.element = lane;
      answer[ANSWER.foeDistance] = -(x + beyond);
      return true;
    }
  }

  const c = connector * RECORD;
  const end = record[c + HEAD] + record[c + COUNT];
  for (let slot = record[c + HEAD]; slot < end; slot++) {
    const x = slotState[slot * SLOT_STATE + parity];
    if (x > at) {
      if (x - at - length[slotIdentity[slot * SLOT_IDENTITY + TYPE]] > 0) continue;
      answer[ANSWER.foeDistance] = -(x - at);
    } else {
      answer[ANSWER.foeDistance] = at - x;
    }
    foes.slot = slot;
    foes.element = connector;
    return true;
  }

  const from = network.connectorFrom[connector];
  if (record[from * RECORD + HEAD_NEXT] !== connector || !mayGo(sim, from, connector)) return false;
  // One that stands because its exit is full is not coming.
  if (sim.signals.shown[connector] >= SHOWN.permitted && standsBlocked(sim, from, connector)) return false;
  foes.slot = record[from * RECORD + HEAD];
  foes.element = from;
  answer[ANSWER.foeDistance] = network.elementLength[from] - slotState[foes.slot * SLOT_STATE + parity] + at;
  return true;
}
