import type { Pane } from './panes.ts';
import { THEMES, type Theme, type ThemeName } from './theme.ts';

const TEXT_PX = 13;
const LINE_PX = 20;
const MARGIN_PX = 14;

interface Described {
  /** Lines of text below; the first is the title. */
  readonly caption: readonly string[];
  /** By side; they stand in the corners of the panes where there are several. */
  readonly names: readonly string[];
  readonly panes: readonly Pane[];
  readonly theme: ThemeName;
  readonly dots: number;
}

/** A PNG of a canvas that has just been drawn, with what is needed to understand it. */
export function pictureOf(
  canvas: HTMLCanvasElement,
  { caption, names, panes, theme: themeName, dots }: Described,
): Promise<Blob> {
  const theme = THEMES[themeName];
  const below = caption.length === 0 ? 0 : (caption.length * LINE_PX + 2 * MARGIN_PX - 4) * dots;
  const picture = document.createElement('canvas');
  picture.width = canvas.width;
  picture.height = canvas.height + below;
  const pen = picture.getContext('2d');
  if (pen === null) return Promise.reject(new Error(NO_PICTURE));
  pen.fillStyle = theme.ground;
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.drawImage(canvas, 0, 0);
  pen.fillStyle = theme.divider;
  if (below > 0) pen.fillRect(0, canvas.height, picture.width, dots);
  pen.scale(dots, dots);
  pen.textBaseline = 'top';
  if (panes.length > 1) for (const pane of panes) write(pen, names[pane.side] ?? '', pane, theme);
  caption.forEach((line, k) => {
    pen.fillStyle = k === 0 ? theme.ink : theme.quietInk;
    pen.font = `${k === 0 ? '600 ' : ''}${TEXT_PX}px system-ui, sans-serif`;
    pen.fillText(
      line,
      MARGIN_PX,
      canvas.height / dots + MARGIN_PX + k * LINE_PX,
      picture.width / dots - 2 * MARGIN_PX,
    );
  });
  return new Promise((resolve, reject) => {
    picture.toBlob((blob) => (blob === null ? reject(new Error(NO_PICTURE)) : resolve(blob)), 'image/png');
  });
}

/** A name in the corner of a pane. */
function write(pen: CanvasRenderingContext2D, name: string, { left, top, width }: Pane, theme: Theme): void {
  if (name === '') return;
  pen.font = `600 ${TEXT_PX}px system-ui, sans-serif`;
  const room = width - 2 * MARGIN_PX;
  pen.fillStyle = theme.ground;
  pen.fillRect(left, top, Math.min(room, pen.measureText(name).width) + MARGIN_PX, LINE_PX + 4);
  pen.fillStyle = theme.ink;
  pen.fillText(name, left + MARGIN_PX / 2, top + 5, room);
}

const NO_PICTURE =
  'The browser made no picture of the map: it may be too large. Make the window smaller and try again.';
