import { type Network, NONE } from './network.ts';
import { createPool, goHome, isFull, makeRoom, type Pool } from './pool.ts';

/**
 * Where everyone is: vehicles in slots, slots in elements.
 *
 * The vehicles of an element stand next to each other in memory, front to back: an element has a block
 * of slots and uses a window of it that begins at `HEAD` and is `COUNT` long. Vehicles leave at the
 * front of the window and arrive at its back, so the window slides through the block and is moved back
 * to its start when it reaches the end. A lane's own block holds a few vehicles; who needs more gets a
 * larger one from the pool for as long as it is not empty. So memory in use follows the traffic, not
 * the length of the roads, which is what keeps a city in the cache.
 *
 * A slot is 48 bytes: two states side by side, [x, v, x, v], and four integers. One state is that at
 * the beginning of the step, the other is being decided. Which is which alternates with the step's
 * parity, so that deciding needs no buffer and committing costs nothing.
 *
 * An element's record is 64 bytes, one line of cache: the state of its last vehicle twice (again by
 * parity), which is all that vehicles coming from upstream need to know, and eight integers.
 *
 * Of a standing queue, a run of vehicles may be asleep: each stands behind one that stands, so that
 * nothing about it can change until its leader moves. They are the `ASLEEP` vehicles behind the first
 * `FRONT`. Both states of a sleeper are equal. Elements with nobody awake are not visited at all.
 */
export interface Traffic {
  slotState: Float64Array; //            by slot × SLOT_STATE: x, v, x, v  (m, m/s)
  slotIdentity: Int32Array; //           by slot × SLOT_IDENTITY: see below; the same memory as `slotState`
  readonly pool: Pool;
  readonly tail: Float64Array; //        by element × RECORD_TAIL: x, v, x, v of the last vehicle; x is its front bumper
  readonly record: Int32Array; //        by element × RECORD: see below; the same memory as `tail`
  readonly occupied: Int32Array; //      bitmap of elements that hold vehicles
  readonly awake: Int32Array; //         bitmap of elements that hold vehicles which are awake
  readonly halted: Int32Array; //        by element: vehicles below the queueing speed; lanes only
}

export const SLOT_STATE = 6;
export const SLOT_IDENTITY = 12;
/** Columns of `slotIdentity`; the first eight integers are the two states. */
export const VEHICLE = 8;
export const TYPE = 9;
export const NEXT = 10; //    the element it drives onto next; NONE at the end of its route, or DEAD_END
export const ARRIVED = 11; // the step in which it drove onto this element; BEFORE when it entered the network here

export const RECORD = 16;
export const RECORD_TAIL = 8;
/** Columns of `record`; the first eight integers are the two states of the tail. */
export const HEAD = 8; //       slot of the first vehicle
export const COUNT = 9;
export const FRONT = 10; //     vehicles ahead of the sleepers
export const ASLEEP = 11;
export const TAIL_TYPE = 12;
export const TAIL_FROM = 13; // the element the last vehicle came from; NONE: it entered the network here
export const HEAD_NEXT = 14; // NEXT of the first vehicle
export const ENTERED = 15; //   the last step in which a vehicle entered the network here

export const BEFORE = -2;

/** Below this speed (m/s) a vehicle counts as standing in a queue. */
export const HALTING_SPEED = 0.1;

export function createTraffic(network: Network): Traffic {
  const { elementCount, elementCapacity, elementRoad } = network;
  const jam = elementCapacity.reduce((sum, capacity) => sum + capacity, 0);
  const pool = createPool(elementRoad);
  const slotCount = pool.used + Math.max(1024, jam >> 1);
  const slotState = new Float64Array(slotCount * SLOT_STATE);
  const tail = new Float64Array(elementCount * RECORD_TAIL);
  const record = new Int32Array(tail.buffer);
  for (let e = 0; e < elementCount; e++) {
    const r = e * RECORD;
    record[r + HEAD] = pool.start[e];
    record[r + TAIL_FROM] = NONE;
    record[r + HEAD_NEXT] = NONE;
    record[r + ENTERED] = BEFORE;
  }
  const words = (elementCount + 31) >> 5;
  return {
    slotState,
    slotIdentity: new Int32Array(slotState.buffer),
    pool,
    tail,
    record,
    occupied: new Int32Array(words),
    awake: new Int32Array(words),
    halted: new Int32Array(elementCount),
  };
}

/**
 * Puts a vehicle at the back of an element, or ahead of those that arrived in the same step and are
 * less far along, and returns its slot. Its state, x and v at `state[at]`, is written for parity `parity`
 * (0 or 2).
 */
