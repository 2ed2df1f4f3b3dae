import { expect, test } from 'vitest';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { type Deviations, describeController } from './contract.ts';

/** Every controller of the registry keeps the contract. */

const DEVIATIONS: Deviations = {
  'advanced-max-pressure':
    'as long as vehicles keep driving up to green, they outweigh the few that stand at a side street',
};

for (const entry of CONTROLLERS) describeController(entry, DEVIATIONS);

test('deviations are those of controllers that exist', () => {
  const names = CONTROLLERS.map(({ name }) => name);
  expect(Object.keys(DEVIATIONS).filter((name) => !names.includes(name))).toEqual([]);
});
