import type { Atlas } from './atlas.ts';
import type { Drawing } from './drawing.ts';
import { entryHeadway } from './entryHeadway.ts';
import type { Origin, VehicleType } from './layout.ts';
import { routesByTurns, routesToDestinations, type WeightedRoute, writtenRoutes } from './originRoutes.ts';
import { amount, type Findings, type Path, quoted } from './problem.ts';
import type { Scenario } from './schema.ts';
import type { OriginGiven } from './schemaDemand.ts';
import { checkShares, typeSharesOf } from './shares.ts';
import type { TypeIndex } from './vehicleTypes.ts';

/** The origins of a scenario: who enters where and when, bound where. */
export function originsOf(
  scenario: Scenario,
  atlas: Atlas,
  types: readonly VehicleType[],
  typeIndex: TypeIndex,
  findings: Findings,
): Origin[] {
  const { drawing, finder } = atlas;
  const usualMix = typeSharesOf(scenario.vehicles, ['vehicles'], typeIndex, findings);
  const origins: Origin[] = [];
  for (const [id, given] of Object.entries(scenario.demand ?? {})) {
    const path = ['demand', id];
    const profile = profileOf(given, path, findings);
    const mix = given.vehicles
      ? typeSharesOf(given.vehicles, [...path, 'vehicles'], typeIndex, findings)
      : usualMix;
    const starts = roadsFrom(id, path, atlas, findings);
    const routes = starts.length === 0 ? [] : routesOf(given, path, starts, atlas, findings);
    if (finder.exhausted) {
      findings.problem(
        path,
        'the routes of this scenario take too long to find.',
        'Use fewer origins or destinations, `to` instead of `turns`, or randomTrips.',
      );
      break;
    }
    for (const [road, alternatives] of byFirstRoad(routes)) {
      const share = alternatives.reduce((sum, route) => sum + route.share, 0);
      if (share <= 0) continue;
      const roadId = drawing.roads[road]!.id;
      const origin: Origin = {
        id: starts.length === 1 ? id : `${id} by ${roadId}`,
        arrivals: given.arrivals ?? 'poisson',
        profile: profile.map((period) => ({ ...period, flowVph: period.flowVph * share })),
        routes: alternatives.map((route) => ({ roads: route.roads, share: route.share / share })),
        vehicleTypes: mix,
      };
      origins.push(origin);
      warnOfExcess(origin, path, drawing, types, findings);
    }
  }
  return origins;
}

/** The roads by which vehicles enter under a name: all from a boundary, or the one that is named. */
function roadsFrom(id: string, path: Path, atlas: Atlas, findings: Findings): readonly number[] {
  const { drawing } = atlas;
  const i = atlas.intersections.get(id);
  if (i === undefined) {
    const road = atlas.roads.get(id);
    if (road !== undefined && drawing.intersections[drawing.roads[road]!.from]!.boundary) return [road];
    const isNot = road === undefined ? 'is not a boundary' : 'is a road that does not start at a boundary';
    findings.unknown(path, id, isNot, () => atlas.boundaryNames());
    return [];
  }
  const { boundary, exits } = drawing.intersections[i]!;
  if (!boundary) {
    findings.problem(path, `${quoted(id)} is not a boundary; vehicles enter at boundaries only.`);
    return [];
  }
  if (exits.length === 0) findings.problem(path, `no road leads from ${quoted(id)} into the network.`);
  return exits;
}

