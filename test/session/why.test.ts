import { expect, test } from 'vitest';
import { EfficientMaxPressure } from '../../server/control/efficientMaxPressure.ts';
import { MaxPressure } from '../../server/control/maxPressure.ts';
import { clock } from '../../server/protocol/clock.ts';
import type { Answers } from '../../server/protocol/question.ts';
import { answer } from '../../server/session/answer.ts';
import { advanceSearching } from '../../server/session/disagreement.ts';
import { INTERVAL_NAMES } from '../../server/session/intersectionDetail.ts';
import type { Session } from '../../server/session/session.ts';
import { delays } from '../../server/sim/summary.ts';
import { goTo, openSession } from './sessions.ts';

/** What the panel Why claims, held against what controllers did at the time. */

const WEIGHING = ['max-pressure', 'efficient-max-pressure', 'advanced-max-pressure'];

function why(session: Session, side: number, intersection: number): Answers['why'] {
  return answer(session, { kind: 'why', side, intersection }) as Answers['why'];
}

function signals(session: Session): number[] {
  return [...new Set(session.worlds[0].operation.seats.map(({ view }) => view.intersection))];
}

const named = (session: Session, name: string) =>
  session.worlds[0].study.compiled.names.intersection.indexOf(name);

for (const scenario of ['corridor', 'isolated', 'grid-4x4']) {
  test(`${scenario}: the phase that is called highest was so when it was chosen`, async () => {
    const session = goTo(await openSession({ scenario, controllers: WEIGHING }), 290);
    let highest = 0;
    for (const step of [300, 301, 310, 319, 320, 333, 480]) {
      goTo(session, step);
      session.worlds.forEach(({ operation }, side) => {
        const last = operation.decisionSteps * Math.floor((step - 1) / operation.decisionSteps);
        for (const intersection of signals(session).slice(-3)) {
          const { weighedStep, phases, sentence, rings } = why(session, side, intersection);
          expect(weighedStep).toBe(last);
          expect(sentence).toContain(`At ${clock(last * session.stepS)} `);
          const [chosen, ...more] = phases.filter(({ isChosen }) => isChosen);
          expect([chosen.phase, more]).toEqual([rings[0].chosen, []]);
          expect(sentence).toContain(` ${chosen.phase} `);
          if (!sentence.includes('its pressure is highest')) continue;
          expect(chosen.score).toBe(Math.max(...phases.map(({ score }) => score)));
          highest++;
        }
      });
    }
    expect(highest).toBeGreaterThan(8);
  });
}

test('a present phase that is kept by a hold is not called highest', async () => {
  const session = goTo(await openSession({ controllers: ['fixed-time'] }), 610);
  const { view } = session.worlds[0].operation.seats[2];
  const isHighest = () => {
    const scores = new MaxPressure(view).account(view).phases.map(({ score }) => score);
    return scores[view.phase] === Math.max(...scores);
  };
  while (view.phase < 0 || isHighest()) session.advance();
  for (const Kind of [MaxPressure, EfficientMaxPressure]) {
    const reasons = [0, 1000].map((holdVehicles) => new Kind(view, { holdVehicles }).account(view));
    expect(reasons.map(({ reason }) => reason)).toEqual([
      'because its pressure is highest',
      'because no other pressure is higher than its own by more than 1000 vehicles',
    ]);
  }
});

test('before its first choice a controller is not said to have weighed anything', async () => {
  const session = await openSession({ controllers: ['max-pressure'] });
  const { phases, sentence, rings } = why(session, 0, named(session, 'i3'));
  expect([phases, rings[0].chosen]).toEqual([[], null]);
  expect(sentence).not.toContain('highest');
});

test.each(['corridor', 'isolated'])(
  '%s: who comes at a moment is told the same as who has watched until then',
  async (scenario) => {
    const opened = { scenario, controllers: ['max-pressure', 'learned'] };
    const watched = goTo(await openSession(opened), 290);
    const [at] = signals(watched);
    // Sides are kept to go back to every minute; some have chosen since, and others long before.
    for (const step of [299, 300, 301, 359, 360, 361, 365, 427, 601, 783, 903]) {
      while (watched.step < step) {
        for (const side of [0, 1]) why(watched, side, at);
        watched.advance();
      }
      const came = goTo(await openSession(opened), step);
      // Whoever has asked of another signal before.
      for (const other of signals(came).slice(1)) why(came, 1, other);
      for (const side of [0, 1]) expect(why(came, side, at), `${step}`).toEqual(why(watched, side, at));
    }
  },
);

