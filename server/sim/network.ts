/**
 * A network: everything that holds still during a run, as frozen tables in SI units.
 *
 * Names end here. A road, a lane or a phase is an index; `compile` (server/scenario) builds the tables
 * from a layout and keeps the names. Units are m, s, m/s, m/s².
 *
 * Lanes and connectors share one index space, because a vehicle drives on either in the same way:
 * an *element* `e` is a lane, or a connector (the path of one lane across an intersection). Elements
 * are numbered along a walk over the map, all lanes first and then all connectors, so that what is read
 * together lies together in memory.
 */
export interface Network {
  readonly stepS: number;
  /** A number for all that holds still, and for the protocol: two networks with equal hashes run alike. */
  readonly hash: number;
  /** The same for all that no controller and no protocol replaces. */
  readonly streetsHash: number;
  /** What was done to it since it was compiled, for messages; it decides nothing. */
  readonly preparation: Preparation;

  readonly elementCount: number;
  readonly elementLength: Float64Array; //       m
  readonly elementSpeedLimit: Float64Array; //   m/s   connectors: that of the lane before; Infinity where drivers do not slow down ahead
  readonly elementIntersection: Int32Array; //         a lane's downstream intersection; a connector's own
  readonly elementRoad: Int32Array; //                 NONE for connectors
  readonly elementRank: Int32Array; //                 lanes: index within the road, 0 innermost; connectors: index within the intersection
  readonly elementCapacity: Int32Array; //             vehicles that fit, a little more to be safe

  readonly laneConnectors: RaggedRows; //              by element: connectors leaving a lane, in file order
  readonly laneSources: RaggedRows; //                 by element: connectors leading into a lane, in file order

  readonly connectorFrom: Int32Array; //               by element: the lane it leaves; NONE for lanes
  readonly connectorTo: Int32Array; //                 by element: the lane it enters; NONE for lanes
  readonly connectorTurns: Uint8Array; //              by element: 1 for left and right turns
  readonly connectorMovement: Int32Array; //           by element: movement; NONE for lanes
  readonly crosses: Crosses;

  readonly roadCount: number;
  readonly roadLanes: RaggedRows; //                   by road: its lanes as elements, innermost first
  readonly roadFrom: Int32Array; //                    by road: upstream intersection
  readonly roadTo: Int32Array; //                      by road: downstream intersection

  readonly intersectionCount: number;
  readonly boundary: Uint8Array; //                    by intersection
  readonly connectors: RaggedRows; //                  by intersection: its connectors as elements, in file order
  readonly approachLanes: RaggedRows; //               by intersection: lanes toward it, as elements
  readonly movements: RaggedRows; //                   by intersection: movements, in file order
  readonly phases: RaggedRows; //                      by intersection: phases

  readonly movementCount: number;
  readonly movementIntersection: Int32Array;
  readonly movementFrom: Int32Array; //                road
  readonly movementTo: Int32Array; //                  road
  readonly movementPriority: Uint8Array; //            thru > left > right
  readonly movementLanes: RaggedRows; //               by movement: distinct approach lanes that feed it

  readonly phaseCount: number;
  readonly phaseMovements: RaggedRows; //              by phase: movements with right of way
  readonly phaseShown: Uint8Array; //                  by phaseShownStart[p] + elementRank[connector]: SHOWN value
  readonly phaseShownStart: Int32Array;
  readonly minGreen: Int32Array; //              steps
  readonly maxGreen: Int32Array; //              steps; NEVER: none
  readonly yellowChange: Int32Array; //          steps
  readonly redClearance: Int32Array; //          steps
  readonly split: Int32Array; //                 steps
  readonly offset: Int32Array; //                steps, by intersection
  readonly signalised: Uint8Array; //                  by intersection
  readonly changePhase: Int32Array; //                 by intersection: phase shown while changing; NONE

  readonly ringPhases: RaggedRows; //                  by ring: its phases in order; the first ring of intersection i is i
  readonly ringIntersection: Int32Array; //            by ring
  readonly ringPartner: Int32Array; //                 by ring: the other ring of its intersection; NONE
  readonly phaseGroup: Int32Array; //                  by phase: its barrier group; 0 with one ring

  readonly crosswalks: Crosswalks;
  readonly phaseCrosswalks: RaggedRows; //             by phase: crosswalks that walk with it
  readonly walk: Int32Array; //                  steps, by phase
  readonly pedestrianClearance: Int32Array; //   steps, by phase

  readonly detectors: Detectors;

  readonly typeCount: number;
  readonly types: VehicleTypes;

  readonly routes: RaggedRows; //                      by route: roads
  readonly flows: Flows;
  readonly origins: Origins;
  readonly movingEntry: number; //                     1: vehicles enter with the speed of traffic, 0: from standstill
  readonly limitsAhead: Uint8Array | null; //          by connector: 1 where a lower limit may be ahead; null where none ever is
  readonly keepsClear: number; //                      1: drivers wait at the stop line while their exit lane is full
  readonly slowsAhead: number; //                      1: drivers slow down ahead of turns and lower limits, 0: where these begin
  /** What runs of CityFlow's files need to be exact; `null` for our own scenarios. */
  readonly reference: Reference | null;
}

/**
 * CityFlow's own arithmetic where it differs from what is meant by it: the time of a flow is a sum of steps; a phase
 * lasts its time, and what a whole step exceeds it by is taken off the next one; vehicles draw a priority and a lane.
 */
