import type { View } from './view.ts';

/**
 * The clock of a coordinated signal. The phases of the first barrier group's last position are coordinated:
 * they hold their green until the yield point of each cycle. Every other phase is forced off where its split
 * ends, and is let in only while enough of its split is left for its minimum green.
 *
 * Times within the cycle are counted from the start of the scenario's plan, which stands at the offset. FHWA
 * Traffic Signal Timing Manual, chapter 6: fixed force-offs, yield to calls, early return to green.
 */
export class Coordination {
  readonly #view: View;
  readonly #cycleS: number;
  readonly #forceOffS: readonly number[]; // by phase of the ring: when its green must have ended, s into the cycle
  readonly #yieldS: number; //               when the coordinated phases may end

  /**
   * @param view         one ring's view
   * @param coordinated  the ring's phase that is coordinated
   */
  constructor(view: View, coordinated: number) {
    this.#view = view;
    let end = 0;
    this.#forceOffS = Array.from({ length: view.phaseCount }, (_, p) => {
      end += view.splitS(p);
      return end - view.clearanceS(p);
    });
    this.#cycleS = end;
    this.#yieldS = this.#forceOffS[coordinated]!;
  }

  /** Whether the coordinated phase may end now. */
  get yields(): boolean {
    return this.#intoCycle >= this.#yieldS - 1e-9;
  }

  /** Whether the time of phase `p`, which is green, is over. */
  forcedOff(p: number): boolean {
    return this.#left(p) <= 1e-9;
  }

  /** Whether phase `p`, if its turn came after a change of `changeS`, would still get `greenS` before it is forced off. */
  letsIn(p: number, changeS: number, greenS: number): boolean {
    return this.#left(p) >= changeS + greenS - 1e-9;
  }

  get #intoCycle(): number {
    const since = (this.#view.timeS - this.#view.offsetS) % this.#cycleS;
    return since < 0 ? since + this.#cycleS : since;
  }

  /**
   * Seconds until phase `p` must end. Between yield point and end of the cycle the phases before the
   * coordinated one belong to the next cycle; before the yield point the others belong to the last one.
   */
  #left(p: number): number {
    const now = this.#intoCycle;
    const afterYield = now >= this.#yieldS - 1e-9;
    const end = this.#forceOffS[p]!;
    const beforeCoordinated = end < this.#yieldS;
    if (beforeCoordinated) return afterYield ? end + this.#cycleS - now : end - now;
    return afterYield ? end - now : end - this.#cycleS - now;
  }
}
