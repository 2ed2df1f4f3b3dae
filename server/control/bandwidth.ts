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

/** Stretches of time that do not overlap, in rising order: from, to, from, to … */
type Stretches = readonly number[];

/** The widest band of one direction, in steps. */
export function bandwidth(way: Way, offsets: readonly number[], cycle: number): number {
  return widest(sharedBy(way, offsets, cycle));
}

/** When in the first signal's green a platoon can set out to meet green at all signals, but for one that is left out. */
function sharedBy(way: Way, offsets: readonly number[], cycle: number, leftOut = 0): Stretches {
  let shared: Stretches = [0, Math.min(cycle, way.windows[0]!.length)];
  for (let k = 1; k < way.windows.length; k++) {
    if (k !== leftOut) shared = sharedWith(shared, way, offsets, cycle, 0, k);
  }
  return shared;
}

/** What of some stretches, counted from signal `from`'s green, meets green at signal `k`. */
function sharedWith(
  stretches: Stretches,
  { windows, arrival }: Way,
  offsets: readonly number[],
  cycle: number,
  from: number,
  k: number,
): Stretches {
  const { start, length } = windows[k]!;
  if (length >= cycle) return stretches;
  const green = mod(
    offsets[k]! + start - arrival[k]! - (offsets[from]! + windows[from]!.start - arrival[from]!),
    cycle,
  );
  const shared: number[] = [];
  for (let at = 0; at < stretches.length; at += 2) {
    for (let shift = -cycle; shift <= 0; shift += cycle) {
      const low = Math.max(stretches[at]!, green + shift);
      const high = Math.min(stretches[at + 1]!, green + shift + length);
      if (high > low) shared.push(low, high);
    }
  }
  return shared;
}

function widest(stretches: Stretches): number {
  let most = 0;
  for (let at = 0; at < stretches.length; at += 2) most = Math.max(most, stretches[at + 1]! - stretches[at]!);
  return most;
}

/** Green time that signal `k` shares with the one before it. */
function linkBand(way: Way, offsets: readonly number[], cycle: number, k: number): number {
  const green: Stretches = [0, Math.min(cycle, way.windows[k - 1]!.length)];
  return widest(sharedWith(green, way, offsets, cycle, k - 1, k));
}

/** By signal, of the first nothing: the sum is what is left to aim at where no band fits all. */
function linkBands(way: Way, offsets: readonly number[], cycle: number): number[] {
  return way.windows.map((_, k) => (k === 0 ? 0 : linkBand(way, offsets, cycle, k)));
}

/** What the offsets are chosen for: wide bands by weight, the narrower one more, and links where bands tie. */
function scoreOf(ways: readonly Way[], bands: readonly number[], links: readonly number[][]): number {
  const weighted = ways.reduce((sum, { weight }, w) => sum + weight * bands[w]!, 0);
  const linked = ways.reduce((sum, { weight }, w) => sum + weight * links[w]!.reduce((a, b) => a + b, 0), 0);
  return weighted + Math.min(...bands) + linked / (100 * ways[0]!.windows.length);
}

function score(ways: readonly Way[], offsets: readonly number[], cycle: number): number {
  return scoreOf(
    ways,
    ways.map((way) => bandwidth(way, offsets, cycle)),
    ways.map((way) => linkBands(way, offsets, cycle)),
  );
}

/** The score while the offset of one signal is moved about: what the others share stays as it is. */
function scoreMoving(ways: readonly Way[], offsets: readonly number[], cycle: number, k: number) {
  const byOthers = ways.map((way) => sharedBy(way, offsets, cycle, k));
  const links = ways.map((way) => linkBands(way, offsets, cycle));
  return (): number => {
    // All is counted from the first signal: when it moves, everything does.
    const bands = ways.map((way, w) =>
      k === 0 ? bandwidth(way, offsets, cycle) : widest(sharedWith(byOthers[w]!, way, offsets, cycle, 0, k)),
    );
    ways.forEach((way, w) => {
      if (k > 0) links[w]![k] = linkBand(way, offsets, cycle, k);
      if (k + 1 < offsets.length) links[w]![k + 1] = linkBand(way, offsets, cycle, k + 1);
    });
    return scoreOf(ways, bands, links);
  };
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
      const scoreNow = scoreMoving(ways, offsets, cycle, k);
      let chosen = offsets[k]!;
      for (let offset = 0; offset < cycle; offset++) {
        offsets[k] = offset;
        const here = scoreNow();
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
