import { expect, test } from 'vitest';
import { operate } from '../../server/control/operation.ts';
import { INPUT_COUNT } from '../../server/environment/observer.ts';
import { trainingEpisodes, validationEpisodes } from '../../server/learning/curriculum.ts';
import { decoded, encoded } from '../../server/learning/encoding.ts';
import { type Episode, EpisodeRuns } from '../../server/learning/episode.ts';
import { Evaluation, type Runner } from '../../server/learning/evaluation.ts';
import { evolve } from '../../server/learning/evolve.ts';
import { GOAL_WEIGHTS, OBJECTIVE, scoreOf } from '../../server/learning/objective.ts';
import type { Stage, StageContext } from '../../server/learning/stage.ts';
import { START_LINEAR } from '../../server/learning/startPolicy.ts';
import { beginTraining, type StageSlot, type TrainingState, train } from '../../server/learning/trainer.ts';
import type { Scorer } from '../../server/policy/scorer.ts';
import { summarize } from '../../server/sim/summary.ts';
import { crossing } from '../networks.ts';

/** A crossing for ten minutes, busier on one street: an episode takes a few milliseconds. */
const LAYOUT = { ...crossing({ westVph: 700, northVph: 350, arrivals: 'poisson' }), durationS: 600 };
const SYLLABUS = {
  files: [{ name: 'crossing', protocols: ['scenario'], fixedTrips: false }],
  cities: 0,
  seed: 1,
};
const START: Scorer = { linear: START_LINEAR, layers: [] };

const runs = new EpisodeRuns([LAYOUT], 'vehicles');
const runner: Runner = {
  run: async (tasks) => tasks.map(({ episode, decider }) => runs.run(episode, decider)),
  collect: async (episodes, scorer) => episodes.map((episode) => runs.lookInto(episode, scorer)),
};
const context = (): StageContext => ({
  syllabus: SYLLABUS,
  runner,
  evaluation: new Evaluation(runner, validationEpisodes(SYLLABUS)),
});
const generations = (count: number) => (state: TrainingState) => state.generation / count;

/** The state after the last generation. */
async function trained(
  slots: readonly StageSlot[],
  from: TrainingState,
  count: number,
): Promise<TrainingState> {
  let state = from;
  for await (const next of train(slots, from, context(), generations(count))) state = next;
  return state;
}

const EVOLVE: readonly StageSlot[] = [{ stage: evolve(4, 0.3), until: 1 }];
const EPISODE: Episode = trainingEpisodes(SYLLABUS, 0)[0];

test('an episode is the run that its parts describe, whoever else ran before', () => {
  const [first, other] = [START, { ...START, linear: START_LINEAR.map((weight) => -weight) }].map((scorer) =>
    runs.run(EPISODE, { kind: 'scorer', scorer }),
  );
  expect(runs.run(EPISODE, { kind: 'scorer', scorer: START })).toEqual(first);
  expect(other).not.toEqual(first);
  const { operation, durationS } = runs.begin(EPISODE, { kind: 'rule', rule: 'actuated' });
  while (operation.sim.step < durationS) operate(operation);
  expect(operation.sim.detectors).not.toBeNull();
  expect(runs.run(EPISODE, { kind: 'rule', rule: 'actuated' })).toEqual(
    expect.objectContaining({ averageDelayS: summarize(operation.sim).averageDelayS }),
  );
});

test('departures at fixed times are moved by the seed, and each seed is a day of its own', () => {
  const route = ['west-main', 'main-east'].map((id) => LAYOUT.roads.findIndex((road) => road.id === id));
  const flow = { id: 'flow', vehicleType: 0, route, intervalS: 6, startS: 0, endS: 600 };
  const fixed = new EpisodeRuns([{ ...LAYOUT, origins: [], flows: [flow] }], 'vehicles');
  const delayOn = (seed: number, jitterS = 300) =>
    fixed.run({ ...EPISODE, seed, jitterS }, { kind: 'rule', rule: 'fixed-time' }).averageDelayS;
  const [one, two] = [delayOn(1), delayOn(2)];
  expect(one).not.toBe(two);
  expect(delayOn(1)).toBe(one);
  expect(delayOn(1, 0)).toBe(delayOn(2, 0));
});

