import { html, type Markup } from '../html.ts';

/**
 * A table that a keyboard can scroll where the page is too narrow for it.
 *
 * @param name  says to a screen reader which table it has come to
 */
export function scrollTable(
  name: string,
  caption: string,
  head: readonly Markup[],
  body: readonly Markup[],
): Markup {
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
<caption><span>${caption}</span></caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
`;
}

export function columnHead(text: string | Markup, isNumber = false): Markup {
  return isNumber ? html`<th scope="col" class="number">${text}</th>` : html`<th scope="col">${text}</th>`;
}

export function row(head: string | Markup, cells: readonly Markup[]): Markup {
  return html`<tr><th scope="row">${head}</th>${cells}</tr>
`;
}

export function cell(text: string | Markup): Markup {
  return html`<td>${text}</td>`;
}

export function numberCell(text: string | Markup): Markup {
  return html`<td class="number">${text}</td>`;
}

/** A line over the whole width that says what the rows below it are. */
export function groupRow(name: string, columns: number): Markup {
  return html`<tr><th scope="rowgroup" class="group" colspan="${columns}">${name}</th></tr>
`;
}
