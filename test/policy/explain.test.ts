import { describe, expect, test } from 'vitest';
import type { ControllerFactory } from '../../server/control/controller.ts';
import { FixedTime } from '../../server/control/fixedTime.ts';
import { MaxPressure } from '../../server/control/maxPressure.ts';
import { createOperation, operate } from '../../server/control/operation.ts';
import { PROTOCOLS, underProtocol } from '../../server/control/protocol.ts';
import { LANE_FEATURES, listed, wordsOf } from '../../server/environment/features.ts';
import { aftermathOf } from '../../server/policy/counterfactual.ts';
import { type Decision, decisionAt } from '../../server/policy/explain.ts';
import { explanationOf, rivalOf, sentenceOf } from '../../server/policy/explanation.ts';
import type { Learned } from '../../server/policy/learned.ts';
import { learnedController } from '../../server/policy/learnedController.ts';
import { otherChoices } from '../../server/policy/otherChoices.ts';
import type { Policy } from '../../server/policy/policySchema.ts';
import { scorePhases } from '../../server/policy/scorer.ts';
import { compile } from '../../server/scenario/compile.ts';
import { fingerprint } from '../../server/sim/fingerprint.ts';
import { summarize } from '../../server/sim/summary.ts';
import { assembleStudy } from '../../server/study/study.ts';
import { counting } from '../control/counting.ts';
import { laidOut } from '../networks.ts';
import { madeUpPolicy } from './madeUp.ts';

/** Decisions taken apart: the parts are those of the score, and the other world is this one but for one phase. */

const scenario = compile(
  laidOut({
    name: 'two lights',
    durationS: 900,
    corridor: { intersections: 2, spacingM: 250, approachM: 250, lanes: 3, sideLanes: 2, speedLimitKmh: 50 },
    signals: { pedestrians: { flowPph: 100 } },
    demand: {
      west: { flowVph: 700, turns: { left: 0.2, thru: 0.7, right: 0.1 } },
      east: { flowVph: 600, turns: { left: 0.2, thru: 0.7, right: 0.1 } },
      'north-1': { flowVph: 250, turns: { left: 0.3, thru: 0.5, right: 0.2 } },
      'south-2': { flowVph: 250, turns: { left: 0.3, thru: 0.5, right: 0.2 } },
    },
  }),
);
const lights = [...scenario.network.signalised.keys()].filter((i) => scenario.network.signalised[i] === 1);
const [staged, plain] = [madeUpPolicy(), madeUpPolicy({ stages: false }, [])];
const byDetectors = madeUpPolicy({ sight: 'detectors' });
const END_S = 900;

/** The first decision of a light at a time or later, and what was prepared for it. */
function decided(
  policy: Policy,
  timeS: number,
  light = lights[0],
  seated: (factory: ControllerFactory) => ControllerFactory = (factory) => factory,
) {
  const entry = learnedController(policy);
  const occasion = { durationS: END_S, names: scenario.names };
  const { network, phaseNames = scenario.names.phase } = entry.prepare!(scenario.network, {}, occasion);
  const protocol = { ...PROTOCOLS[0], decisionS: policy.decisionS };
  const ruled = underProtocol(network, protocol);
  const factory = () => seated(entry.factory(protocol, {}));
  const operation = createOperation(ruled, factory(), 4, { detectors: policy.sight === 'detectors' });
  const decision = decisionAt(operation, ruled, factory, light, timeS, END_S);
  if (!('chosen' in decision)) throw new Error(`Nothing was decided from ${timeS} s on.`);
  const names = { intersection: 'here', movements: scenario.names.movement, phases: phaseNames };
  return { decision, operation, names };
}

const TIMES_S = [100, 250, 400, 550, 700];
const decisions = [staged, plain].flatMap((policy) =>
  TIMES_S.map((timeS) => decided(policy, timeS).decision),
);

