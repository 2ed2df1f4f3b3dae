import { availableParallelism } from 'node:os';
import { type BackendChoice, openBackend, type TrainBackend } from '../learning/backend.ts';
import { type Syllabus, validationEpisodes } from '../learning/curriculum.ts';
import { Evaluation, type Judgement } from '../learning/evaluation.ts';
import { evolve } from '../learning/evolve.ts';
import { LEARNED_DECISION_S } from '../learning/learnedRun.ts';
import { refine } from '../learning/refine.ts';
import type { StageContext } from '../learning/stage.ts';
import {
  beginTraining,
  type HistoryRow,
  type StageSlot,
  type TrainingState,
  train as training,
} from '../learning/trainer.ts';
import { BackendUnavailable } from '../learning/unavailable.ts';
import { policyOf, policyText } from '../policy/policyFile.ts';
import type { Score } from '../policy/policySchema.ts';
import { visible } from '../protocol/visibleText.ts';
import { counted } from '../report/figures.ts';
import { Mistake } from '../study/mistake.ts';
import { Interruption } from './interruption.ts';
import { trainCommand } from './reproduce.ts';
import { type Checkpoint, resumed } from './resume.ts';
import { print, tell } from './terminal.ts';
import type { Schedule } from './trainFlags.ts';
import { checkNewTraining, claimNewTraining, TrainFolder, type TrainResults } from './trainFolder.ts';
import { TrainLine } from './trainLine.ts';
import {
  type Limit,
  SCHEDULE_SHARES,
  type TrainFlags,
  type TrainOrder,
  type TrainPlan,
  trainPlanOf,
} from './trainPlan.ts';
import { TrainPool } from './trainPool.ts';
import { trainTable } from './trainTable.ts';
import type { TrainSetup } from './trainTask.ts';
import { warn } from './warn.ts';

/**
 * `greenwave train FILE...`: makes a policy better on scenarios and random cities, and keeps the best on
 * traffic that it was not trained on.
 *
 * Ends with 130 or 143 after a signal; all up to the last generation is kept then, and can be gone on from.
 */
export async function train(files: readonly string[], flags: TrainFlags): Promise<void> {
  const out = flags.out ?? flags.resume;
  if (out === undefined) throw new Mistake('train needs --out <dir>.', 'For more: greenwave train --help');
  if (out !== flags.resume) checkNewTraining(out);
  const { plan, state } =
    flags.resume === undefined
      ? { plan: await trainPlanOf(files, flags), state: null }
      : await resumed(flags.resume, files, flags);
  if (out !== flags.resume) claimNewTraining(out);
  warn(plan.warnings);
  const backend = await openedFor(plan.order.backend);
  const settled = { ...plan, order: { ...plan.order, backend: backend.name } };
  const interruption = new Interruption(() => {}); // every file is put in place when it is whole
  try {
    const reached = await conduct(
      settled,
      state,
      backend,
      new TrainFolder(out),
      flags.workers,
      interruption.signal,
    );
    process.exitCode = interruption.exitCode ?? 0;
    if (interruption.exitCode === null) {
      print(trainTable(reached!, out));
      return;
    }
    tell(`\n${stoppedText(reached, out)}\n`);
  } finally {
    interruption.close();
    backend.dispose();
  }
}

/** @throws {Mistake} when the backend that is asked for is not to be had */
async function openedFor(choice: BackendChoice): Promise<TrainBackend> {
  try {
    const { backend, passedOver } = await openBackend(choice);
    const others = passedOver.map(({ name, reason }) => `\n  not ${name}: ${reason}`);
    tell(`The network is trained on ${backend.name} (${visible(backend.device)}).${others.join('')}\n`);
    return backend;
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    throw new Mistake(error.message);
  }
}

/** Trains until the limit, or until it is stopped. `null`: it was stopped before the start was judged. */
async function conduct(
  plan: TrainPlan,
  from: TrainingState | null,
  backend: TrainBackend,
  folder: TrainFolder,
  workers: number | undefined,
  stop: AbortSignal,
): Promise<TrainingState | null> {
  const { order, limit, layouts, syllabus } = plan;
  const setup: TrainSetup = { layouts, sight: order.sight };
  const slots = slotsOf(order, backend);
  let line: TrainLine | null = null;
  const pool = new TrainPool(setup, workers ?? availableParallelism(), () => line?.ran());
  const giveUp = () => void pool.stop();
  stop.addEventListener('abort', giveUp);
  const evaluation = new Evaluation(pool, validationEpisodes(syllabus), order.weights);
  const context: StageContext = { syllabus, runner: pool, evaluation };
  let state = from;
  const keep = () => {
    const checkpoint: Checkpoint = { order, limit, state };
    folder.write(checkpoint, state && resultsOf(plan, slots, state, backend));
  };
  try {
    keep(); // also what a training that was killed had not come to
    state ??= await beginTraining(plan.start, context);
    if (from === null) keep();
    line = await TrainLine.begin(limit, state);
    for await (const next of training(slots, state, context, spentOf(limit))) {
      state = next;
      keep();
      line.generation(state);
    }
  } catch (error) {
    if (error instanceof Mistake && state !== null) throw new Mistake(error.message, KEPT);
    if (!stop.aborted) throw error;
  } finally {
    stop.removeEventListener('abort', giveUp);
    line?.end();
    await pool.stop();
  }
  return state;
}

