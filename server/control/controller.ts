import type { View } from './view.ts';

/**
 * Anything that answers with a phase. It only asks: the interlock grants, through minimum green,
 * yellow change and red clearance.
 */
export interface Controller {
  /**
   * The phase wanted now, as an index below `view.phaseCount`. Called at each decision instant, also
   * while a change is under way. Equal views must give equal answers; a controller may keep state of
   * its own, but must not look at clocks or random numbers of its own making.
   */
  decide(view: View): number;
  /**
   * All that it knows and that is not in the view, as numbers: with a snapshot of the simulation, what a run
   * needs to go on to the same end. A controller without it remembers nothing, or begins anew.
   */
  memory?(): Float64Array;
  /** Takes up where `memory` of another one left, of the same intersection. */
  recall?(memory: Float64Array): void;
}

/** Makes the controller of one intersection. */
export type ControllerFactory = (view: View) => Controller;
