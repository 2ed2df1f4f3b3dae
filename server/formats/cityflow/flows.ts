import type { Flow, UndrivableFlow, VehicleType } from '../../scenario/layout.ts';
import { shown } from '../../scenario/problem.ts';
import type { Findings } from './findings.ts';
import { FlowsLeftOut } from './flowsLeftOut.ts';
import type { Roadnet } from './roadnet.ts';
import { rowOf } from './roads.ts';
import { Routes } from './routes.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, type Range } from './shape.ts';

/** The nine fields of a vehicle in CityFlow, and the limits within which the model makes sense. */
const VEHICLE_FIELDS: readonly (readonly [key: string, range: Range])[] = [
  ['length', { min: 0, max: 100, unit: 'm', open: true }],
  ['width', { min: 0, max: 100, unit: 'm' }],
  ['maxPosAcc', { min: 0, max: 100, unit: 'm/s²', open: true }],
  ['maxNegAcc', { min: 0, max: 100, unit: 'm/s²', open: true }],
  ['usualPosAcc', { min: 0, max: 100, unit: 'm/s²', open: true }],
  ['usualNegAcc', { min: 0, max: 100, unit: 'm/s²', open: true }],
  ['minGap', { min: 0, max: 1000, unit: 'm' }],
  ['maxSpeed', { min: 0, max: 200, unit: 'm/s', open: true }],
  ['headwayTime', { min: 0, max: 1000, unit: 's' }],
];
/** Fixed in CityFlow: no file can set them. */
export const TURN_SPEED = 8.3333; // m/s
export const YIELD_DISTANCE = 5; // m
const INTERVAL: Range = { min: 0, max: 1e9, unit: 's', open: true };
/** A shorter interval between trips would fill memory with vehicles that never get in. */
const REPEATED_INTERVAL: Range = { min: 0.1, max: 1e9, unit: 's' };
const CLOCK_MAX = 2 ** 31 - 1;

export interface Demand {
  readonly vehicleTypes: readonly VehicleType[];
  readonly flows: readonly Flow[];
  readonly undrivable: readonly UndrivableFlow[];
}

/** The trips in a parsed `flow.json`. Routes are looked for only in a sound network. */
export function readFlows(
  value: unknown,
  name: string,
  findings: Findings,
  net: Roadnet | undefined,
): Demand {
  const flows: Flow[] = [];
  const undrivable: UndrivableFlow[] = [];
  const types = new VehicleTypes(findings);
  if (!Array.isArray(value)) {
    findings.problem(name, `Found ${shown(value)}, needs a list of flows.`);
    return { vehicleTypes: [], flows, undrivable };
  }
  const leftOut = new FlowsLeftOut();
  const routeReader = net && !findings.any ? new RouteReader(findings, net, leftOut) : undefined;
  for (let row = 0; row < value.length; row++) {
    const entry: unknown = value[row];
    const where = `${name} [${row}]`;
    if (!objectAt(findings, where, entry)) continue;
    const vehicleType = types.rowAt(`${where}.vehicle`, entry.vehicle);
    const startS = clockAt(findings, where, entry, 'startTime', 0);
    const endS = clockAt(findings, where, entry, 'endTime', -1);
    const intervalS = numberAt(
      findings,
      where,
      entry,
      'interval',
      startS === endS ? INTERVAL : REPEATED_INTERVAL,
    );
    const named = listAt(findings, where, entry, 'route');
    if (!named || !routeReader) continue;
    const route = routeReader.read(`${where}.route`, row, named);
    if (endS !== -1 && endS < startS) {
      const text = 'The flow ends before it starts, so no vehicle comes of it.';
      findings.warn(where, text);
    } else if (route) flows.push({ id: `flow_${row}`, vehicleType, route, intervalS, startS, endS });
    else undrivable.push({ before: flows.length, startS, endS });
  }
  leftOut.tell(name, value.length, findings);
  return { vehicleTypes: types.all, flows, undrivable };
}

/**
 * A whole number of seconds under `key`. CityFlow takes its default for everything else without a
 * word; so do we, but with a warning.
 */