describe('what a score is made of', () => {
  test('adds up to the score, of every phase', () => {
    for (const { scores } of decisions) {
      for (const { score, movements, own, layers } of scores) {
        const parts = [...movements.flatMap((one) => one.parts), ...own];
        const sum = parts.reduce((all, { contribution }) => all + contribution, layers);
        expect(sum).toBeCloseTo(score, 9);
        for (const { value, weight, contribution } of parts) expect(contribution).toBe(value * weight);
        for (const one of movements) {
          expect(one.contribution).toBeCloseTo(
            one.parts.reduce((all, part) => all + part.contribution, 0),
            9,
          );
        }
      }
    }
  });

  test('a contribution is weight × service × the count on the lanes', () => {
    const queue = LANE_FEATURES.findIndex(({ name }) => name === 'queue');
    let seen = 0;
    for (const { scores, seat, present } of decisions) {
      const { view, controller } = seat;
      const { observer, scorer } = controller as Learned;
      scores.forEach(({ movements }, p) => {
        for (const { movements: own, parts } of movements) {
          const value = observer.lanes.reduce((sum, lane, l) => {
            const isOwn = String(view.movementsOf(lane)) === String(own);
            return isOwn ? sum + observer.service[p * observer.lanes.length + l] * view.queue(lane) : sum;
          }, 0);
          const weight = scorer.linear[p === present ? LANE_FEATURES.length + queue : queue];
          expect(parts[queue]).toEqual({ feature: 'queue', value, weight, contribution: weight * value });
          seen += value;
        }
      });
    }
    expect(seen).toBeGreaterThan(100);
  });

  test('the contribution of a lane to the neural network is the output that is lost when the lane is emptied', () => {
    const { seat, scores } = decisions[2];
    const { observer, scorer } = seat.controller as Learned;
    const { laneValues, lanes } = observer;
    const [movement] = seat.view.movementsOf(lanes[0]);
    const onTop = { ...scorer, linear: scorer.linear.map(() => 0) };
    const kept = laneValues.slice();
    observer.compare(seat.view);
    const before = scorePhases(onTop, observer.inputs, observer.phaseCount);
    lanes.forEach((lane, l) => {
      if (!seat.view.movementsOf(lane).includes(movement)) return;
      laneValues.fill(0, l * LANE_FEATURES.length, (l + 1) * LANE_FEATURES.length);
    });
    observer.compare(seat.view);
    const after = scorePhases(onTop, observer.inputs, observer.phaseCount);
    laneValues.set(kept);
    expect(scores.map(({ layers }) => layers)).toEqual([...before]);
    expect(scores.map(({ movements }) => movements[0].layers)).toEqual([
      ...before.map((own, p) => own - after[p]),
    ]);
    expect(before.some((own, p) => Math.abs(own - after[p]) > 0.01)).toBe(true);
  });
});

test('the choice is the one that the run then makes, and looking at it changes nothing', () => {
  for (const policy of [staged, plain, byDetectors]) {
    for (const timeS of TIMES_S) {
      const { decision, operation } = decided(policy, timeS, lights[1]);
      const before = fingerprint(operation.sim);
      const { scores, chosen } = decision;
      expect(fingerprint(operation.sim)).toBe(before);
      expect(decision.timeS).toBe(operation.sim.step);
      operate(operation);
      expect(operation.sim.signals.wanted[lights[1]]).toBe(decision.seat.phases[chosen]);
      expect(Math.max(...scores.map(({ score }) => score))).toBe(scores[chosen].score);
    }
  }
});

test('rules that left nothing to decide are told, without a gap', () => {
  const rules = new Set<string>();
  for (let timeS = 100; timeS < 400; timeS += 7) {
    const { held } = decided(plain, timeS).decision;
    held.forEach(({ rule, fromS, untilS }, k) => {
      rules.add(rule);
      expect(untilS).toBeGreaterThan(fromS);
      if (k === 0) expect(fromS).toBe(timeS);
      else expect(fromS).toBe(held[k - 1].untilS);
    });
  }
  expect([...rules].sort()).toEqual(['change under way', 'minimum green', 'people on foot']);
});

test('where nothing can be decided until the end, that is told', () => {
  const entry = learnedController(plain);
  const protocol = { ...PROTOCOLS[0], decisionS: 5 };
  const ruled = underProtocol(scenario.network, protocol);
  const factory = () => entry.factory(protocol, {});
  const operation = createOperation(ruled, factory(), 4);
  expect(decisionAt(operation, ruled, factory, lights[0], 0, 4)).toEqual({
    held: [{ rule: 'minimum green', fromS: 0, untilS: 4 }],
  });
});

describe('another phase in its place', () => {
  const others = (decision: Decision) =>
    [...decision.seat.phases.keys()].filter((p) => p !== decision.chosen);

  test('a counterfactual with the chosen phase ends like the uninterrupted run', () => {
    for (const policy of [staged, plain, byDetectors]) {
      for (const timeS of TIMES_S) {
        const { decision, operation } = decided(policy, timeS);
        const same = aftermathOf(decision.moment, decision.chosen);
        const delayBefore = delaySum(operation);
        for (let k = 0; k < 60; k++) operate(operation);
        expect(same.fingerprint).toBe(fingerprint(operation.sim));
        expect(same.networkDelayS).toBeCloseTo(delaySum(operation) - delayBefore, 6);
        expect(same.intersectionDelayS).toBeGreaterThan(0);
        const ends = others(decision).map((p) => aftermathOf(decision.moment, p).fingerprint);
        expect(ends).not.toContain(same.fingerprint);
      }
    }
  });

  test('a counterfactual is reported beside the chosen phase, and refused where controllers keep no memory', () => {
    const { decision, names } = decided(staged, 400);
    const told = explanationOf(staged, decision, [], others(decision), names);
    expect(told.counterfactuals.length).toBe(decision.seat.phases.length);
    expect(told.counterfactuals[0]).toMatchObject({ phase: told.chosen, isChosen: true });
    expect(told.counterfactuals.filter(({ isChosen }) => isChosen).length).toBe(1);
    expect(new Set(told.counterfactuals.map(({ phase }) => phase)).size).toBe(5);

    // The other light counts how often it was asked, which no snapshot tells.
    const forgetful = decided(staged, 400, lights[0], (factory) => (view) => {
      return view.intersection === lights[0] ? factory(view) : counting(view);
    });
    const { moment: whole } = forgetful.decision;
    const moment = { ...whole, memories: [] };
    const ask = () => explanationOf(staged, { ...forgetful.decision, moment }, [], [0], names);
    expect(ask).toThrow('a controller does not tell all that it remembers');
  });
});

