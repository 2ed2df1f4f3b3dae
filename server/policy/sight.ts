import { DetectorSight } from '../environment/detectorSight.ts';
import { type LaneSight, VehicleSight } from '../environment/laneSight.ts';
import type { Policy } from './policySchema.ts';

/** How lanes are seen in a run: one sight for all its signals, as some know of their exits by each other. */
export function sightOf(sight: Policy['sight']): LaneSight {
  return sight === 'vehicles' ? new VehicleSight() : new DetectorSight();
}
