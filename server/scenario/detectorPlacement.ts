import type * as z from 'zod';
import { DETECTOR_PLACEMENT } from './compileRoadside.ts';
import type { DetectorPlacement, Road } from './layout.ts';
import type { Findings } from './problem.ts';
import type { detectorFields } from './schemaSignals.ts';

const DEFAULT_LOSS_RATE = 0.1;

/** Where detectors lie: as given, otherwise as `DETECTOR_PLACEMENT` has it. */
export function detectorsOf(
  given: z.infer<typeof detectorFields>,
  roads: readonly Road[],
  findings: Findings,
): DetectorPlacement {
  const lanes = new Map(roads.map((road) => [road.id, road.lanes.length]));
  const faults = (given.faults ?? []).map(({ detector, fault, rate }, k) => {
    const [, road = '', lane = ''] = /^(.*)_(\d+)\.(?:stop|advance)$/.exec(detector) ?? [];
    if (detector !== '*' && !(Number(lane) < (lanes.get(road) ?? 0))) {
      const names = () => roads.flatMap(({ id }) => [`${id}_0.stop`, `${id}_0.advance`]);
      findings.unknown(['detectors', 'faults', k, 'detector'], detector, 'is not a detector', names);
    }
    if (rate !== undefined && fault !== 'loses-counts') {
      findings.problem(
        ['detectors', 'faults', k, 'rate'],
        `a detector that is ${fault} loses no share of its counts.`,
        'Leave the rate out, or make the fault loses-counts.',
      );
    }
    return fault === 'loses-counts'
      ? { detector, kind: fault, rate: rate ?? DEFAULT_LOSS_RATE }
      : { detector, kind: fault };
  });
  return {
    stopLineLength: given.stopLineLengthM ?? DETECTOR_PLACEMENT.stopLineLength,
    advanceSetbackS: given.advanceSetbackS ?? DETECTOR_PLACEMENT.advanceSetbackS,
    advanceLength: given.advanceLengthM ?? DETECTOR_PLACEMENT.advanceLength,
    faults,
  };
}
