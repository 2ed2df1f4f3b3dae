import { visibleLines } from '../protocol/visibleText.ts';

/** Text that is HTML already. Everything else is escaped on its way into a page. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Part = string | number | Markup | null | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for quoted attributes. Control characters and overrides of direction are shown as escapes. */
export function escaped(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}

/**
 * A piece of a page: `` html`<p>${name}</p>` ``. What is put in is escaped unless it is `Markup`; lists are
 * put one after another, `null` is nothing.
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = literals[0]!;
  parts.forEach((part, k) => {
    text += rendered(part) + literals[k + 1]!;
  });
  return new Markup(text);
}

function rendered(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return part.map(rendered).join('');
}
