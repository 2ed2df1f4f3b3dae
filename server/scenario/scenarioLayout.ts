import { Atlas } from './atlas.ts';
import type { Crossing } from './crossing.ts';
import { detectorsOf } from './detectorPlacement.ts';
import { type Drawing, draw } from './drawing.ts';
import { withFleet } from './fleet.ts';
import type { Intersection, Layout, Signal } from './layout.ts';
import { draftOf } from './networkDraft.ts';
import { originsOf } from './origins.ts';
import { asProblem, Findings, quoted, ScenarioProblems } from './problem.ts';
import { randomTripsOf } from './randomTrips.ts';
import type { Scenario } from './schema.ts';
import { checkShares, typeSharesOf } from './shares.ts';
import { signalOf } from './signals.ts';
import { type TypeIndex, vehicleTypesOf } from './vehicleTypes.ts';

export const DEFAULT_STEP_S = 1;
export const DEFAULT_DURATION_S = 3600;
/** After so many problems no more signals are looked at. */
const PROBLEMS_ENOUGH = 20_000;

/**
 * Lays a scenario out: names become places, shorthands become roads, defaults become numbers.
 *
 * @throws ScenarioProblems if the scenario contradicts itself. A scenario that `parseScenario` returned does not.
 */
export function layOut(scenario: Scenario): Layout {
  const findings = new Findings();
  const layout = layOutWith(scenario, findings);
  if (layout === null || findings.problems.length > 0) {
    throw new ScenarioProblems(findings.problems.map(asProblem));
  }
  return layout;
}

/** Lays a scenario out as far as it goes, and tells every problem met; the layout is good if there is none. */
export function layOutWith(scenario: Scenario, findings: Findings): Layout | null {
  const vehicleTypes = vehicleTypesOf(scenario, findings);
  const typeIndex: TypeIndex = new Map(vehicleTypes.map(({ id }, t) => [id, t]));
  const draft = draftOf(scenario, findings);
  const drawing = draft && draw(draft, findings);
  if (!drawing) {
    checkSharesAlone(scenario, typeIndex, findings);
    return null;
  }
  const intersections = withSignals(scenario, drawing, findings);
  checkBoundaries(scenario, intersections, findings);
  const atlas = new Atlas(drawing);
  const origins = originsOf(scenario, atlas, vehicleTypes, typeIndex, findings);
  // A hundred thousand trips are not worth drawing for a file that is sent back.
  const flows = findings.problems.length > 0 ? [] : randomTripsOf(scenario, atlas, typeIndex, findings);
  if (!scenario.demand && !scenario.randomTrips) {
    findings.warn([], 'there is no demand, so nothing will drive.', 'Add demand or randomTrips.');
  }
  return withFleet({
    name: scenario.name,
    stepS: scenario.stepS ?? DEFAULT_STEP_S,
    durationS: scenario.durationS ?? DEFAULT_DURATION_S,
    entry: 'moving',
    drivers: { rightOfWay: 'signals', slowsAhead: true, keepsClear: scenario.keepClear ?? true },
    vehicleTypes,
    intersections,
    roads: drawing.roads,
    flows,
    origins,
    ...(scenario.detectors && { detectors: detectorsOf(scenario.detectors, drawing.roads, findings) }),
    ...(scenario.controllers && { controllers: scenario.controllers }),
  });
}

/** Equal intersections of which the file says nothing in particular share one signal plan. */
function withSignals(scenario: Scenario, drawing: Drawing, findings: Findings): Intersection[] {
  const shared = new Map<Crossing, Signal | null>();
  const own = scenario.intersections ?? {};
  return drawing.intersections.map((intersection): Intersection => {
    const { id, x, y, boundary, halfWidth, movements, crossing } = intersection;
    const alone = Object.hasOwn(own, id);
    let signal = alone ? undefined : shared.get(crossing);
    if (signal === undefined && findings.problems.length < PROBLEMS_ENOUGH) {
      signal = signalOf(scenario, drawing, intersection, findings);
      if (!alone) shared.set(crossing, signal);
    }
    return { id, x, y, boundary, halfWidth, movements, signal: signal ?? null };
  });
}

/** What can be said of the demand when the network cannot be drawn. */
function checkSharesAlone(scenario: Scenario, types: TypeIndex, findings: Findings): void {
  if (scenario.vehicles) typeSharesOf(scenario.vehicles, ['vehicles'], types, findings);
  for (const [id, { vehicles, to, turns }] of Object.entries(scenario.demand ?? {})) {
    if (vehicles) typeSharesOf(vehicles, ['demand', id, 'vehicles'], types, findings);
    if (to) checkShares(to, ['demand', id, 'to'], findings);
    if (turns) checkShares(turns, ['demand', id, 'turns'], findings);
  }
}

/** A boundary has no signal to speak of. */
function checkBoundaries(
  scenario: Scenario,
  intersections: readonly Intersection[],
  findings: Findings,
): void {
  const boundaries = new Set(intersections.flatMap(({ id, boundary }) => (boundary ? [id] : [])));
  for (const [id, own] of Object.entries(scenario.intersections ?? {})) {
    if (own.phases === undefined || !boundaries.has(id)) continue;
    findings.problem(
      ['intersections', id, 'phases'],
      `${quoted(id)} is a boundary, where nothing crosses and no signal stands.`,
      'Take the phases away, or join another road to it.',
    );
  }
}
