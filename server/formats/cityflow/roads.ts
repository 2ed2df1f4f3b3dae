import type { Lane, Point, Road } from '../../scenario/layout.ts';
import { shown } from '../../scenario/problem.ts';
import type { Findings } from './findings.ts';
import { laneLines, polylineLength } from './geometry.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  type Range,
  textAt,
  within,
} from './shape.ts';

/** As far as those of Web Mercator, of which a warning is given. */
export const COORDINATE: Range = { min: -2.5e7, max: 2.5e7, unit: 'm' };
const LANE_WIDTH: Range = { min: 0, max: 100, unit: 'm' };
const LANE_SPEED: Range = { min: 0, max: 10_000, unit: 'm/s' };

/** Names of one kind in file order, and the row of each. */
export interface Names {
  readonly ids: readonly string[];
  readonly rows: ReadonlyMap<string, number>;
}

/** Entries of a list that count, and the place of each in the file. */
export interface Listing {
  readonly entries: readonly unknown[];
  readonly at: (k: number) => string;
}

const REPLACED =
  'A later entry has the same id. As in CityFlow, the last one of a name counts; this one is left out.';
const REPEATED =
  'A later entry has the same id. As in CityFlow, roads end at the last one, and the road links and signal of this one count too.';

/**
 * The entries of a list without those that another one of the same `id` replaces further down: CityFlow keeps the last
 * of a name. Its converters write some roads and intersections twice. An intersection that is replaced keeps its road
 * links there; it stays in the list, if it has any.
 */
export function lastOfEachName(findings: Findings, where: string, entries: readonly unknown[]): Listing {
  const last = new Map<unknown, number>();
  entries.forEach((entry, row) => {
    if (isObject(entry) && typeof entry.id === 'string') last.set(entry.id, row);
  });
  const rows: number[] = [];
  entries.forEach((entry, row) => {
    const replaced = isObject(entry) && (last.get(entry.id) ?? row) !== row;
    const stays = !replaced || linksRoads(entry);
    if (stays) rows.push(row);
    if (replaced) findings.warn(`${where}[${row}].id`, stays ? REPEATED : REPLACED);
  });
  return { entries: rows.map((row) => entries[row]), at: (k) => `${where}[${rows[k]}]` };
}

function linksRoads({ virtual, roadLinks }: JsonObject): boolean {
  return virtual !== true && Array.isArray(roadLinks) && roadLinks.length > 0;
}

/**
 * The `id` of every entry of a list; the last one of a name has it, others get a number. Reports entries that are no
 * objects, or have none.
 */
export function namesOf(findings: Findings, { entries, at }: Listing): Names {
  const rows = new Map<string, number>();
  const ids = entries.map((entry, row) => {
    const place = at(row);
    if (!objectAt(findings, place, entry)) return '';
    const id = textAt(findings, place, entry, 'id');
    if (id === undefined) return '';
    rows.set(id, row);
    return id;
  });
  const taken = new Set(ids);
  ids.forEach((id, row) => {
    if (id === '' || rows.get(id) === row) return;
    let copy = 1;
    while (taken.has(`${id}#${copy}`)) copy++;
    ids[row] = `${id}#${copy}`;
    taken.add(ids[row]!);
  });
  return { ids, rows };
}

/** The row that the name under `key` stands for, or −1 after reporting. */
export function rowAt(
  findings: Findings,
  where: string,
  object: JsonObject,
  key: string,
  names: Names,
  kind: string,
) {
  const id = textAt(findings, where, object, key);
  return id === undefined ? -1 : rowOf(findings, `${where}.${key}`, id, names, kind);
}

/** The row a name stands for, or −1 after reporting. */
export function rowOf(findings: Findings, where: string, id: unknown, names: Names, kind: string): number {
  if (typeof id !== 'string') {
    findings.problem(where, `Found ${shown(id)}, needs the name of ${kind}.`);
    return -1;
  }
  const row = names.rows.get(id);
  if (row !== undefined) return row;
  findings.problem(
    where,
    `${shown(id)} is not the name of ${kind} in this file.`,
    findings.suggest(id, names.ids),
  );
  return -1;
}

