import { DELAY_LEVELS, delayOfLevel } from '../../server/protocol/frame.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';

const KMH = 3.6;

/** What the far end of each ramp stands for. */
export const HEAT_TOP = {
  /** Vehicles, mean of a lane's queue over a minute. */
  queue: 16,
  /** Vehicle-seconds lost on a lane in a minute. */
  delay: 900,
  /** g of CO2 on a lane in a minute. */
  emissions: 1200,
  /** Vehicles of mean queue more or less. */
  difference: 12,
} as const;

/** The speed at which the ramp ends, m/s: the highest limit of the map, up to the next 10 km/h. */
export function topSpeed({ lanes }: Pick<RoadMap, 'lanes'>): number {
  let most = 0;
  for (const limit of lanes.speedLimit) most = Math.max(most, limit);
  return Math.max(10, Math.ceil((most * KMH - 0.5) / 10) * 10) / KMH;
}

/** Delay on its ramp, 0 to 1: equal steps for the levels of a frame. */
export function delayPart(level: number): number {
  return level / (DELAY_LEVELS - 1);
}

/** The delay at a place of the ramp, s. */
export function delayAt(part: number): number {
  return delayOfLevel(part * (DELAY_LEVELS - 1));
}

/** Heat grows with the square root, so that little is told from none. */
export function heatPart(value: number, top: number): number {
  return Math.sqrt(Math.min(1, Math.max(0, value / top)));
}
