import type { Connector, Intersection, Movement, Point, Road, Turn } from '../../scenario/layout.ts';
import { shown } from '../../scenario/problem.ts';
import { curveBetween } from './curve.ts';
import type { Findings } from './findings.ts';
import { laneLines, polylineLength } from './geometry.ts';
import {
  COORDINATE,
  lastOfEachName,
  type Names,
  namesOf,
  pointsAt,
  readRoads,
  rowAt,
  rowOf,
} from './roads.ts';
import {
  indexRange,
  isIndex,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  type Range,
  reportField,
} from './shape.ts';
import { readSignal } from './signals.ts';

const HALF_WIDTH: Range = { min: 0, max: 1000, unit: 'm' };
const TURNS: Readonly<Record<string, Turn>> = { go_straight: 'thru', turn_left: 'left', turn_right: 'right' };

const DETACHED_START =
  'The road does not end at this intersection. CityFlow links it here all the same, and so does this.';
const DETACHED_END =
  'The road does not start at this intersection. CityFlow links it here all the same, and so does this.';

export interface Roadnet {
  readonly intersections: readonly Intersection[];
  readonly roads: readonly Road[];
  readonly roadNames: Names;
  /** Per intersection the rows of its roads, in the order in which CityFlow looks for ways onward. */
  readonly attachedRoads: readonly (readonly number[])[];
}

/** The network in a parsed `roadnet.json`. Whole only if nothing was reported meanwhile. */
export function readRoadnet(
  value: unknown,
  name: string,
  findings: Findings,
  ownCycle: boolean,
): Roadnet | undefined {
  if (!objectAt(findings, name, value)) return undefined;
  const allIntersections = listAt(findings, name, value, 'intersections');
  const allRoads = listAt(findings, name, value, 'roads');
  if (!allIntersections || !allRoads) return undefined;
  const intersectionListing = lastOfEachName(findings, `${name} intersections`, allIntersections);
  const roadListing = lastOfEachName(findings, `${name} roads`, allRoads);
  const { entries: intersectionEntries, at } = intersectionListing;
  const intersectionNames = namesOf(findings, intersectionListing);
  const roadNames = namesOf(findings, roadListing);
  const sites = intersectionEntries.map((entry, row) => readSite(findings, at(row), entry));
  const cuts = sites.map((site) => (site.boundary ? 0 : site.halfWidth));
  const roads = readRoads(findings, roadListing, roadNames, intersectionNames, cuts);
  const attachedRoads = intersectionEntries.map((entry, row) =>
    readAttached(findings, `${at(row)}.roads`, entry, row, roads, roadNames),
  );
  const intersections = intersectionEntries.map((entry, row): Intersection => {
    const site = { id: intersectionNames.ids[row]!, ...sites[row]! };
    if (site.boundary || !isObject(entry)) return { ...site, movements: [], signal: null };
    const place = at(row);
    const movements = readMovements(findings, place, entry, row, sites, roads, roadNames);
    return { ...site, movements, signal: readSignal(findings, place, entry, movements.length, ownCycle) };
  });
  return { intersections, roads, roadNames, attachedRoads };
}

interface Site {
  readonly x: number;
  readonly y: number;
  readonly boundary: boolean;
  readonly halfWidth: number;
}

function readSite(findings: Findings, where: string, entry: unknown): Site {
  if (!isObject(entry)) return { x: 0, y: 0, boundary: true, halfWidth: 0 };
  const boundary = entry.virtual === true;
  if (entry.virtual !== undefined && typeof entry.virtual !== 'boolean') {
    findings.problem(`${where}.virtual`, `Found ${shown(entry.virtual)}, needs true or false.`);
  }
  let x = 0;
  let y = 0;
  if (objectAt(findings, `${where}.point`, entry.point)) {
    x = numberAt(findings, `${where}.point`, entry.point, 'x', COORDINATE);
    y = numberAt(findings, `${where}.point`, entry.point, 'y', COORDINATE);
  }
  // Nothing is cut short at a boundary, so it may leave its width out.
  const widthless = boundary && entry.width === undefined;
  const halfWidth = widthless ? 0 : numberAt(findings, where, entry, 'width', HALF_WIDTH);
  return { x, y, boundary, halfWidth };
}

/** The rows of `roads`; of all roads that start or end here, in file order, where the list is missing. */
function readAttached(
  findings: Findings,
  where: string,
  entry: unknown,
  row: number,
  roads: readonly Road[],
  names: Names,
): number[] {
  if (!isObject(entry)) return [];
  if (entry.roads === undefined) {
    return [...roads.keys()].filter((r) => roads[r]!.from === row || roads[r]!.to === row);
  }
  if (!Array.isArray(entry.roads)) {
    findings.problem(where, `Found ${shown(entry.roads)}, needs a list.`);
    return [];
  }
  return entry.roads
    .map((id, k) => rowOf(findings, `${where}[${k}]`, id, names, 'a road'))
    .filter((r) => r >= 0);
}

