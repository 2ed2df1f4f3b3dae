import { type Closures, keepsItsWay } from './closures.ts';
import type { Draws } from './draws.ts';
import { NEVER, NONE } from './network.ts';
import type { Pedestrians } from './pedestrians.ts';
import type { RandomStream } from './random.ts';
import type { Simulation } from './simulation.ts';
import { ARRIVED, COUNT, HEAD, NEXT, RECORD, SLOT_IDENTITY, VEHICLE } from './traffic.ts';

/**
 * One number (32 bits, unsigned) for the whole state: time, signals and requests, who is where and how
 * fast to the last bit, who waits to enter, and where every random stream stands. Two simulations of
 * one network with equal fingerprints go on alike under equal requests.
 *
 * What only serves speed is left out: which half of a slot is in use, and who is asleep.
 */
export function fingerprint(sim: Simulation): number {
  const { signals, vehicles, demand, step } = sim;
  let hash = mix(0x2545f491, step);
  hash = mix(hash, vehicles.created);
  hash = mix(hash, vehicles.finished);
  for (const column of [signals.phase, signals.next, signals.wanted, signals.interval, signals.elapsed]) {
    for (let i = 0; i < column.length; i++) hash = mix(hash, column[i]);
  }
  if (sim.pedestrians !== null) hash = mixPedestrians(hash, sim.pedestrians);
  hash = mixTraffic(hash, sim);
  if (sim.closures !== null) hash = mixClosures(hash, sim, sim.closures);
  hash = mixQueuesToEnter(hash, sim);
  for (const stream of demand.arrivals) hash = mixStream(hash, stream);
  for (const stream of demand.choices) hash = mixStream(hash, stream);
  if (demand.draws !== null) hash = demand.draws.words.reduce(mix, mixPriorities(hash, sim, demand.draws));
  return mixStream(hash, demand.lanes);
}

/** Mixes in the priorities of unfinished vehicles: the higher one passes first when all else is equal. */
function mixPriorities(start: number, { vehicles }: Simulation, { priority }: Draws): number {
  let hash = start;
  for (let v = 0; v < vehicles.created; v++) {
    if (vehicles.finishedAt[v] === NEVER) hash = mix(hash, priority[v]);
  }
  return hash;
}

/** A fingerprint as it is printed: `0x5be20f31`. */
export function formatFingerprint(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}

function mixPedestrians(start: number, { waiting, walkUntil, streams }: Pedestrians): number {
  let hash = start;
  for (const column of [waiting, walkUntil]) {
    for (let c = 0; c < column.length; c++) hash = mix(hash, column[c]);
  }
  for (const stream of streams) hash = mixStream(hash, stream);
  return hash;
}

function mixTraffic(start: number, { traffic, step }: Simulation): number {
  const { occupied, record, slotIdentity } = traffic;
  const parity = (step & 1) << 1;
  let hash = start;
  for (let w = 0; w < occupied.length; w++) {
    for (let bits = occupied[w]; bits !== 0; bits &= bits - 1) {
      const e = (w << 5) + 31 - Math.clz32(bits & -bits);
      const head = record[e * RECORD + HEAD];
      const end = head + record[e * RECORD + COUNT];
      hash = mix(hash, e);
      for (let slot = head; slot < end; slot++) {
        hash = mix(hash, slotIdentity[slot * SLOT_IDENTITY + VEHICLE]);
        hash = mix(hash, slotIdentity[slot * SLOT_IDENTITY + ARRIVED]);
        const at = slot * SLOT_IDENTITY + parity * 2;
        for (let k = at; k < at + 4; k++) hash = mix(hash, slotIdentity[k]);
      }
    }
  }
  return hash;
}

/**
 * Closed and blocked lanes, and who is bound elsewhere than it would choose now. Nothing, when all are open and nobody
 * is: such a run goes on as one where no lane was ever closed.
 */
function mixClosures(start: number, sim: Simulation, closures: Closures): number {
  const { network, traffic } = sim;
  const { record, slotIdentity } = traffic;
  const { closed, incident } = closures;
  const words = new Int32Array(incident.buffer, incident.byteOffset, 2 * incident.length);
  let hash = start;
  for (let e = 0; e < network.elementCount; e++) {
    if (network.elementRoad[e] === NONE) continue;
    if (closed[e] === 1) hash = mix(hash, e);
    if (incident[e] < Infinity) hash = mix(mix(mix(hash, ~e), words[2 * e]), words[2 * e + 1]);
    const head = record[e * RECORD + HEAD];
    const end = head + record[e * RECORD + COUNT];
    for (let slot = head; slot < end; slot++) {
      if (!keepsItsWay(sim, closures, e, slot)) continue;
      hash = mix(
        mix(hash, slotIdentity[slot * SLOT_IDENTITY + VEHICLE]),
        slotIdentity[slot * SLOT_IDENTITY + NEXT],
      );
    }
  }
  return hash;
}

/** Lanes in order, so that the order in which queues formed does not matter. */
function mixQueuesToEnter(start: number, { demand, vehicles }: Simulation): number {
  let hash = start;
  const lanes = demand.waitingLanes.slice(0, demand.waitingLaneCount).sort();
  for (const lane of lanes) {
    hash = mix(hash, lane);
    for (let v = demand.waitingHead[lane]; v >= 0; v = vehicles.nextWaiting[v]) hash = mix(hash, v);
  }
  return hash;
}

function mixStream(start: number, stream: RandomStream): number {
  const words = new Int32Array(Float64Array.from(stream.position()).buffer);
  return words.reduce(mix, start);
}

/** One round of MurmurHash3 (Appleby, public domain). */
function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = hash ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) >>> 0;
}