/** How far from the start evolution looks at first: see `evolve`. */
const SIGMA = 0.3;

const KEPT = 'The last checkpoint is as it was. When this is put right, go on with --resume.';

/**
 * Evolution, a network on top, evolution of what is below it. By detectors evolution alone: what a sight has heard
 * so far is in no snapshot, so the re-runs of decisions that a network learns from could not be seen by it.
 */
function slotsOf({ population, sight, schedule, start }: TrainOrder, backend: TrainBackend): StageSlot[] {
  // What is trained already is better looked for nearby.
  const sigma = start === null ? SIGMA : SIGMA / 2;
  if (sight === 'detectors') return [{ stage: evolve(population, sigma), until: 1 }];
  const ends = SCHEDULE_SHARES.map((until, k) =>
    schedule === null ? { until } : { until, untilGeneration: schedule[k]! },
  );
  return [
    { stage: evolve(population, sigma), ...ends[0]! },
    { stage: refine(backend), ...ends[1]! },
    { stage: evolve(population, SIGMA / 2), until: 1 },
  ];
}

/** How much of the limit is used up, 0 to 1. Minutes count from now, also when training goes on. */
function spentOf(limit: Limit): (state: TrainingState) => number {
  const beganMs = performance.now();
  if ('generations' in limit) return ({ generation }) => generation / limit.generations;
  if ('episodes' in limit) return ({ episodes }) => episodes / limit.episodes;
  return () => (performance.now() - beganMs) / 60_000 / limit.minutes;
}

function resultsOf(
  { order, syllabus, name }: TrainPlan,
  slots: readonly StageSlot[],
  state: TrainingState,
  { name: backend, device }: TrainBackend,
): TrainResults {
  const { champion, history, generation, episodes } = state;
  const protocols = validationEpisodes(syllabus).map(({ protocol }) => protocol);
  const policy = policyOf(champion.scorer, {
    name,
    sight: order.sight,
    decisionS: LEARNED_DECISION_S,
    stages: true,
    training: {
      scenarios: syllabus.files.map(({ name }, k) => ({ name, hash: order.files[k]!.hash })),
      cities: order.cities,
      protocols: [...new Set(protocols)],
      seeds: [order.seed],
      ...{ backend, device, generations: generation, episodes },
      championOfGeneration: champion.generation,
      command: trainCommand({ ...order, schedule: scheduleIn(history) }, generation, name),
    },
    scores: scoresOf(syllabus, history[0]!.judgement!, champion.judgement),
  });
  const facts = [...new Set(slots.flatMap(({ stage }) => stage.facts))];
  return { history, facts, policy: policyText(policy) };
}

/** When stages began, whatever decided it; for those to come, now. */
function scheduleIn(history: readonly HistoryRow[]): Schedule {
  const stages = history.slice(1).map(({ stage }) => stage);
  const learned = stages.includes('refine') ? stages.indexOf('refine') : stages.length;
  const after = stages.findIndex((stage, k) => k > learned && stage !== 'refine');
  return [learned, after < 0 ? stages.length : after];
}

/** By group of the episodes of validation: the score, and that of what the training began with. */
function scoresOf(syllabus: Syllabus, start: Judgement, best: Judgement): Score[] {
  const episodes = validationEpisodes(syllabus);
  return best.groups.map(({ group, score }, k) => {
    const own = episodes.filter((episode) => episode.group === group);
    const { protocol } = own[0]!;
    const seeds = own.map(({ seed }) => seed);
    const rivals = { start: start.groups[k]!.score };
    return { scenario: group, protocol, measure: 'score', seeds, policy: score, rivals };
  });
}

function stoppedText(state: TrainingState | null, out: string): string {
  const goOn = `Go on: greenwave train --resume ${out}`;
  if (state === null) return `Stopped before the start was judged.\n${goOn}`;
  const { generation, champion } = state;
  const best =
    champion.generation === 0
      ? 'the start, which none has surpassed'
      : `that of generation ${champion.generation}`;
  return `Stopped after ${counted(generation, 'generation')}; the best policy so far is ${best}.\n${goOn}`;
}
