import { createTwister, nextInt32 } from './mersenneTwister.ts';
import { NEVER, NONE } from './network.ts';
import { grown, type Vehicles } from './vehicles.ts';

/**
 * The random draws of CityFlow, in its order; for its files only.
 *
 * Each vehicle takes two when it is created: its priority, a signed number that no other vehicle now in the run
 * has, and one that CityFlow deals vehicles to its threads by. Then, road by road in the order of the file, each
 * of a step's new vehicles takes one more for its first lane, even where it has no choice.
 */
export interface Draws {
  readonly words: Int32Array; //  the generator, see `mersenneTwister.ts`
  priority: Int32Array; //        by vehicle; the higher goes first where all else is equal
  /** Vehicles by priority: an open hash table. Those that have finished stay in it and do not count. */
  table: Int32Array;
  tabled: number; //              vehicles in the table: all from 0 on
  fresh: Float64Array; //         scratch: the vehicles created in this step, in order of their lanes' draws
}

export function createDraws(seed: number): Draws {
  return {
    words: createTwister(seed),
    priority: new Int32Array(0),
    table: new Int32Array(0),
    tabled: 0,
    fresh: new Float64Array(64),
  };
}

/** Makes room for the priorities of all vehicles that there is room for. */
export function growDraws(draws: Draws, { capacity }: Vehicles): void {
  draws.priority = grown(draws.priority, capacity, 0);
}

/** Takes the two draws of a vehicle, whether it is created or given up at once, and returns its priority. */
export function drawPriority(draws: Draws, vehicles: Vehicles): number {
  if (draws.table.length < 2 * vehicles.capacity) emptyTable(draws, vehicles);
  while (draws.tabled < vehicles.created) enter(draws, draws.tabled++);
  let priority = nextInt32(draws.words);
  while (isTaken(draws, vehicles, priority)) priority = nextInt32(draws.words);
  nextInt32(draws.words);
  return priority;
}

/** A number from 0 to `count` − 1. */
export function drawRank({ words }: Draws, count: number): number {
  return (nextInt32(words) >>> 0) % count;
}

/** At most half of a table's rows are in use, so that who looks something up soon finds an empty one. */
function emptyTable(draws: Draws, { capacity }: Vehicles): void {
  let size = 1024;
  while (size < 2 * capacity) size *= 2;
  draws.table = new Int32Array(size).fill(NONE);
  draws.tabled = 0;
}

function enter({ table, priority }: Draws, vehicle: number): void {
  let at = slotOf(table, priority[vehicle]);
  while (table[at] !== NONE) at = (at + 1) & (table.length - 1);
  table[at] = vehicle;
}

function isTaken({ table, priority }: Draws, { finishedAt }: Vehicles, asked: number): boolean {
  for (let at = slotOf(table, asked); table[at] !== NONE; at = (at + 1) & (table.length - 1)) {
    const vehicle = table[at];
    if (priority[vehicle] === asked && finishedAt[vehicle] === NEVER) return true;
  }
  return false;
}

/** Priorities are random in all their bits. */
function slotOf(table: Int32Array, priority: number): number {
  return priority & (table.length - 1);
}
