import type { Scorer } from '../policy/scorer.ts';
import type { Judgement } from './evaluation.ts';
import type { Stage, StageContext } from './stage.ts';

/** All that training has come to between two generations; with its stages, all that the rest depends on. */
export interface TrainingState {
  /** Generations done, over all stages. */
  readonly generation: number;
  /** Runs made by policies in training. */
  readonly episodes: number;
  /** Place of the present stage among the stages. */
  readonly stage: number;
  /** That stage's own; `null` before it has begun. */
  readonly stageState: unknown;
  readonly champion: Champion;
  readonly history: readonly HistoryRow[];
}

/** The best policy on validation so far. */
export interface Champion {
  readonly scorer: Scorer;
  readonly judgement: Judgement;
  /** After which generation it was found; 0: it is the start. */
  readonly generation: number;
}

/** What is told of a generation; row 0 is of the start. */
export interface HistoryRow {
  readonly generation: number;
  /** `start` in row 0. */
  readonly stage: string;
  readonly episodes: number;
  readonly trainingScore: number | null;
  /** Of the stage's candidate; `null` where there was none. */
  readonly judgement: Judgement | null;
  /** Of the champion after it. */
  readonly bestScore: number;
  readonly facts: Readonly<Record<string, number>>;
}

/** A stage, and the share of the whole after which the next one takes over. */
export interface StageSlot {
  // biome-ignore lint/suspicious/noExplicitAny: a state goes back to the stage that it came from, and nowhere else
  readonly stage: Stage<any>;
  readonly until: number;
  /** After how many generations, in place of the share. */
  readonly untilGeneration?: number;
}

/** Training before its first generation. The start is the first champion, so nothing worse can come of it. */
export async function beginTraining(start: Scorer, { evaluation }: StageContext): Promise<TrainingState> {
  const judgement = await evaluation.judge(start);
  return {
    ...{ generation: 0, episodes: 0, stage: 0, stageState: null },
    champion: { scorer: start, judgement, generation: 0 },
    history: [
      {
        ...{ generation: 0, stage: 'start', episodes: 0, trainingScore: null, judgement },
        ...{ bestScore: judgement.score, facts: {} },
      },
    ],
  };
}

/**
 * Generation after generation until all is spent; gives the state after each.
 *
 * @param spent  how much of what training may take is used up, 0 to 1
 */
export async function* train(
  slots: readonly StageSlot[],
  begun: TrainingState,
  context: StageContext,
  spent: (state: TrainingState) => number,
): AsyncGenerator<TrainingState> {
  let state = begun;
  for (let share = spent(state); share < 1; share = spent(state)) {
    state = await nextGeneration(slots, onTime(slots, state, share), context);
    yield state;
  }
}

/** With the stage whose time it is. */
function onTime(slots: readonly StageSlot[], state: TrainingState, share: number): TrainingState {
  let stage = state.stage;
  const isOver = ({ until, untilGeneration }: StageSlot) =>
    untilGeneration === undefined ? share >= until : state.generation >= untilGeneration;
  while (stage < slots.length - 1 && isOver(slots[stage]!)) stage++;
  return stage === state.stage ? state : { ...state, stage, stageState: null };
}

async function nextGeneration(
  slots: readonly StageSlot[],
  before: TrainingState,
  context: StageContext,
): Promise<TrainingState> {
  const { stage } = slots[before.stage]!;
  const begun = before.stageState ?? (await stage.begin(before.champion.scorer, context));
  const advance = await stage.advance(begun, before.generation, context);
  const { candidate } = advance;
  const judgement = candidate === null ? null : await context.evaluation.judge(candidate);
  const generation = before.generation + 1;
  const better = judgement !== null && judgement.score < before.champion.judgement.score;
  const champion = better ? { scorer: candidate!, judgement, generation } : before.champion;
  const episodes = before.episodes + advance.episodes;
  const row: HistoryRow = {
    ...{ generation, stage: stage.name, episodes, judgement },
    ...{ trainingScore: advance.trainingScore, facts: advance.facts },
    bestScore: champion.judgement.score,
  };
  return {
    ...{ generation, episodes, champion },
    ...{ stage: before.stage, stageState: advance.state },
    history: [...before.history, row],
  };
}
