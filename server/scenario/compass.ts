import { cross, dot } from './geometry.ts';
import type { Point, Turn } from './layout.ts';

const FOUR = ['north', 'east', 'south', 'west'] as const;
const EIGHT = ['north', 'northeast', 'east', 'southeast', 'south', 'southwest', 'west', 'northwest'] as const;
const TAN_22_5 = 0.41421356237;
const COS_45 = Math.SQRT1_2;

/**
 * Names for the legs of an intersection by where they lie: the four quarters if these tell them
 * apart, else the eight winds, else with a number: `north`, `north2`.
 */
export function compassNames(directions: readonly Point[]): string[] {
  const quarters = directions.map(quarter);
  if (new Set(quarters).size === quarters.length) return quarters;
  const winds = directions.map(wind);
  const used = new Map<string, number>();
  return winds.map((name) => {
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return count === 1 ? name : `${name}${count}`;
  });
}

function quarter({ x, y }: Point): string {
  if (Math.abs(y) >= Math.abs(x)) return y >= 0 ? FOUR[0] : FOUR[2];
  return x >= 0 ? FOUR[1] : FOUR[3];
}

function wind({ x, y }: Point): string {
  const flat = Math.abs(y) < Math.abs(x) * TAN_22_5;
  const steep = Math.abs(x) < Math.abs(y) * TAN_22_5;
  if (flat) return x >= 0 ? EIGHT[2] : EIGHT[6];
  if (steep) return y >= 0 ? EIGHT[0] : EIGHT[4];
  if (y >= 0) return x >= 0 ? EIGHT[1] : EIGHT[7];
  return x >= 0 ? EIGHT[3] : EIGHT[5];
}

/** A number that grows clockwise from northwest, 0 to 4: an angle without trigonometry. So what is called north comes first. */
export function clockwise({ x, y }: Point): number {
  const around = x / (Math.abs(x) + Math.abs(y)); // −1 west … 1 east
  const fromNorth = y < 0 ? 2 - around : x >= 0 ? around : 4 + around;
  return (fromNorth + 0.5) % 4;
}

/**
 * The turns from one approach to each of its exits: thru within 45° of straight on, else left or
 * right. Of several exits within 45° the straightest is thru and the others turn.
 */
export function turnsTo(approach: Point, exits: readonly Point[]): Turn[] {
  let straightest = -1;
  for (let k = 0; k < exits.length; k++) {
    if (dot(approach, exits[k]!) < COS_45) continue;
    if (straightest < 0 || dot(approach, exits[k]!) > dot(approach, exits[straightest]!)) straightest = k;
  }
  return exits.map((exit, k) => {
    if (k === straightest) return 'thru';
    return cross(approach, exit) >= 0 ? 'left' : 'right';
  });
}
