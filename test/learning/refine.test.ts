import { expect, test } from 'vitest';
import { operate } from '../../server/control/operation.ts';
import { INPUT_COUNT } from '../../server/environment/observer.ts';
import { openBackend } from '../../server/learning/backend.ts';
import { validationEpisodes } from '../../server/learning/curriculum.ts';
import { decoded, encoded } from '../../server/learning/encoding.ts';
import { EpisodeRuns } from '../../server/learning/episode.ts';
import { Evaluation, type Runner } from '../../server/learning/evaluation.ts';
import { controllerInTraining } from '../../server/learning/learnedRun.ts';
import { type RefineState, refine } from '../../server/learning/refine.ts';
import { EMPTY_REPLAY, joinedReplay, type Replay, replayOf } from '../../server/learning/replay.ts';
import { collectSamples } from '../../server/learning/rollouts.ts';
import { START_LINEAR } from '../../server/learning/startPolicy.ts';
import { bestPhase } from '../../server/policy/learned.ts';
import { type Scorer, scorePhases } from '../../server/policy/scorer.ts';
import { compile } from '../../server/scenario/compile.ts';
import { lostTime } from '../../server/sim/lostTime.ts';
import { createSimulation, step } from '../../server/sim/simulation.ts';
import { summarize } from '../../server/sim/summary.ts';
import { assembleStudy, operationOf, ruledFor } from '../../server/study/study.ts';
import { crossing } from '../networks.ts';

const LAYOUT = { ...crossing({ westVph: 700, northVph: 350, arrivals: 'poisson' }), durationS: 600 };
const START: Scorer = { linear: START_LINEAR, layers: [] };
const study = assembleStudy(
  { layout: LAYOUT },
  { controller: controllerInTraining(START, 'vehicles'), seed: 5 },
);
const ruled = ruledFor(study);
const LOOK = { horizonS: 40, rate: 0.05, explore: 0 };

test('time lost adds up to the delay of all', () => {
  const sim = createSimulation(compile({ ...LAYOUT, durationS: 900 }).network, 3);
  let lost = 0;
  for (let k = 0; k < 900; k++) {
    step(sim);
    lost += lostTime(sim);
  }
  const { averageDelayS, vehicles } = summarize(sim);
  expect(lost / (averageDelayS * vehicles.created)).toBeCloseTo(1, 1);
});

test('what the phase taken would have cost is what it cost', () => {
  const samples = collectSamples(ruled, START, 5, 600, LOOK);
  expect(samples.length).toBeGreaterThan(10);
  for (const { step: at, inputs, phaseCount, present, costs } of samples) {
    const chosen = bestPhase(scorePhases(START, inputs, phaseCount), present);
    const operation = operationOf(study, { measures: false });
    let lost = 0;
    while (operation.sim.step < at + LOOK.horizonS) {
      operate(operation);
      if (operation.sim.step > at) lost += lostTime(operation.sim);
    }
    // What long waits add is on top.
    expect(costs[chosen]).toBeGreaterThanOrEqual(lost - 1e-6);
    expect(costs[chosen] - lost).toBeLessThan(0.2 * lost + 1);
  }
});

test('a world that was looked into goes on as if it had not been', () => {
  const idle = { ...LOOK, rate: 0 };
  const some = collectSamples(ruled, START, 6, 600, LOOK);
  expect(collectSamples(ruled, START, 6, 600, LOOK)).toEqual(some);
  expect(collectSamples(ruled, START, 6, 600, idle)).toEqual([]);
});

test('a replay keeps the latest decisions, and differences of costs', () => {
  const samples = collectSamples(ruled, START, 7, 600, LOOK);
  const replay = replayOf(samples);
  expect(replay.costs.length).toBe(replay.phases.reduce((sum, count) => sum + count, 0));
  expect(replay.inputs.length).toBe(replay.costs.length * INPUT_COUNT);
  const first = replay.costs.subarray(0, replay.phases[0]);
  expect(first.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(0, 2);
  const kept = joinedReplay([EMPTY_REPLAY, replay, replay], samples.length + 3);
  expect(kept.phases.length).toBe(samples.length + 3);
  expect(kept.phases.subarray(3)).toEqual(replay.phases);
  expect(kept.inputs.subarray(kept.inputs.length - replay.inputs.length)).toEqual(replay.inputs);
});

test('the same state makes the same network, also read back, and its errors become less', async () => {
  const runs = new EpisodeRuns([LAYOUT], 'vehicles');
  const runner: Runner = {
    run: async (tasks) => tasks.map(({ episode, decider }) => runs.run(episode, decider)),
    collect: async (episodes, scorer) => episodes.map((episode) => runs.lookInto(episode, scorer)),
  };
  const syllabus = {
    files: [{ name: 'crossing', protocols: ['scenario'], fixedTrips: false }],
    cities: 0,
    seed: 1,
  };
  const context = { syllabus, runner, evaluation: new Evaluation(runner, validationEpisodes(syllabus)) };
  const { backend } = await openBackend('cpu');
  const stage = refine(backend);
  const begun = await stage.begin(START, context);
  const first = await stage.advance(begun, 0, context);
  const second = await stage.advance(first.state, 1, context);
  const again = await stage.advance(decoded(encoded(first.state)) as RefineState, 1, context);
  let last = second;
  for (let k = 2; k < 8; k++) last = await stage.advance(last.state, k, context);
  backend.dispose();
  expect(encoded(again)).toBe(encoded(second));
  expect(second.facts.decisions).toBeGreaterThan(first.facts.decisions);
  expect(second.facts.loss).toBeLessThan(first.facts.loss);
  const { replay } = last.state;
  expect(meanCost(last.candidate!, replay)).toBeLessThan(0.9 * meanCost(START, replay));
  // The weighted sum is as it was; the network's say comes on top.
  expect(first.candidate!.linear).toEqual(START_LINEAR);
  expect(first.candidate!.layers.map(({ biases }) => biases.length)).toEqual([24, 1]);
});

/** What the phases that a scorer takes cost above the cheapest, mean over the decisions, veh·s. */
function meanCost(scorer: Scorer, { phases, inputs, costs }: Replay): number {
  let row = 0;
  let sum = 0;
  for (const count of phases) {
    const seen = Float64Array.from(inputs.subarray(row * INPUT_COUNT, (row + count) * INPUT_COUNT));
    const own = costs.subarray(row, row + count);
    sum += own[bestPhase(scorePhases(scorer, seen, count), 0)] - Math.min(...own);
    row += count;
  }
  return sum / phases.length;
}