function readMovements(
  findings: Findings,
  where: string,
  entry: JsonObject,
  row: number,
  sites: readonly Site[],
  roads: readonly Road[],
  names: Names,
): Movement[] {
  const entries = listAt(findings, where, entry, 'roadLinks') ?? [];
  const taken = new Map<string, number>();
  // CityFlow draws curves while it reads: of an intersection further down it does not know the width yet.
  const widthKnown = (at: number) =>
    at >= 0 && at <= row && !sites[at]!.boundary ? sites[at]!.halfWidth : 0;
  return entries.map((roadLink, k): Movement => {
    const place = `${where}.roadLinks[${k}]`;
    const unread: Movement = { id: `${k}`, from: -1, to: -1, turn: 'thru', connectors: [] };
    if (!objectAt(findings, place, roadLink)) return unread;
    const turn = readTurn(findings, `${place}.type`, roadLink.type);
    const from = rowAt(findings, place, roadLink, 'startRoad', names, 'a road');
    const to = rowAt(findings, place, roadLink, 'endRoad', names, 'a road');
    const laneLinks = listAt(findings, place, roadLink, 'laneLinks') ?? [];
    if (from < 0 || to < 0) return unread;
    const start = roads[from]!;
    const end = roads[to]!;
    if (start.to !== row && start.to >= 0) findings.warn(`${place}.startRoad`, DETACHED_START);
    if (end.from !== row && end.from >= 0) findings.warn(`${place}.endRoad`, DETACHED_END);
    const pair = `${start.id}→${end.id}`;
    const twins = taken.get(pair) ?? 0;
    taken.set(pair, twins + 1);
    const widths = { from: widthKnown(start.to), to: widthKnown(end.from) };
    const connectors = readConnectors(findings, `${place}.laneLinks`, laneLinks, start, end, widths);
    return { id: twins === 0 ? pair : `${pair}#${twins + 1}`, from, to, turn, connectors };
  });
}

function readTurn(findings: Findings, where: string, type: unknown): Turn {
  const turn = typeof type === 'string' && Object.hasOwn(TURNS, type) ? TURNS[type] : undefined;
  if (turn) return turn;
  const advice = typeof type === 'string' ? findings.suggest(type, Object.keys(TURNS)) : '';
  const found = type === undefined ? 'Missing;' : `Found ${shown(type)},`;
  findings.problem(where, `${found} needs "go_straight", "turn_left" or "turn_right".`, advice);
  return 'thru';
}

function readConnectors(
  findings: Findings,
  where: string,
  entries: readonly unknown[],
  start: Road,
  end: Road,
  halfWidths: { readonly from: number; readonly to: number },
): Connector[] {
  const connectors: Connector[] = [];
  // A road whose lanes could not be laid has been reported; its lane links cannot be judged.
  if (start.lanes.length === 0 || end.lanes.length === 0) return connectors;
  for (let k = 0; k < entries.length; k++) {
    const entry = entries[k];
    const place = `${where}[${k}]`;
    if (!objectAt(findings, place, entry)) continue;
    const fromLane = laneAt(findings, place, entry, 'startLaneIndex', start);
    const toLane = laneAt(findings, place, entry, 'endLaneIndex', end);
    if (fromLane < 0 || toLane < 0) continue;
    const given = entry.points ?? [];
    if (!Array.isArray(given)) {
      findings.problem(`${place}.points`, `Found ${shown(given)}, needs a list.`);
      continue;
    }
    const points =
      given.length === 0
        ? curveBetween(wholeLane(start, fromLane), wholeLane(end, toLane), halfWidths)
        : pointsAt(findings, `${place}.points`, given, 1);
    if (points === undefined) continue;
    // CityFlow takes one point for a link of no length that meets no other; two equal ones are the same.
    if (points.length === 1) points.push(points[0]!);
    connectors.push({ fromLane, toLane, points, length: polylineLength(points) });
  }
  return connectors;
}

function laneAt(findings: Findings, where: string, entry: JsonObject, key: string, road: Road): number {
  const lane = entry[key];
  if (isIndex(lane, road.lanes.length)) return lane;
  reportField(
    findings,
    `${where}.${key}`,
    entry,
    key,
    `${indexRange(road.lanes.length)}, a lane of "${road.id}"`,
  );
  return -1;
}

/** A lane's centre line as it would be without intersections at the ends of its road. */
function wholeLane({ points, lanes }: Road, lane: number): readonly Point[] {
  const widths = lanes.slice(0, lane + 1).map(({ width }) => width);
  return laneLines(points, widths, 0, 0)[lane]!;
}