test('a score is the weighted log ratio to the reference: 0 against itself, and less is better', () => {
  const reference = { averageDelayS: 38, delayP95S: 95, maxWaitS: 70 };
  expect(scoreOf(reference, reference)).toBe(0);
  const halved = { averageDelayS: 18, delayP95S: 45, maxWaitS: 20 };
  expect(scoreOf(halved, reference)).toBeCloseTo(-Math.LN2, 12);
  for (const [k, { figure, floorS }] of OBJECTIVE.entries()) {
    const doubled = { ...reference, [figure]: 2 * (reference[figure] + floorS) - floorS };
    expect(scoreOf(doubled, reference)).toBeCloseTo(GOAL_WEIGHTS[k] * Math.LN2, 12);
  }
});

test('the start has a weight for each input, and drives up counts', () => {
  expect(START_LINEAR.length).toBe(INPUT_COUNT);
  expect([...START_LINEAR.slice(0, 5)]).toEqual([1, 0.94, 0.94, 0.94, -0.2]);
});

test('evolution makes a bad start better, on traffic that it was not trained on', async () => {
  const bad: Scorer = { linear: START_LINEAR.map((weight) => 0.2 * weight), layers: [] };
  const begun = await beginTraining(bad, context());
  const state = await trained(EVOLVE, begun, 6);
  expect(state.champion.judgement.score).toBeLessThan(begun.champion.judgement.score);
  expect(state.history.length).toBe(7);
  expect(state.episodes).toBe(6 * 4 * 2);
});

test('training that is written down and taken up again ends in the same bits', async () => {
  const begun = await beginTraining(START, context());
  const whole = await trained(EVOLVE, begun, 4);
  const half = encoded(await trained(EVOLVE, begun, 2));
  const resumed = await trained(EVOLVE, decoded(half) as TrainingState, 4);
  expect(encoded(resumed)).toBe(encoded(whole));
});

/** Proposes one policy after another, whatever becomes of them. */
function proposals(name: string, scorers: readonly (Scorer | null)[]): Stage<{ next: number }> {
  return {
    name,
    facts: [],
    begin: async () => ({ next: 0 }),
    advance: async ({ next }) => ({
      ...{ state: { next: next + 1 }, candidate: scorers[next % scorers.length] },
      ...{ episodes: 1, trainingScore: null, facts: {} },
    }),
  };
}

/** Serves who has waited least. */
const WORSE: Scorer = { linear: START_LINEAR.map((weight) => -weight), layers: [] };

test('what is worse on validation is never the champion: the start stays', async () => {
  const begun = await beginTraining(START, context());
  const state = await trained([{ stage: proposals('worse', [WORSE]), until: 1 }], begun, 2);
  expect(state.champion).toEqual(begun.champion);
  expect(state.history.map(({ bestScore }) => bestScore)).toEqual(
    Array(3).fill(begun.champion.judgement.score),
  );
  expect(state.history[2].judgement!.score).toBeGreaterThan(begun.champion.judgement.score);
});

test('a better one takes its place and stays, and a generation without a candidate is not judged', async () => {
  const begun = await beginTraining(WORSE, context());
  const state = await trained([{ stage: proposals('mixed', [null, START, WORSE]), until: 1 }], begun, 3);
  expect(state.champion.generation).toBe(2);
  expect(state.champion.scorer).toEqual(START);
  expect(state.history.map(({ judgement }) => judgement === null)).toEqual([false, true, false, false]);
});

test('a stage takes over at its share, and begins with the champion', async () => {
  const begunWith: Scorer[] = [];
  const second = proposals('second', [null]);
  const slots: StageSlot[] = [
    { stage: proposals('first', [START]), until: 0.5 },
    {
      stage: {
        ...second,
        begin: async (champion, given) => {
          begunWith.push(champion);
          return second.begin(champion, given);
        },
      },
      until: 1,
    },
  ];
  const state = await trained(slots, await beginTraining(WORSE, context()), 4);
  expect(state.history.map(({ stage }) => stage)).toEqual(['start', 'first', 'first', 'second', 'second']);
  expect(begunWith).toEqual([START]);
  expect(state.stageState).toEqual({ next: 2 });
});
