import { CONTROLLERS, type ControllerEntry } from '../control/registry.ts';
import { learnedController } from '../policy/learnedController.ts';
import { parsePolicy } from '../policy/policyFile.ts';
import type { Policy } from '../policy/policySchema.ts';
import { formatProblems, quoted } from '../scenario/problem.ts';
import { fileText } from './fileText.ts';
import { unknownName } from './flagValue.ts';
import { Mistake } from './mistake.ts';
import { CONTROLLER_NAMES, LEARNED, type PolicyText } from './policyFlag.ts';
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

/** What decides which controller a run has. */
export interface ControllerFlags {
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
export function controllerFor({ controller = 'fixed-time', ...learned }: ControllerFlags): ControllerEntry {
  const policy = learned.policy ?? (controller === LEARNED ? ownPolicy() : undefined);
  const entry =
    policy === undefined
      ? CONTROLLERS.find(({ name }) => name === controller)
      : learnedController(policy, { name: controller, detectorsOnly: learned.detectorsOnly ?? false });
  if (entry === undefined) throw unknownName('controller', controller, CONTROLLER_NAMES);
  return entry;
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

/** The policy that comes with the package. */
function ownPolicy(): Policy {
  const path = shippedPolicy();
  if (path !== null) return loadPolicy(path);
  throw new Mistake(
    'learned needs a policy, and this Greenwave comes without one.',
    'Give --policy FILE; greenwave train writes such a file.',
  );
}

/** The flags of a controller that say which policy it has, if it has one. */
export function withPolicy(policies: ReadonlyMap<string, Policy>, controller: string): { policy?: Policy } {
  const policy = policies.get(controller);
  return policy === undefined ? {} : { policy };
}
