/** What one phase asks of a cycle; times in steps. */
export interface Share {
  /** How much it should get, against the others. */
  readonly weight: number;
  /** The part of its split that serves nobody. */
  readonly lost: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Shares a cycle among phases, in whole steps: each gets its lost time, and of the rest its weight's part, but
 * no less than it must have and no more than it may. The sum is the cycle, unless the limits forbid that; then
 * it is the nearest sum that they allow.
 */
export function shareCycle(cycle: number, shares: readonly Share[]): number[] {
  const exact = shares.map(() => 0);
  let free = shares.map((_, k) => k);
  let left = cycle;
  while (free.length > 0) {
    const spare = left - free.reduce((sum, k) => sum + shares[k]!.lost, 0);
    const weights = free.reduce((sum, k) => sum + shares[k]!.weight, 0);
    for (const k of free) {
      const { weight, lost } = shares[k]!;
      exact[k] = lost + spare * (weights === 0 ? 1 / free.length : weight / weights);
    }
    // Who is below the least is settled first; who is above the most, only when nobody is below.
    const below = free.filter((k) => exact[k]! < shares[k]!.least);
    const above = below.length > 0 ? [] : free.filter((k) => exact[k]! > shares[k]!.most);
    if (below.length + above.length === 0) break;
    for (const k of below) exact[k] = shares[k]!.least;
    for (const k of above) exact[k] = shares[k]!.most;
    const settled = [...below, ...above];
    for (const k of settled) left -= exact[k]!;
    free = free.filter((k) => !settled.includes(k));
  }
  return wholeSteps(cycle, exact, shares);
}

/** Rounds down, then gives what is left to those that lost most by it, the first of equals. */
function wholeSteps(cycle: number, exact: readonly number[], shares: readonly Share[]): number[] {
  const steps = exact.map((value) => Math.floor(value + 1e-9));
  let left = Math.round(cycle) - steps.reduce((sum, value) => sum + value, 0);
  while (left > 0) {
    const open = steps.flatMap((value, k) => (value < shares[k]!.most ? [k] : []));
    if (open.length === 0) break;
    const lack = (k: number) => exact[k]! - steps[k]!;
    const k = open.reduce((chosen, other) => (lack(other) > lack(chosen) + 1e-9 ? other : chosen));
    steps[k]!++;
    left--;
  }
  return steps;
}
