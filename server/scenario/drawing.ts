import { coordinateFinding } from './coordinates.ts';
import { type Crossing, crossingOf, type Leg, outwardFrom } from './crossing.ts';
import type { Draft, DraftIntersection } from './draft.ts';
import { cross, dot, heading, laneLine, rounded, roundedPoint } from './geometry.ts';
import type { Movement, Point, Road } from './layout.ts';
import { amount, type Findings, list, placeOf, quoted } from './problem.ts';

/** A network with all its geometry, without signals. */
export interface Drawing {
  readonly intersections: readonly DrawnIntersection[];
  readonly roads: readonly Road[];
}

export interface DrawnIntersection {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly boundary: boolean;
  readonly halfWidth: number;
  readonly movements: readonly Movement[];
  /** Roads toward it and away from it, in the order of the crossing's legs. */
  readonly approaches: readonly number[];
  readonly exits: readonly number[];
  readonly crossing: Crossing;
}

/** Room between a curb and the stop line for turning, m. */
const CORNER_M = 4;
const LEAST_LANE_M = 5;
const CONNECTORS_MAX = 600_000;

/** Draws a draft: stop lines, lanes, movements and their paths. Tells what cannot be drawn. */
export function draw(draft: Draft, findings: Findings): Drawing | null {
  const before = findings.problems.length;
  const incoming: number[][] = draft.intersections.map(() => []);
  const outgoing: number[][] = draft.intersections.map(() => []);
  draft.roads.forEach((road, r) => {
    outgoing[road.from]!.push(r);
    incoming[road.to]!.push(r);
  });
  const headings = roadHeadings(draft, findings);
  if (findings.problems.length > before) return tellScale(draft, findings, before);

  const boundary = draft.intersections.map(
    (intersection, i) => intersection.boundary ?? neighboursOf(draft, incoming[i]!, outgoing[i]!).size <= 1,
  );
  const halfWidths = draft.intersections.map((intersection, i) =>
    boundary[i] ? 0 : halfWidthOf(draft, intersection, incoming[i]!, outgoing[i]!, headings),
  );
  checkRoom(draft, halfWidths, findings);
  if (findings.problems.length > before) return tellScale(draft, findings, before);

  const shared = new Map<string, Crossing>();
  const crossings = draft.intersections.map((_, i) => {
    const neighbours = neighboursOf(draft, incoming[i]!, outgoing[i]!);
    return sharedCrossing(
      shared,
      boundary[i] ? [] : incoming[i]!.map((r) => legOf(draft, r, headings[r]!.end, neighbours, false)),
      boundary[i] ? [] : outgoing[i]!.map((r) => legOf(draft, r, headings[r]!.start, neighbours, true)),
      halfWidths[i]!,
    );
  });
  if (pathCount(crossings) > CONNECTORS_MAX) {
    findings.problem(
      [],
      `the intersections have more than ${amount(CONNECTORS_MAX)} lane-to-lane paths.`,
      'Use fewer intersections or fewer lanes.',
    );
    return null;
  }
  const intersections = draft.intersections.map(({ id, x, y }, i): DrawnIntersection => {
    const crossing = crossings[i]!;
    const approaches = incoming[i]!;
    const exits = outgoing[i]!;
    const movements = translated(crossing, { x, y }, approaches, exits);
    const place = { x: rounded(x), y: rounded(y), boundary: boundary[i]!, halfWidth: halfWidths[i]! };
    const drawn = { id, ...place, movements, approaches, exits, crossing };
    if (!boundary[i]) checkTurns(draft, drawn, findings);
    return drawn;
  });
  return { intersections, roads: drawnRoads(draft, halfWidths) };
}

function pathCount(crossings: readonly Crossing[]): number {
  let count = 0;
  for (const { movements } of crossings) for (const { connectors } of movements) count += connectors.length;
  return count;
}

interface RoadHeadings {
  readonly start: Point;
  readonly end: Point;
}

function centreLine(draft: Draft, r: number): Point[] {
  const { from, to, via } = draft.roads[r]!;
  const start = draft.intersections[from]!;
  const end = draft.intersections[to]!;
  return [{ x: start.x, y: start.y }, ...via, { x: end.x, y: end.y }];
}

