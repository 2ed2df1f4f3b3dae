/**
 * A layout: everything about a study that has a name or a place, as plain objects in SI units.
 *
 * It is the meeting point of all file formats. Our scenario files and CityFlow's files are both read
 * into a layout; `compile` turns a layout into the frozen tables the simulator runs on; exporters
 * write one out again. Nothing in here is derived twice: geometry and lengths are final.
 *
 * Coordinates are metres, x east, y north, right-hand traffic. Indices point into the arrays of the
 * layout itself.
 */
export interface Layout {
  readonly name: string;
  readonly stepS: number;
  /** How long a run lasts unless told otherwise. */
  readonly durationS: number;
  /**
   * How vehicles enter the network: from standstill, as in CityFlow (the default), or moving with the
   * traffic ahead, as from a road that goes on outside. From standstill a lane admits some 900 vehicles
   * per hour, half of what it can carry.
   */
  readonly entry?: 'standstill' | 'moving';
  /** How drivers behave where CityFlow's model is silent or plain wrong. Without it they follow CityFlow to the letter. */
  readonly drivers?: DriverRules;
  readonly vehicleTypes: readonly VehicleType[];
  readonly intersections: readonly Intersection[];
  readonly roads: readonly Road[];
  readonly flows: readonly Flow[];
  readonly origins: readonly Origin[];
  /** Only of CityFlow's files: what a run needs beside the rest to come out as there, to the last digit. */
  readonly reference?: ReferenceRules;
  /** How lanes toward signals are watched; see `DETECTOR_PLACEMENT` for what holds without it. */
  readonly detectors?: DetectorPlacement;
  /** What the author chose for controllers, by their names, not looked at: what may be chosen is the controllers' business. */
  readonly controllers?: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
}

/**
 * CityFlow's files run by CityFlow's own arithmetic, slips included, and its random draws: see `sim/draws.ts`,
 * `referenceConflicts.ts`, and `Network.reference`.
 */
export interface ReferenceRules {
  /** CityFlow's `seed`: what a run begins its draws with unless told otherwise. */
  readonly seed: number;
  /**
   * Flows that are left out since their route cannot be driven. CityFlow creates the first vehicle of each, which
   * takes its share of the draws, before it finds out.
   */
  readonly undrivable: readonly UndrivableFlow[];
}

/** `before`: how many flows of the layout come before it in the file. */
export interface UndrivableFlow {
  readonly before: number;
  readonly startS: number;
  readonly endS: number;
}

