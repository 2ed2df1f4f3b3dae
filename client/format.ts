/** Numbers and times as the page writes them: a true minus, a thin space before %, h:mm:ss. */

export { clock } from '../server/protocol/clock.ts';

export const MINUS = '−';
/** A narrow space at which no line breaks. */
export const THIN = '\u202f';
/** Where there is no value. Screens read it with `NO_DATA` beside it. */
export const NO_VALUE = '–';
export const NO_DATA = 'no data yet';

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `4,812` */
export function grouped(value: number): string {
  return GROUPED.format(value).replace('-', MINUS);
}

/** `1,234.5`, with exactly so many digits after the point. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  const [whole = '', fraction] = text.split('.');
  const number = `${GROUPED.format(Number(whole))}${fraction === undefined ? '' : `.${fraction}`}`;
  return value < 0 && Number(text) !== 0 ? `${MINUS}${number}` : number;
}

/** `+3.2`, `−3.2`, and `0.0` without a sign. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${text}` : text;
}

/** `−18 %` of a share of −0.18. */
export function signedPercent(share: number): string {
  return `${signed(share * 100, 0)}${THIN}%`;
}

/** `45 s`, `30 min`, `1 h 5 min`: a duration in a sentence. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** `1 vehicle`, `2 vehicles`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `1×`, `max` */
export function speedWord(speed: number | null): string {
  return speed === null ? 'max' : `${speed}×`;
}

/** `A 3f2a…, B 3f2b…` */
export function formatFingerprints(fingerprints: readonly string[], sides: number): string {
  return fingerprints
    .slice(0, sides)
    .map((number, k) => `${'ABCD'[k]} ${number}`)
    .join(', ');
}