function roadHeadings(draft: Draft, findings: Findings): RoadHeadings[] {
  return draft.roads.map((road, r) => {
    const line = centreLine(draft, r);
    for (let k = 1; k < line.length; k++) {
      const a = line[k - 1]!;
      const b = line[k]!;
      if (Math.abs(a.x - b.x) > 1e-3 || Math.abs(a.y - b.y) > 1e-3) continue;
      findings.problem(road.path, `two of the points of road ${quoted(road.id)} are at the same place.`);
      return { start: { x: 1, y: 0 }, end: { x: 1, y: 0 } };
    }
    return {
      start: heading(line[0]!, line[1]!),
      end: heading(line[line.length - 2]!, line[line.length - 1]!),
    };
  });
}

function neighboursOf(
  draft: Draft,
  incoming: readonly number[],
  outgoing: readonly number[],
): Map<number, number> {
  const neighbours = new Map<number, number>();
  const add = (i: number) => {
    if (!neighbours.has(i)) neighbours.set(i, neighbours.size);
  };
  for (const r of incoming) add(draft.roads[r]!.from);
  for (const r of outgoing) add(draft.roads[r]!.to);
  return neighbours;
}

function legOf(
  draft: Draft,
  r: number,
  direction: Point,
  neighbours: ReadonlyMap<number, number>,
  isExit: boolean,
): Leg {
  const road = draft.roads[r]!;
  return {
    heading: direction,
    lanes: laneOffsets(draft, r),
    turns: isExit ? [] : road.lanes.map((lane) => lane.turns),
    speedLimit: isExit ? 0 : Math.max(...road.lanes.map((lane) => lane.speedLimit)),
    neighbour: neighbours.get(isExit ? road.to : road.from)!,
  };
}

function laneOffsets(draft: Draft, r: number): number[] {
  let inner = 0;
  return draft.roads[r]!.lanes.map(({ width }) => {
    const middle = inner + width / 2;
    inner += width;
    return middle;
  });
}

function sharedCrossing(
  crossings: Map<string, Crossing>,
  approaches: readonly Leg[],
  exits: readonly Leg[],
  halfWidth: number,
): Crossing {
  const key = JSON.stringify([approaches, exits, halfWidth]);
  let crossing = crossings.get(key);
  if (crossing === undefined) {
    crossing = crossingOf(approaches, exits, halfWidth);
    crossings.set(key, crossing);
  }
  return crossing;
}

/** A crossing's movements at their place on the map, between the roads that meet there. */
function translated(
  crossing: Crossing,
  centre: Point,
  approaches: readonly number[],
  exits: readonly number[],
): Movement[] {
  return crossing.movements.map(({ id, approach, exit, turn, connectors }) => ({
    id,
    from: approaches[approach]!,
    to: exits[exit]!,
    turn,
    connectors: connectors.map(({ fromLane, toLane, points, length }) => ({
      fromLane,
      toLane,
      points: points.map((p) => roundedPoint(centre.x + p.x, centre.y + p.y)),
      length,
    })),
  }));
}

/**
 * Distance from the centre to the stop lines: where the edges of the two roads with the narrowest
 * angle between them meet, and room for a corner.
 */
function halfWidthOf(
  draft: Draft,
  intersection: DraftIntersection,
  incoming: readonly number[],
  outgoing: readonly number[],
  headings: readonly RoadHeadings[],
): number {
  if (intersection.halfWidth !== null) return intersection.halfWidth;
  const neighbours = neighboursOf(draft, incoming, outgoing);
  const legs = [
    ...incoming.map((r) => ({
      r,
      leg: legOf(draft, r, headings[r]!.end, neighbours, false),
      isApproach: true,
    })),
    ...outgoing.map((r) => ({
      r,
      leg: legOf(draft, r, headings[r]!.start, neighbours, true),
      isApproach: false,
    })),
  ].map(({ r, leg, isApproach }) => ({
    neighbour: leg.neighbour,
    outward: outwardFrom(leg, isApproach),
    extent: draft.roads[r]!.lanes.reduce((sum, lane) => sum + lane.width, 0),
  }));
  let extent = 0;
  let factor = 1;
  for (const a of legs) {
    extent = Math.max(extent, a.extent);
    for (const b of legs) {
      if (a.neighbour >= b.neighbour) continue;
      // The edges of two like roads at angle θ meet at extent ÷ tan(θ/2), and tan(θ/2) = sin θ ÷ (1 + cos θ).
      const cosine = dot(a.outward, b.outward);
      if (cosine <= 0) continue;
      const sine = Math.abs(cross(a.outward, b.outward));
      factor = Math.max(factor, sine < 0.1 ? 4 : Math.min(4, (1 + cosine) / sine));
    }
  }
  return rounded(extent * factor + CORNER_M);
}