function profileOf(given: OriginGiven, path: Path, findings: Findings): Origin['profile'] {
  if (given.flowVph !== undefined && given.profile) {
    findings.problem([...path, 'profile'], 'there is a flowVph as well as a profile.', 'Keep one of them.');
  }
  if (given.flowVph === undefined && !given.profile) {
    findings.problem(path, 'there is neither a flowVph nor a profile.', 'Add flowVph, in vehicles per hour.');
  }
  if (!given.profile) return [{ startS: 0, endS: Infinity, flowVph: given.flowVph ?? 0 }];

  const periods = given.profile.map(({ fromS, toS, flowVph }, k) => ({
    k,
    startS: fromS,
    endS: toS,
    flowVph,
  }));
  for (const { k, startS, endS } of periods) {
    if (endS > startS) continue;
    findings.problem(
      [...path, 'profile', k, 'toS'],
      `${amount(endS, 's')} is not after the start of the period (${amount(startS, 's')}).`,
    );
  }
  periods.sort((a, b) => a.startS - b.startS || a.k - b.k);
  for (let p = 1; p < periods.length; p++) {
    const earlier = periods[p - 1]!;
    const later = periods[p]!;
    if (later.startS >= earlier.endS) continue;
    findings.problem(
      [...path, 'profile', later.k, 'fromS'],
      `${amount(later.startS, 's')} lies within another period (${amount(earlier.startS)} to ${amount(earlier.endS, 's')}).`,
      'Periods may touch but not overlap.',
    );
  }
  return periods.map(({ startS, endS, flowVph }) => ({ startS, endS, flowVph }));
}

function routesOf(
  given: OriginGiven,
  path: Path,
  starts: readonly number[],
  atlas: Atlas,
  findings: Findings,
): WeightedRoute[] {
  const ways = (['to', 'turns', 'routes'] as const).filter((key) => given[key] !== undefined);
  if (given.turnsAt && !given.turns) {
    findings.problem(
      [...path, 'turnsAt'],
      'there are no turns beside turnsAt.',
      'Add turns, the ratios everywhere else.',
    );
  }
  if (ways.length === 0) {
    if (!given.turnsAt) findings.problem(path, 'there is no destination.', 'Add one of: to, turns, routes.');
    return [];
  }
  if (ways.length > 1) {
    findings.problem(
      path,
      `the destinations are given ${ways.length} times: ${ways.join(', ')}.`,
      'Keep one of them.',
    );
    return [];
  }
  if (given.to) {
    checkShares(given.to, [...path, 'to'], findings);
    return routesToDestinations(given.to, [...path, 'to'], starts, atlas, findings);
  }
  if (given.routes) return writtenRoutes(given.routes, [...path, 'routes'], starts, atlas, findings);
  return routesByTurns(given, path, starts, atlas, findings);
}

function byFirstRoad(routes: readonly WeightedRoute[]): Map<number, WeightedRoute[]> {
  const groups = new Map<number, WeightedRoute[]>();
  for (const route of routes) {
    const first = route.roads[0]!;
    const group = groups.get(first);
    if (group) group.push(route);
    else groups.set(first, [route]);
  }
  return groups;
}

/** Warns of more vehicles than can follow one another on the entry lanes. */
function warnOfExcess(
  origin: Origin,
  path: Path,
  drawing: Drawing,
  types: readonly VehicleType[],
  findings: Findings,
): void {
  const first = drawing.roads[origin.routes[0]!.roads[0]!]!;
  const next = new Set(origin.routes.map((route) => route.roads[1]!));
  const lanes = new Set<number>();
  for (const movement of drawing.intersections[first.to]!.movements) {
    if (drawing.roads[movement.from] !== first || !next.has(movement.to)) continue;
    for (const connector of movement.connectors) lanes.add(connector.fromLane);
  }
  let secondsPerVehicle = 0;
  for (const { vehicleType, share } of origin.vehicleTypes) {
    secondsPerVehicle += share * entryHeadway(types[vehicleType]!, first.lanes[0]!.speedLimit);
  }
  const capacity = Math.round((lanes.size * 3600) / secondsPerVehicle);
  const most = origin.profile.reduce((flow, period) => Math.max(flow, period.flowVph), 0);
  if (most <= capacity) return;
  findings.warn(
    path,
    `${amount(Math.round(most), 'veh/h')} exceeds what the entry ${lanes.size === 1 ? 'lane' : 'lanes'} can admit (${amount(capacity, 'veh/h')}).`,
    'Vehicles will wait outside; their delay is counted.',
  );
}
