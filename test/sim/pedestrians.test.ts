import { expect, test } from 'vitest';
import { createOperation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { settingsOf } from '../../server/control/settings.ts';
import { compile } from '../../server/scenario/compile.ts';
import { pedestrianClearance } from '../../server/scenario/crosswalks.ts';
import { parseScenario } from '../../server/scenario/parse.ts';
import type { Scenario } from '../../server/scenario/schema.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import { INTERVAL } from '../../server/sim/signal.ts';
import { step } from '../../server/sim/simulation.ts';
import { restoreSnapshot, takeSnapshot } from '../../server/sim/snapshot.ts';
import { laidOut } from '../networks.ts';

/** People on foot: how long they need, that they get it, and how long they wait for it. */

const FOOT = 0.3048;

function study(controller: string, scenario: Partial<Scenario>, seed = 1) {
  const layout = laidOut({
    name: 'on foot',
    isolated: { approachM: 200, lanes: 2 },
    demand: { west: { flowVph: 300, to: { east: 1 } }, north: { flowVph: 200, to: { south: 1 } } },
    ...scenario,
  });
  const entry = CONTROLLERS.find(({ name }) => name === controller)!;
  const { settings } = settingsOf(entry.settings, {});
  const compiled = compile(layout);
  const occasion = { durationS: layout.durationS, names: compiled.names };
  const network = entry.prepare?.(compiled.network, settings, occasion).network ?? compiled.network;
  return createOperation(underProtocol(network, PROTOCOLS[0]), entry.factory(PROTOCOLS[0], settings), seed, {
    detectors: true,
  });
}

test('60 ft at 3.5 ft/s take 17.1 s', () => {
  expect(pedestrianClearance(60 * FOOT)).toBeCloseTo(17.14, 2);
});

test('whoever walks has walk and clearance: no green in which somebody walks is shorter', () => {
  for (const controller of ['fixed-time', 'actuated', 'max-pressure']) {
    const operation = study(controller, { signals: { pedestrians: { flowPph: 120 }, cycleS: 60 } });
    const { sim } = operation;
    const { ringIntersection, walk, pedestrianClearance: clearance } = sim.network;
    let walks = 0;
    for (let k = 0; k < 3000; k++) {
      const before = sim.signals.phase.map((p, r) => (sim.signals.interval[r] === INTERVAL.green ? p : -1));
      const elapsed = sim.signals.elapsed.slice();
      operate(operation);
      ringIntersection.forEach((_, r) => {
        if (before[r] < 0 || sim.signals.interval[r] === INTERVAL.green || sim.signals.walkGreen[r] === 0)
          return;
        walks++;
        expect(elapsed[r]).toBeGreaterThanOrEqual(walk[before[r]] + clearance[before[r]]);
      });
    }
    expect(walks).toBeGreaterThan(20);
  }
});

test('on recall with a walk of w in a cycle of C people wait (C − w)² ÷ 2C on average', () => {
  const operation = study('fixed-time', {
    signals: { cycleS: 90, pedestrians: { service: 'recall', flowPph: 600, walkS: 10 } },
  });
  const { sim } = operation;
  for (let k = 0; k < 40 * 3600 && sim.step < 36_000; k++) operate(operation);
  const { served, waited } = sim.pedestrians!;
  const total = served.reduce((sum, count) => sum + count, 0);
  const mean = waited.reduce((sum, steps) => sum + steps, 0) / total;
  expect(total).toBeGreaterThan(20_000);
  expect(mean).toBeCloseTo((90 - 10) ** 2 / (2 * 90), 0);
});

test('without people nobody is waited for; with a push button only whoever pushes it', () => {
  const none = study('actuated', { signals: { pedestrians: { flowPph: 0 } } });
  const some = study('actuated', { signals: { pedestrians: { flowPph: 200 } } });
  for (const operation of [none, some]) while (operation.sim.step < 1800) operate(operation);
  expect(none.sim.pedestrians!.served.every((count) => count === 0)).toBe(true);
  expect(some.sim.pedestrians!.served.every((count) => count > 50)).toBe(true);
});

test('people are part of the state: fingerprints, snapshots, seeds', () => {
  const setting = { signals: { pedestrians: { flowPph: 300 }, cycleS: 60 } };
  const [one, other] = [study('fixed-time', setting, 1), study('fixed-time', setting, 2)];
  for (const operation of [one, other]) while (operation.sim.step < 300) operate(operation);
  expect(fingerprint(one.sim)).not.toBe(fingerprint(other.sim));
  const resumed = restoreSnapshot(one.sim.network, takeSnapshot(one.sim));
  for (let k = 0; k < 300; k++) {
    step(one.sim);
    step(resumed);
  }
  expect(fingerprint(resumed)).toBe(fingerprint(one.sim));
  expect(resumed.pedestrians!.served).toEqual(one.sim.pedestrians!.served);
});

test('a split too short for people on foot is told', () => {
  const parsed = parseScenario(
    JSON.stringify({
      name: 'short',
      isolated: { approachM: 200, lanes: 2 },
      signals: { pedestrians: {}, cycleS: 50 },
      demand: { west: { flowVph: 10, to: { east: 1 } } },
    }),
    'short.json',
  );
  expect(
    parsed.ok && parsed.warnings.map(({ place, message, advice }) => `${place}: ${message} ${advice}`),
  ).toMatchInlineSnapshot(`
    [
      "signals.pedestrians: phase "east-west-thru" has a split of 25 s, and people on foot need 28 s (walk 7, clearance 14, and the change): its green ends late whenever somebody crosses. Lengthen the split.",
      "signals.pedestrians: phase "north-south-thru" has a split of 25 s, and people on foot need 28 s (walk 7, clearance 14, and the change): its green ends late whenever somebody crosses. Lengthen the split.",
    ]
  `);
});
