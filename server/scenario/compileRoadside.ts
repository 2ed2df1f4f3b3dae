import { type Crosswalks, DETECTOR, type Detectors, NONE, type RaggedRows } from '../sim/network.ts';
import type { DetectorPlacement, Layout } from './layout.ts';

/** Where detectors are unless a scenario says otherwise. */
export const DETECTOR_PLACEMENT: DetectorPlacement = {
  stopLineLength: 12,
  advanceSetbackS: 3,
  advanceLength: 2,
  faults: [],
};
/** An advance detector stands at least this far from the upstream end and from the zone at the stop line, m. */
const ADVANCE_MARGIN = 1;

/** The part of a lane's description that detectors need, by element. */
interface Lanes {
  readonly elementLength: Float64Array;
  readonly elementSpeedLimit: Float64Array;
  readonly elementIntersection: Int32Array;
  readonly elementRoad: Int32Array;
  readonly elementName: readonly string[];
}

/**
 * The detectors of all lanes toward a signal: one at the stop line, and, where the lane is long enough,
 * one in advance of it, as far as a vehicle drives in the setback time at the speed limit.
 */
export function compileDetectors(
  { intersections, detectors = DETECTOR_PLACEMENT }: Layout,
  { elementLength, elementSpeedLimit, elementIntersection, elementRoad, elementName }: Lanes,
): Detectors {
  const names: string[] = [];
  const zoneStart: number[] = [];
  const zoneEnd: number[] = [];
  const kind: number[] = [];
  const starts = new Int32Array(elementLength.length + 1);
  const add = (name: string, from: number, to: number, what: number) => {
    names.push(name);
    zoneStart.push(from);
    zoneEnd.push(to);
    kind.push(what);
  };
  for (let e = 0; e < elementLength.length; e++) {
    starts[e] = names.length;
    if (elementRoad[e] === NONE || intersections[elementIntersection[e]!]!.signal === null) continue;
    const length = elementLength[e]!;
    const stop = Math.max(0, length - detectors.stopLineLength);
    const advance = length - elementSpeedLimit[e]! * detectors.advanceSetbackS;
    const fits = advance >= ADVANCE_MARGIN && advance + detectors.advanceLength <= stop - ADVANCE_MARGIN;
    if (fits) add(`${elementName[e]}.advance`, advance, advance + detectors.advanceLength, DETECTOR.advance);
    add(`${elementName[e]}.stop`, stop, length, DETECTOR.stopLine);
  }
  starts[elementLength.length] = names.length;
  const faultOf = (name: string) =>
    detectors.faults.findLast((f) => f.detector === '*' || f.detector === name);
  const faults = names.map(faultOf);
  return {
    count: names.length,
    names,
    starts,
    zoneStart: Float64Array.from(zoneStart),
    zoneEnd: Float64Array.from(zoneEnd),
    kind: Uint8Array.from(kind),
    dropped: Uint8Array.from(faults, (fault) => Number(fault?.kind === 'dropped')),
    stuckOn: Uint8Array.from(faults, (fault) => Number(fault?.kind === 'stuck-on')),
    lossRate: Float64Array.from(faults, (fault) => (fault?.kind === 'loses-counts' ? fault.rate : 0)),
  };
}

/** The crosswalks of all signals, and which phase serves which. */
export function compileCrosswalks({ intersections }: Layout): {
  readonly crosswalks: Crosswalks;
  readonly phaseCrosswalkRows: readonly (readonly number[])[];
} {
  const rows = intersections.flatMap(({ id, signal }, intersection) =>
    (signal?.crosswalks ?? []).map((crosswalk) => ({
      ...crosswalk,
      name: `${id}.${crosswalk.id}`,
      intersection,
    })),
  );
  let first = 0;
  const phaseCrosswalkRows: number[][] = [];
  for (const { signal } of intersections) {
    for (const phase of signal?.phases ?? []) {
      phaseCrosswalkRows.push((phase.crosswalks ?? []).map((c) => first + c));
    }
    first += signal?.crosswalks?.length ?? 0;
  }
  return {
    crosswalks: {
      count: rows.length,
      names: rows.map(({ name }) => name),
      intersection: Int32Array.from(rows, (row) => row.intersection),
      roadIn: Int32Array.from(rows, (row) => row.roadIn),
      roadOut: Int32Array.from(rows, (row) => row.roadOut),
      recall: Uint8Array.from(rows, (row) => Number(row.recall)),
      rate: Float64Array.from(rows, (row) => row.flowPph / 3600),
    },
    phaseCrosswalkRows,
  };
}

/** One ring an intersection, of all its phases. */
export function singleRings(phases: RaggedRows, phaseCount: number) {
  const count = phases.starts.length - 1;
  return {
    ringPhases: phases,
    ringIntersection: Int32Array.from({ length: count }, (_, i) => i),
    ringPartner: new Int32Array(count).fill(NONE),
    phaseGroup: new Int32Array(phaseCount),
  };
}
