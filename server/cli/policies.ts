import { loadPolicy, ownPolicy } from '../files/policies.ts';
import type { Policy } from '../policy/policySchema.ts';
import { quoted } from '../scenario/problem.ts';
import { LEARNED } from '../study/controllerNames.ts';
import { Mistake } from '../study/mistake.ts';
import type { PolicyText } from './policyFlag.ts';

/**
 * The policies of those controllers at work that have one, by name. Where `learned` is given none it has the
 * one that comes with the package.
 *
 * @throws {Mistake} for a file that cannot be run, and for a policy whose controller is not at work
 */
export function policiesOf(
  given: readonly PolicyText[],
  atWork: readonly string[],
): ReadonlyMap<string, Policy> {
  const policies = new Map<string, Policy>();
  for (const { name, file } of given) {
    if (!atWork.includes(name)) {
      const works = atWork.length === 1 ? 'is' : 'are';
      throw new Mistake(
        `--policy ${file}: it is for controller ${quoted(name)}, but ${atWork.join(', ')} ${works} at work.`,
        `Name ${name} as the controller, or leave --policy out.`,
      );
    }
    policies.set(name, loadPolicy(file));
  }
  if (atWork.includes(LEARNED) && !policies.has(LEARNED)) policies.set(LEARNED, ownPolicy());
  return policies;
}

/** @throws {Mistake} where `--detectors-only` has nothing to act on */
export function refuseIdleSight(
  detectorsOnly: boolean | undefined,
  policies: ReadonlyMap<string, Policy>,
): void {
  if (!detectorsOnly || policies.size > 0) return;
  throw new Mistake(
    '--detectors-only: no learned controller is at work, and others see what they always see.',
    'Add learned to the controllers, or leave it out.',
  );
}

/** The flags of a controller that say which policy it has, if it has one. */
export function withPolicy(policies: ReadonlyMap<string, Policy>, controller: string): { policy?: Policy } {
  const policy = policies.get(controller);
  return policy === undefined ? {} : { policy };
}
