/**
 * What one run leaves behind: one controller on one seed. Plain data, so that it crosses threads and can be
 * kept. Indices are those of the network; names are the layout's.
 *
 * Everything but `series`, `trips`, `trace`, `whole` and measures of the span `run` counts from the end of the warm-up: vehicles created since,
 * stop lines crossed since, queues since.
 */
export interface RunResult {
  /** The label of the controller in this comparison. */
  readonly controller: string;
  readonly seed: number;
  readonly fingerprint: string;
  readonly warmupS: number;
  readonly durationS: number;
  /** By the ids of `MEASURES`. */
  readonly measures: Readonly<Record<string, number>>;
  /** Those of them that can be told of the whole run as well, the warm-up included. */
  readonly whole: Readonly<Record<string, number>>;
  /** Vehicles on the network or waiting to enter it when the warm-up ended; 0 without one. */
  readonly presentAtWarmupEnd: number;
  /** What `runWarnings` said at its end. */
  readonly warnings: readonly string[];
  readonly movements: readonly MovementResult[];
  readonly approaches: readonly ApproachResult[];
  readonly series: Series;
  readonly trips: Trips;
  /** Kept for one seed only, the one that is drawn. */
  readonly trace: Trace | null;
}

/** What happened at one movement of a signalised intersection. */
export interface MovementResult {
  readonly movement: number;
  readonly intersection: number;
  /** The road it comes from: its approach. */
  readonly approach: number;
  /** Vehicles that crossed the stop line. */
  readonly volume: number;
  /** Mean control delay of these, s. */
  readonly controlDelayS: number;
  /** Share of the time for which it had right of way. */
  readonly greenRatio: number;
  /** Saturation flow of its lanes × green ratio, vehicles per hour. */
  readonly capacityVph: number;
  /** Volume ÷ capacity, v/c. */
  readonly degreeOfSaturation: number;
}

/** The queue on one approach, all its lanes, in vehicles. */
export interface ApproachResult {
  readonly road: number;
  readonly intersection: number;
  readonly queueMean: number;
  readonly queueP95: number;
  readonly queueMax: number;
  /** Vehicles that fit. */
  readonly storage: number;
  /** Seconds for which a lane of it was full to its upstream end. */
  readonly spillbackS: number;
}

/** The whole network over time, from the start of the run: a value an interval. */
export interface Series {
  readonly intervalS: number;
  /** Mean control delay of the vehicles that crossed a stop line in the interval, s; NaN if nobody did. */
  readonly controlDelayS: Float64Array;
  /** Vehicles standing on approaches, mean. */
  readonly queue: Float64Array;
  /** Vehicles on the network or waiting to enter it, at the end of the interval. */
  readonly present: Float64Array;
  /** Vehicles that finished in the interval. */
  readonly finished: Float64Array;
}

/** All vehicles in order of creation. Equal seeds give equal arrivals, so rows of two controllers pair up. */
export interface Trips {
  readonly count: number;
  readonly route: Int32Array;
  readonly vehicleType: Int32Array;
  readonly source: Int32Array; //       flow, or flow count + origin
  readonly rank: Int32Array; //         how many of the same source came before
  readonly createdS: Float64Array;
  readonly enteredS: Float64Array; //   NaN while it waits to enter
  readonly finishedS: Float64Array; //  NaN if it did not
  readonly delayS: Float64Array; //     so far, waiting to enter included
  readonly controlDelayS: Float64Array;
  readonly stops: Int32Array;
  readonly longestWaitS: Float64Array;
}

/** One run in detail, for the pictures. */
export interface Trace {
  /** Intervals shown by each signal, in order of their start: columns of equal length. */
  readonly signals: {
    readonly intersection: Int32Array;
    readonly ring: Int32Array; //       0, or 1 for the second ring
    readonly phase: Int32Array; //      of the run's network
    readonly interval: Uint8Array; //   0 green, 1 yellow change, 2 red clearance
    readonly startS: Float64Array;
    readonly endS: Float64Array;
  };
  /** By phase of the run's network: its name. Other controllers may have other phases. */
  readonly phaseNames: readonly string[];
  /** Queue of each approach in each interval of `series`, in vehicles: approach-major, mean. */
  readonly queues: Float64Array;
  /** The longest straight way through signals, and who drove along it; `null` without one. */
  readonly corridor: CorridorTrace | null;
}

export interface CorridorTrace {
  /** Roads one after another, and where each ends, m from the start of the first. */
  readonly roads: readonly number[];
  readonly stopLineM: readonly number[];
  /** The signalised intersections at these stop lines. */
  readonly intersections: readonly number[];
  /** By intersection: the movement that goes on along the corridor. */
  readonly movements: readonly number[];
  /** When each of these movements had green: pairs of start and end, s. */
  readonly greens: readonly Float64Array[];
  /** One path per vehicle for as long as it is on the corridor, sampled each step or two. */
  readonly paths: readonly {
    readonly vehicle: number;
    readonly timeS: Float64Array;
    readonly distanceM: Float64Array;
  }[];
}
