import { NEVER, type Network, NONE, SHOWN } from '../../server/sim/network.ts';

/**
 * A conflict monitor, as it hangs in a signal cabinet: it sees what each connector of one intersection
 * is shown in every step, what was asked for, and whether somebody waits, and reports every rule that is
 * broken. It shares nothing with the interlock but the network's tables; it does not read the signals'
 * own state.
 *
 * In which phase a signal is shows in the colours alone: a phase's *pattern* is what it shows. Patterns
 * of one intersection should differ.
 */
export class ConflictMonitor {
  readonly violations: string[] = [];
  readonly #network: Network;
  readonly #connectors: readonly number[];
  readonly #conflicts: readonly (readonly [number, number])[];
  readonly #patterns = new Map<string, number>(); // to the phase
  readonly #phases: readonly number[];
  readonly #longestChange: number;

  #step = 0;
  #before: readonly number[] = [];
  #showing: number | undefined; // the phase whose pattern that is
  #unchanged = 0; //  steps for which the pattern has been shown
  #waited = 0; //     of these, in a row and beyond maximum green, with somebody waiting
  #yellow: number[]; // by connector: steps of yellow so far
  #dark: number[]; //   by connector: steps of red since it lost right of way; Infinity at the start
  #change: { readonly ending: number; readonly target: number; readonly since: number } | null = null;

  constructor(network: Network, i: number) {
    this.#network = network;
    const row = ({ starts, items }: Network['connectors']) =>
      Array.from(items.subarray(starts[i], starts[i + 1]));
    this.#connectors = row(network.connectors);
    this.#conflicts = conflictingPairs(network, this.#connectors);
    this.#phases = row(network.phases);
    for (const p of this.#phases) {
      const start = network.phaseShownStart[p];
      const pattern = network.phaseShown.subarray(start, start + this.#connectors.length);
      this.#patterns.set(pattern.join(''), p);
    }
    this.#longestChange = Math.max(
      ...this.#phases.map((p) => network.yellowChange[p] + network.redClearance[p]),
    );
    this.#yellow = this.#connectors.map(() => 0);
    this.#dark = this.#connectors.map(() => Infinity);
  }

  /** Whether every phase looks different, so that the monitor knows one when it sees it. */
  get canTellPhases(): boolean {
    return this.#patterns.size === this.#phases.length;
  }

  /**
   * Takes notice of one step.
   *
   * @param shown    by element, after the signal's step
   * @param wanted   the request that the signal's step had before it; NONE: none
   * @param waiting  whether, then, somebody was on a lane all of whose connectors showed red
   */
  observe(shown: Uint8Array, wanted: number, waiting: boolean): void {
    const same = this.#step > 0 && this.#connectors.every((c, k) => shown[c] === this.#before[k]);
    const now = same ? this.#before : this.#connectors.map((c) => shown[c]);
    if (this.#step > 0) this.#compare(now, same, wanted, waiting);
    if (!same) this.#look(now);
    this.#step++;
  }

  /** Another pattern than before. */
  #look(now: readonly number[]): void {
    for (const [a, b] of this.#conflicts) {
      if (now[a] === SHOWN.protected && now[b] === SHOWN.protected)
        this.#report(`${a} and ${b} are both protected`);
    }
    this.#before = now;
    this.#showing = this.#patterns.get(now.join(''));
  }

