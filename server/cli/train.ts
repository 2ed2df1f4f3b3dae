import { availableParallelism } from 'node:os';
import { validationEpisodes } from '../learning/curriculum.ts';
import { Evaluation } from '../learning/evaluation.ts';
import { evolve } from '../learning/evolve.ts';
import { policyText } from '../learning/policyOf.ts';
import type { StageContext } from '../learning/stage.ts';
import { beginTraining, type StageSlot, type TrainingState, train as training } from '../learning/trainer.ts';
import { counted } from '../report/figures.ts';
import { Interruption } from './interruption.ts';
import { Mistake } from './mistake.ts';
import { trainCommand } from './reproduce.ts';
import { type Checkpoint, resumed } from './resume.ts';
import { checkNewFolder, TrainFolder, type TrainResults } from './trainFolder.ts';
import { TrainLine } from './trainLine.ts';
import { type Limit, type TrainFlags, type TrainPlan, trainPlanOf } from './trainPlan.ts';
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
  if (out !== flags.resume) checkNewFolder(out);
  const { plan, state } =
    flags.resume === undefined
      ? { plan: await trainPlanOf(files, flags), state: null }
      : await resumed(flags.resume, files, flags);
  warn(plan.warnings);
  const interruption = new Interruption(() => {}); // every file is put in place when it is whole
  try {
    const reached = await conduct(plan, state, new TrainFolder(out), flags.workers, interruption.signal);
    process.exitCode = interruption.exitCode ?? 0;
    if (interruption.exitCode === null) {
      process.stdout.write(trainTable(reached!, out));
      return;
    }
    process.stderr.write(`\n${stoppedText(reached, out)}\n`);
  } finally {
    interruption.close();
  }
}

/** Trains until the limit, or until it is stopped. `null`: it was stopped before the start was judged. */
async function conduct(
  plan: TrainPlan,
  from: TrainingState | null,
  folder: TrainFolder,
  workers: number | undefined,
  stop: AbortSignal,
): Promise<TrainingState | null> {
  const { order, limit, layouts, syllabus } = plan;
  const setup: TrainSetup = { layouts, sight: order.sight };
  const slots: StageSlot[] = [{ stage: evolve(order.population), until: 1 }];
  let line: TrainLine | null = null;
  const pool = new TrainPool(setup, workers ?? availableParallelism(), () => line?.ran());
  const giveUp = () => void pool.stop();
  stop.addEventListener('abort', giveUp);
  const evaluation = new Evaluation(pool, validationEpisodes(syllabus));
  const context: StageContext = { syllabus, runner: pool, evaluation };
  let state = from;
  const keep = () => {
    const checkpoint: Checkpoint = { order, limit, state };
    folder.write(checkpoint, state && resultsOf(plan, slots, state));
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

const KEPT = 'The last checkpoint is as it was. When this is put right, go on with --resume.';

/** How much of the limit is used up, 0 to 1. Minutes count from now, also when training goes on. */
function spentOf(limit: Limit): (state: TrainingState) => number {
  const beganMs = performance.now();
  if ('generations' in limit) return ({ generation }) => generation / limit.generations;
  if ('episodes' in limit) return ({ episodes }) => episodes / limit.episodes;
  return () => (performance.now() - beganMs) / 60_000 / limit.minutes;
}

function resultsOf(
  { order, syllabus }: TrainPlan,
  slots: readonly StageSlot[],
  state: TrainingState,
): TrainResults {
  const { champion, history, generation, episodes } = state;
  const protocols = validationEpisodes(syllabus).map(({ protocol }) => protocol);
  return {
    history,
    facts: slots.flatMap(({ stage }) => stage.facts),
    policy: policyText(
      'learned',
      champion.scorer,
      order.sight,
      {
        scenarios: syllabus.files.map(({ name }, k) => ({ name, hash: order.files[k]!.hash })),
        cities: order.cities,
        protocols: [...new Set(protocols)],
        ...{ seed: order.seed, backend: null, device: null, generations: generation, episodes },
        command: trainCommand(order, generation),
      },
      { start: history[0]!.judgement!, validation: champion.judgement },
    ),
  };
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
