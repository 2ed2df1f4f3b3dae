import type { Loaded } from '../files/load.ts';
import { type ControllerChoice, controllerFor } from '../files/policies.ts';
import type { Compiled } from '../scenario/compile.ts';
import { assembleStudy, type Study, type StudyOptions } from '../study/study.ts';
import { ON_COMMAND_LINE } from '../study/wording.ts';

/** What a run may be told on the command line; what is left out is the scenario's or the protocol's own. */
export interface StudyFlags extends ControllerChoice, Omit<StudyOptions, 'controller'> {}

/**
 * Puts a file and flags together.
 *
 * @param compiled  what the flags make of the file, compiled, if that was done before
 * @throws {Mistake} as `assembleStudy`, and for a controller that is not known
 */
export function studyOf(loaded: Loaded, flags: StudyFlags, compiled?: Compiled): Study {
  const source = compiled === undefined ? loaded : { ...loaded, compiled };
  return assembleStudy(source, { ...flags, controller: controllerFor(flags) }, ON_COMMAND_LINE);
}