  #compare(now: readonly number[], same: boolean, wanted: number, waiting: boolean): void {
    const { minGreen, maxGreen, yellowChange, redClearance } = this.#network;
    const ending = this.#showing;
    const loses = now.some((s, k) => isGreen(this.#before[k]) && !isGreen(s));
    if (loses && ending !== undefined && this.#change === null) {
      if (this.#unchanged + 1 < minGreen[ending]) {
        this.#report(`phase ${ending} was green for ${this.#unchanged + 1} steps, not ${minGreen[ending]}`);
      }
      const target = wanted === NONE || wanted === ending ? this.#after(ending) : wanted;
      this.#change = { ending, target, since: this.#step };
    } else if (loses) {
      this.#report('right of way was lost in the middle of a change');
    }
    if (ending !== undefined && this.#change === null && maxGreen[ending] !== NEVER) {
      // A change in which nobody loses right of way does not show until it is over.
      const hidden = this.#longestChange * 2;
      this.#waited = waiting && this.#unchanged + 1 >= maxGreen[ending] ? this.#waited + 1 : 0;
      if (same && this.#waited > hidden) this.#report(`phase ${ending} stays beyond its maximum green`);
    }

    now.forEach((s, k) => {
      this.#watchConnector(k, this.#before[k], s);
    });
    const change = this.#change;
    if (change !== null) {
      const length = yellowChange[change.ending] + redClearance[change.ending];
      const over = this.#step - change.since >= length;
      if (over && this.#patterns.get(now.join('')) !== change.target) {
        this.#report(`the change to phase ${change.target} was not carried through`);
      }
      if (over) this.#change = null;
    }
    this.#unchanged = same ? this.#unchanged + 1 : 0;
    if (!same) this.#waited = 0;
  }

  /** Yellow is seen in full after green; conflicting green waits for red clearance. */
  #watchConnector(k: number, before: number, s: number): void {
    const { yellowChange, redClearance } = this.#network;
    const change = this.#change;
    if (s === SHOWN.yellow) this.#yellow[k]++;
    if (change !== null && before !== SHOWN.red && s === SHOWN.red) {
      const seen = this.#yellow[k];
      if (seen !== yellowChange[change.ending]) {
        this.#report(`connector ${k} was yellow for ${seen} steps, not ${yellowChange[change.ending]}`);
      }
    }
    if (isGreen(before) && s === SHOWN.red) this.#report(`connector ${k} went from green to red`);
    if (before === SHOWN.yellow && isGreen(s)) this.#report(`connector ${k} went from yellow to green`);
    if (s === SHOWN.red) this.#dark[k] = before === SHOWN.red ? this.#dark[k] + 1 : 1;
    if (s !== SHOWN.yellow) this.#yellow[k] = 0;
    if (isGreen(before) || !isGreen(s) || change === null) return;
    for (const [a, b] of this.#conflicts) {
      if (a !== k && b !== k) continue;
      const other = a === k ? b : a;
      if (isGreen(this.#before[other]) || this.#dark[other] === Infinity) continue;
      // Steps of red before this one; connectors of lower rank have counted this one already.
      const red = this.#dark[other] - (other < k ? 1 : 0);
      if ((this.#before[other] === SHOWN.yellow ? 0 : red) < redClearance[change.ending]) {
        this.#report(`connector ${k} is green before ${other} has cleared`);
      }
    }
  }

  #after(p: number): number {
    return this.#phases[(this.#phases.indexOf(p) + 1) % this.#phases.length];
  }

  #report(what: string): void {
    if (this.violations.length < 20) this.violations.push(`step ${this.#step}: ${what}`);
  }
}

function isGreen(shown: number): boolean {
  return shown === SHOWN.permitted || shown === SHOWN.protected;
}

/** Pairs of connectors, by rank, that meet and come from different approaches. */
function conflictingPairs(network: Network, connectors: readonly number[]): [number, number][] {
  const { crosses, connectorFrom, elementRoad, elementRank } = network;
  const pairs: [number, number][] = [];
  for (const c of connectors) {
    for (let k = crosses.starts[c]; k < crosses.starts[c + 1]; k++) {
      const foe = crosses.foe[k];
      const sameApproach = elementRoad[connectorFrom[c]] === elementRoad[connectorFrom[foe]];
      if (foe > c && !sameApproach) pairs.push([elementRank[c], elementRank[foe]]);
    }
  }
  return pairs;
}
