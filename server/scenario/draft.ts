import type { Point, Turn } from './layout.ts';
import type { Path } from './problem.ts';
import type { LanesGiven } from './schemaNetwork.ts';

/**
 * A network as drawn with a ruler: where intersections lie and how many lanes join them. Shorthands
 * and explicit networks both become a draft; geometry, movements and signals follow from it.
 */
export interface Draft {
  readonly intersections: readonly DraftIntersection[];
  readonly roads: readonly DraftRoad[];
}

export interface DraftIntersection {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  /** `null`: a boundary if all its roads lead to one neighbour. */
  readonly boundary: boolean | null;
  /** m; `null`: derived. */
  readonly halfWidth: number | null;
}

export interface DraftRoad {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** Bends between the ends. */
  readonly via: readonly Point[];
  readonly lanes: readonly DraftLane[];
  /** Where the file speaks of this road and of its lanes. */
  readonly path: Path;
  readonly lanesPath: Path;
}

export interface DraftLane {
  readonly width: number; //      m
  readonly speedLimit: number; // m/s
  /** `null`: derived from the number of lanes. */
  readonly turns: readonly Turn[] | null;
}

export const DEFAULT_LANE_WIDTH_M = 3.5;
export const DEFAULT_SPEED_LIMIT_KMH = 50;

/** Lanes as the file gives them, a number or a list, with what the road says for all of them. */
export function draftLanes(
  given: LanesGiven,
  road: { laneWidthM?: number | undefined; speedLimitKmh?: number | undefined },
): DraftLane[] {
  const width = road.laneWidthM ?? DEFAULT_LANE_WIDTH_M;
  const speedLimit = (road.speedLimitKmh ?? DEFAULT_SPEED_LIMIT_KMH) / 3.6;
  if (typeof given === 'number') {
    return Array.from({ length: given }, () => ({ width, speedLimit, turns: null }));
  }
  return given.map((lane) => ({
    width: lane.widthM ?? width,
    speedLimit: lane.speedLimitKmh === undefined ? speedLimit : lane.speedLimitKmh / 3.6,
    turns: lane.turns ?? null,
  }));
}
