import type { Account, Controller } from './controller.ts';
import type { View } from './view.ts';

/**
 * The literature's FixedTime: on to the next phase once the present one has been green for `holdS`.
 *
 * It is asked at decision instants only, and the change phase does not count as green. With a hold of
 * one decision interval a phase has not been green long enough at its first decision, so all but the
 * very first last two intervals: 25 s of green and 5 s of change for a nominal 15 s.
 */
export class LiteratureFixedTime implements Controller {
  readonly #holdS: number;

  constructor(holdS: number) {
    this.#holdS = holdS;
  }

  decide(view: View): number {
    const { phase } = view;
    return view.greenS >= this.#holdS - 1e-9 ? (phase + 1) % view.phaseCount : phase;
  }

  account({ greenS }: View): Account {
    const reason = `because phases follow one another, each for ${this.#holdS} s: this one has had ${Math.round(greenS)}`;
    return { reason, scoreName: '', phases: [] };
  }
}
