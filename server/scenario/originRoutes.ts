import type { Atlas } from './atlas.ts';
import type { Drawing } from './drawing.ts';
import type { Turn } from './layout.ts';
import { type Findings, type Path, quoted } from './problem.ts';
import type { OriginGiven, RatiosGiven } from './schemaDemand.ts';
import { checkShares } from './shares.ts';

/** A route with the share of an origin's vehicles that take it. */
export interface WeightedRoute {
  readonly roads: readonly number[];
  readonly share: number;
}

/** Routes found by turning ratios that fewer vehicles take are dropped. */
const LEAST_SHARE = 1e-4;
/** Nor are longer ones followed, in roads. */
const LONGEST_ROUTE = 2000;

/** The fastest route to each destination. */
export function routesToDestinations(
  to: Record<string, number>,
  path: Path,
  starts: readonly number[],
  atlas: Atlas,
  findings: Findings,
): WeightedRoute[] {
  const { drawing, finder } = atlas;
  const wanted = new Set<number>();
  const origin = drawing.roads[starts[0]!]!.from;
  for (const id of Object.keys(to)) {
    const i = atlas.intersections.get(id);
    if (i === undefined || !drawing.intersections[i]!.boundary) {
      findings.unknown([...path, id], id, 'is not a boundary', () => atlas.boundaryNames());
    } else if (i === origin) {
      findings.problem(
        [...path, id],
        `${quoted(id)} is where these vehicles enter.`,
        'Name another boundary.',
      );
    } else {
      wanted.add(i);
    }
  }
  // A destination that two roads lead to counts when the first of them is reached.
  const missing = new Set(wanted);
  const found = finder.fastest(starts, (road) => missing.delete(drawing.roads[road]!.to), wanted.size);
  const reached = new Map([...found].map(([road, route]) => [drawing.roads[road]!.to, route]));

  const routes: WeightedRoute[] = [];
  for (const [id, share] of Object.entries(to)) {
    const i = atlas.intersections.get(id);
    if (i === undefined || !wanted.has(i)) continue;
    const roads = reached.get(i);
    if (roads === undefined) {
      if (finder.exhausted) continue;
      findings.problem(
        [...path, id],
        `no route leads from ${quoted(atlas.startOf(starts[0]!))} to ${quoted(id)}.`,
        'Check the roads’ directions and the turns that their lanes allow.',
      );
    } else if (checkRoute(roads, [...path, id], drawing, findings) && share > 0) {
      routes.push({ roads, share });
    }
  }
  return routes;
}

/** Routes as written: roads and intersections on the way, with the fastest routes between them. */
export function writtenRoutes(
  given: NonNullable<OriginGiven['routes']>,
  path: Path,
  starts: readonly number[],
  atlas: Atlas,
  findings: Findings,
): WeightedRoute[] {
  let sum = 0;
  const routes: WeightedRoute[] = [];
  given.forEach(({ via, share }, k) => {
    if (share === undefined && given.length > 1) {
      findings.problem([...path, k, 'share'], 'is missing.', 'Give each of several routes its share.');
    }
    sum += share ?? 1;
    const roads = routeVia(via, [...path, k, 'via'], starts, atlas, findings);
    if (roads && (share ?? 1) > 0) routes.push({ roads, share: share ?? 1 });
  });
  if (given.every(({ share }) => share !== undefined)) checkShares({ sum }, path, findings);
  return routes;
}

function routeVia(
  via: readonly string[],
  path: Path,
  starts: readonly number[],
  atlas: Atlas,
  findings: Findings,
): number[] | null {
  const { drawing, finder } = atlas;
  let route: number[] = [];
  for (let k = 0; k < via.length; k++) {
    const id = via[k]!;
    const road = atlas.roads.get(id);
    const intersection = atlas.intersections.get(id);
    if (road === undefined && intersection === undefined) {
      findings.unknown([...path, k], id, 'is neither a road nor an intersection', () => atlas.names());
      return null;
    }
    const isThere = (r: number) => (road === undefined ? drawing.roads[r]!.to === intersection : r === road);
    const last = route[route.length - 1];
    // The origin itself may head the list, and a road may follow an intersection at its end.
    if (last === undefined && intersection === drawing.roads[starts[0]!]!.from && road === undefined)
      continue;
    if (last !== undefined && isThere(last)) continue;
    const from = last === undefined ? starts : finder.moves[last]!.map((move) => move.road);
    const leg = [...finder.fastest(from, isThere, 1).values()][0];
    if (leg === undefined) {
      if (finder.exhausted) return null;
      const before = last === undefined ? atlas.startOf(starts[0]!) : drawing.roads[last]!.id;
      findings.problem(
        [...path, k],
        `no route leads from ${quoted(before)} to ${quoted(id)}.`,
        'Check the roads’ directions and the turns that their lanes allow.',
      );
      return null;
    }
    route = [...route, ...leg];
  }
  return checkRoute(route, path, drawing, findings) ? route : null;
}