/** Rules for drivers on networks that are not CityFlow's. */
export interface DriverRules {
  /**
   * Right of way at a signal. `signals`: a permitted movement yields to a protected one, whatever the turns; `turns`:
   * thru before left before right whatever the signals show, as in CityFlow.
   */
  readonly rightOfWay: 'signals' | 'turns';
  /**
   * Whether drivers slow down ahead of turns and lower speed limits, by usual braking, and keep the limit of the road
   * they come from inside intersections. CityFlow's brake where these begin, and know no limit there.
   */
  readonly slowsAhead: boolean;
  /** Whether drivers wait at the stop line until there is room for them beyond the intersection, so that nobody stands in it. */
  readonly keepsClear: boolean;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How a kind of vehicle is built and driven. Accelerations and decelerations are positive numbers. */
export interface VehicleType {
  readonly id: string;
  readonly length: number; //             m
  readonly width: number; //              m
  readonly maxSpeed: number; //           m/s
  readonly maxAcceleration: number; //    m/s²
  readonly maxDeceleration: number; //    m/s²   emergency braking; also the dilemma-zone criterion
  readonly usualAcceleration: number; //  m/s²
  readonly usualDeceleration: number; //  m/s²
  readonly minGap: number; //             m      bumper to bumper at standstill
  readonly headway: number; //            s      time kept to the vehicle ahead
  readonly turnSpeed: number; //          m/s    on the approach to a left or right turn
  readonly yieldDistance: number; //      m      how far before a conflict point a yielding driver stops
  /** s: a permitted movement enters when no protected vehicle is nearer to the conflict point than this, on average over drivers; 0 unless given. */
  readonly criticalGap?: number;
  /** m/s: before a turn that is permitted while a conflicting movement is protected; `turnSpeed` unless given. */
  readonly permittedTurnSpeed?: number;
  readonly carFollowing: 'reference' | 'idm';
}

export type Turn = 'left' | 'thru' | 'right';

/** A node of the network. At a boundary vehicles enter and leave; it has no movements and no signal. */
export interface Intersection {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly boundary: boolean;
  /** Distance from the centre to the stop lines, m. */
  readonly halfWidth: number;
  readonly movements: readonly Movement[];
  /** `null`: no signal. Everything may go and yields by right of way. */
  readonly signal: Signal | null;
}

/** From one approach to one exit. The order of movements and connectors is part of the model (it breaks ties). */
export interface Movement {
  readonly id: string;
  readonly from: number; // road
  readonly to: number; //   road
  readonly turn: Turn;
  readonly connectors: readonly Connector[];
}

/** The path of one lane of an approach to one lane of an exit, across the intersection. */
export interface Connector {
  readonly fromLane: number; // index of the lane in its road
  readonly toLane: number; //   index of the lane in its road
  readonly points: readonly Point[];
  readonly length: number; //   m
}

export interface Signal {
  readonly phases: readonly Phase[];
  /** Start of phase 0 after the master reference, s. The cycle is the sum of the phases' splits. */
  readonly offsetS: number;
  /**
   * A phase to show instead of yellow and red while changing between any two others, as CityFlow's
   * signal-control literature does; `NONE` (−1) for real change intervals.
   */
  readonly changePhase: number;
  /** Where people cross on foot, if anyone does. */
  readonly crosswalks?: readonly Crosswalk[];
}

/** A way across one leg of an intersection, on foot. */
export interface Crosswalk {
  readonly id: string;
  readonly roadIn: number; //   the road that comes in over it; −1: none
  readonly roadOut: number; //  the road that goes out over it; −1: none
  readonly length: number; //   m
  /** Walk in every cycle, called or not. */
  readonly recall: boolean;
  /** People who come to its kerbs, per hour. */
  readonly flowPph: number;
}

export interface Phase {
  readonly id: string;
  /** Movements with right of way. A permitted one yields to a protected one. */
  readonly greens: readonly { readonly movement: number; readonly permitted: boolean }[];
  readonly minGreenS: number;
  readonly maxGreenS: number; // Infinity: none
  readonly yellowChangeS: number;
  readonly redClearanceS: number;
  /** The phase's share of the cycle under fixed time, yellow change and red clearance included. */
  readonly splitS: number;
  /** Walk and pedestrian clearance when somebody crosses, s. 0 without crosswalks. */
  readonly walkS?: number;
  readonly pedestrianClearanceS?: number;
  /** Crosswalks that walk with this phase: indices into the signal's. */
  readonly crosswalks?: readonly number[];
}

/** Where detectors lie on the lanes toward a signal, and what is wrong with some. */
export interface DetectorPlacement {
  /** Zone that ends at the stop line, m. */
  readonly stopLineLength: number;
  /** How long before the stop line the advance detector lies, in s of driving at the speed limit. */
  readonly advanceSetbackS: number;
  readonly advanceLength: number; // m
  /** The last that fits a detector holds. */
  readonly faults: readonly DetectorFault[];
}

/** `detector` is a name, LANE.stop or LANE.advance, or `*` for all. */
export type DetectorFault =
  | { readonly detector: string; readonly kind: 'dropped' | 'stuck-on' }
  | { readonly detector: string; readonly kind: 'loses-counts'; readonly rate: number };

/** All lanes in one direction between two intersections. Lane 0 is the innermost. */
export interface Road {
  readonly id: string;
  readonly from: number; // intersection
  readonly to: number; //   intersection
  /** Centre line from intersection centre to intersection centre: the inner edge of lane 0. */
  readonly points: readonly Point[];
  readonly lanes: readonly Lane[];
}

export interface Lane {
  readonly width: number; //      m
  readonly speedLimit: number; // m/s
  readonly length: number; //     m   from the end of the upstream intersection to the stop line
  readonly points: readonly Point[];
}

/** Trips at fixed times: at `startS`, then every `intervalS` until and including `endS` (−1: forever). */
export interface Flow {
  readonly id: string;
  readonly vehicleType: number;
  readonly route: readonly number[]; // roads, each joined to the next
  readonly intervalS: number;
  readonly startS: number;
  readonly endS: number;
}

/** Trips at random (or evenly spaced) times from one place. */
export interface Origin {
  readonly id: string;
  readonly arrivals: 'poisson' | 'uniform';
  /** Vehicles per hour by time; zero outside. Periods follow one another without overlap. */
  readonly profile: readonly { readonly startS: number; readonly endS: number; readonly flowVph: number }[];
  /** Routes start on the same road. Shares sum to 1. */
  readonly routes: readonly { readonly roads: readonly number[]; readonly share: number }[];
  /** Shares sum to 1. */
  readonly vehicleTypes: readonly { readonly vehicleType: number; readonly share: number }[];
}
