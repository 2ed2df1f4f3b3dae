import { CONTROLLERS } from '../control/registry.ts';

/** The controller that runs a policy, where the policy is given no name of its own. */
export const LEARNED = 'learned';

/** All names that a controller may be asked for by, where no policy adds others. */
export const CONTROLLER_NAMES: readonly string[] = [...CONTROLLERS.map(({ name }) => name), LEARNED];