/** What cuts a road short: the half-width of each intersection, 0 at a boundary. */
export type Cuts = readonly number[];

/**
 * The roads of a roadnet with the geometry of their lanes, in file order. A road that had to be
 * reported keeps its place, with no lanes when they could not be laid.
 */
export function readRoads(
  findings: Findings,
  { entries, at }: Listing,
  names: Names,
  intersections: Names,
  cuts: Cuts,
): Road[] {
  return entries.map((entry, row) => {
    const place = at(row);
    const id = names.ids[row]!;
    if (!isObject(entry)) return { id, from: -1, to: -1, points: [], lanes: [] };
    const from = rowAt(findings, place, entry, 'startIntersection', intersections, 'an intersection');
    const to = rowAt(findings, place, entry, 'endIntersection', intersections, 'an intersection');
    const points = pointsAt(findings, `${place}.points`, listAt(findings, place, entry, 'points'), 2);
    const shapes = laneShapes(findings, `${place}.lanes`, listAt(findings, place, entry, 'lanes'));
    const laid = points && shapes && from >= 0 && to >= 0;
    const lanes = laid ? layLanes(findings, place, points, shapes, cuts[from]!, cuts[to]!) : [];
    return { id, from, to, points: points ?? [], lanes };
  });
}

interface LaneShape {
  readonly width: number;
  readonly speedLimit: number;
}

function laneShapes(findings: Findings, where: string, entries: readonly unknown[] | undefined) {
  if (!entries) return undefined;
  if (entries.length === 0) {
    findings.problem(where, 'Found an empty list, needs one lane or more.');
    return undefined;
  }
  const shapes: LaneShape[] = [];
  for (const [k, entry] of entries.entries()) {
    const place = `${where}[${k}]`;
    if (!objectAt(findings, place, entry)) continue;
    const width = numberAt(findings, place, entry, 'width', LANE_WIDTH);
    const speedLimit = numberAt(findings, place, entry, 'maxSpeed', LANE_SPEED);
    if (speedLimit === 0) findings.warn(`${place}.maxSpeed`, 'Nobody moves on a lane of 0 m/s.');
    if (width >= 0 && speedLimit >= 0) shapes.push({ width, speedLimit });
  }
  return shapes.length === entries.length ? shapes : undefined;
}

function layLanes(
  findings: Findings,
  where: string,
  points: readonly Point[],
  shapes: readonly LaneShape[],
  cutStart: number,
  cutEnd: number,
): Lane[] {
  const widths = shapes.map((shape) => shape.width);
  const lines = laneLines(points, widths, cutStart, cutEnd);
  const lanes = lines.map((line, k) => ({ ...shapes[k]!, length: polylineLength(line), points: line }));
  const unlaid = lanes.find((lane) => !(lane.length > 0));
  if (!unlaid) return lanes;
  const finding = Number.isNaN(unlaid.length)
    ? 'Lanes cannot be laid along these points: two in a row are equal, or the road turns straight back.'
    : `Nothing is left of the lanes: the intersections at its ends take ${cutStart} m and ${cutEnd} m.`;
  findings.problem(`${where}.points`, finding, 'Move a point, or make the intersections narrower.');
  return [];
}

/** A polyline of `least` points or more; `undefined` after reporting. Entries may have keys beside x and y. */
export function pointsAt(
  findings: Findings,
  where: string,
  entries: readonly unknown[] | undefined,
  least: number,
): Point[] | undefined {
  if (!entries) return undefined;
  if (entries.length < least) {
    findings.problem(where, `Found ${entries.length} points, needs ${least} or more.`);
    return undefined;
  }
  const points: Point[] = [];
  for (let k = 0; k < entries.length; k++) {
    const entry = entries[k];
    if (isObject(entry) && within(entry.x, COORDINATE) && within(entry.y, COORDINATE)) {
      points.push({ x: entry.x, y: entry.y });
    } else if (objectAt(findings, `${where}[${k}]`, entry)) {
      numberAt(findings, `${where}[${k}]`, entry, 'x', COORDINATE);
      numberAt(findings, `${where}[${k}]`, entry, 'y', COORDINATE);
    }
  }
  return points.length === entries.length ? points : undefined;
}
