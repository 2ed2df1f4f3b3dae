import { type LaneSight, VehicleSight } from '../environment/laneSight.ts';
import type { Policy } from './policySchema.ts';

/** How lanes are seen in a run: one sight for all its signals, as some know of their exits by each other. */
export function sightOf(sight: Policy['sight']): LaneSight {
  if (sight === 'vehicles') return new VehicleSight();
  throw new Error('This version cannot see by detectors alone.');
}
