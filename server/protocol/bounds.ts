/** How large what a viewer says may be. The door refuses what lies beyond; so a page asks for nothing of the kind. */

/** Both ends are allowed. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** Whole numbers. */
export const SEED: Range = { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER };
/** Vehicles for each one in the scenario. */
export const DEMAND_SCALE: Range = { least: 0, most: 100 };
/** As long as a scenario may last, s. */
export const TIME_S: Range = { least: 0, most: 1_000_000 };
export const STEP: Range = { least: 0, most: 100_000_000 };
/** Seconds of the scenario for each of the wall's. */
export const SPEED: Range = { least: 0.1, most: 1000 };
/** Along a lane, m. */
export const POSITION_M: Range = { least: 0, most: 1_000_000 };
/** In one opening. */
export const INTERVENTIONS_MAX = 500;
/** Characters in the name of a lane. */
export const LANE_NAME_MAX = 200;
/** What a scenario may be called. */
export const SCENARIO_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** What a controller may be called. */
export const CONTROLLER_NAME = /^[\w-]{1,64}$/;

export function isWithin(value: number, { least, most }: Range): boolean {
  return value >= least && value <= most;
}
