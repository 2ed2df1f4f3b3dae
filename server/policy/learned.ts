import type { Controller } from '../control/controller.ts';
import type { View } from '../control/view.ts';
import { type LaneSight, VehicleSight } from '../environment/laneSight.ts';
import { Observer } from '../environment/observer.ts';
import { type Scorer, scorePhases } from './scorer.ts';

/**
 * A trained policy as the controller of one intersection: at every decision the phase of the highest score, the
 * present one of equals. While a change is under way, or minimum green or people on foot hold the present
 * phase, there is nothing to decide.
 */
export class Learned implements Controller {
  readonly observer: Observer;
  readonly scorer: Scorer;
  readonly #sight: LaneSight;
  readonly #view: View;

  /** @param decisionS  time from decision to decision, s */
  constructor(view: View, scorer: Scorer, decisionS: number, sight: LaneSight = new VehicleSight()) {
    this.scorer = scorer;
    this.#sight = sight;
    this.#view = view;
    this.observer = new Observer(view, sight, decisionS);
  }

  decide(view: View): number {
    this.observer.look(view);
    const { phase } = view;
    if (!view.mayChange || phase < 0) return phase;
    this.observer.compare(view);
    return bestPhase(scorePhases(this.scorer, this.observer.inputs, this.observer.phaseCount), phase);
  }

  /** What its sight remembers; `null` where another signal keeps that. */
  memory(): Float64Array | null {
    return this.#sight.memory(this);
  }

  recall(memory: Float64Array): void {
    this.#sight.recall(this.#view, memory);
  }
}

/**
 * The phase of the highest score: the present one if no other exceeds it, else the first of equals.
 *
 * @throws {Error} for a score that is NaN, which neither exceeds nor is exceeded
 */
export function bestPhase(scores: Float64Array, present: number): number {
  let best = present;
  for (let p = 0; p < scores.length; p++) {
    if (Number.isNaN(scores[p])) {
      throw new Error(
        `The policy gives phase ${p} the score NaN. Scores must be numbers: its weights are too large, or not numbers.`,
      );
    }
    if (scores[p]! > scores[best]!) best = p;
  }
  return best;
}
