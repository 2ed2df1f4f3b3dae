import { DESIRED_FACTOR } from '../sim/following.ts';
import type { VehicleType } from './layout.ts';

/** Speeds tried for the densest stream of intelligent drivers, as shares of the speed limit. */
const SHARES = Array.from({ length: 20 }, (_, k) => (k + 1) / 20);

/**
 * Least mean time (s) between vehicles of a type that follow one another on a lane with a speed limit (m/s): what the
 * capacity of an entry lane comes from.
 *
 * By the reference model a vehicle takes its headway and the time in which it drives its own length and minimum gap. By
 * the Intelligent Driver Model the equilibrium gap at speed v is (s0 + v·T) ÷ √(1 − (v ÷ v0)⁴), and some speed below the
 * limit lets most vehicles pass (Treiber, Hennecke & Helbing 2000).
 */
export function entryHeadway(type: VehicleType, speedLimit: number): number {
  const { length, minGap, headway, maxSpeed, carFollowing } = type;
  const top = Math.min(maxSpeed, speedLimit);
  if (carFollowing === 'reference') return headway + (length + minGap) / top;
  const seconds = SHARES.map((share) => {
    const v = share * top;
    const free = share / DESIRED_FACTOR;
    const gap = (minGap + v * headway) / Math.sqrt(1 - free * free * free * free);
    return (gap + length) / v;
  });
  return Math.min(...seconds);
}