export interface Reference {
  /** By phase: how long it lasts in the file's own plan, s. `null`: another plan, in whole steps (`split`), holds. */
  readonly phaseTime: Float64Array | null;
  /** By flow: the first and the last step in which it may have a trip; none where the first is the later one. */
  readonly firstStep: Int32Array;
  readonly lastStep: Int32Array;
  /** The steps in which a flow that cannot be driven takes its draws, in order, and how many flows come before it. */
  readonly undrivableStep: Int32Array;
  readonly undrivableBefore: Int32Array;
}

/** For "no row" in signed columns. */
export const NONE = -1;
/** For "no way on": the route continues, but not from this lane. */
export const DEAD_END = -2;
/** What was done to a network after it was compiled, in words for people: by what may be replaced. */
export interface Preparation {
  readonly signals: string;
  readonly protocol: string;
  readonly detectors: string;
}

/** For "no such time" in step counts. */
export const NEVER = 0x7fffffff;

/** Right of way by turn among movements whose paths conflict: the higher goes first. */
export const PRIORITY = { right: 1, left: 2, thru: 3 } as const;

/**
 * Right of way at a conflict point, as seen from one of its connectors. With `BY_SIGNAL` added, what the signals show
 * decides first: a permitted movement yields to a protected one. The rule without it holds between two alike.
 */
export const RULE = { equal: 0, first: 1, second: 2 } as const;
export const BY_SIGNAL = 4;

/** What a signal shows a connector. */
export const SHOWN = { red: 0, yellow: 1, permitted: 2, protected: 3 } as const;

/**
 * Rows of unequal length in two flat arrays: row `r` is `items[starts[r]] … items[starts[r + 1] - 1]`.
 * `starts` has one entry more than there are rows, so the last row needs no special case.
 */
export interface RaggedRows {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/**
 * Conflict points, from the view of each connector and in order of distance along it. `starts` is by
 * element; each conflict point is listed twice, once for either connector.
 */
export interface Crosses {
  readonly starts: Int32Array;
  readonly distance: Float64Array; //    m   along this connector
  readonly foe: Int32Array; //               the other connector, as an element
  readonly foeDistance: Float64Array; // m   along the other connector
  readonly rule: Uint8Array; //              RULE value of this connector against the other, with or without BY_SIGNAL
}

/** Places where people cross a leg of an intersection: the road that comes in there and the one that goes out. */
export interface Crosswalks {
  readonly count: number;
  readonly names: readonly string[]; //   each names its random stream
  readonly intersection: Int32Array;
  readonly roadIn: Int32Array; //         NONE: none comes in
  readonly roadOut: Int32Array; //        NONE: none goes out
  readonly recall: Uint8Array; //         1: walk in every cycle, 0: when somebody has pushed the button
  readonly rate: Float64Array; //   1/s   people who come to its kerbs
}

/** Detectors: each senses a zone of one lane. */
export interface Detectors {
  readonly count: number;
  readonly names: readonly string[]; //   each names its random stream
  readonly starts: Int32Array; //         by element: the first of its detectors; they are numbered lane by lane, from upstream on
  readonly zoneStart: Float64Array; // m  from the upstream end of the lane
  readonly zoneEnd: Float64Array; //   m
  readonly kind: Uint8Array; //           DETECTOR value
  readonly dropped: Uint8Array; //        1: never says anything
  readonly stuckOn: Uint8Array; //        1: always says that somebody is there
  readonly lossRate: Float64Array; //     share of counts that are lost
}

export const DETECTOR = { stopLine: 0, advance: 1 } as const;

/** Kinds of vehicle, one column per parameter. See `VehicleType` in the layout for meanings. */
export interface VehicleTypes {
  readonly length: Float64Array;
  readonly maxSpeed: Float64Array;
  readonly maxAcceleration: Float64Array;
  readonly maxDeceleration: Float64Array;
  readonly usualAcceleration: Float64Array;
  readonly usualDeceleration: Float64Array;
  readonly minGap: Float64Array;
  readonly headway: Float64Array;
  readonly turnSpeed: Float64Array;
  readonly yieldDistance: Float64Array;
  readonly criticalGap: Float64Array;
  readonly permittedTurnSpeed: Float64Array;
  readonly model: Uint8Array; // MODEL value
}

/** Car-following models. */
export const MODEL = { reference: 0, idm: 1 } as const;

/** Trips at fixed times, in file order: at `start`, then every `interval` until and including `end`. */
export interface Flows {
  readonly count: number;
  readonly route: Int32Array;
  readonly type: Int32Array;
  readonly interval: Float64Array; // s
  readonly start: Float64Array; //    s
  readonly end: Float64Array; //      s   −1: forever
}

/** Trips at random or evenly spaced times. */
export interface Origins {
  readonly count: number;
  readonly names: readonly string[]; //    each names its random streams
  readonly uniform: Uint8Array; //         1: evenly spaced, 0: Poisson
  readonly profileStarts: Int32Array; //   ragged: periods of origin o
  readonly periodStart: Float64Array; // s
  readonly periodEnd: Float64Array; //   s
  readonly periodRate: Float64Array; //  vehicles per second
  readonly routeStarts: Int32Array; //     ragged: alternatives of origin o
  readonly route: Int32Array;
  readonly routeShare: Float64Array; //    cumulative, the last is 1
  readonly typeStarts: Int32Array;
  readonly type: Int32Array;
  readonly typeShare: Float64Array; //     cumulative, the last is 1
}
