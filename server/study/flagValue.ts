import { described } from '../control/described.ts';
import { visible } from '../protocol/visibleText.ts';
import { amount, quoted, suggestion } from '../scenario/problem.ts';
import { Mistake } from './mistake.ts';

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  readonly unit?: string;
}

/**
 * Reads the number behind a flag.
 *
 * @throws {Mistake} when it is no number or out of range
 */
export function numberFlag(flag: string, range: NumberRange): (text: string) => number {
  const { min, max, whole = false, unit = '' } = range;
  const kind = whole ? 'a whole number' : 'a number';
  const allowed = `Use ${kind} from ${amount(min)} to ${amount(max, unit)}.`;
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isNaN(value)) throw new Mistake(`${flag}: ${quoted(text)} is not a number.`, allowed);
    if (whole && !Number.isSafeInteger(value)) {
      throw new Mistake(`${flag}: ${quoted(text)} is not a whole number.`, allowed);
    }
    if (value < min || value > max) throw new Mistake(`${flag}: ${quoted(text)} is out of range.`, allowed);
    return value;
  };
}

/**
 * Seconds as a whole number of steps.
 *
 * @throws {Mistake} when they are none, or not a multiple of the step
 */
export function wholeSteps(flag: string, seconds: number, stepS: number): number {
  if (!Number.isFinite(seconds)) {
    throw new Mistake(
      `${flag}: ${String(seconds)} is not a number of seconds.`,
      `Use a multiple of the scenario's step (${amount(stepS, 's')}).`,
    );
  }
  const steps = Math.round(seconds / stepS);
  if (steps >= 1 && Math.abs(seconds / stepS - steps) < 1e-6) return steps;
  const near = [Math.max(1, Math.floor(seconds / stepS)), Math.max(1, Math.ceil(seconds / stepS))];
  const choices = [...new Set(near.map((count) => String(tidy(count * stepS))))].join(' or ');
  throw new Mistake(
    `${flag}: ${amount(seconds, 's')} is not a multiple of the scenario's step (${amount(stepS, 's')}).`,
    `Use ${choices}.`,
  );
}

/** Without the tail that binary fractions leave: 0.3, not 0.30000000000000004. */
export function tidy(value: number): number {
  return Number(value.toFixed(6));
}

/**
 * The entry with the name given.
 *
 * @throws {Mistake} naming the nearest one and all of them
 */
export function named<Entry extends { readonly name: string }>(
  kind: string,
  entries: readonly Entry[],
  given: string,
): Entry {
  const found = entries.find(({ name }) => name === given);
  if (found) return found;
  throw unknownName(
    kind,
    given,
    entries.map(({ name }) => name),
  );
}

/** `Unknown controller "maxpressure".`, with the nearest name and all names. */
export function unknownName(kind: string, given: string, known: readonly string[], of = ''): Mistake {
  // A program in plain JavaScript may give anything.
  const isText = typeof given === 'string';
  const nearest = isText ? suggestion(given, known) : '';
  const plural = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}s${of}`;
  return new Mistake(
    `Unknown ${kind} ${isText ? quoted(given) : described(given)}.`,
    nearest.startsWith('Did you mean') ? nearest : '',
    `${plural}: ${known.map(visible).join(', ')}.`,
  );
}
