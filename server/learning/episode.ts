import { type Operation, operate } from '../control/operation.ts';
import type { Ruled } from '../control/protocol.ts';
import { CONTROLLERS, type ControllerEntry } from '../control/registry.ts';
import { type CityStyle, drawCity } from '../environment/city.ts';
import type { SightName } from '../environment/laneSight.ts';
import type { Scorer } from '../policy/scorer.ts';
import { type Compiled, compile } from '../scenario/compile.ts';
import type { Layout } from '../scenario/layout.ts';
import { perturb } from '../scenario/perturb.ts';
import { summarize } from '../sim/summary.ts';
import { named } from '../study/flagValue.ts';
import { assembleStudy, operationOf, ruledFor, type Study } from '../study/study.ts';
import { controllerInTraining } from './learnedRun.ts';
import type { Figures } from './objective.ts';
import { type Replay, replayOf } from './replay.ts';
import { collectSamples, type RolloutOptions } from './rollouts.ts';

/** What an episode runs on: one of the files given, by its place among them, or a city drawn at random. */
export type Source =
  | { readonly kind: 'file'; readonly file: number }
  | { readonly kind: 'city'; readonly style: CityStyle; readonly city: number };

/** One run from beginning to end, whoever decides. */
export interface Episode {
  readonly source: Source;
  /** What it is counted under in the history. */
  readonly group: string;
  /** Name of a protocol. */
  readonly protocol: string;
  readonly seed: number;
  /** What becomes of departures at fixed times: see `perturb`. */
  readonly jitterS: number;
  readonly demandScale: number;
}

/** Who decides in an episode: a scorer, or a rule of the registry by its name. */
export type Decider =
  | { readonly kind: 'scorer'; readonly scorer: Scorer }
  | { readonly kind: 'rule'; readonly rule: string };

/** How far the re-runs of a decision go: about two cycles, s. */
const HORIZON_S = 100;
/** A decision is looked into about so often, and one taken at random for each intersection, s. */
const LOOK_EVERY_S = 50;
const EXPLORE_EVERY_S = 300;

/** Networks kept: those of the validation and of what is under way. A large one takes some megabytes. */
const NETWORKS_MAX = 32;

/** Does episodes, one at a time; networks are compiled once for as long as they are in use. */
export class EpisodeRuns {
  readonly #layouts: readonly Layout[];
  readonly #sight: SightName;
  readonly #compiled = new Map<string, Compiled>();

  /**
   * @param layouts  by file
   * @param sight    what scorers see; rules see what is theirs
   */
  constructor(layouts: readonly Layout[], sight: SightName) {
    this.#layouts = layouts;
    this.#sight = sight;
  }

  run(episode: Episode, decider: Decider): Figures {
    const { operation, durationS } = this.begin(episode, decider);
    const { sim } = operation;
    const steps = Math.round(durationS / sim.network.stepS);
    while (sim.step < steps) operate(operation);
    const { averageDelayS, delayP95S, maxWaitS } = summarize(sim);
    return { averageDelayS, delayP95S, maxWaitS };
  }

  /** Decisions of a policy in an episode, and what their phases would have cost. */
  lookInto(episode: Episode, scorer: Scorer): Replay {
    const study = this.#studyOf(episode, { kind: 'scorer', scorer });
    const ruled = ruledFor(study);
    return replayOf(collectSamples(ruled, scorer, episode.seed, study.steps, rolloutsOf(ruled)));
  }

  /** The run of an episode at its start, and how long it lasts, s. */
  begin(episode: Episode, decider: Decider): { operation: Operation; durationS: number } {
    const study = this.#studyOf(episode, decider);
    return { operation: operationOf(study), durationS: study.durationS };
  }

  #studyOf(episode: Episode, decider: Decider): Study {
    const compiled = this.#compiledFor(episode);
    const { protocol, seed } = episode;
    const controller = controllerOf(decider, this.#sight);
    return assembleStudy({ layout: compiled.layout, compiled }, { controller, protocol, seed });
  }

  #compiledFor(episode: Episode): Compiled {
    const key = networkKey(episode);
    const compiled = this.#compiled.get(key) ?? compile(perturbed(this.#layoutOf(episode.source), episode));
    this.#compiled.delete(key); // to the end, as the latest
    this.#compiled.set(key, compiled);
    for (const oldest of this.#compiled.keys()) {
      if (this.#compiled.size <= NETWORKS_MAX) break;
      this.#compiled.delete(oldest);
    }
    return compiled;
  }

  #layoutOf(source: Source): Layout {
    if (source.kind === 'city') return drawCity(source.style, source.city);
    const layout = this.#layouts[source.file];
    if (layout === undefined) throw new Error(`There is no file ${source.file}.`);
    return layout;
  }
}

/**
 * The controller of an episode.
 *
 * @throws {Mistake} for a rule that is not of the registry
 */
function controllerOf(decider: Decider, sight: SightName): ControllerEntry {
  return decider.kind === 'rule'
    ? named('controller', CONTROLLERS, decider.rule)
    : controllerInTraining(decider.scorer, sight);
}

/** Looks into about as many decisions of an hour however often decisions are due. */
function rolloutsOf({ decisionSteps, network: { stepS } }: Ruled): RolloutOptions {
  const decisionS = decisionSteps * stepS;
  return {
    horizonS: HORIZON_S,
    rate: Math.min(0.5, decisionS / LOOK_EVERY_S),
    explore: decisionS / EXPLORE_EVERY_S,
  };
}

/** What stands for an episode: the same text, the same run. */
export function episodeKey({ source, protocol, seed, jitterS, demandScale }: Episode): string {
  return JSON.stringify([source, protocol, seed, jitterS, demandScale]);
}

/** Arrivals by chance are drawn in the run; departures that are moved are another network. */
function networkKey({ source, seed, jitterS, demandScale }: Episode): string {
  const moved = jitterS === 0 && demandScale === 1 ? null : [seed, jitterS, demandScale];
  return JSON.stringify([source, moved]);
}

function perturbed(layout: Layout, { seed, jitterS, demandScale }: Episode): Layout {
  return perturb(layout, { seed, jitterS, demandScale, durationS: layout.durationS });
}
