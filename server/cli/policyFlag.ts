import { CONTROLLERS } from '../control/registry.ts';
import { quoted } from '../scenario/problem.ts';
import { LEARNED } from '../study/controllerNames.ts';
import { Mistake } from '../study/mistake.ts';

/** One `--policy`, taken apart. */
export interface PolicyText {
  /** The controller that it makes. */
  readonly name: string;
  readonly file: string;
}

/** The help of the flag, the same for all commands that have it. */
export const POLICY_HELP =
  'the policy of controller learned (default: the one shipped), or NAME=FILE for a controller NAME; may be given again';

/**
 * Takes one more `--policy FILE` or `--policy NAME=FILE`; for the option parser, which hands over those before it.
 *
 * @throws {Mistake} for a name that is taken, or a file without a name
 */
export function addPolicy(text: string, before: readonly PolicyText[] = []): PolicyText[] {
  const [, name = LEARNED, file = ''] = /^(?:([\w-]+)=)?(.*)$/s.exec(text) ?? [];
  if (file.trim() === '') {
    throw new Mistake(`--policy: ${quoted(text)} names no file.`, 'Write FILE, or NAME=FILE.');
  }
  if (CONTROLLERS.some((entry) => entry.name === name)) {
    throw new Mistake(
      `--policy: ${quoted(name)} is a controller that has no policy.`,
      'Choose another name.',
    );
  }
  if (before.some((one) => one.name === name)) {
    const advice = 'Give others a name of their own: --policy NAME=FILE.';
    throw new Mistake(`--policy: ${quoted(name)} is given twice.`, advice);
  }
  return [...before, { name, file }];
}
