import { escapeOf, visible } from './visibleText.ts';

/** What a spreadsheet takes for the beginning of a formula, also behind spaces, and the sign that takes its effect away. */
const FORMULA = /^(?:'|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/;

/**
 * One line of CSV (RFC 4180, but with a bare line feed). Every file and export goes through here.
 *
 * Numbers are written as they are. In text, control characters become escapes such as `\u001b` (and a backslash that could be
 * taken for the beginning of one becomes `\u005c`), so that a row is one line. Text that a spreadsheet would run as a formula
 * gets an apostrophe in front, and so does text that begins with an apostrophe. To have the text back, remove one apostrophe
 * at the beginning and replace the escapes.
 */
export function csvLine(...cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => (typeof cell === 'number' ? cell : textCell(cell))).join(',')}\n`;
}

function textCell(text: string): string {
  const shown = visible(text.replace(/\\(?=u[\da-f]{4})/gi, escapeOf));
  const harmless = FORMULA.test(text) ? `'${shown}` : shown;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
