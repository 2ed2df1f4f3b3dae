import { CONTROLLERS, type ControllerEntry } from '../control/registry.ts';
import { learnedController } from '../policy/learnedController.ts';
import { parsePolicy } from '../policy/policyFile.ts';
import type { Policy } from '../policy/policySchema.ts';
import { formatProblems } from '../scenario/problem.ts';
import { CONTROLLER_NAMES, LEARNED } from '../study/controllerNames.ts';
import { unknownName } from '../study/flagValue.ts';
import { Mistake } from '../study/mistake.ts';
import { fileText } from './fileText.ts';
import { shippedPolicy } from './shipped.ts';

const POLICY_BYTES_MAX = 64_000_000;

/**
 * Reads a policy file.
 *
 * @throws {Mistake} with all that keeps it from being run
 */
export function loadPolicy(path: string): Policy {
  const parsed = parsePolicy(fileText(path, POLICY_BYTES_MAX));
  if (parsed.ok) return parsed.policy;
  throw new Mistake(formatProblems(path, parsed.problems));
}

/** What decides which controller a run has. */
export interface ControllerChoice {
  /** `fixed-time` unless given. */
  readonly controller?: string;
  /** What makes the controller of that name a learned one; `learned` has the shipped one unless given. */
  readonly policy?: Policy;
  /** Whether a learned controller sees what detectors tell, and no more. */
  readonly detectorsOnly?: boolean;
}

/**
 * The controller asked for.
 *
 * @throws {Mistake} for an unknown name, and for `detectorsOnly` where nothing was learned
 */
export function controllerFor({ controller = 'fixed-time', ...learned }: ControllerChoice): ControllerEntry {
  const policy = learned.policy ?? (controller === LEARNED ? ownPolicy() : undefined);
  const entry =
    policy === undefined
      ? CONTROLLERS.find(({ name }) => name === controller)
      : learnedController(policy, { name: controller, detectorsOnly: learned.detectorsOnly ?? false });
  if (entry === undefined) throw unknownName('controller', controller, CONTROLLER_NAMES);
  return entry;
}

/** The policy that comes with the package. */
export function ownPolicy(): Policy {
  const path = shippedPolicy();
  if (path !== null) return loadPolicy(path);
  throw new Mistake(
    'learned needs a policy, and this Greenwave comes without one.',
    'Give it a policy file: greenwave train writes one.',
  );
}
