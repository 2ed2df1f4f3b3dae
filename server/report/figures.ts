import type { Interval } from './statistics.ts';

/** Numbers as people read them, in words that go into sentences and tables. */

const MINUS = '\u2212';
/** Between a number and its unit, where no line may break. */
const TIGHT = '\u00a0';

const formats = new Map<number, Intl.NumberFormat>();

/** `1,234.5`, with a true minus; `–` for what cannot be told. */
export function figure(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  let format = formats.get(digits);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formats.set(digits, format);
  }
  const text = format.format(Math.abs(value));
  return value < 0 && /[1-9∞]/.test(text) ? MINUS + text : text;
}

/** With a sign even if positive: for differences. */
export function signed(value: number | null, digits: number): string {
  const text = figure(value, digits);
  return value !== null && value > 0 && /[1-9∞]/.test(text) ? `+${text}` : text;
}

/** `6.1 s`; a measure without a unit has none to show. */
export function withUnit(text: string, unit: string): string {
  return unit === '' ? text : `${text}${TIGHT}${unit}`;
}

/** `4.9 to 7.2`; empty without an interval. */
export function rangeText(interval: Interval | null, digits: number): string {
  return interval === null ? '' : `${figure(interval.low, digits)} to ${figure(interval.high, digits)}`;
}

/** `−22 %`, with a decimal below ten. */
export function percent(share: number | null): string {
  if (share === null) return '–';
  return `${signed(share * 100, Math.abs(share) < 0.0995 ? 1 : 0)}${TIGHT}%`;
}

export function pText(p: number | null): string {
  if (p === null || Number.isNaN(p)) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** `1 seed`, `20 seeds`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${figure(count, 0)} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function enumeration(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? '')
    : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** A label inside a sentence: `Control delay` loses its capital, `CO2` and Gini keep theirs. */
export function inSentence(label: string): string {
  return /^(?!Gini)[A-Z][a-z ]/.test(label) ? label[0]!.toLowerCase() + label.slice(1) : label;
}

/** At the start of a sentence. */
export function capitalized(text: string): string {
  return text === '' ? text : text[0]!.toUpperCase() + text.slice(1);
}
