import type { Controller } from './controller.ts';
import { efficientPressure, phaseOfHighest, pressureTerms } from './pressure.ts';
import type { Settings } from './settings.ts';
import type { View } from './view.ts';

/**
 * Efficient max-pressure: max-pressure with the mean queue of the exit's lanes in place of their sum, so that
 * a wide exit does not count against a movement.
 *
 * Wu, Q. et al. (2021), arXiv 2112.02336, as in Advanced-XLight.
 */
export class EfficientMaxPressure implements Controller {
  readonly #pressure: (phase: number) => number;
  readonly #hold: number;

  constructor(view: View, { holdVehicles = 0 }: Settings = {}) {
    const terms = pressureTerms(view);
    this.#pressure = (p) => efficientPressure(terms[p]!, view);
    this.#hold = Number(holdVehicles);
  }

  decide(view: View): number {
    return phaseOfHighest(this.#pressure, view, this.#hold);
  }
}
