import type { Account, Controller } from './controller.ts';
import {
  accountOfPressure,
  efficientPressure,
  efficientPressureOf,
  phaseOfHighest,
  pressureTerms,
  reasonOfHighest,
  type Term,
} from './pressure.ts';
import type { Settings } from './settings.ts';
import type { View } from './view.ts';

/**
 * Efficient max-pressure: max-pressure with the mean queue of the exit's lanes in place of their sum, so that
 * a wide exit does not count against a movement.
 *
 * Wu, Q. et al. (2021), arXiv 2112.02336, as in Advanced-XLight.
 */
export class EfficientMaxPressure implements Controller {
  readonly #terms: readonly (readonly Term[])[];
  readonly #hold: number;

  constructor(view: View, { holdVehicles = 0 }: Settings = {}) {
    this.#terms = pressureTerms(view);
    this.#hold = Number(holdVehicles);
  }

  decide(view: View): number {
    return phaseOfHighest((p) => efficientPressure(this.#terms[p]!, view), view, this.#hold);
  }

  account(view: View): Account {
    const pressure = (p: number) => efficientPressure(this.#terms[p]!, view);
    const reason = reasonOfHighest(pressure, view, this.#hold, this.decide(view));
    return accountOfPressure(this.#terms, (term) => efficientPressureOf(term, view), reason);
  }
}
