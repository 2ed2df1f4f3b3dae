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
}

/** Makes the controller of one intersection. */
export type ControllerFactory = (view: View) => Controller;
