/** A part of the canvas, CSS pixels. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the canvas that shows one side. */
export interface Pane extends Place {
  readonly side: number;
}

export interface Arrangement {
  readonly panes: readonly Pane[];
  /** The lines between them. */
  readonly dividers: readonly Place[];
}

interface Canvas {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels for each CSS pixel. */
  readonly dots: number;
}

/** Between panes, CSS pixels. */
const GAP_PX = 2;

/**
 * Lays sides beside or above one another, from left to right and row by row, so that their map is largest; where that makes
 * no difference, beside one another. All panes are of one size, and begin and end on whole device pixels.
 *
 * @param scaleOf  of the map in a pane of a size
 */
export function arrange(
  sides: readonly number[],
  canvas: Canvas,
  scaleOf: (width: number, height: number) => number,
): Arrangement {
  let best = gridOf(sides, sides.length, canvas);
  let largest = 0;
  for (let columns = sides.length; columns >= 1; columns--) {
    // No part of the canvas stays empty.
    if (sides.length % columns !== 0) continue;
    const grid = gridOf(sides, columns, canvas);
    const { width, height } = grid.panes[0]!;
    const scale = scaleOf(width, height);
    if (scale <= largest) continue;
    largest = scale;
    best = grid;
  }
  return best;
}

function gridOf(sides: readonly number[], columns: number, { width, height, dots }: Canvas): Arrangement {
  const rows = Math.max(1, sides.length / Math.max(1, columns));
  const across = partsOf(width, columns, dots);
  const down = partsOf(height, rows, dots);
  return {
    panes: sides.map((side, k) => ({
      side,
      left: across.starts[k % columns]!,
      top: down.starts[Math.floor(k / columns)]!,
      width: across.length,
      height: down.length,
    })),
    dividers: [
      ...across.starts.slice(1).map((left) => ({ left: left - GAP_PX, top: 0, width: GAP_PX, height })),
      ...down.starts.slice(1).map((top) => ({ left: 0, top: top - GAP_PX, width, height: GAP_PX })),
    ],
  };
}

/** Equal parts of a length with gaps between them. */
function partsOf(whole: number, count: number, dots: number): { starts: number[]; length: number } {
  const gap = Math.round(GAP_PX * dots);
  const length = Math.max(1, Math.floor((Math.round(whole * dots) - gap * (count - 1)) / Math.max(1, count)));
  return {
    starts: Array.from({ length: count }, (_, k) => (k * (length + gap)) / dots),
    length: length / dots,
  };
}

/** The pane at CSS pixels of the canvas; on a divider, the one before it. */
export function paneAt<T extends { readonly pane: Pane }>(all: readonly T[], x: number, y: number): T | null {
  let found: T | null = null;
  for (const one of all) if (x >= one.pane.left && y >= one.pane.top) found = one;
  return found;
}
