import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operate } from '../../server/control/operation.ts';
import { CONTROLLERS, type ControllerEntry } from '../../server/control/registry.ts';
import { learnedController } from '../../server/policy/learnedController.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { Mistake } from '../../server/study/mistake.ts';
import { assembleStudy, operationOf } from '../../server/study/study.ts';
import { madeUpPolicy } from '../policy/madeUp.ts';
import { ALL, ODD_SIGNALS, type OddSignal, oddLayout } from './oddSignals.ts';

/** Every controller runs on every signal that a file may hold, also where there is little to control, or nothing. */

const WAYS: readonly ControllerEntry[] = [
  ...CONTROLLERS,
  learnedController(madeUpPolicy({ stages: true })),
  learnedController(madeUpPolicy({ stages: false }), { name: 'learned-plain' }),
  learnedController(madeUpPolicy({ stages: true }), { name: 'learned-on-detectors', detectorsOnly: true }),
];
const SETTINGS: Readonly<Record<string, readonly Readonly<Record<string, string | number>>[]>> = {
  actuated: [
    { coordination: 'on', recall: 'all' },
    { lefts: 'protected', recall: 'main' },
    { lefts: 'protected-permitted', minGreenS: 7 },
  ],
  'fixed-time': [{ cycleS: 45 }],
  webster: [{ cycleS: 45 }, { cycle: 'common', design: 'average' }],
  'green-wave': [{ cycleS: 45 }, { splits: 'scenario' }],
};

/** Runs a layout under a controller; the vehicles that have finished. */
function finished(layout: Layout, controller: ControllerEntry, protocol: string, settings = {}): number {
  const run = operationOf(assembleStudy({ layout }, { controller, protocol, settings, seed: 1 }));
  while (run.sim.step < 300) operate(run);
  return run.sim.vehicles.finished;
}

function runsUnderAll(layout: Layout): void {
  for (const controller of WAYS) {
    for (const settings of [{}, ...(SETTINGS[controller.name] ?? [])]) {
      expect(finished(layout, controller, 'scenario', settings)).toBeGreaterThanOrEqual(0);
    }
    for (const protocol of ['literature-15', 'literature-5']) {
      try {
        finished(layout, controller, protocol);
      } catch (error) {
        // Controllers that show phases of their own say that they cannot.
        if (!(error instanceof Mistake) || !error.message.includes('phases of its own')) throw error;
      }
    }
  }
}

describe('a signal with', () => {
  test.each(Object.entries(ODD_SIGNALS))('%s runs under every controller', (_, signal) => {
    runsUnderAll(oddLayout(signal));
  });
});

test('any signal runs under every controller', () => {
  const some = (most: number) => fc.uniqueArray(fc.nat(most - 1), { maxLength: most });
  const signal = some(12).chain((movements) =>
    fc.record({
      movements: fc.constant(movements),
      unlinked: fc.oneof(fc.constant([]), fc.subarray(movements)),
      phases: fc.array(fc.subarray([...movements.keys()]), { minLength: 1, maxLength: 6 }),
      timesS: fc.array(fc.constantFrom(0, 5, 30), { maxLength: 6 }),
      lanes: fc.constantFrom<1 | 3>(1, 3),
    }),
  );
  fc.assert(
    fc.property(signal, (given) => runsUnderAll(oddLayout(given as OddSignal))),
    { seed: 12, numRuns: 40 },
  );
});

test('a signal with one phase that shows all movements lets everybody through, whatever the controller', () => {
  const layout = oddLayout({ movements: [1, 7], phases: [[0, 1]] });
  const counts = WAYS.map((controller) => finished(layout, controller, 'scenario'));
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(ALL).toHaveLength(12);
});
