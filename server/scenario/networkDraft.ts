import { type Draft, type DraftIntersection, type DraftRoad, draftLanes } from './draft.ts';
import type { Point } from './layout.ts';
import { type Findings, list, type Path, quoted } from './problem.ts';
import type { Scenario } from './schema.ts';
import type { RoadGiven } from './schemaNetwork.ts';
import { corridorDraft, gridDraft, isolatedDraft } from './shorthand.ts';

const SHORTHANDS = ['isolated', 'corridor', 'grid'] as const;
const INTERSECTIONS_MAX = 50_000;

/** The draft of a scenario's network, from its one shorthand or its intersections and roads; `null` if there is none to draw. */
export function draftOf(scenario: Scenario, findings: Findings): Draft | null {
  const shorthands = SHORTHANDS.filter((key) => scenario[key] !== undefined);
  if (shorthands.length > 1) {
    findings.problem(
      [],
      `the network is given ${shorthands.length} times: ${list(shorthands)}.`,
      'Keep one of them.',
    );
    return null;
  }
  const shorthand = shorthands[0];
  if (shorthand === undefined) return explicitDraft(scenario, findings);

  if (scenario.roads !== undefined) {
    findings.problem(
      ['roads'],
      `roads cannot be added to the shorthand ${quoted(shorthand)}.`,
      'Write the network out with intersections and roads, or take the roads away.',
    );
  }
  const before = findings.problems.length;
  checkShorthand(scenario, findings);
  if (findings.problems.length > before) return null;
  return withIntersections(shorthandDraft(scenario), shorthand, scenario, findings);
}

function shorthandDraft({ isolated, corridor, grid }: Scenario): Draft {
  if (isolated) return isolatedDraft(isolated);
  if (corridor) return corridorDraft(corridor);
  return gridDraft(grid!);
}

function checkShorthand({ isolated, corridor, grid }: Scenario, findings: Findings): void {
  if (isolated?.approaches && new Set(isolated.approaches).size < isolated.approaches.length) {
    findings.problem(['isolated', 'approaches'], 'an approach is named twice.', 'Name each side once.');
  }
  if (
    corridor &&
    Array.isArray(corridor.spacingM) &&
    corridor.spacingM.length !== corridor.intersections - 1
  ) {
    findings.problem(
      ['corridor', 'spacingM'],
      `${corridor.spacingM.length} distances for ${corridor.intersections} intersections.`,
      `Give ${corridor.intersections - 1}, or one number for all.`,
    );
  }
  if (grid && grid.rows * grid.columns > INTERSECTIONS_MAX) {
    findings.problem(
      ['grid'],
      `${grid.rows} × ${grid.columns} intersections are more than ${INTERSECTIONS_MAX}.`,
      'Use fewer rows or columns.',
    );
  }
}

/** What the file says of single intersections of a shorthand. */
function withIntersections(draft: Draft, shorthand: string, scenario: Scenario, findings: Findings): Draft {
  const given = Object.entries(scenario.intersections ?? {});
  if (given.length === 0) return draft;
  const index = new Map(draft.intersections.map(({ id }, i) => [id, i]));
  const intersections = [...draft.intersections];
  for (const [id, own] of given) {
    const i = index.get(id);
    if (i === undefined) {
      findings.unknown(['intersections', id], id, 'is not an intersection of this network', () => [
        ...index.keys(),
      ]);
      continue;
    }
    for (const key of ['x', 'y', 'boundary'] as const) {
      if (own[key] === undefined) continue;
      findings.problem(
        ['intersections', id, key],
        `the ${shorthand} already says where ${quoted(id)} lies.`,
        'Leave it out.',
      );
    }
    intersections[i] = { ...intersections[i]!, halfWidth: own.halfWidthM ?? null };
  }
  return { intersections, roads: draft.roads };
}

