import { NONE } from '../sim/network.ts';
import type { Simulation } from '../sim/simulation.ts';
import { described, describedError } from './described.ts';
import type { View } from './view.ts';

/** What a run's controller, places and phases are called, for messages. */
export interface Naming {
  readonly controller: string;
  readonly intersections: readonly string[];
  /** By phase of the network. */
  readonly phases: readonly string[];
}

/**
 * A controller has thrown, or has answered what is no phase: the run has stopped before the step. `cause` is what was thrown,
 * with its own type and stack.
 */
export class ControllerError extends Error {
  override readonly name = 'ControllerError';
  readonly controller: string;
  readonly intersection: string;
  /** Seconds since the start of the run. */
  readonly timeS: number;

  constructor(place: ControllerPlace, what: string, options?: { readonly cause: unknown }) {
    super(`${placeText(place)} ${what}`, options);
    this.controller = place.controller;
    this.intersection = place.intersection;
    this.timeS = place.timeS;
  }
}

/** Which controller, where and when. */
export interface ControllerPlace {
  readonly controller: string;
  readonly intersection: string;
  /** Counts from 1; `null` where an intersection has one ring. */
  readonly ring: number | null;
  readonly timeS: number;
}

function placeText({ controller, intersection, ring, timeS }: ControllerPlace): string {
  const place = ring === null ? `"${intersection}"` : `"${intersection}", ring ${ring},`;
  return `Controller "${controller}" at intersection ${place} at ${Number(timeS.toFixed(6))} s`;
}

/** @param own  the factory, or the class of the controller: what goes by where no names are given */
export function placeOf(
  { network, step }: Simulation,
  view: Pick<View, 'intersection' | 'ring'>,
  own: { readonly name: string },
  naming: Naming | undefined,
): ControllerPlace {
  const { intersection: i, ring } = view;
  const isNamed = own.name !== '' && own.name !== 'Object';
  return {
    controller: naming?.controller ?? (isNamed ? own.name : 'own controller'),
    intersection: naming?.intersections[i] ?? String(i),
    ring: network.ringPartner[i] === NONE ? null : ring + 1,
    timeS: step * network.stepS,
  };
}

/** For an answer that is no phase of the view. */
export function wrongAnswer(
  place: ControllerPlace,
  answer: unknown,
  phases: Int32Array,
  naming: Naming | undefined,
): ControllerError {
  // A Promise that fails later is not to end the program beside this error.
  if (answer instanceof Promise) answer.catch(() => {});
  const names = [...phases].map((p, k) => `${k} "${naming?.phases[p] ?? p}"`);
  const listed = naming !== undefined && names.length <= 12 ? `: ${names.join(', ')}` : '';
  const last = phases.length - 1;
  return new ControllerError(
    place,
    `answered ${described(answer)}. decide() must answer the number of a phase, a whole number from 0 to ${last} (view.phaseCount − 1)${listed}.`,
  );
}

/** For what a controller threw while it was asked. */
export function thrownBy(place: ControllerPlace, cause: unknown): ControllerError {
  return new ControllerError(place, `failed: ${describedError(cause)}`, { cause });
}

/** For what a factory threw, or for a result that is no controller. */
export function notMade(place: ControllerPlace, what: string, cause?: unknown): ControllerError {
  return new ControllerError(
    place,
    `could not be made: ${what}`,
    cause === undefined ? undefined : { cause },
  );
}
