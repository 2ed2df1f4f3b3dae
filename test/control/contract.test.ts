import { expect, test } from 'vitest';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { learnedController } from '../../server/policy/learnedController.ts';
import { madeUpPolicy } from '../policy/madeUp.ts';
import { type Deviations, describeController } from './contract.ts';

/** Every controller of the registry keeps the contract, and so do learned ones, whichever phases they choose among. */

const DEVIATIONS: Deviations = {
  'advanced-max-pressure':
    'as long as vehicles keep driving up to green, they outweigh the few that stand at a side street',
};

const LEARNED = [
  learnedController(madeUpPolicy({ stages: true })),
  learnedController(madeUpPolicy({ stages: false }, []), { name: 'learned on the file’s phases' }),
];

for (const entry of [...CONTROLLERS, ...LEARNED]) describeController(entry, DEVIATIONS);

test('deviations are those of controllers that exist', () => {
  const names = CONTROLLERS.map(({ name }) => name);
  expect(Object.keys(DEVIATIONS).filter((name) => !names.includes(name))).toEqual([]);
});
