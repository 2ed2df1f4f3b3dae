import type { Account, Controller } from './controller.ts';
import {
  accountOfPressure,
  phaseOfHighest,
  pressureTerms,
  queueOn,
  reasonOfHighest,
  type Term,
} from './pressure.ts';
import type { Setting, Settings } from './settings.ts';
import type { View } from './view.ts';

/** Of max-pressure and efficient-max-pressure. */
export const HOLD_SETTINGS: readonly Setting[] = [
  {
    key: 'holdVehicles',
    summary: 'by how many vehicles another phase must exceed the present one; 0 is the rule as published',
    standard: 0,
    min: 0,
    max: 1000,
  },
];

/**
 * Max-pressure: at each decision the phase of highest pressure, the first of equals.
 *
 * The pressure of a movement is the queue on the lanes that feed it minus the queue on all lanes of
 * its exit; that of a phase is the sum over its movements. Right turns do not count: the literature's
 * networks leave them open in every phase.
 *
 * Varaiya (2013), Transp. Res. C 36, 177–195, in the form that the signal-control literature compares
 * with (LLMLight, Advanced-XLight): standing vehicles only, no weighting by turning ratio.
 */
export class MaxPressure implements Controller {
  readonly #terms: readonly (readonly Term[])[];
  readonly #hold: number;

  constructor(view: View, { holdVehicles = 0 }: Settings = {}) {
    this.#terms = pressureTerms(view);
    this.#hold = Number(holdVehicles);
  }

  decide(view: View): number {
    return phaseOfHighest((p) => pressureOf(this.#terms[p]!, view), view, this.#hold);
  }

  account(view: View): Account {
    const pressure = (p: number) => pressureOf(this.#terms[p]!, view);
    const reason = reasonOfHighest(pressure, view, this.#hold, this.decide(view));
    return accountOfPressure(this.#terms, (term) => pressureOf([term], view), reason);
  }
}

function pressureOf(terms: readonly Term[], view: View): number {
  let pressure = 0;
  for (const { lanes, exitLanes } of terms) pressure += queueOn(lanes, view) - queueOn(exitLanes, view);
  return pressure;
}
