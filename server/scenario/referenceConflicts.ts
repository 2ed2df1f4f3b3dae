import type { Cross } from './conflicts.ts';
import type { Point } from './layout.ts';

/**
 * Conflict points as CityFlow finds them, to the last bit: the same expressions in the same order, from the
 * coordinates as they are. For CityFlow's files only; `conflicts.ts` has the rule for everything else.
 *
 * Two slips of CityFlow's are kept, for its results depend on them. Where two segments are parallel, the inner loop
 * goes on at once, so that the length of the second path's segment is missing from all later distances along it. And
 * a point is taken to lie on a segment by a cross product below 1e-8 m², whatever the size of the coordinates.
 */
export function referenceCrossesOf(paths: readonly (readonly Point[])[]): Cross[] {
  const rows = paths.map(segmentsOf);
  const crosses: Cross[] = [];
  for (let a = 0; a < rows.length; a++) {
    for (let b = a + 1; b < rows.length; b++) {
      const met = firstMeeting(rows[a]!, rows[b]!);
      if (met !== null) crosses.push({ a, b, ...met });
    }
  }
  return crosses;
}

const EPSILON = 1e-8;
/** Far more than what rounding and the tolerances above move a point by, m. */
const MARGIN = 0.01;

interface Segment {
  readonly from: Point;
  readonly to: Point;
  readonly dx: number;
  readonly dy: number;
  readonly length: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

function segmentsOf(path: readonly Point[]): Segment[] {
  const segments: Segment[] = [];
  for (let k = 0; k + 1 < path.length; k++) {
    const from = path[k]!;
    const to = path[k + 1]!;
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    segments.push({
      ...{ from, to, dx, dy, length: Math.sqrt(dx * dx + dy * dy) },
      ...{ left: Math.min(from.x, to.x) - MARGIN, right: Math.max(from.x, to.x) + MARGIN },
      ...{ bottom: Math.min(from.y, to.y) - MARGIN, top: Math.max(from.y, to.y) + MARGIN },
    });
  }
  return segments;
}

function firstMeeting(
  first: readonly Segment[],
  second: readonly Segment[],
): { distanceA: number; distanceB: number } | null {
  let alongA = 0;
  for (const a of first) {
    let alongB = 0;
    for (const b of second) {
      const determinant = a.dx * b.dy - a.dy * b.dx;
      if (isZero(determinant)) continue; // without adding its length: see above
      const apart = a.left > b.right || b.left > a.right || a.bottom > b.top || b.bottom > a.top;
      if (!apart) {
        const share = ((b.from.x - a.from.x) * b.dy - (b.from.y - a.from.y) * b.dx) / determinant;
        const x = a.from.x + a.dx * share;
        const y = a.from.y + a.dy * share;
        if (isOn(a, x, y) && isOn(b, x, y)) {
          return { distanceA: alongA + distanceTo(a, x, y), distanceB: alongB + distanceTo(b, x, y) };
        }
      }
      alongB += b.length;
    }
    alongA += a.length;
  }
  return null;
}

/** CityFlow's `Point::sign(x) == 0`. */
function isZero(x: number): boolean {
  return x + EPSILON > 0 === x < EPSILON;
}

function isOn({ from, to, dx, dy }: Segment, x: number, y: number): boolean {
  const beside = dx * (y - from.y) - dy * (x - from.x);
  const between = (x - from.x) * (x - to.x) + (y - from.y) * (y - to.y);
  return isZero(beside) && (between + EPSILON > 0 ? 1 : 0) - (between < EPSILON ? 1 : 0) <= 0;
}

function distanceTo({ from }: Segment, x: number, y: number): number {
  const dx = x - from.x;
  const dy = y - from.y;
  return Math.sqrt(dx * dx + dy * dy);
}

/**
 * Sorts a row the way `std::sort` of the C++ library in use there does: in place, and not stable beyond 16 entries.
 * Of crosses at equal distances the first one that a driver may not pass makes it wait, and that shows.
 */
export function sortLikeReference<T>(row: T[], key: (entry: T) => number): void {
  introsort(row, key, 0, row.length);
  insertionSort(row, key);
}

/** Below this, introsort leaves a part to the insertion sort at the end. */
const THRESHOLD = 16;

function introsort<T>(row: T[], key: (entry: T) => number, first: number, end: number): void {
  let last = end;
  while (last - first > THRESHOLD) {
    const cut = partition(row, key, first, last);
    introsort(row, key, cut, last);
    last = cut;
  }
}

/** By the median of the second, the middle and the last entry, which is put first and stays there. */
function partition<T>(row: T[], key: (entry: T) => number, first: number, last: number): number {
  const [a, b, c] = [first + 1, first + ((last - first) >> 1), last - 1];
  const before = (p: number, q: number) => key(row[p]!) < key(row[q]!);
  if (before(a, b)) swap(row, first, before(b, c) ? b : before(a, c) ? c : a);
  else swap(row, first, before(a, c) ? a : before(b, c) ? c : b);
  let low = first + 1;
  let high = last;
  while (true) {
    while (before(low, first)) low++;
    high--;
    while (before(first, high)) high--;
    if (!(low < high)) return low;
    swap(row, low, high);
    low++;
  }
}

function insertionSort<T>(row: T[], key: (entry: T) => number): void {
  for (let k = 1; k < row.length; k++) {
    const entry = row[k]!;
    let at = k;
    for (; at > 0 && key(entry) < key(row[at - 1]!); at--) row[at] = row[at - 1]!;
    row[at] = entry;
  }
}

function swap<T>(row: T[], p: number, q: number): void {
  const kept = row[p]!;
  row[p] = row[q]!;
  row[q] = kept;
}