function delaySum({ sim }: ReturnType<typeof decided>['operation']): number {
  return summarize(sim).averageDelayS * sim.vehicles.created;
}

test('others are asked at the same moment where they can be, and said why not where they cannot', () => {
  const asked = (policy: Policy) => {
    const { decision } = decided(policy, 400);
    const controller = learnedController(policy);
    const study = assembleStudy({ layout: scenario.layout, compiled: scenario }, { controller });
    const { sim, seat, moment } = decision;
    const choices = otherChoices({ sim, ring: moment.ring, phases: seat.phases, study });
    return {
      view: seat.view,
      choices: new Map(choices.map(({ controller, ...choice }) => [controller, choice])),
    };
  };
  const own = asked(plain);
  expect(own.choices.get('max-pressure')).toEqual({ phase: new MaxPressure(own.view).decide(own.view) });
  expect(own.choices.get('fixed-time')).toEqual({ phase: new FixedTime(own.view).decide(own.view) });
  for (const name of ['webster', 'green-wave', 'efficient-max-pressure', 'advanced-max-pressure']) {
    expect(own.choices.get(name)!.phase, name).not.toBeNull();
  }
  const stages = asked(staged);
  expect(stages.choices.get('max-pressure')).toEqual({
    phase: new MaxPressure(stages.view).decide(stages.view),
  });
  for (const name of ['fixed-time', 'webster', 'green-wave']) {
    expect(stages.choices.get(name)).toEqual({
      phase: null,
      reason: expect.stringContaining('phases of the file'),
    });
  }
  expect(stages.choices.get('actuated')).toEqual({ phase: null, reason: expect.stringContaining('rings') });
});

test('the sentence names what speaks most for and against', () => {
  const { decision, names } = decided(plain, 400);
  const { sentence, phases, chosen, present } = explanationOf(plain, decision, [], [], names);
  expect(sentence).toMatchInlineSnapshot(
    `"At 425 s here changes from i1.north-south-thru to i1.east-west-thru: it scores 18.96, against 8.59 for i1.north-south-thru. Compared with i1.north-south-thru, this speaks most for i1.east-west-thru: the standing queue of i1.west-thru (+6.00), vehicles of i1.east-thru less than 5 s away (+2.82), the wait of the first vehicle of i1.west-thru (+1.65); this against it: what a change would cost (−4.20), being green already (−1.30)."`,
  );
  const others = phases.filter(({ phase }) => phase !== chosen).sort((a, b) => b.score - a.score);
  const rival = chosen === present ? others[0].phase : present;
  const [ours, theirs] = [chosen, rival].map((name) => phases.find(({ phase }) => phase === name)!);
  const ofLanes = ours.movements.flatMap(({ movements, features }, g) =>
    features.map(({ feature, contribution }, f) => ({
      what: wordsOf(feature, listed(movements)),
      by: contribution - theirs.movements[g].features[f].contribution,
    })),
  );
  const own = ours.features.map(({ feature, contribution }, k) => ({
    what: wordsOf(feature),
    by: contribution - theirs.features[k].contribution,
  }));
  const most = [...ofLanes, ...own];
  const first = most.sort((a, b) => b.by - a.by)[0];
  expect(sentence).toContain(
    `Compared with ${rival}, this speaks most for ${chosen}: ${first.what} (+${first.by.toFixed(2)})`,
  );
});

test('the sentence says of every decision what it is compared with, and names lanes as a list', () => {
  for (const [k, decision] of decisions.entries()) {
    const { names } = decided(k < TIMES_S.length ? staged : plain, TIMES_S[0]);
    const sentence = sentenceOf(decision, names);
    const [chosen, rival] = [decision.chosen, rivalOf(decision)!].map(
      (p) => names.phases[decision.seat.phases[p]],
    );
    expect(rival).not.toBe(chosen);
    expect(sentence).toContain(
      ` for ${rival}${decision.chosen === decision.present ? ', the next best' : ''}. `,
    );
    expect(sentence).toContain(`. Compared with ${rival}, this speaks most for ${chosen}: `);
    expect(sentence).not.toMatch(/network on top|and \S+ and/);
    if (k < TIMES_S.length) continue;
    // The only phase that there is has nothing to be compared with.
    const alone = { ...decision, present: 0, chosen: 0, scores: [decision.scores[decision.chosen]] };
    expect(sentenceOf(alone, names)).toMatch(/stays with \S+: it is the only phase\.$/);
  }
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
});
