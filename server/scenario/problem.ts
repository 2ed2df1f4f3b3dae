import { distance } from 'fastest-levenshtein';
import { visible } from '../protocol/visibleText.ts';

/** One thing that is wrong with a file: where, what was found and what is allowed, and what to do. */
export interface Problem {
  /** `intersections.main.phases[2].movements[0]`, `line 3, column 5`, or empty for the whole file. */
  readonly place: string;
  readonly message: string;
  readonly advice?: string;
}

export type Path = readonly (string | number)[];

/** A problem whose place is still a list of keys. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly advice?: string | undefined;
  /** True whatever else is wrong in the file: a name that nothing has. */
  readonly certain?: boolean;
}

/** Gathers findings while a scenario is checked and laid out, so that all are told at once. */
export class Findings {
  readonly problems: Finding[] = [];
  readonly warnings: Finding[] = [];
  // A file of a million misspelled names must not take a million times a million comparisons.
  private comparisonsLeft = 2_000_000;

  problem(path: Path, message: string, advice?: string): void {
    this.problems.push({ path, message, advice });
  }

  warn(path: Path, message: string, advice?: string): void {
    this.warnings.push({ path, message, advice });
  }

  /** A name that nothing has, with the nearest that something has: `"van" is not a vehicle type.` */
  unknown(path: Path, given: string, isNot: string, known: () => readonly string[]): void {
    let advice: string | undefined;
    if (this.comparisonsLeft > 0) {
      const names = known();
      this.comparisonsLeft -= names.length;
      advice = suggestion(given, names);
    }
    this.problems.push({ path, message: `${quoted(given)} ${isNot}.`, advice, certain: true });
  }
}

/** Thrown when a scenario object that was not checked turns out to have problems. */
export class ScenarioProblems extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems('The scenario', problems));
    this.name = 'ScenarioProblems';
    this.problems = problems;
  }
}

/**
 * The problems as a block of text for people:
 *
 *     scenarios/corridor.yaml has 1 problem:
 *       intersections.main.phases[2].movements[0]: "north-trhu" is not a movement of this intersection.
 *         Did you mean "north-thru"?
 */
export function formatProblems(
  fileName: string,
  problems: readonly Problem[],
  noun: 'problem' | 'warning' = 'problem',
): string {
  const lines = [`${visible(fileName)} has ${problems.length} ${noun}${problems.length === 1 ? '' : 's'}:`];
  for (const { place, message, advice } of problems) {
    lines.push(
      place === '' ? `  ${message.charAt(0).toUpperCase()}${message.slice(1)}` : `  ${place}: ${message}`,
    );
    if (advice) lines.push(`    ${advice}`);
  }
  return lines.join('\n');
}

/** A finding with its place in writing. */
export function asProblem({ path, message, advice }: Finding): Problem {
  return advice ? { place: placeOf(path), message, advice } : { place: placeOf(path), message };
}

export function placeOf(path: Path): string {
  let place = '';
  for (const key of path) {
    if (typeof key === 'number') place += `[${key}]`;
    else if (/^[\p{L}\p{N}$_-]{1,64}$/u.test(key)) place += place === '' ? key : `.${key}`;
    else place += `[${quoted(key)}]`;
  }
  return place;
}

/** "Did you mean …?" with the nearest known name, else the known names if they are few. */
export function suggestion(given: string, known: readonly string[]): string {
  let nearest = '';
  let nearestEdits = Infinity;
  if (given.length <= 64) {
    for (const name of known) {
      const edits = distance(given.toLowerCase(), name.toLowerCase());
      if (edits < nearestEdits) {
        nearestEdits = edits;
        nearest = name;
      }
    }
  }
  if (nearestEdits <= Math.max(2, Math.floor(given.length / 3))) return `Did you mean ${quoted(nearest)}?`;
  if (known.length === 0) return '';
  if (known.length <= 20) return `Known: ${known.map(visible).join(', ')}.`;
  return nearest === '' ? '' : `The nearest name is ${quoted(nearest)}.`;
}

/** A text as its author typed it, in quotes and of bounded length, with control characters shown as escapes. */
export function quoted(text: string): string {
  return JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 57)}…`);
}

/** Any value in a few words, as the author typed it where that is short. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return amount(value);
  if (value === null || value === undefined) return 'no value';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a group of keys';
  return String(value);
}

/** A number with thousands grouped, and its unit if it has one. */
export function amount(value: number, unit = ''): string {
  const plain = Math.abs(value) >= 1e21 || !Number.isFinite(value);
  const [whole = '', rest] = plain ? [String(value)] : String(value).split('.');
  const grouped = plain || whole.includes('e') ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = rest === undefined ? grouped : `${grouped}.${rest}`;
  return unit === '' ? text : `${text} ${unit}`;
}

/** Many names as a sentence's list: `"a", "b" and 3 more`. */
export function list(names: readonly string[], most = 8): string {
  const shownNames = names.slice(0, most).map(quoted);
  return names.length <= most
    ? shownNames.join(', ')
    : `${shownNames.join(', ')} and ${names.length - most} more`;
}
