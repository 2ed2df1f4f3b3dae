import { expect, test } from 'vitest';
import { createOperation, memoriesOf, operate, resumeOperation } from '../../server/control/operation.ts';
import { withPlan } from '../../server/control/plan.ts';
import { PROTOCOLS, type Ruled, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { drawCity } from '../../server/environment/city.ts';
import { learnedController } from '../../server/policy/learnedController.ts';
import { compile } from '../../server/scenario/compile.ts';
import { DETECTOR_PLACEMENT } from '../../server/scenario/compileRoadside.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import { takeSnapshot } from '../../server/sim/snapshot.ts';
import {
  assembleStudy,
  operationOf,
  ruledFor,
  type Study,
  type StudyOptions,
} from '../../server/study/study.ts';
import { crossing } from '../networks.ts';
import { madeUpPolicy } from '../policy/madeUp.ts';

/** A snapshot goes on where it was taken: under the same protocol, preparation and detection. */

const broken: Layout = {
  ...crossing({ westVph: 400, northVph: 300, arrivals: 'poisson' }),
  detectors: { ...DETECTOR_PLACEMENT, faults: [{ detector: '*', kind: 'stuck-on' }] },
};
const city = drawCity('literature', 5);
const named = (name: string) => CONTROLLERS.find((entry) => entry.name === name)!;

type Choice = Partial<StudyOptions>;
const own: Readonly<Record<string, Choice>> = {
  'the plan of the file': {},
  'decisions every 5 s': { decisionS: 5 },
  'decisions every 6 s': { decisionS: 6 },
  'working detectors': { perfectDetection: true },
  'a cycle of 77 s': { settings: { cycleS: 77 } },
  'a cycle of 90 s': { settings: { cycleS: 90 } },
  webster: { controller: named('webster') },
  'webster, 100 s': { controller: named('webster'), settings: { cycleS: 100 } },
  'green-wave': { controller: named('green-wave'), settings: { cycleS: 62 } },
  actuated: { controller: named('actuated') },
  'actuated, minimum green 9 s': { controller: named('actuated'), settings: { minGreenS: 9 } },
  'a policy': { controller: learnedController(madeUpPolicy({ stages: true })) },
};
const literature: Readonly<Record<string, Choice>> = {
  scenario: {},
  'literature-15': { protocol: 'literature-15' },
  'literature-30': { protocol: 'literature-30' },
  'literature-5': { protocol: 'literature-5' },
  'literature-15 every 20 s': { protocol: 'literature-15', decisionS: 20 },
};

const studyOf = (layout: Layout, choice: Choice) =>
  assembleStudy({ layout }, { controller: named('fixed-time'), ...choice });

/** A snapshot after two minutes, and what goes on with it. */
function interrupted(study: Study) {
  const operation = operationOf(study);
  while (operation.sim.step < 120) operate(operation);
  const snapshot = takeSnapshot(operation.sim);
  const memories = memoriesOf(operation);
  return { operation, snapshot, memories };
}

const factoryOf = ({ controller, protocol, settings }: Study) => controller.factory(protocol, settings);

test.each([
  ['our own crossing', broken, own],
  ['a city in the style of the literature', city, literature],
] as const)('a snapshot is refused under every other protocol or preparation: %s', (_, layout, choices) => {
  const studies = Object.entries(choices).map(([name, choice]) => ({ name, study: studyOf(layout, choice) }));
  for (const { name, study } of studies) {
    const { snapshot } = interrupted(study);
    for (const other of studies) {
      const resume = () => resumeOperation(ruledFor(other.study), factoryOf(other.study), snapshot);
      if (other.name === name) expect(resume, name).not.toThrow();
      else expect(resume, `${name}, then ${other.name}`).toThrow(/^The snapshot was taken with /);
    }
  }
});

test('a snapshot goes on under a study that is put together anew, to the same end', () => {
  for (const choice of Object.values(own)) {
    const { operation, snapshot, memories } = interrupted(studyOf(broken, choice));
    const again = studyOf(broken, choice);
    const resumed = resumeOperation(ruledFor(again), factoryOf(again), snapshot, memories);
    for (let k = 0; k < 200; k++) {
      operate(operation);
      operate(resumed);
    }
    expect(fingerprint(resumed.sim)).toBe(fingerprint(operation.sim));
  }
});

/** What is said when a snapshot of one study is gone on with under another. */
function told(from: Ruled, to: Ruled): string {
  const stay = () => ({ decide: () => 0 });
  const snapshot = takeSnapshot(createOperation(from, stay, 1).sim);
  try {
    resumeOperation(to, stay, snapshot);
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

test('the message names what differs: protocol, signals, detectors, settings, or the streets', () => {
  const { network } = compile(city);
  const [scenario, literature15] = PROTOCOLS;
  expect(told(underProtocol(network, literature15), underProtocol(network, scenario))).toBe(
    'The snapshot was taken with protocol "literature-15", a decision every 15 s. This run has protocol "scenario", a decision in every step. Go on with what it was taken with.',
  );
  const ruled = (choice: Choice) => ruledFor(studyOf(broken, choice));
  expect(told(ruled({ controller: named('actuated') }), ruled({ perfectDetection: true }))).toBe(
    'The snapshot was taken with dual rings; detectors as in the file. This run has phases and plan of the file; all detectors working. Go on with what it was taken with.',
  );
  expect(told(ruled({ settings: { cycleS: 77 } }), ruled({ settings: { cycleS: 90 } }))).toMatch(
    /same network and protocol, but other settings.*at another cycle/,
  );
  expect(told(underProtocol(network, scenario), ruled({}))).toBe(
    'The snapshot was taken on another network.',
  );
});

test('a network with the plan that it has is the same network', () => {
  const { network } = compile(broken);
  expect(withPlan(network, network).hash).toBe(network.hash);
});

test('a damaged description of the preparation is refused', () => {
  const { snapshot } = interrupted(studyOf(broken, {}));
  const counters = new Float64Array(snapshot, 16, 15);
  for (const count of [-1, 0.5, 1e9, Number.NaN]) {
    counters[14] = count;
    expect(() =>
      resumeOperation(ruledFor(studyOf(broken, {})), () => ({ decide: () => 0 }), snapshot),
    ).toThrow(/snapshot is/);
  }
});