/** Reports coordinates that are too small once. Otherwise every road would be reported as too short, with a remedy that does not help. */
function tellScale({ intersections }: Draft, findings: Findings, before: number): null {
  const scale = coordinateFinding(intersections);
  if (scale?.kind === 'too small') {
    findings.problems.splice(before);
    findings.problem(['intersections'], scale.message, scale.advice);
  }
  return null;
}

/** Roads must be long enough for the stop lines at their ends. */
function checkRoom(draft: Draft, halfWidths: readonly number[], findings: Findings): void {
  const told = new Set<string>();
  draft.roads.forEach((road, r) => {
    const line = centreLine(draft, r);
    const cutStart = halfWidths[road.from]!;
    const cutEnd = halfWidths[road.to]!;
    const firstLength = segmentLength(line, 1);
    const lastLength = segmentLength(line, line.length - 1);
    const short =
      line.length === 2
        ? firstLength < cutStart + cutEnd + LEAST_LANE_M
        : firstLength < cutStart + 1 || lastLength < cutEnd + 1;
    // A shorthand's roads are all alike, and so is what is wrong with them.
    const place = placeOf(road.path);
    if (!short || told.has(place)) return;
    told.add(place);
    const metres =
      Math.round((line.length === 2 ? firstLength : Math.min(firstLength, lastLength)) * 10) / 10;
    findings.problem(
      road.path,
      line.length === 2
        ? `road ${quoted(road.id)} is ${amount(metres, 'm')} from centre to centre, too short for the half-widths at its ends (${cutStart} m and ${cutEnd} m) and a lane of ${LEAST_LANE_M} m.`
        : `a bend of road ${quoted(road.id)} lies inside the intersection (half-widths ${cutStart} m and ${cutEnd} m).`,
      'Move the intersections apart, or give a smaller halfWidthM.',
    );
  });
}

function segmentLength(line: readonly Point[], k: number): number {
  const a = line[k - 1]!;
  const b = line[k]!;
  return Math.sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
}

/** Turns written on lanes must lead somewhere, and every approach must lead somewhere. */
function checkTurns(draft: Draft, intersection: DrawnIntersection, findings: Findings): void {
  const { crossing } = intersection;
  intersection.approaches.forEach((r, a) => {
    const road = draft.roads[r]!;
    const possible = crossing.possibleTurns[a]!;
    if (possible.size === 0) {
      findings.problem(
        road.path,
        `road ${quoted(road.id)} ends at ${quoted(intersection.id)}, which has no way out.`,
        `Add a road from ${quoted(intersection.id)}, or make it a boundary.`,
      );
      return;
    }
    road.lanes.forEach((lane, l) => {
      lane.turns?.forEach((turn, t) => {
        if (possible.has(turn)) return;
        findings.problem(
          [...road.lanesPath, l, 'turns', t],
          `nothing lies to the ${turn === 'thru' ? 'front' : turn} of road ${quoted(road.id)} at ${quoted(intersection.id)}.`,
          `Turns there: ${list([...possible])}.`,
        );
      });
    });
  });
}

function drawnRoads(draft: Draft, halfWidths: readonly number[]): Road[] {
  return draft.roads.map((road, r) => {
    const line = centreLine(draft, r);
    const offsets = laneOffsets(draft, r);
    return {
      id: road.id,
      from: road.from,
      to: road.to,
      points: line.map((p) => roundedPoint(p.x, p.y)),
      lanes: road.lanes.map(({ width, speedLimit }, l) => ({
        width,
        speedLimit,
        ...laneLine(line, halfWidths[road.from]!, halfWidths[road.to]!, offsets[l]!),
      })),
    };
  });
}
