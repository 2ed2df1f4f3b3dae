import { distance } from 'fastest-levenshtein';
import { amount, quoted, shown } from '../../scenario/problem.ts';
import type { Findings } from './findings.ts';

/**
 * Checks of plain JSON values, written out by hand.
 *
 * A network of one city has ten thousand points and as many trips; a schema library takes longer over
 * them than parsing does. A `where` text is put together only when there is something to report.
 */
export type JsonObject = Record<string, unknown>;

/** The numbers allowed for one field. Without `open`, `min` itself is allowed. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly open?: boolean;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function within(value: unknown, range: Range): value is number {
  if (typeof value !== 'number' || !(value <= range.max)) return false;
  return range.open ? value > range.min : value >= range.min;
}

/** The number under `key`, or NaN after reporting that it is missing or out of its range. */
export function numberAt(findings: Findings, where: string, object: JsonObject, key: string, range: Range) {
  const value = object[key];
  if (within(value, range)) return value;
  reportField(findings, `${where}.${key}`, object, key, `a number ${described(range)}`);
  return Number.NaN;
}

/** The text under `key`, or `undefined` after reporting. */
export function textAt(findings: Findings, where: string, object: JsonObject, key: string) {
  const value = object[key];
  if (typeof value === 'string') return value;
  reportField(findings, `${where}.${key}`, object, key, 'a name in quotes');
  return undefined;
}

/** The list under `key`, or `undefined` after reporting. */
export function listAt(findings: Findings, where: string, object: JsonObject, key: string) {
  const value = object[key];
  if (Array.isArray(value)) return value as readonly unknown[];
  reportField(findings, `${where}.${key}`, object, key, 'a list');
  return undefined;
}

/** Whether `value` is an object; reports when it is not. */
export function objectAt(findings: Findings, where: string, value: unknown): value is JsonObject {
  if (isObject(value)) return true;
  findings.problem(
    where,
    value === undefined ? 'Missing; needs an object.' : `Found ${shown(value)}, needs an object.`,
  );
  return false;
}

/** Whether every entry is an index below `count`; reports each that is not. */
export function indicesAt(findings: Findings, where: string, indices: readonly unknown[], count: number) {
  let sound = true;
  for (let k = 0; k < indices.length; k++) {
    if (isIndex(indices[k], count)) continue;
    sound = false;
    findings.problem(`${where}[${k}]`, `Found ${shown(indices[k])}, needs ${indexRange(count)}.`);
  }
  return sound;
}

export function isIndex(value: unknown, count: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < count;
}

export function indexRange(count: number): string {
  if (count === 0) return 'an index into the list, which is empty';
  return count === 1 ? 'the index 0' : `an index from 0 to ${count - 1}`;
}

/** `above 0 and up to 100 m`, `from 0 to 100 m`. */
export function described({ min, max, unit, open }: Range): string {
  const limit = amount(max, unit);
  return open ? `above ${amount(min)} and up to ${limit}` : `from ${amount(min)} to ${limit}`;
}

/** Reports that the value under `key` is not what it should be, or that there is none. */
export function reportField(
  findings: Findings,
  place: string,
  object: JsonObject,
  key: string,
  expected: string,
): void {
  const value = object[key];
  if (value !== undefined) findings.problem(place, `Found ${shown(value)}, needs ${expected}.`);
  else findings.problem(place, `Missing; needs ${expected}.`, misspelled(key, object));
}

/** Advice when a key of the object looks like the one that is missing. */
function misspelled(key: string, object: JsonObject): string {
  const edits = Math.floor(key.length / 4);
  for (const name of Object.keys(object).slice(0, 50)) {
    if (name.length > 2 * key.length) continue;
    if (distance(name.toLowerCase(), key.toLowerCase()) <= edits) return `Spell ${quoted(name)} as "${key}".`;
  }
  return '';
}
