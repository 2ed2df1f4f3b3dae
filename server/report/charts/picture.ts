import { type PlotOptions, plot } from '@observablehq/plot';
import { visibleLines } from '../../protocol/visibleText.ts';
import { html, Markup } from '../html.ts';
import { lookOf } from './palette.ts';

/** Size of text in every picture, in the picture's own pixels. */
export const TEXT_PX = 12;

/**
 * Draws with Observable Plot, and brings the SVG into the form that a report needs: a role and a description,
 * no styles, classes and roles of Plot's own, numbers of two decimals.
 *
 * @param description  what a reader who does not see it should know
 */
export function picture(document: Document, description: string, options: PlotOptions): Markup {
  const svg = plot({ marginTop: 24, marginRight: 20, ...options, document, className: 'plot' });
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const element of svg.querySelectorAll('*')) {
    for (const name of ['aria-label', 'aria-description', 'aria-hidden', 'class'])
      element.removeAttribute(name);
  }
  svg.removeAttribute('class');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', description);
  svg.setAttribute('font-size', String(TEXT_PX));
  svg.removeAttribute('font-family');
  return new Markup(compact(visibleLines(svg.outerHTML)));
}

/** Two decimals are a fiftieth of a pixel: what lies beyond is noise that differs from machine to machine. */
function compact(svg: string): string {
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag
      .replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2))))
      .replace(/(?<=[ (,MLHVZ"])-0(?=[ ),LHVZ"])/g, '0'),
  );
}

/** One of the drawings of a figure. */
export interface Panel {
  /** Above the drawing; `null` where the figure's caption is enough. */
  readonly title: Markup | null;
  readonly drawing: Markup;
}

/**
 * Drawings side by side where there is room, with a legend above and one caption that says what one sees.
 *
 * @param columns  how many fit beside each other on a wide page
 */
export function figure(
  panels: readonly Panel[],
  legend: Markup | null,
  caption: string | Markup,
  columns: 1 | 2 = 1,
): Markup {
  // A wide drawing scrolls on a narrow screen, so the keyboard must be able to come to it.
  const reach =
    columns === 1 ? html` tabindex="0" role="group" aria-label="Picture that may scroll sideways"` : null;
  const drawn = panels.map(
    ({ title, drawing }) =>
      html`<div class="panel"${reach}>${title === null ? null : html`<p class="panel-title">${title}</p>`}${drawing}</div>`,
  );
  return html`<figure>
${legend}<div class="panels columns-${columns}">${drawn}</div>
<figcaption>${caption}</figcaption>
</figure>
`;
}

/** What stands for each controller, in words and signs. */
export function controllerLegend(controllers: readonly string[], first = 0): Markup {
  const entries = controllers.map((name, k) => html`<li>${swatch(k + first)} ${name}</li>`);
  return html`<ul class="legend">${entries}</ul>
`;
}

/** The title of a controller's own panel. */
export function controllerTitle(name: string, k: number): Markup {
  return html`${swatch(k)} ${name}`;
}

/** A stroke of a controller's line with its symbol. */
export function swatch(k: number): Markup {
  const { color, dash, symbol } = lookOf(k);
  const shapes = {
    circle: 'M12,6a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z',
    square: 'M12.5,2.5h7v7h-7z',
    triangle: 'M16,1.5l4.8,8.3h-9.6z',
    diamond: 'M16,.8l4,5.2l-4,5.2l-4,-5.2z',
    star: 'M16,.6l1.4,3.6l3.9,.2l-3,2.5l1,3.8l-3.3,-2.1l-3.3,2.1l1,-3.8l-3,-2.5l3.9,-.2z',
    wye: 'M14.8,6.8l-3.6,-2l1.2,-2.2l3.6,2.1l3.6,-2.1l1.2,2.2l-3.6,2v4.2h-2.4z',
    cross: 'M14.7,1.5h2.6v3.2h3.2v2.6h-3.2v3.2h-2.6v-3.2h-3.2v-2.6h3.2z',
  };
  const dashes = dash === '' ? null : html` stroke-dasharray="${dash}"`;
  return html`<svg class="swatch" width="32" height="12" viewBox="0 0 32 12" aria-hidden="true"><path d="M0,6H32" stroke="${color}" stroke-width="2"${dashes}/><path d="${shapes[symbol]}" fill="${color}"/></svg>`;
}
