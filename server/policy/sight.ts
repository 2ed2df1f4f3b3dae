import { DetectorSight } from '../environment/detectorSight.ts';
import { type LaneSight, type SightName, VehicleSight } from '../environment/laneSight.ts';

/** How lanes are seen in a run: one sight for all its signals, as some know of their exits by each other. */
export function sightOf(sight: SightName): LaneSight {
  return sight === 'vehicles' ? new VehicleSight() : new DetectorSight();
}
