/**
 * Characters that a terminal obeys instead of showing, or that change the order of the text around them: C0, DEL, C1, line and
 * paragraph separators, marks and overrides of bidirectional text.
 */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Text of unknown origin as one line: each character that would act on a terminal becomes its escape, such as `\u001b`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, escapeOf);
}

/**
 * The same for text of several lines, whose line feeds stay. In JSON it changes no value: there these characters stand in
 * strings only, where an escape means the same.
 */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN, (sign) => (sign === '\n' ? sign : escapeOf(sign)));
}

export function escapeOf(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