function explicitDraft(scenario: Scenario, findings: Findings): Draft | null {
  const given = Object.entries(scenario.intersections ?? {});
  if (given.length === 0 || !scenario.roads || scenario.roads.length === 0) {
    const found =
      given.length > 0
        ? 'intersections but no roads'
        : scenario.roads
          ? 'roads but no intersections'
          : 'no network';
    findings.problem(
      [],
      `there are ${found}.`.replace('are no', 'is no'),
      `Add isolated, corridor or grid, or both intersections and roads.`,
    );
    return null;
  }
  if (given.length > INTERSECTIONS_MAX) {
    findings.problem(
      ['intersections'],
      `${given.length} intersections are more than ${INTERSECTIONS_MAX}.`,
      'Use fewer.',
    );
    return null;
  }
  const before = findings.problems.length;
  const intersections = given.map(([id, own]): DraftIntersection => {
    for (const key of ['x', 'y'] as const) {
      if (own[key] === undefined) findings.problem(['intersections', id, key], 'is missing.', 'Give metres.');
    }
    return {
      id,
      x: own.x ?? 0,
      y: own.y ?? 0,
      boundary: own.boundary ?? null,
      halfWidth: own.halfWidthM ?? null,
    };
  });
  const index = new Map(intersections.map(({ id }, i) => [id, i]));
  const roads = scenario.roads.flatMap((road, r) => draftRoads(road, ['roads', r], index, findings));
  checkRoadNames(roads, findings);
  checkUse(intersections, roads, findings);
  checkPlaces(intersections, findings);
  return findings.problems.length > before ? null : { intersections, roads };
}

/** A road and, unless it is one-way, the road back. */
function draftRoads(
  given: RoadGiven,
  path: Path,
  index: ReadonlyMap<string, number>,
  findings: Findings,
): DraftRoad[] {
  const from = index.get(given.from);
  const to = index.get(given.to);
  for (const key of ['from', 'to'] as const) {
    if (index.has(given[key])) continue;
    findings.unknown([...path, key], given[key], 'is not an intersection', () => [...index.keys()]);
  }
  if (given.from === given.to) {
    findings.problem(
      [...path, 'to'],
      `the road ends where it starts, at ${quoted(given.from)}.`,
      'Join two intersections.',
    );
    return [];
  }
  if (given.oneWay && given.lanesBack !== undefined) {
    findings.problem(
      [...path, 'lanesBack'],
      'a one-way road has no lanes back.',
      'Leave out oneWay or lanesBack.',
    );
  }
  if (from === undefined || to === undefined) return [];

  const via = (given.via ?? []).map(([x, y]): Point => ({ x, y }));
  const lanes = given.lanes ?? 1;
  const road: DraftRoad = {
    id: given.id ?? `${given.from}-${given.to}`,
    from,
    to,
    via,
    lanes: draftLanes(lanes, given),
    path,
    lanesPath: [...path, 'lanes'],
  };
  if (given.oneWay) return [road];
  return [
    road,
    {
      id: given.id === undefined ? `${given.to}-${given.from}` : `${given.id}-back`,
      from: to,
      to: from,
      via: [...via].reverse(),
      lanes: draftLanes(given.lanesBack ?? (typeof lanes === 'number' ? lanes : lanes.length), given),
      path,
      lanesPath: [...path, 'lanesBack'],
    },
  ];
}

function checkRoadNames(roads: readonly DraftRoad[], findings: Findings): void {
  const seen = new Set<string>();
  for (const { id, path } of roads) {
    if (seen.has(id)) {
      findings.problem(
        path,
        `a road named ${quoted(id)} exists already.`,
        'Give this one an id of its own, or make it oneWay.',
      );
    }
    seen.add(id);
  }
}

function checkUse(
  intersections: readonly DraftIntersection[],
  roads: readonly DraftRoad[],
  findings: Findings,
): void {
  const used = new Set<number>();
  for (const { from, to } of roads) used.add(from).add(to);
  intersections.forEach(({ id }, i) => {
    if (used.has(i)) return;
    findings.problem(
      ['intersections', id],
      `no road leads to or from ${quoted(id)}.`,
      'Add a road, or take it away.',
    );
  });
}

function checkPlaces(intersections: readonly DraftIntersection[], findings: Findings): void {
  const seen = new Map<string, string>();
  for (const { id, x, y } of intersections) {
    const place = `${x},${y}`;
    const other = seen.get(place);
    if (other === undefined) seen.set(place, id);
    else
      findings.problem(
        ['intersections', id],
        `it lies at the same place as ${quoted(other)}.`,
        'Move one of them.',
      );
  }
}
