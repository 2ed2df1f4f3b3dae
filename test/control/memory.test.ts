import { expect, test } from 'vitest';
import { createOperation, memoriesOf, operate, resumeOperation } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { compile } from '../../server/scenario/compile.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import { takeSnapshot } from '../../server/sim/snapshot.ts';
import { crossing } from '../networks.ts';
import { counting } from './counting.ts';

test('what controllers remember goes on with a snapshot, and makes the same end', () => {
  const ruled = underProtocol(compile(crossing({ westVph: 500, northVph: 400 })).network, PROTOCOLS[0]);
  const end = (operation: ReturnType<typeof createOperation>) => {
    while (operation.sim.step < 400) operate(operation);
    return fingerprint(operation.sim);
  };
  const whole = createOperation(ruled, counting, 1);
  while (whole.sim.step < 123) operate(whole);
  const [snapshot, memories] = [takeSnapshot(whole.sim), memoriesOf(whole)];
  const [resumed, forgetful] = [memories, undefined].map((known) =>
    resumeOperation(ruled, counting, snapshot, known),
  );
  const own = end(whole);
  expect(end(resumed)).toBe(own);
  expect(end(forgetful)).not.toBe(own);
});
