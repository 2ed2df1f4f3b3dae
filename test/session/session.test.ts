import { expect, test } from 'vitest';
import { CONTROLLERS } from '../../server/control/registry.ts';
import { loadPolicy } from '../../server/files/policies.ts';
import { fingerprint, formatFingerprint, loadScenario, operate, startRun } from '../../server/index.ts';
import type { Intervention } from '../../server/protocol/session.ts';
import { Columns } from '../../server/session/columns.ts';
import { SAMPLE_S, type Session } from '../../server/session/session.ts';
import { ready } from '../cli/greenwave.ts';
import { goTo, openSession, SHIPPED_POLICY, setupOf } from './sessions.ts';

/**
 * A session is a function of its setup, its interventions and the step, whichever way it came there: forward, back and
 * forward again, or by changing what it is of.
 */

const ALL = [
  ...[...CONTROLLERS.map(({ name }) => name), 'learned'].map((controller) => ({ controller, flags: {} })),
  { controller: 'learned', flags: { detectorsOnly: true } },
];
const WORKS: readonly Intervention[] = [
  { step: 200, kind: 'close-lane', lane: 'i2-i3_1' },
  { step: 260, kind: 'incident', lane: 'i3-i4_0', positionM: 150 },
  { step: 420, kind: 'clear-incident', lane: 'i3-i4_0' },
  { step: 500, kind: 'open-lane', lane: 'i2-i3_1' },
];

test('a side is the run that the command line makes of the same', async () => {
  const session = goTo(await openSession({ seed: 7 }), 700);
  const scenario = await loadScenario(ready('corridor'));
  const alone = ['fixed-time', 'learned'].map((controller) => {
    const policy = controller === 'learned' ? { policy: loadPolicy(SHIPPED_POLICY) } : {};
    const run = startRun(scenario, { controller, seed: 7, ...policy });
    while (run.sim.step < 700) operate(run);
    return formatFingerprint(fingerprint(run.sim));
  });
  expect(session.fingerprints()).toEqual(alone);
});

test('at the same step both sides have the same vehicles, arrived at the same time', async () => {
  const session = goTo(await openSession({ scenario: 'grid-4x4' }), 600);
  const [a, b] = session.worlds.map(({ sim }) => sim.vehicles);
  expect(a.created).toBeGreaterThan(500);
  expect(a.created).toBe(b.created);
  for (const column of ['createdAt', 'route', 'type', 'source', 'rank'] as const) {
    expect(a[column].subarray(0, a.created)).toEqual(b[column].subarray(0, b.created));
  }
});

for (const { controller, flags } of ALL) {
  const sight = 'detectorsOnly' in flags ? ' on detectors' : '';
  test(`${controller}${sight}: five minutes back and forth end at the same fingerprint, at every step`, async () => {
    const session = await openSession({ controllers: [controller], interventions: WORKS, flags });
    const seen = new Map<number, string>();
    while (session.step < 700) {
      session.advance();
      seen.set(session.step, session.fingerprints()[0]);
    }
    const before = told(session);
    for (const step of [400, 401, 95, 640]) {
      goTo(session, step);
      expect(session.fingerprints()[0]).toBe(seen.get(step));
    }
    session.approach(395);
    while (session.step < 700) {
      session.advance();
      expect(session.fingerprints()[0]).toBe(seen.get(session.step));
    }
    expect(told(session)).toEqual(before);
  });
}

/** All that is told of a session, beside its fingerprints. */
function told(session: Session) {
  const { samples, alarms, fingerprints } = session.history;
  return structuredClone({ figures: session.figures(), samples, alarms, fingerprints });
}

test('what was done to the road on the way is the same as what was planned from the beginning', async () => {
  const planned = goTo(await openSession({ interventions: WORKS }), 650);
  const done = await openSession();
  for (const one of WORKS) {
    goTo(done, one.step);
    done.intervene(one);
  }
  goTo(done, 650);
  expect(done.interventions).toEqual(WORKS);
  expect(done.fingerprints()).toEqual(planned.fingerprints());
  expect(done.history.samples).toEqual(planned.history.samples);
  expect(done.fingerprints()).not.toEqual(goTo(await openSession(), 650).fingerprints());
});

test('an earlier intervention forgets what was known of later, and keeps what is to be done later', async () => {
  const session = goTo(await openSession({ interventions: WORKS }), 650);
  const before = session.fingerprints();
  goTo(session, 100);
  session.intervene({ step: 0, kind: 'close-lane', lane: 'i1-i2_0' });
  expect(session.knownStep).toBe(100);
  expect(session.interventions.map(({ step }) => step)).toEqual([100, 200, 260, 420, 500]);
  expect(session.history.samples.map(({ sample }) => sample.step * session.stepS)).toEqual(
    Array.from({ length: 10 }, (_, k) => (k + 1) * SAMPLE_S),
  );
  goTo(session, 650);
  expect(session.fingerprints()).not.toEqual(before);
  const planned = await openSession({ interventions: session.interventions });
  expect(goTo(planned, 650).fingerprints()).toEqual(session.fingerprints());
});

test('another controller, seed or demand is as if it had been so from the beginning', async () => {
  const session = goTo(await openSession({ interventions: WORKS }), 400);
  const changes = [
    { controllers: ['fixed-time', 'max-pressure'] },
    { seed: 2, controllers: ['actuated', 'learned', 'webster'] },
    { demandScale: 1.5 },
  ];
  for (const change of changes) {
    session.change(setupOf(change));
    goTo(session, 400);
    const anew = goTo(await openSession({ ...change, interventions: WORKS }), 400);
    expect(session.fingerprints()).toEqual(anew.fingerprints());
    expect(session.fingerprints()).toHaveLength(setupOf(change).controllers.length);
  }
});

test('a restart is the beginning, with the road as it was', async () => {
  const session = goTo(await openSession({ interventions: WORKS }), 300);
  session.restart();
  expect([session.step, session.knownStep, session.interventions.length]).toEqual([0, 0, 0]);
  expect(goTo(session, 300).fingerprints()).toEqual(goTo(await openSession(), 300).fingerprints());
});

test('a lane that is not there is refused, and nothing is changed', async () => {
  const session = goTo(await openSession(), 50);
  const before = [session.revision, session.fingerprints()];
  expect(() => session.intervene({ step: 0, kind: 'close-lane', lane: 'i1-i2_7' })).toThrow(
    'There is no lane "i1-i2_7". Did you mean "i1-i2_0"?',
  );
  expect([session.revision, session.fingerprints()]).toEqual(before);
});

test('a frame tells where everybody is', async () => {
  const session = goTo(await openSession({ scenario: 'irregular' }), 900);
  for (const { sim } of session.worlds) {
    const { count, ids, records, signals } = new Columns().vehicles(sim);
    const running = Array.from({ length: sim.vehicles.created }, (_, v) => v).filter(
      (v) => sim.vehicles.element[v] >= 0 && sim.vehicles.enteredAt[v] < sim.step,
    );
    expect([...ids.subarray(0, count)]).toEqual(running);
    running.forEach((v, row) => {
      expect(records[3 * row]).toBe(sim.vehicles.element[v]);
    });
    const lanes = sim.network.elementRoad.indexOf(-1);
    sim.signals.shown.subarray(lanes).forEach((shown, k) => {
      expect((signals[k >> 2] >> (2 * (k & 3))) & 3).toBe(shown);
    });
  }
});
