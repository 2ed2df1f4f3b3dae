import type { Controller } from './controller.ts';
import { efficientPressure, phaseOfHighest, pressureTerms } from './pressure.ts';
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
  readonly #pressure: (phase: number) => number;
  readonly #lanes: readonly (readonly number[])[]; // by phase: the lanes it serves, each once
  readonly #weight: number;
  readonly #distance: number; // m

  constructor(view: View, { weight = 1, distanceM = 167 }: Settings = {}) {
    const terms = pressureTerms(view);
    this.#pressure = (p) => efficientPressure(terms[p]!, view);
    this.#lanes = terms.map((row) => [...new Set(row.flatMap(({ lanes }) => [...lanes]))]);
    this.#weight = Number(weight);
    this.#distance = Number(distanceM);
  }

  decide(view: View): number {
    const best = phaseOfHighest(this.#pressure, view, 0);
    const { phase } = view;
    if (phase < 0) return best;
    let coming = 0;
    for (const lane of this.#lanes[phase]!) coming += view.movingWithin(lane, this.#distance);
    return this.#weight * coming >= this.#pressure(best) ? phase : best;
  }
}
