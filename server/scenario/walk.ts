/** Side of the square grid the Hilbert curve is laid over; a power of two. */
const CURVE_SIDE = 1024;

/**
 * The order in which to visit places so that neighbours on the map are mostly neighbours in the order:
 * along a Hilbert curve over their bounding box. Equal places keep their order.
 */
export function walkOrder(places: readonly { readonly x: number; readonly y: number }[]): number[] {
  let left = Infinity;
  let bottom = Infinity;
  let extent = 1e-9;
  for (const { x, y } of places) {
    left = Math.min(left, x);
    bottom = Math.min(bottom, y);
  }
  for (const { x, y } of places) extent = Math.max(extent, x - left, y - bottom);
  const cell = (offset: number) => Math.min(CURVE_SIDE - 1, Math.floor((offset / extent) * CURVE_SIDE));
  const along = places.map(({ x, y }) => hilbertDistance(cell(x - left), cell(y - bottom)));
  return places.map((_, k) => k).sort((a, b) => along[a]! - along[b]! || a - b);
}

/** Distance along the Hilbert curve of a cell (Wikipedia, "Hilbert curve", xy2d). */
function hilbertDistance(column: number, row: number): number {
  let x = column;
  let y = row;
  let distance = 0;
  for (let side = CURVE_SIDE / 2; side > 0; side /= 2) {
    const right = (x & side) > 0 ? 1 : 0;
    const up = (y & side) > 0 ? 1 : 0;
    distance += side * side * ((3 * right) ^ up);
    if (up === 0) {
      if (right === 1) {
        x = CURVE_SIDE - 1 - x;
        y = CURVE_SIDE - 1 - y;
      }
      [x, y] = [y, x];
    }
  }
  return distance;
}
