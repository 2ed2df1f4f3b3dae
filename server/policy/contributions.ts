import type { View } from '../control/view.ts';
import { LANE_FEATURES, PHASE_FEATURES } from '../environment/features.ts';
import { INPUT_COUNT, type Observer } from '../environment/observer.ts';
import { type Scorer, scorePhases } from './scorer.ts';

/** What the network on top of the weighted sum adds, in words for who does not know of either. */
export const CORRECTION = 'the neural network’s correction';

/** What a feature adds to a score. */
export interface Part {
  readonly feature: string;
  /** As the policy sees it, in the feature's unit; of lanes weighted by how far the phase serves them. */
  readonly value: number;
  readonly weight: number;
  /** Weight × value. */
  readonly contribution: number;
}

/** What the lanes of some movements add to the score of a phase. */
export interface MovementPart {
  /** Indices of the movements that these lanes lead to; more than one where they share lanes. */
  readonly movements: readonly number[];
  readonly parts: readonly Part[];
  /** Sum of the parts. */
  readonly contribution: number;
  /** By how much the network on top would change the score if nobody were on these lanes, reversed; 0 without one. */
  readonly layers: number;
}

/** The score of a phase, taken apart: it is the sum of the movements' and own contributions and of `layers`. */
export interface ScoreParts {
  readonly score: number;
  readonly movements: readonly MovementPart[];
  /** Of the phase itself. */
  readonly own: readonly Part[];
  /** What the network on top adds; 0 without one. */
  readonly layers: number;
}

const LANE = LANE_FEATURES.length;

/** What the policy sees and weighs; the observer must have looked. */
interface Weighing {
  readonly observer: Observer;
  readonly scorer: Scorer;
  readonly view: View;
}

/**
 * Takes the scores of all phases apart. The weighted sum is so exactly: each lane adds to each input for itself.
 * The network on top is not a sum; of it is told what the lanes of a movement make of its output.
 */
export function scoreParts(weighing: Weighing): ScoreParts[] {
  const { observer, scorer, view } = weighing;
  const { phaseCount } = observer;
  const groups = laneGroups(observer, view);
  const alone = groups.map((lanes) => inputsWith(weighing, (l) => lanes.includes(l)));
  const inputs = inputsWith(weighing, () => true);
  const scores = scorePhases(scorer, inputs, phaseCount);
  const onTop: Scorer = { linear: new Float64Array(INPUT_COUNT), layers: scorer.layers };
  const layers = scorePhases(onTop, inputs, phaseCount);
  const without = groups.map((lanes) =>
    scorePhases(
      onTop,
      inputsWith(weighing, (l) => !lanes.includes(l)),
      phaseCount,
    ),
  );
  observer.compare(view);
  return Array.from({ length: phaseCount }, (_, p) => ({
    score: scores[p]!,
    movements: groups.map((lanes, g) => {
      const parts = lanePartsOf(scorer, alone[g]!, p);
      return {
        movements: view.movementsOf(observer.lanes[lanes[0]!]!),
        parts,
        contribution: parts.reduce((sum, { contribution }) => sum + contribution, 0),
        layers: layers[p]! - without[g]![p]!,
      };
    }),
    own: PHASE_FEATURES.map(({ name }, k) => partOf(scorer, inputs, p, 2 * LANE + k, name)),
    layers: layers[p]!,
  }));
}

/** Positions of the observer's lanes, those together that lead to the same movements. */
function laneGroups({ lanes }: Observer, view: View): number[][] {
  const groups = new Map<string, number[]>();
  lanes.forEach((lane, l) => {
    const key = [...view.movementsOf(lane)].sort((a, b) => a - b).join(' ');
    groups.set(key, [...(groups.get(key) ?? []), l]);
  });
  return [...groups.values()];
}

/** What the inputs would be if the other lanes were empty of everything. */
function inputsWith({ observer, view }: Weighing, counts: (lane: number) => boolean): Float64Array {
  const { laneValues, lanes } = observer;
  const kept = laneValues.slice();
  for (let l = 0; l < lanes.length; l++) if (!counts(l)) laneValues.fill(0, l * LANE, (l + 1) * LANE);
  observer.compare(view);
  laneValues.set(kept);
  return observer.inputs.slice();
}

/** Of the two blocks of lane features, that of the phase that is green and that of others, one is 0. */
function lanePartsOf(scorer: Scorer, inputs: Float64Array, p: number): Part[] {
  return LANE_FEATURES.map(({ name }, f) => {
    const isGreen = inputs[p * INPUT_COUNT + 2 * LANE] === 1;
    return partOf(scorer, inputs, p, isGreen ? LANE + f : f, name);
  });
}

function partOf({ linear }: Scorer, inputs: Float64Array, p: number, k: number, feature: string): Part {
  const value = inputs[p * INPUT_COUNT + k]!;
  const weight = linear[k]!;
  return { feature, value, weight, contribution: weight * value };
}
