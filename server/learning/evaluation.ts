import type { Scorer } from '../policy/scorer.ts';
import { type Decider, type Episode, episodeKey } from './episode.ts';
import {
  delayChange,
  type Figures,
  GOAL_WEIGHTS,
  type GoalWeights,
  mean,
  REFERENCE,
  scoreOf,
} from './objective.ts';
import type { Replay } from './replay.ts';

/** An episode to be run, and who decides in it. */
export interface EpisodeTask {
  readonly episode: Episode;
  readonly decider: Decider;
}

/** Does episodes, on as many threads as it has. What comes back is in the order of what was asked for. */
export interface Runner {
  run(tasks: readonly EpisodeTask[]): Promise<Figures[]>;
  /** Of each episode, decisions of a policy and what their phases would have cost. */
  collect(episodes: readonly Episode[], scorer: Scorer): Promise<Replay[]>;
}

/** What a policy came to on the episodes of validation. Less is better. */
export interface Judgement {
  /** Mean over the episodes, as `scoreOf`. */
  readonly score: number;
  /** Average delay over that of max-pressure, less one, mean over the episodes. */
  readonly againstMaxPressure: number;
  readonly groups: readonly { readonly group: string; readonly score: number }[];
}

/** Judges policies by the rules on the same episodes. */
export class Evaluation {
  readonly #runner: Runner;
  readonly #validation: readonly Episode[];
  readonly #weights: GoalWeights;
  /** Of the episodes of validation: by rule and episode. */
  readonly #known = new Map<string, Figures>();

  constructor(runner: Runner, validation: readonly Episode[], weights: GoalWeights = GOAL_WEIGHTS) {
    this.#runner = runner;
    this.#validation = validation;
    this.#weights = weights;
  }

  /** By scorer: its score, mean over the episodes. All see the same traffic. */
  async scores(scorers: readonly Scorer[], episodes: readonly Episode[]): Promise<number[]> {
    // Episode by episode, so that a worker has one network in hand at a time.
    const figures = await this.#runner.run(
      episodes.flatMap((episode) => [
        { episode, decider: referenceOf(episode) },
        ...scorers.map((scorer): EpisodeTask => ({ episode, decider: { kind: 'scorer', scorer } })),
      ]),
    );
    const row = 1 + scorers.length;
    return scorers.map((_, k) => {
      return mean(
        episodes.map((_, e) => scoreOf(figures[e * row + 1 + k]!, figures[e * row]!, this.#weights)),
      );
    });
  }

  /** On the episodes of validation. */
  async judge(scorer: Scorer): Promise<Judgement> {
    const references = await this.#rules(referenceOf);
    const pressures = await this.#rules(() => ({ kind: 'rule', rule: 'max-pressure' }));
    const tasks = this.#validation.map((episode): EpisodeTask => {
      return { episode, decider: { kind: 'scorer', scorer } };
    });
    const figures = await this.#runner.run(tasks);
    const scores = figures.map((own, e) => scoreOf(own, references[e]!, this.#weights));
    return {
      score: mean(scores),
      againstMaxPressure: mean(figures.map((own, e) => delayChange(own, pressures[e]!))),
      groups: groupMeans(this.#validation, scores),
    };
  }

  async #rules(ruleOf: (episode: Episode) => Decider & { kind: 'rule' }): Promise<Figures[]> {
    const tasks = this.#validation.map((episode) => ({ episode, decider: ruleOf(episode) }));
    const keyOf = ({ episode, decider }: (typeof tasks)[number]) => decider.rule + episodeKey(episode);
    const unknown = tasks.filter((task) => !this.#known.has(keyOf(task)));
    const found = await this.#runner.run(unknown);
    unknown.forEach((task, k) => {
      this.#known.set(keyOf(task), found[k]!);
    });
    return tasks.map((task) => this.#known.get(keyOf(task))!);
  }
}

function referenceOf({ protocol }: Episode): Decider & { kind: 'rule' } {
  return { kind: 'rule', rule: protocol === 'scenario' ? REFERENCE.scenario : REFERENCE.literature };
}

/** In the order in which the groups first occur. */
function groupMeans(episodes: readonly Episode[], scores: readonly number[]): Judgement['groups'] {
  const groups = [...new Set(episodes.map(({ group }) => group))];
  return groups.map((group) => ({
    group,
    score: mean(scores.filter((_, e) => episodes[e]!.group === group)),
  }));
}
