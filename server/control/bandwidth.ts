/**
 * Green bands along a corridor: how long a platoon can be that passes all its signals without stopping.
 *
 * Times are in steps and may have fractions; offsets are whole. A window is the green of the corridor's thru
 * movement within the cycle, counted from the start of the intersection's first phase, to which offsets refer.
 */
export interface Window {
  readonly start: number;
  readonly length: number;
}

/** One direction of a corridor, signals in the order of the corridor whichever way it is driven. */
export interface Way {
  readonly windows: readonly Window[];
  /** When a platoon passes each signal; negative differences on the way back. */
  readonly arrival: readonly number[];
  /** Its part in the aim, 0 to 1. */
  readonly weight: number;
}

const mod = (value: number, cycle: number) => ((value % cycle) + cycle) % cycle;

/** The widest band of one direction, in steps. */
export function bandwidth({ windows, arrival }: Way, offsets: readonly number[], cycle: number): number {
  const start = (k: number) => offsets[k]! + windows[k]!.start - arrival[k]!;
  let pieces: [number, number][] = [[0, Math.min(cycle, windows[0]!.length)]];
  for (let k = 1; k < windows.length; k++) {
    const { length } = windows[k]!;
    if (length >= cycle) continue;
    const from = mod(start(k) - start(0), cycle);
    const kept: [number, number][] = [];
    for (const [a, b] of pieces) {
      for (const shift of [-cycle, 0]) {
        const low = Math.max(a, from + shift);
        const high = Math.min(b, from + shift + length);
        if (high > low) kept.push([low, high]);
      }
    }
    pieces = kept;
  }
  return pieces.reduce((widest, [a, b]) => Math.max(widest, b - a), 0);
}

/** Green time that consecutive signals share, summed over them: what is left to aim at where no band fits all. */
function linkBands({ windows, arrival, weight }: Way, offsets: readonly number[], cycle: number): number {
  let sum = 0;
  for (let k = 1; k < windows.length; k++) {
    const pair = {
      windows: [windows[k - 1]!, windows[k]!],
      arrival: [arrival[k - 1]!, arrival[k]!],
      weight,
    };
    sum += bandwidth(pair, [offsets[k - 1]!, offsets[k]!], cycle);
  }
  return sum;
}

/** What the offsets are chosen for: wide bands by weight, the narrower one more, and links where bands tie. */
function score(ways: readonly Way[], offsets: readonly number[], cycle: number): number {
  const bands = ways.map((way) => bandwidth(way, offsets, cycle));
  const weighted = ways.reduce((sum, { weight }, k) => sum + weight * bands[k]!, 0);
  const links = ways.reduce((sum, way) => sum + way.weight * linkBands(way, offsets, cycle), 0);
  return weighted + Math.min(...bands) + links / (100 * offsets.length);
}

/** With more signals than this, greens half a cycle apart are not all tried. */
const EXHAUSTIVE_MAX = 11;
const ROUNDS_MAX = 20;

/**
 * Offsets, whole steps, with the widest bands in the directions given. The same always, for it tries in a
 * fixed order: offsets perfect for each direction, and greens centred in step or half a cycle apart, which is
 * the best there is for both directions at equal speeds (Morgan & Little 1964, Oper. Res. 12, 896–912: half-integer
 * synchronisation). From each it moves one signal at a time to wherever it is best, until none gains.
 *
 * @param fixed  by signal: an offset that stays; `null`: free
 */
export function widestBands(
  ways: readonly Way[],
  fixed: readonly (number | null)[],
  cycle: number,
): { readonly offsets: readonly number[]; readonly bands: readonly number[] } {
  let best: { offsets: number[]; value: number } | null = null;
  for (const start of startsOf(ways, fixed, cycle)) {
    const offsets = start.map((offset, k) => fixed[k] ?? mod(Math.round(offset), cycle));
    const value = climb(ways, offsets, fixed, cycle);
    if (best === null || value > best.value + 1e-9) best = { offsets, value };
  }
  const { offsets } = best!;
  return { offsets, bands: ways.map((way) => bandwidth(way, offsets, cycle)) };
}

/** Moves one free signal at a time as long as that gains; returns the score reached. */
function climb(
  ways: readonly Way[],
  offsets: number[],
  fixed: readonly (number | null)[],
  cycle: number,
): number {
  let value = score(ways, offsets, cycle);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = value;
    for (let k = 0; k < offsets.length; k++) {
      if (fixed[k] !== null) continue;
      let chosen = offsets[k]!;
      for (let offset = 0; offset < cycle; offset++) {
        offsets[k] = offset;
        const here = score(ways, offsets, cycle);
        if (here <= value + 1e-9) continue;
        value = here;
        chosen = offset;
      }
      offsets[k] = chosen;
    }
    if (value <= before + 1e-9) break;
  }
  return value;
}

function* startsOf(
  ways: readonly Way[],
  fixed: readonly (number | null)[],
  cycle: number,
): Generator<number[]> {
  const anchor = Math.max(
    0,
    fixed.findIndex((offset) => offset !== null),
  );
  const origin = fixed[anchor] ?? 0;
  for (const { windows, arrival } of ways) {
    const green = (k: number) => arrival[k]! - windows[k]!.start;
    yield windows.map((_, k) => origin + green(k) - green(anchor));
  }
  const { windows } = ways[0]!;
  const centre = (k: number) => windows[k]!.start + windows[k]!.length / 2;
  const inStep = windows.map((_, k) => origin + centre(anchor) - centre(k));
  if (ways.length === 1) return;
  if (windows.length > EXHAUSTIVE_MAX) {
    yield inStep;
    yield inStep.map((offset, k) => offset + (k % 2 === anchor % 2 ? 0 : cycle / 2));
    return;
  }
  let best = inStep;
  let highest = -Infinity;
  for (let halves = 0; halves < 1 << windows.length; halves++) {
    if ((halves >> anchor) & 1) continue;
    const offsets = inStep.map((offset, k) => offset + ((halves >> k) & 1 ? cycle / 2 : 0));
    const value = score(ways, offsets, cycle);
    if (value <= highest + 1e-9) continue;
    highest = value;
    best = offsets;
  }
  yield best;
}
