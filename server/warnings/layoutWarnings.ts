import { coordinateFinding } from '../scenario/coordinates.ts';
import type { Layout } from '../scenario/layout.ts';
import { amount } from '../scenario/problem.ts';
import { neverGreenInPlan, neverGreenWarning } from './neverGreen.ts';
import { expectedVehicles } from './trips.ts';

/** What decides what is said of a layout, beside the layout. */
export interface LayoutUse {
  /** Whether the plan of the file runs; false where phases change only when a controller says so. */
  readonly planRuns: boolean;
}

/**
 * What a layout that can be run is likely not meant to be, in full sentences: no vehicles, movements that never get
 * green, coordinates that are no metres. It is the same for every file format; what only the reader of a format can
 * know (routes that it left out, a protocol that the file asks for) comes from there.
 */
export function layoutWarnings(layout: Layout, { planRuns }: LayoutUse): string[] {
  const coordinates = coordinateFinding(layout.intersections);
  const never = neverGreenInPlan(layout, planRuns);
  const by = planRuns ? 'the plan of the file' : 'any phase of the file';
  return [
    noVehiclesWarning(layout, layout.durationS),
    neverGreenWarning(layout, never, by, layout.durationS),
    coordinates === null ? null : `${capital(coordinates.message)} ${coordinates.advice}`,
  ].filter((warning) => warning !== null);
}

/** Says that nobody, or hardly anybody, drives; `null` where vehicles do. */
export function noVehiclesWarning(layout: Layout, durationS: number): string | null {
  const { flows, origins } = layout;
  if (flows.length === 0 && origins.length === 0) {
    return 'No vehicles: there is no demand, so nothing will drive. Add demand.';
  }
  const expected = expectedVehicles(layout, durationS);
  const run = `the ${amount(durationS, 's')} of the run`;
  if (expected === 0) return `No vehicles: nobody departs within ${run}. Check start times and flows.`;
  if (expected >= 1) return null;
  return `Hardly a vehicle: ${expected.toPrecision(2)} are expected within ${run}. Check flows; they are vehicles per hour.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