export function append(
  traffic: Traffic,
  e: number,
  vehicle: number,
  type: number,
  next: number,
  from: number,
  arrived: number,
  parity: number,
  state: Float64Array,
  at: number,
): number {
  const x = state[at];
  const v = state[at + 1];
  const { record, tail, occupied, awake } = traffic;
  const r = e * RECORD;
  const count = record[r + COUNT];
  if (isFull(traffic, e)) makeRoom(traffic, e, count + 1);
  const { slotState, slotIdentity } = traffic;
  const head = record[r + HEAD];

  let slot = head + count;
  let last = true;
  while (
    slot > head &&
    arrived !== BEFORE &&
    slotIdentity[(slot - 1) * SLOT_IDENTITY + ARRIVED] === arrived
  ) {
    const aheadX = slotState[(slot - 1) * SLOT_STATE + parity];
    const aheadVehicle = slotIdentity[(slot - 1) * SLOT_IDENTITY + VEHICLE];
    if (aheadX > x || (aheadX === x && aheadVehicle < vehicle)) break;
    copySlot(traffic, slot - 1, slot);
    last = false;
    slot--;
  }
  const s = slot * SLOT_STATE + parity;
  slotState[s] = x;
  slotState[s + 1] = v;
  const k = slot * SLOT_IDENTITY;
  slotIdentity[k + VEHICLE] = vehicle;
  slotIdentity[k + TYPE] = type;
  slotIdentity[k + NEXT] = next;
  slotIdentity[k + ARRIVED] = arrived;
  record[r + COUNT] = count + 1;
  if (slot === head) record[r + HEAD_NEXT] = next;
  if (last) {
    record[r + TAIL_TYPE] = type;
    record[r + TAIL_FROM] = from;
    if (arrived !== BEFORE) {
      tail[e * RECORD_TAIL + parity] = x;
      tail[e * RECORD_TAIL + parity + 1] = v;
    }
  }
  occupied[e >> 5] |= 1 << (e & 31);
  awake[e >> 5] |= 1 << (e & 31);
  return slot;
}

/** Calls `visit` with every element that holds vehicles, in order. */
export function eachOccupied({ occupied }: Traffic, visit: (element: number) => void): void {
  for (let w = 0; w < occupied.length; w++) {
    for (let bits = occupied[w]; bits !== 0; bits &= bits - 1)
      visit((w << 5) + 31 - Math.clz32(bits & -bits));
  }
}

/** Takes the vehicle in `slot` out of its element. Leaving from anywhere but the front is rare. */
export function remove(traffic: Traffic, e: number, slot: number): void {
  const { record, slotIdentity } = traffic;
  const r = e * RECORD;
  const head = record[r + HEAD];
  const count = record[r + COUNT] - 1;
  if (slot === head) {
    record[r + HEAD] = head + 1;
    if (record[r + FRONT] > 0) record[r + FRONT]--;
    if (record[r + ASLEEP] > 0 && record[r + FRONT] < 2) wakeNext(record, r);
  } else {
    wakeAll(traffic, e);
    const back = head + count;
    for (let k = slot; k < back; k++) copySlot(traffic, k + 1, k);
    if (slot === back) takeTailFrom(traffic, e, back - 1);
  }
  record[r + COUNT] = count;
  if (count === 0) {
    goHome(traffic, e);
    record[r + HEAD_NEXT] = NONE;
    record[r + FRONT] = 0;
    record[r + ASLEEP] = 0;
    traffic.occupied[e >> 5] &= ~(1 << (e & 31));
    traffic.awake[e >> 5] &= ~(1 << (e & 31));
  } else {
    record[r + HEAD_NEXT] = slotIdentity[record[r + HEAD] * SLOT_IDENTITY + NEXT];
  }
}

/** Ends the sleep of the first two of an element whose head sleeps: the second is awake when the first is. */
export function wakeHead(traffic: Traffic, e: number): void {
  const { record, awake } = traffic;
  const r = e * RECORD;
  if (record[r + ASLEEP] === 0 || record[r + FRONT] > 0) return;
  wakeNext(record, r);
  if (record[r + ASLEEP] > 0) wakeNext(record, r);
  awake[e >> 5] |= 1 << (e & 31);
}

/** Ends the sleep of the first sleeper. */
function wakeNext(record: Int32Array, r: number): void {
  record[r + FRONT]++;
  record[r + ASLEEP]--;
  if (record[r + ASLEEP] === 0) record[r + FRONT] = 0;
}

function wakeAll(traffic: Traffic, e: number): void {
  const { record, awake } = traffic;
  record[e * RECORD + FRONT] = 0;
  record[e * RECORD + ASLEEP] = 0;
  awake[e >> 5] |= 1 << (e & 31);
}

/** The record's view of the last vehicle, after one was taken out behind it. */
function takeTailFrom(traffic: Traffic, e: number, slot: number): void {
  const { record, tail, slotState, slotIdentity } = traffic;
  for (let k = 0; k < 4; k++) tail[e * RECORD_TAIL + k] = slotState[slot * SLOT_STATE + k];
  record[e * RECORD + TAIL_TYPE] = slotIdentity[slot * SLOT_IDENTITY + TYPE];
  // Whoever is last now had someone behind it, so its own rear has long cleared the intersection.
  record[e * RECORD + TAIL_FROM] = NONE;
}

function copySlot({ slotIdentity }: Traffic, from: number, to: number): void {
  for (let k = 0; k < SLOT_IDENTITY; k++) {
    slotIdentity[to * SLOT_IDENTITY + k] = slotIdentity[from * SLOT_IDENTITY + k];
  }
}