test('others are asked at the moment of the choice that theirs are held against', async () => {
  const session = goTo(await openSession({ controllers: ['max-pressure', 'learned'] }), 300);
  const at = named(session, 'i3');
  for (let found = 0; found < 8; found++) {
    const side = found % 2;
    const rival = side === 0 ? 'learned' : 'max-pressure';
    while (!advanceSearching(session, { side, intersection: at, rival })) expect(session.ended).toBe(false);
    const { weighedStep, others, rings } = why(session, side, at);
    // A policy that could choose again has done so.
    if (side === 1 && weighedStep === session.step) continue;
    expect(weighedStep).toBe(session.step - 1);
    const other = others.find(({ controller }) => controller === rival)!;
    expect([other.phase, other.phase === rings[0].chosen]).toEqual([expect.any(String), false]);
  }
});

test('during a change no phase is said to be shown, and both are named', async () => {
  const session = goTo(await openSession({ controllers: ['fixed-time', 'max-pressure'] }), 600);
  const at = named(session, 'i2');
  const seen = new Set<string>();
  while (session.step < 690) {
    session.advance();
    session.worlds.forEach(({ sim, study }, side) => {
      const { phase, next, interval, elapsed } = sim.signals;
      const [shown] = why(session, side, at).rings;
      expect(shown).toMatchObject({
        phase: study.phaseNames[phase[at]],
        next: next[at] < 0 ? null : study.phaseNames[next[at]],
        interval: INTERVAL_NAMES[interval[at]],
        elapsedS: elapsed[at] * session.stepS,
      });
      seen.add(`${side} ${shown.interval}`);
    });
  }
  expect(seen.size).toBe(6);
});

test('of two rings both are told, with what each asks for', async () => {
  const session = goTo(await openSession({ scenario: 'isolated', controllers: ['actuated'] }), 1200);
  const at = named(session, 'main');
  const [world] = session.worlds;
  const seats = world.operation.seats.filter(({ view }) => view.intersection === at);
  expect(seats).toHaveLength(2);
  const deeds = new Set<string>();
  while (session.step < 1320) {
    const { sentence, rings } = why(session, 0, at);
    const { signals: shown } = world.sim;
    const keeps = seats.every(({ view }, r) => !view.changing && rings[r].chosen === rings[r].phase);
    seats.forEach(({ ring, view }, r) => {
      expect(rings[r].phase).toBe(world.study.phaseNames[shown.phase[ring]]);
      if (!view.changing) expect(sentence).toMatch(new RegExp(`\\b${rings[r].chosen}\\b`));
    });
    if (keeps)
      expect(sentence).toContain(`actuated keeps ${rings[0].phase} and ${rings[1].phase} green at main`);
    deeds.add(sentence.replace(/^At \S+ /, '').replace(/\d/g, '#'));
    session.advance();
    // What it is said to ask for is what it then asks for.
    seats.forEach(({ ring }, r) => {
      expect(world.study.phaseNames[shown.wanted[ring]]).toBe(rings[r].chosen);
    });
  }
  expect(deeds.size).toBeGreaterThan(4);
});

test('another phase makes another minute between two decisions as well, and the chosen one is that which comes', async () => {
  for (const step of [1190, 1200]) {
    const session = goTo(await openSession({ controllers: ['max-pressure'] }), step);
    const at = named(session, 'i3');
    const { phases, horizonS } = answer(session, {
      kind: 'counterfactual',
      side: 0,
      intersection: at,
    }) as Answers['counterfactual'];
    expect(new Set(phases.map(({ networkDelayS }) => networkDelayS)).size).toBe(2);
    const { sim } = session.worlds[0];
    const sum = () => delays(sim).reduce((total, delay) => total + delay, 0);
    const before = sum();
    goTo(session, step + horizonS / session.stepS);
    const [{ networkDelayS }, ...more] = phases.filter(({ isChosen }) => isChosen);
    expect([networkDelayS.toFixed(3), more]).toEqual([(sum() - before).toFixed(3), []]);
  }
});

test('a plan that ends a green is told of when it does', async () => {
  const session = goTo(await openSession({ controllers: ['fixed-time'] }), 300);
  const at = named(session, 'i3');
  const { sim, study } = session.worlds[0];
  for (; session.step < 420; session.advance()) {
    const [{ chosen }] = why(session, 0, at).rings;
    session.advance();
    expect(study.phaseNames[sim.signals.wanted[at]]).toBe(chosen);
  }
});
