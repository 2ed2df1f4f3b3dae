import type { Account, Controller } from './controller.ts';
import {
  accountOfPressure,
  efficientPressure,
  efficientPressureOf,
  phaseOfHighest,
  pressureTerms,
  type Term,
} from './pressure.ts';
import type { Setting, Settings } from './settings.ts';
import type { View } from './view.ts';

export const ADVANCED_MAX_PRESSURE_SETTINGS: readonly Setting[] = [
  {
    key: 'weight',
    summary: 'what a moving vehicle of the present phase counts against a standing one of another',
    standard: 1,
    min: 0,
    max: 100,
  },
  {
    key: 'distanceM',
    summary: 'how far before the stop line moving vehicles count; 167 m are 15 s at 11.11 m/s',
    standard: 167,
    min: 0,
    max: 10_000,
  },
];

/**
 * Advanced max-pressure: the present phase is kept while `weight` × the moving vehicles within `distanceM` of
 * the stop line on its lanes are at least the highest efficient pressure of any phase; otherwise the phase of
 * that pressure is taken, the first of equals.
 *
 * So green lasts while a platoon is passing, which plain max-pressure does not see: it counts standing
 * vehicles only. Zhang, L. et al. (2022), Expression might be enough: representing pressure and demand for
 * reinforcement learning based traffic signal control, ICML 2022.
 */
export class AdvancedMaxPressure implements Controller {
  readonly #terms: readonly (readonly Term[])[];
  readonly #lanes: readonly (readonly number[])[]; // by phase: the lanes it serves, each once
  readonly #weight: number;
  readonly #distance: number; // m

  constructor(view: View, { weight = 1, distanceM = 167 }: Settings = {}) {
    this.#terms = pressureTerms(view);
    this.#lanes = this.#terms.map((row) => [...new Set(row.flatMap(({ lanes }) => [...lanes]))]);
    this.#weight = Number(weight);
    this.#distance = Number(distanceM);
  }

  decide(view: View): number {
    const best = this.#best(view);
    const { phase } = view;
    if (phase < 0) return best;
    return this.#weight * this.#coming(view) >= this.#pressure(best, view) ? phase : best;
  }

  account(view: View): Account {
    const highest = this.#pressure(this.#best(view), view);
    const coming = view.phase < 0 ? 0 : this.#coming(view);
    const stays = view.phase >= 0 && this.#weight * coming >= highest;
    const reason = stays
      ? `because ${coming} vehicles are still driving up to its green, and no phase has a pressure above that`
      : `because its pressure is highest, and only ${coming} vehicles are driving up to the present green`;
    return accountOfPressure(this.#terms, (term) => efficientPressureOf(term, view), reason);
  }

  #pressure(p: number, view: View): number {
    return efficientPressure(this.#terms[p]!, view);
  }

  #best(view: View): number {
    return phaseOfHighest((p) => this.#pressure(p, view), view, 0);
  }

  /** Moving vehicles near the stop line on the lanes of the present phase. */
  #coming(view: View): number {
    let coming = 0;
    for (const lane of this.#lanes[view.phase]!) coming += view.movingWithin(lane, this.#distance);
    return coming;
  }
}
