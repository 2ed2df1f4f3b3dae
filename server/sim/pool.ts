import { NONE } from './network.ts';
import { COUNT, HEAD, RECORD, SLOT_IDENTITY, SLOT_STATE, type Traffic } from './traffic.ts';

/**
 * Blocks of slots: every lane has a small one of its own, its home, in the order of the walk; larger
 * ones, and those of connectors, are lent for as long as the element is not empty. Lent blocks have
 * powers of two for sizes, and free ones wait in a list by size, linked through their first slot; the
 * one returned last is lent first, while it is still in the cache.
 */
export interface Pool {
  readonly start: Int32Array; // by element: first slot of its block; NONE without one
  readonly order: Int8Array; //  by element: log₂ of the block's slots
  readonly home: Int32Array; //  by element: first slot of its home; NONE: it has none
  readonly free: Int32Array; //  by order: first slot of the first free block; NONE
  used: number; //               slots ever lent or owned; beyond are fresh ones
}

const HOME_ORDER = 2;
const CONNECTOR_ORDER = 2;
const HIGHEST_ORDER = 24;

export function createPool(elementRoad: Int32Array): Pool {
  const home = new Int32Array(elementRoad.length).fill(NONE);
  let used = 0;
  for (let e = 0; e < home.length; e++) {
    if (elementRoad[e] === NONE) continue;
    home[e] = used;
    used += 1 << HOME_ORDER;
  }
  return {
    start: home.slice(),
    order: new Int8Array(home.length).fill(HOME_ORDER),
    home,
    free: new Int32Array(HIGHEST_ORDER + 1).fill(NONE),
    used,
  };
}

/** Whether an element's window has reached the end of its block. */
export function isFull({ record, pool }: Traffic, e: number): boolean {
  if (pool.start[e] === NONE) return true;
  return record[e * RECORD + HEAD] + record[e * RECORD + COUNT] === pool.start[e] + (1 << pool.order[e]);
}

/**
 * Makes room behind an element's window: moves it back to the start of its block, or, when it fills
 * three quarters of that, to a larger one. Afterwards the block holds at least `count` vehicles.
 */
export function makeRoom(traffic: Traffic, e: number, count: number): void {
  const { record, pool } = traffic;
  const r = e * RECORD;
  const start = pool.start[e];
  if (start !== NONE && count <= (3 << pool.order[e]) >> 2) {
    copyWindow(traffic, record[r + HEAD], start, record[r + COUNT]);
    record[r + HEAD] = start;
    return;
  }
  let order = start === NONE ? CONNECTOR_ORDER : pool.order[e] + 1;
  while (1 << order < count) order++;
  const block = lend(traffic, order);
  copyWindow(traffic, record[r + HEAD], block, record[r + COUNT]);
  giveBack(traffic, e);
  pool.start[e] = block;
  pool.order[e] = order;
  record[r + HEAD] = block;
}

/** Returns the block of an element that has become empty, if it was lent. */
export function goHome(traffic: Traffic, e: number): void {
  const { pool, record } = traffic;
  giveBack(traffic, e);
  pool.start[e] = pool.home[e];
  pool.order[e] = HOME_ORDER;
  record[e * RECORD + HEAD] = pool.home[e];
}

function lend(traffic: Traffic, order: number): number {
  const { pool } = traffic;
  const block = pool.free[order];
  if (block !== NONE) {
    pool.free[order] = traffic.slotIdentity[block * SLOT_IDENTITY];
    return block;
  }
  const fresh = pool.used;
  pool.used += 1 << order;
  if (pool.used * SLOT_STATE > traffic.slotState.length) growSlots(traffic);
  return fresh;
}

function giveBack({ pool, slotIdentity }: Traffic, e: number): void {
  const block = pool.start[e];
  if (block === NONE || block === pool.home[e]) return;
  const order = pool.order[e];
  slotIdentity[block * SLOT_IDENTITY] = pool.free[order];
  pool.free[order] = block;
}

function copyWindow({ slotIdentity }: Traffic, from: number, to: number, count: number): void {
  if (count === 0) return;
  slotIdentity.copyWithin(to * SLOT_IDENTITY, from * SLOT_IDENTITY, (from + count) * SLOT_IDENTITY);
}

/** Doubles the slots. A network at half of its jam density has enough from the start. */
function growSlots(traffic: Traffic): void {
  const state = new Float64Array(Math.max(traffic.slotState.length, traffic.pool.used * SLOT_STATE) * 2);
  const identity = new Int32Array(state.buffer);
  identity.set(traffic.slotIdentity);
  traffic.slotState = state;
  traffic.slotIdentity = identity;
}
