import type { Controller } from './controller.ts';
import type { View } from './view.ts';

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

  constructor(view: View) {
    this.#terms = Array.from({ length: view.phaseCount }, (_, p) =>
      [...view.movements(p)]
        .filter((m) => !view.isRightTurn(m))
        .map((m) => ({ lanes: view.lanes(m), exitLanes: view.exitLanes(m) })),
    );
  }

  decide(view: View): number {
    let best = 0;
    let highest = -Infinity;
    for (let p = 0; p < this.#terms.length; p++) {
      const pressure = pressureOf(this.#terms[p]!, view);
      if (pressure > highest) {
        highest = pressure;
        best = p;
      }
    }
    return best;
  }
}

interface Term {
  readonly lanes: Int32Array;
  readonly exitLanes: Int32Array;
}

function pressureOf(terms: readonly Term[], view: View): number {
  let pressure = 0;
  for (const { lanes, exitLanes } of terms) {
    for (const lane of lanes) pressure += view.queue(lane);
    for (const lane of exitLanes) pressure -= view.queue(lane);
  }
  return pressure;
}
