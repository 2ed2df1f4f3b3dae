/**
 * All of a network that holds still and can be seen, by column: read once per scenario, over HTTP. Indices are those of
 * the network and of frames: elements are all lanes, then all connectors. Units are m and m/s, x east, y north.
 */
export interface RoadMap {
  readonly version: 1;
  readonly name: string;
  readonly stepS: number;
  readonly durationS: number;
  readonly lanes: {
    readonly name: readonly string[];
    readonly road: readonly number[];
    /** Toward which intersection. */
    readonly intersection: readonly number[];
    readonly width: readonly number[];
    readonly length: readonly number[];
    readonly speedLimit: readonly number[];
    /** x, y, x, y … of the centre line, from the end of the upstream intersection to the stop line. */
    readonly shape: readonly (readonly number[])[];
  };
  readonly connectors: {
    /** Lanes. */
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly movement: readonly number[];
    readonly length: readonly number[];
    readonly shape: readonly (readonly number[])[];
  };
  readonly roads: {
    readonly name: readonly string[];
    /** Intersections. */
    readonly from: readonly number[];
    readonly to: readonly number[];
  };
  readonly intersections: {
    readonly name: readonly string[];
    readonly x: readonly number[];
    readonly y: readonly number[];
    /** From the centre to the stop lines. */
    readonly halfWidth: readonly number[];
    /** 1: vehicles enter and leave here. */
    readonly boundary: readonly number[];
    /** 1: has a signal. */
    readonly signal: readonly number[];
  };
  readonly movements: {
    /** Without the intersection's name: `west-left`. */
    readonly name: readonly string[];
    readonly intersection: readonly number[];
    /** Roads. */
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly turn: readonly Turn[];
  };
  readonly crosswalks: {
    readonly name: readonly string[];
    readonly intersection: readonly number[];
    /** Roads; −1: none. */
    readonly roadIn: readonly number[];
    readonly roadOut: readonly number[];
  };
  readonly detectors: {
    readonly lane: readonly number[];
    /** From the upstream end of the lane. */
    readonly startM: readonly number[];
    readonly endM: readonly number[];
    readonly kind: readonly ('stop-line' | 'advance')[];
  };
  readonly vehicleTypes: {
    readonly name: readonly string[];
    readonly length: readonly number[];
    readonly width: readonly number[];
  };
  /** The longest chain of signals that one drives straight through, as roads in order; for a time-space diagram. */
  readonly corridor: readonly number[];
}

export type Turn = 'left' | 'thru' | 'right';
