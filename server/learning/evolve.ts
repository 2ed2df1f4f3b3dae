import type { Layer, Scorer } from '../policy/scorer.ts';
import { CmaEs, type CmaState, cmaStart } from './cmaEs.ts';
import { trainingEpisodes } from './curriculum.ts';
import { mean } from './objective.ts';
import type { Stage } from './stage.ts';
import { LINEAR_SCALES } from './startPolicy.ts';

export interface EvolveState {
  readonly search: CmaState;
  /** The network on top of the weighted sum, which stays as it is. */
  readonly layers: readonly Layer[];
}

/**
 * Evolution of the linear weights: the candidates of a generation are run on the same episodes, and the search
 * moves towards the better ones (`CmaEs`). Its centre is what is judged, as candidates are by half luck.
 *
 * @param population  candidates in a generation
 * @param sigma       how far from the start the first candidates are, in units of `LINEAR_SCALES`
 */
export function evolve(population: number, sigma: number): Stage<EvolveState> {
  const settings = { scales: LINEAR_SCALES, population };
  return {
    name: 'evolve',
    facts: ['sigma'],
    begin: async ({ linear, layers }, { syllabus }) => {
      return { search: cmaStart(linear, sigma, syllabus.seed), layers };
    },
    advance: async ({ search: before, layers }, generation, { syllabus, evaluation }) => {
      const search = new CmaEs(settings, before);
      const scorers = search.ask().map((linear): Scorer => ({ linear, layers }));
      const episodes = trainingEpisodes(syllabus, generation);
      const scores = await evaluation.scores(scorers, episodes);
      search.tell(scores);
      return {
        state: { search: search.state, layers },
        candidate: { linear: search.mean, layers },
        episodes: scorers.length * episodes.length,
        trainingScore: mean(scores),
        facts: { sigma: search.sigma },
      };
    },
  };
}
