import { describe, expect, test } from 'vitest';
import { memoriesOf, type Operation, operate, resumeOperation } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { startRun } from '../../server/index.ts';
import { learnedController } from '../../server/policy/learnedController.ts';
import { parsePolicy, policyText } from '../../server/policy/policyFile.ts';
import { scorePhases } from '../../server/policy/scorer.ts';
import { compile } from '../../server/scenario/compile.ts';
import { fingerprint, formatFingerprint } from '../../server/sim/fingerprint.ts';
import { takeSnapshot } from '../../server/sim/snapshot.ts';
import { datasetLayout, hasDataset } from '../datasets.ts';
import { laidOut } from '../networks.ts';
import { madeUpInputs, madeUpPolicy, madeUpScorer } from './madeUp.ts';

/** A trained policy at work: the same to the last bit everywhere, on phases of its own or on the file's. */

const scenario = compile(
  laidOut({
    name: 'two lights',
    durationS: 900,
    corridor: { intersections: 2, spacingM: 250, approachM: 250, lanes: 3, sideLanes: 2, speedLimitKmh: 50 },
    signals: { pedestrians: { flowPph: 60 } },
    demand: {
      west: { flowVph: 700, turns: { left: 0.2, thru: 0.7, right: 0.1 } },
      east: { flowVph: 600, turns: { left: 0.2, thru: 0.7, right: 0.1 } },
      'north-1': { flowVph: 250, turns: { left: 0.3, thru: 0.5, right: 0.2 } },
      'south-2': { flowVph: 250, turns: { left: 0.3, thru: 0.5, right: 0.2 } },
    },
  }),
);
const policy = madeUpPolicy();

/** What everything comes to after each of some times, s. */
function printsOf(operation: Operation, timesS: readonly number[]): string[] {
  return timesS.map((timeS) => {
    while (operation.sim.step < timeS) operate(operation);
    return formatFingerprint(fingerprint(operation.sim));
  });
}

describe('the same on every platform, to the last bit:', () => {
  test('the scores of three phases', () => {
    const scores = (widths: number[]) => [...scorePhases(madeUpScorer(widths), madeUpInputs(3), 3)];
    expect(scores([])).toEqual([72.70039317774041, 38.23492781867458, 77.73533628107361]);
    expect(scores([8, 4, 1])).toEqual([72.74629971198742, 38.28083435292159, 77.05368817195051]);
  });

  test('a run on stages', () => {
    const run = startRun(scenario, { controller: 'learned', policy, seed: 3 });
    expect(printsOf(run, [300, 600, 900])).toEqual(['0x874e8cc9', '0xa19b8682', '0x927ae700']);
  });

  test('a run on the file’s phases, with a weighted sum alone, asked every second', () => {
    const plain = madeUpPolicy({ stages: false, decisionS: 1 }, []);
    const run = startRun(scenario, { controller: 'learned', policy: plain, seed: 3 });
    expect(printsOf(run, [300, 600, 900])).toEqual(['0x07b307e5', '0x6ed0634e', '0xea3cf0f7']);
  });

  test('a policy read from a file, and sent to another thread', () => {
    const parsed = parsePolicy(policyText(policy));
    const read = parsed.ok ? structuredClone(parsed.policy) : undefined;
    const [run, other] = [policy, read!].map((own) =>
      startRun(scenario, { controller: 'learned', policy: own }),
    );
    expect(printsOf(other, [400])).toEqual(printsOf(run, [400]));
  });
});

test('a run goes on from a snapshot to the same end', () => {
  const entry = learnedController(policy);
  const { network } = entry.prepare!(scenario.network, {}, { durationS: 900, names: scenario.names });
  const protocol = { ...PROTOCOLS[0], decisionS: entry.decisionS };
  const whole = startRun(scenario, { controller: 'learned', policy, seed: 5 });
  printsOf(whole, [317]);
  const [snapshot, memories] = [takeSnapshot(whole.sim), memoriesOf(whole)];
  const factory = entry.factory(protocol, {});
  const resumed = resumeOperation(underProtocol(network, protocol), factory, snapshot, memories);
  expect(printsOf(resumed, [900])).toEqual(printsOf(whole, [900]));
});

test.skipIf(!hasDataset('jinan1'))('a protocol that prescribes the file’s phases has them', () => {
  const jinan = compile(datasetLayout('jinan1'));
  const { sim, seats } = startRun(jinan, { controller: 'learned', policy, protocol: 'literature-15' });
  expect(sim.network.phaseShown).toBe(jinan.network.phaseShown);
  expect(new Set(seats.map(({ phases }) => phases.length))).toEqual(new Set([4]));
  const staged = startRun(jinan, { controller: 'learned', policy });
  expect(new Set(staged.seats.map(({ phases }) => phases.length))).toEqual(new Set([8]));
  expect(new Set(staged.sim.network.yellowChange)).toEqual(new Set([3]));
});

test('a policy is for learned, which needs one', () => {
  const told = 'is for the controller "learned"';
  expect(() => startRun(scenario, { policy })).toThrow(told);
  expect(() => startRun(scenario, { controller: 'max-pressure', policy })).toThrow(told);
  expect(() => startRun(scenario, { controller: 'max-pressure', detectorsOnly: true })).toThrow(told);
});

test('tells what it is', () => {
  const entry = learnedController(policy, { name: 'mine' });
  const occasion = { durationS: 900, names: scenario.names };
  expect(entry).toMatchObject({ name: 'mine', sees: 'every vehicle', decisionS: 5 });
  expect(entry.source).toBe(`policy "made-up", ${policy.hash.slice(0, 12)}`);
  expect(entry.prepare!(scenario.network, {}, occasion).facts).toEqual([
    `Policy made-up, hash ${policy.hash.slice(0, 12)}, trained in 0 episodes.`,
    'It sees every vehicle, and chooses among every legal pair of dual-ring phases.',
  ]);
  const prescribed = entry.prepare!(scenario.network, {}, { ...occasion, phasesPrescribed: true });
  expect(prescribed.network).toBe(scenario.network);
  expect(prescribed.facts[1]).toBe('It sees every vehicle, and chooses among the phases of the file.');
});