function clockAt(
  findings: Findings,
  where: string,
  entry: JsonObject,
  key: string,
  otherwise: number,
): number {
  const value = entry[key];
  if (Number.isInteger(value) && Math.abs(value as number) <= CLOCK_MAX) return value as number;
  if (value !== undefined) {
    const meaning = key === 'startTime' ? 'starts at 0' : 'never ends';
    const text = `Not written as a whole number, so CityFlow ignores it, and so it is here: the flow ${meaning}.`;
    findings.warn(`${where}.${key}`, text);
  }
  return otherwise;
}

const FRACTION = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)`;
const FRACTIONAL_TIMES = new RegExp(String.raw`("(?:startTime|endTime)"\s*:\s*)(${FRACTION})`, 'g');

/**
 * The text of a flow file in which times written like `12.0` stand in quotes. CityFlow ignores these,
 * but parsed JSON does not tell 12.0 from 12.
 */
export function withFractionalTimesQuoted(text: string): string {
  return text.replace(FRACTIONAL_TIMES, '$1"$2"');
}

/** Vehicle types in order of appearance: the thousands of trips of one file share a few. */
class VehicleTypes {
  readonly all: VehicleType[] = [];
  readonly #findings: Findings;
  readonly #rows = new Map<string, number>();
  #latest: JsonObject | undefined;
  #latestRow = -1;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** The row of the type with these fields; −1 after reporting. */
  rowAt(where: string, vehicle: unknown): number {
    if (isObject(vehicle) && this.#latest && sameVehicle(vehicle, this.#latest)) return this.#latestRow;
    if (!objectAt(this.#findings, where, vehicle)) return -1;
    const fields = VEHICLE_FIELDS.map(([key, range]) => numberAt(this.#findings, where, vehicle, key, range));
    if (fields.some(Number.isNaN)) return -1;
    const key = fields.join(' ');
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.all.length;
      this.all.push(vehicleType(`vehicle_${row}`, vehicle as Record<string, number>));
      this.#rows.set(key, row);
    }
    this.#latest = vehicle;
    this.#latestRow = row;
    return row;
  }
}

function sameVehicle(a: JsonObject, b: JsonObject): boolean {
  for (const [key] of VEHICLE_FIELDS) if (a[key] !== b[key]) return false;
  return true;
}

function vehicleType(id: string, fields: Record<string, number>): VehicleType {
  return {
    id,
    length: fields.length!,
    width: fields.width!,
    maxSpeed: fields.maxSpeed!,
    maxAcceleration: fields.maxPosAcc!,
    maxDeceleration: fields.maxNegAcc!,
    usualAcceleration: fields.usualPosAcc!,
    usualDeceleration: fields.usualNegAcc!,
    minGap: fields.minGap!,
    headway: fields.headwayTime!,
    turnSpeed: TURN_SPEED,
    yieldDistance: YIELD_DISTANCE,
    carFollowing: 'reference',
  };
}

/** Routes by the names in them: equal lists of names share one route. */
class RouteReader {
  readonly #findings: Findings;
  readonly #net: Roadnet;
  readonly #leftOut: FlowsLeftOut;
  readonly #routes: Routes;
  readonly #known = new Map<string, readonly number[] | undefined>();

  constructor(findings: Findings, net: Roadnet, leftOut: FlowsLeftOut) {
    this.#findings = findings;
    this.#net = net;
    this.#leftOut = leftOut;
    this.#routes = new Routes(net.roads, net.intersections, net.attachedRoads);
  }

  /** The route through the named roads; `undefined` when the flow cannot be used, which is reported. */
  read(where: string, row: number, names: readonly unknown[]): readonly number[] | undefined {
    const named = names.every((name) => typeof name === 'string');
    const key = named ? names.join('\u0000') : undefined;
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known) return known;
    const rows = names.map((id, k) =>
      rowOf(this.#findings, `${where}[${k}]`, id, this.#net.roadNames, 'a road'),
    );
    if (key === undefined || rows.includes(-1)) return undefined;
    const found = this.#routes.through(rows);
    if ('unreachable' in found) {
      const at = found.unreachable;
      this.#leftOut.note(row, `no way leads from road "${names[at - 1]}" to "${names[at]}"`);
      return undefined;
    }
    if (found.route.length < 2) {
      this.#leftOut.note(row, 'a route of fewer than two roads leads nowhere');
      return undefined;
    }
    this.#known.set(key, found.route);
    return found.route;
  }
}
