import { expect, test } from 'vitest';
import type { Answers, Question } from '../../server/protocol/question.ts';
import { answer, answerStepwise } from '../../server/session/answer.ts';
import { advanceSearching, checkSearch } from '../../server/session/disagreement.ts';
import type { Session } from '../../server/session/session.ts';
import { delays } from '../../server/sim/summary.ts';
import { goTo, openSession } from './sessions.ts';

/** What a page is told of a moment, held against the simulation itself. */

function ask<K extends Question['kind']>(
  session: Session,
  question: Extract<Question, { kind: K }>,
): Answers[K] {
  return answer(session, question) as Answers[K];
}

const signals = (session: Session) =>
  [...session.worlds[0].sim.network.signalised].flatMap((has, i) => (has === 1 ? i : []));

/** Runs on to a moment when something can be decided at a signal of a side. */
function untilFree(session: Session, side: number, intersection: number): void {
  const { view } = session.worlds[side].operation.seats.find(
    (seat) => seat.view.intersection === intersection,
  )!;
  while (view.hold !== null || view.phase < 0) session.advance();
}

test('the reasons of a policy add up, and it asks for what it is said to choose', async () => {
  const session = goTo(await openSession(), 600);
  for (const intersection of signals(session)) {
    untilFree(session, 1, intersection);
    const why = ask(session, { kind: 'why', side: 1, intersection });
    expect(why).toMatchObject({ controller: 'learned', step: session.step, held: null });
    for (const { score, parts } of why.phases) {
      expect(parts.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(score, 6);
    }
    const best = why.phases.reduce((a, b) => (b.score > a.score ? b : a));
    expect(why.rings[0].chosen).toBe(best.phase);
    expect(why.phases.filter(({ isChosen }) => isChosen)).toEqual([best]);
    expect(why.sentence).toContain(best.phase);
    expect(why.others.map(({ controller }) => controller)).toContain('max-pressure');
    const { sim, study, operation } = session.worlds[1];
    while (sim.step % operation.decisionSteps !== 0) session.advance();
    if (sim.step !== why.step) continue;
    session.advance();
    expect(study.phaseNames[sim.signals.wanted[intersection]]).toBe(why.rings[0].chosen);
  }
});

test('while a rule holds the signal it is named, and so are the phases that it keeps out', async () => {
  const session = goTo(await openSession({ controllers: ['max-pressure', 'fixed-time'] }), 300);
  const [intersection] = signals(session);
  const { view } = session.worlds[0].operation.seats[0];
  while (view.hold !== 'minimum green') session.advance();
  const why = ask(session, { kind: 'why', side: 0, intersection });
  expect(why.held).toBe('minimum green');
  expect(why.masked.map(({ rule }) => rule)).toEqual(['minimum green']);
  expect(why.scoreName).toMatch(/^pressure/);
  const plan = ask(session, { kind: 'why', side: 1, intersection });
  expect(plan.sentence).toMatch(
    /^At \d:\d\d:\d\d (fixed-time (keeps|asks for) .*because its plan says so|i1 is changing)/,
  );
});

test('while a rule holds a policy’s signal, what it chose when it last could is told', async () => {
  const session = goTo(await openSession(), 600);
  const [intersection] = signals(session);
  const why = () => ask(session, { kind: 'why', side: 1, intersection });
  const hold = () =>
    session.worlds[1].operation.seats.find((seat) => seat.view.intersection === intersection)!.view.hold;
  const changes: number[] = [];
  while (changes.length < 3) {
    const before = hold();
    const { step } = session;
    session.advance();
    if (before !== null || hold() !== 'change under way') continue;
    changes.push(step);
    const told = why();
    expect(told).toMatchObject({ held: 'change under way', weighedStep: step });
    const { sim, study } = session.worlds[1];
    const [{ chosen }] = told.rings;
    expect(chosen).toBe(study.phaseNames[sim.signals.wanted[intersection]]);
    expect(told.sentence).toContain(`to ${chosen}: it scores`);
    // Who comes at this moment is told the same, though nobody has asked there before.
    expect(ask(goTo(await openSession(), session.step), { kind: 'why', side: 1, intersection })).toEqual(
      told,
    );
  }
  // At the beginning these choices have not been made.
  session.approach(0);
  expect(hold()).toBe('minimum green');
  expect(why()).toMatchObject({ step: 0, phases: [] });
});

test('the next minute with the phase that is asked for is the minute that comes', async () => {
  for (const controllers of [['learned'], ['max-pressure'], ['actuated']]) {
    const session = goTo(await openSession({ controllers }), 300);
    const [, intersection] = signals(session);
    untilFree(session, 0, intersection);
    const sum = () => {
      const { sim } = session.worlds[0];
      return delays(sim).reduce((total, delay) => total + delay, 0);
    };
    const { phases, horizonS, step } = ask(session, { kind: 'counterfactual', side: 0, intersection });
    const before = sum();
    session.advance();
    const { sim, study } = session.worlds[0];
    const asked = study.phaseNames[sim.signals.wanted[intersection]];
    while (session.step < step + horizonS / session.stepS) session.advance();
    const told = phases.find(({ phase }) => phase === asked)!;
    expect([controllers, told.networkDelayS.toFixed(3)]).toEqual([controllers, (sum() - before).toFixed(3)]);
  }
});

test('an answer that takes long is of the moment at which it began, whatever the session does meanwhile', async () => {
  const controllers = ['max-pressure', 'learned'];
  const session = goTo(await openSession({ controllers }), 300);
  const [intersection] = signals(session);
  const question = { kind: 'counterfactual', side: 1, intersection } as const;
  const atOnce = answer(session, question);
  const work = answerStepwise(session, question);
  let steps = 0;
  for (; ; steps++) {
    const { done, value } = work.next();
    if (steps === 20) session.change({ ...session.setup, demandScale: 1.5 });
    session.advance();
    if (done) expect(value).toEqual(atOnce);
    if (done) break;
  }
  expect(steps).toBeGreaterThan(100);
});

test('asking changes nothing', async () => {
  const [quiet, asked] = await Promise.all([
    openSession({ scenario: 'grid-4x4' }),
    openSession({ scenario: 'grid-4x4' }),
  ]);
  goTo(quiet, 400);
  goTo(asked, 396);
  const [intersection] = signals(asked);
  while (asked.step < 400) {
    for (const side of [0, 1]) {
      for (const kind of ['why', 'counterfactual', 'intersection'] as const)
        answer(asked, { kind, side, intersection });
    }
    answer(asked, { kind: 'time-space', fromStep: 0, toStep: 400 });
    answer(asked, { kind: 'vehicle', vehicle: 3 });
    asked.advance();
  }
  expect(asked.fingerprints()).toEqual(quiet.fingerprints());
});

test('the next disagreement is the first', async () => {
  const search = { side: 0, intersection: 3, rival: 'learned' };
  const session = goTo(await openSession({ scenario: 'grid-4x4' }), 300);
  const intersection = signals(session)[2];
  const order = { ...search, intersection };
  checkSearch(session, order);
  let found = false;
  while (!found) {
    const why = ask(session, { kind: 'why', side: 0, intersection });
    const other = why.others.find(({ controller }) => controller === 'learned')!;
    found = advanceSearching(session, order);
    if (found) expect([why.held, other.phase === null]).toEqual([null, false]);
    if (why.held !== null || other.phase === null) continue;
    const { sim, study } = session.worlds[0];
    expect(study.phaseNames[sim.signals.wanted[intersection]] !== other.phase).toBe(found);
  }
  expect(() => checkSearch(session, { ...order, rival: 'nobody' })).toThrow(
    '"nobody" is no controller that can be asked here.',
  );
  expect(() => checkSearch(session, { ...order, side: 1, rival: 'fixed-time' })).toThrow(
    /^fixed-time cannot be asked here: its plan/,
  );
  expect(() => checkSearch(session, { ...order, intersection: 0, side: 5 })).toThrow(
    /^There is nothing to decide here/,
  );
});

test('what is told of an intersection is what stands there', async () => {
  const session = goTo(await openSession({ scenario: 'isolated' }), 900);
  const [intersection] = signals(session);
  for (const [side, { sim }] of session.worlds.entries()) {
    const detail = ask(session, { kind: 'intersection', side, intersection });
    const { approachLanes } = sim.network;
    const lanes = [
      ...approachLanes.items.subarray(
        approachLanes.starts[intersection],
        approachLanes.starts[intersection + 1],
      ),
    ];
    const standing = lanes.reduce((sum, lane) => sum + sim.traffic.halted[lane], 0);
    expect(detail.movements.reduce((sum, { queue }) => sum + queue, 0)).toBe(standing);
    expect(detail.movements.reduce((sum, { served }) => sum + served, 0)).toBeGreaterThan(200);
    expect(detail.plan.reduce((sum, { splitS }) => sum + splitS, 0)).toBe(detail.cycleS);
    expect('ABCDEF').toContain(detail.levelOfService);
    expect(detail.detectors.length).toBe(2 * lanes.length);
  }
});

test('ribbons have no gaps, and are what the signal shows', async () => {
  const session = goTo(await openSession({ scenario: 'isolated' }), 400);
  const [intersection] = signals(session);
  const { sides } = ask(session, { kind: 'ribbons', intersection, fromStep: 0, toStep: 400 });
  for (const { phases, rings } of sides) {
    const shown = new Set(rings.flatMap((ring) => ring.map(({ phase }) => phase)));
    expect(new Set(phases.map(({ phase }) => phase))).toEqual(shown);
    expect(phases.every(({ movements }) => movements.length > 0)).toBe(true);
  }
  sides.forEach(({ rings }, k) => {
    const { sim, study } = session.worlds[k];
    for (const ring of rings) {
      expect([ring[0].fromStep, ring.at(-1)!.toStep]).toEqual([0, 400]);
      ring.slice(1).forEach(({ fromStep }, at) => {
        expect(fromStep).toBe(ring[at].toStep);
      });
      expect(ring.at(-1)!.phase).toBe(study.phaseNames[sim.signals.phase[intersection]]);
    }
  });
});

test('who follows the corridor is seen on it', async () => {
  const session = goTo(await openSession(), 600);
  const { sides, lengthM, stopLinesM } = ask(session, { kind: 'time-space', fromStep: 300, toStep: 600 });
  expect(stopLinesM).toHaveLength(5);
  for (const { paths, greens } of sides) {
    expect(paths.length).toBeGreaterThan(50);
    expect(greens.every((row) => row.length >= 4)).toBe(true);
    for (const { points } of paths) {
      for (let k = 2; k < points.length; k += 2) {
        expect(points[k]).toBeGreaterThan(points[k - 2]);
        expect(points[k + 1]).toBeGreaterThanOrEqual(points[k - 1] - 1);
      }
      expect(points.at(-1)).toBeLessThanOrEqual(lengthM + 1);
    }
  }
});

test('an alarm that ends has begun, and a closed lane is one', async () => {
  const works = [
    { step: 100, kind: 'close-lane', lane: 'i2-i3_1' } as const,
    { step: 400, kind: 'open-lane', lane: 'i2-i3_1' } as const,
  ];
  const session = goTo(await openSession({ interventions: works }), 600);
  const open = new Set<string>();
  for (const { side, kind, lanes, begins, text } of session.history.alarms) {
    const key = `${side} ${kind} ${lanes.join()}`;
    expect([key, open.has(key)]).toEqual([key, !begins]);
    if (begins) open.add(key);
    else open.delete(key);
    expect(text).toMatch(/^[A-Z].*\.$/);
  }
  const blocked = session.history.alarms.filter(({ kind }) => kind === 'blocked-lane');
  expect(blocked.map(({ step, side, text }) => [step, side, text])).toEqual([
    [100, 0, 'Lane i2-i3_1 is blocked.'],
    [100, 1, 'Lane i2-i3_1 is blocked.'],
    [400, 0, 'Lane i2-i3_1 is open again.'],
    [400, 1, 'Lane i2-i3_1 is open again.'],
  ]);
});

test('what is not there is refused in words', async () => {
  const session = goTo(await openSession({ scenario: 'isolated' }), 10);
  const refused = (question: Question) => () => answer(session, question);
  expect(refused({ kind: 'vehicle', vehicle: 100_000 })).toThrow('Vehicle 100000 has not been created yet.');
  expect(refused({ kind: 'why', side: 7, intersection: 0 })).toThrow('There is no side 8; there are 2.');
  expect(refused({ kind: 'why', side: 0, intersection: 999 })).toThrow(
    /^There is no intersection number 999/,
  );
  const boundary = session.worlds[0].sim.network.boundary.indexOf(1);
  expect(refused({ kind: 'why', side: 0, intersection: boundary })).toThrow(
    /^There is nothing to decide here/,
  );
});

test('every signal’s delay is the mean of its movements, and its level that of the delay', async () => {
  const session = goTo(await openSession(), 600);
  const service = ask(session, { kind: 'service' });
  expect(service.step).toBe(600);
  session.worlds.forEach(({ sim }, side) => {
    const has = [...sim.network.signalised];
    expect(service.controlDelayS[side]).toHaveLength(has.length);
    has.forEach((signalised, intersection) => {
      const { movements, levelOfService } = ask(session, { kind: 'intersection', side, intersection });
      const served = movements.reduce((sum, one) => sum + one.served, 0);
      const delay = movements.reduce((sum, one) => sum + (one.controlDelayS ?? 0) * one.served, 0);
      const told = service.controlDelayS[side][intersection];
      if (signalised === 0) expect(told).toBeNull();
      else expect(told).toBeCloseTo(delay / served, 0);
      expect(service.levelOfService[side][intersection]).toBe(levelOfService);
    });
  });
});
