import type { View } from './view.ts';

/**
 * Anything that answers with a phase. It only asks: the interlock grants, through minimum green,
 * yellow change and red clearance.
 */
export interface Controller {
  /**
   * The phase wanted now, as an index below `view.phaseCount`. Called at each decision instant, also
   * while a change is under way. Equal views must give equal answers; a controller may keep state of
   * its own, but must not look at clocks or random numbers of its own making. Any other answer stops the run with a
   * `ControllerError`, and so does an error that it throws.
   */
  decide(view: View): number;
  /**
   * All that it knows and that is not in the view, as numbers: with a snapshot of the simulation, what a run
   * needs to go on to the same end. `null`: nothing, or another signal's controller keeps it. A controller without it
   * remembers nothing.
   */
  memory?(): Float64Array | null;
  /** Takes up where `memory` of another one left, of the same intersection. */
  recall?(memory: Float64Array): void;
  /** Why it would choose as it does now, for who watches. It changes nothing, and may be asked at any time. */
  account?(view: View): Account;
}

/** What speaks for each phase, as a controller sees it. */
export interface Account {
  /** In words that go on after "… keeps phase A" or "… asks for phase A": "because …", without a full stop. */
  readonly reason: string;
  /** What a score is, with its unit; empty where it weighs nothing. */
  readonly scoreName: string;
  /** By phase of the view, where it weighs them. */
  readonly phases: readonly AccountOfPhase[];
}

export interface AccountOfPhase {
  readonly score: number;
  /** Of the network's movements; they add up to the score. */
  readonly movements: readonly { readonly movement: number; readonly value: number }[];
}

/**
 * Makes the controller of one intersection. Controllers made by one factory may share what they know, so every run has
 * a factory of its own, and a run that goes on from a snapshot another.
 */
export type ControllerFactory = (view: View) => Controller;