/** A trip crosses an intersection and ends at a boundary. */
function checkRoute(roads: readonly number[], path: Path, drawing: Drawing, findings: Findings): boolean {
  const last = drawing.roads[roads[roads.length - 1] ?? 0]!;
  const end = drawing.intersections[last.to]!;
  if (roads.length < 2) {
    findings.problem(
      path,
      'the route has fewer than two roads; a trip crosses an intersection at least.',
      'Name a destination beyond it.',
    );
    return false;
  }
  if (!end.boundary) {
    findings.problem(
      path,
      `the route ends at ${quoted(end.id)}, which is not a boundary.`,
      'Add a boundary to its end.',
    );
    return false;
  }
  return true;
}

/**
 * Routes by turning ratios: all ways that do not use a road twice, each with the product of the ratios
 * along it. What is dropped, because it is rare or runs in circles, is shared out among the rest.
 */
export function routesByTurns(
  given: OriginGiven,
  path: Path,
  starts: readonly number[],
  atlas: Atlas,
  findings: Findings,
): WeightedRoute[] {
  const { drawing, finder } = atlas;
  const ratios = ratiosByRoad(given, path, atlas, findings);
  if (starts.length > 1) {
    const names = starts.map((road) => drawing.roads[road]!.id).join(', ');
    findings.problem(
      [...path, 'turns'],
      `${starts.length} roads lead into the network here.`,
      `Name one of them as the origin: ${names}.`,
    );
    return [];
  }
  const routes: WeightedRoute[] = [];
  const roads: number[] = [];
  const used = new Set<number>();
  const explore = (road: number, share: number) => {
    finder.spend(1);
    if (finder.exhausted || roads.length >= LONGEST_ROUTE) return;
    roads.push(road);
    used.add(road);
    const end = drawing.intersections[drawing.roads[road]!.to]!;
    if (end.boundary) {
      finder.spend(roads.length);
      routes.push({ roads: [...roads], share });
    } else {
      for (const branch of branchesFrom(road, end.movements, ratios(road))) {
        if (share * branch.share >= LEAST_SHARE && !used.has(branch.road))
          explore(branch.road, share * branch.share);
      }
    }
    used.delete(road);
    roads.pop();
  };
  explore(starts[0]!, 1);
  const complete = routes.filter((route) => route.roads.length > 1);
  const sum = complete.reduce((total, route) => total + route.share, 0);
  if (complete.length === 0 && !finder.exhausted) {
    findings.problem(
      [...path, 'turns'],
      'no vehicle that turns like this reaches a boundary.',
      'Check the ratios against the turns that exist.',
    );
  }
  return complete.map((route) => ({ roads: route.roads, share: route.share / sum }));
}

type Movements = Drawing['intersections'][number]['movements'];

/** Where vehicles at the end of a road go on to. Turns that do not exist leave their share to the others. */
function branchesFrom(road: number, movements: Movements, ratios: RatiosGiven) {
  const own = movements.filter((movement) => movement.from === road);
  const countOf = (turn: Turn) => own.filter((movement) => movement.turn === turn).length;
  const weighted = own.map(({ to, turn }) => ({ road: to, share: (ratios[turn] ?? 0) / countOf(turn) }));
  const sum = weighted.reduce((total, branch) => total + branch.share, 0);
  if (sum <= 0) return [];
  return weighted.map((branch) => ({ road: branch.road, share: branch.share / sum }));
}

/** Turning ratios at the end of a road: the road's own, its intersection's, or those for everywhere. */
function ratiosByRoad(given: OriginGiven, path: Path, atlas: Atlas, findings: Findings) {
  const everywhere = given.turns!;
  checkShares(everywhere, [...path, 'turns'], findings);
  const special = new Map(Object.entries(given.turnsAt ?? {}));
  for (const [id, ratios] of special) {
    checkShares(ratios, [...path, 'turnsAt', id], findings);
    if (atlas.roads.has(id) || atlas.intersections.has(id)) continue;
    findings.unknown([...path, 'turnsAt', id], id, 'is neither an intersection nor a road', () =>
      atlas.names(),
    );
  }
  const { roads, intersections } = atlas.drawing;
  return (road: number): RatiosGiven => {
    const { id, to } = roads[road]!;
    return special.get(id) ?? special.get(intersections[to]!.id) ?? everywhere;
  };
}
