import type { Pane } from './panes.ts';
import { THEMES, type Theme, type ThemeName } from './theme.ts';

const TEXT_PX = 13;
const LINE_PX = 20;
const MARGIN_PX = 14;
const COLORS_PX = 96;

/** Words below a picture, after the colors that they are about, if any. */
export interface CaptionLine {
  readonly text: string;
  readonly colors?: readonly { readonly at: number; readonly color: string }[];
  /** Whether the colors run into one another. */
  readonly isRamp?: boolean;
}

interface Described {
  /** Below it; the first is the title. */
  readonly caption: readonly CaptionLine[];
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
  caption.forEach(({ text, colors = [], isRamp = false }, k) => {
    const top = canvas.height / dots + MARGIN_PX + k * LINE_PX;
    const left = MARGIN_PX + (colors.length > 0 ? COLORS_PX + 10 : 0);
    if (colors.length > 0) paintColors(pen, colors, isRamp, top + 2);
    pen.fillStyle = k === 0 ? theme.ink : theme.quietInk;
    pen.font = `${k === 0 ? '600 ' : ''}${TEXT_PX}px system-ui, sans-serif`;
    pen.fillText(text, left, top, picture.width / dots - left - MARGIN_PX);
  });
  return new Promise((resolve, reject) => {
    picture.toBlob((blob) => (blob === null ? reject(new Error(NO_PICTURE)) : resolve(blob)), 'image/png');
  });
}

function paintColors(
  pen: CanvasRenderingContext2D,
  colors: NonNullable<CaptionLine['colors']>,
  isRamp: boolean,
  top: number,
): void {
  const height = TEXT_PX - 3;
  if (isRamp) {
    const ramp = pen.createLinearGradient(MARGIN_PX, 0, MARGIN_PX + COLORS_PX, 0);
    for (const { at, color } of colors) ramp.addColorStop(at, color);
    pen.fillStyle = ramp;
    pen.fillRect(MARGIN_PX, top, COLORS_PX, height);
    return;
  }
  const each = COLORS_PX / colors.length;
  colors.forEach(({ color }, k) => {
    pen.fillStyle = color;
    pen.fillRect(MARGIN_PX + k * each, top, each - 2, height);
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
