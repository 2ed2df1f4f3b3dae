import type { Summary } from '../sim/summary.ts';
import { logarithm } from './exactMath.ts';

/** What of a run's summary training looks at. */
export type Figures = Pick<Summary, 'averageDelayS' | 'delayP95S' | 'maxWaitS'>;

/** What a run's average delay, its 95th percentile and the longest wait count; they sum to 1. */
export type GoalWeights = readonly [averageDelayS: number, delayP95S: number, maxWaitS: number];

export const GOAL_WEIGHTS: GoalWeights = [0.6, 0.2, 0.2];

/** A figure that should be small. */
interface Goal {
  readonly figure: keyof Figures;
  /** Added to both sides of a ratio, s: below about this much it matters little by what factor they differ. */
  readonly floorS: number;
}

/** What is learned for: everybody's delay, those still waiting to enter included, and that nobody pays for it alone. */
export const OBJECTIVE: readonly Goal[] = [
  { figure: 'averageDelayS', floorS: 2 },
  { figure: 'delayP95S', floorS: 5 },
  { figure: 'maxWaitS', floorS: 30 },
];

/** The rule whose figures on the same episode are the yardstick: on real scenarios, and on the literature's. */
export const REFERENCE = { scenario: 'actuated', literature: 'advanced-max-pressure' } as const;

/**
 * How a run compares with the reference's: weighted sum of log ratios. 0 is as good, less is better; −0.1 is
 * about a tenth off every figure. A ratio makes a quiet street count as much as a crowded city.
 */
export function scoreOf(figures: Figures, reference: Figures, weights: GoalWeights = GOAL_WEIGHTS): number {
  let score = 0;
  OBJECTIVE.forEach(({ figure, floorS }, k) => {
    score += weights[k]! * logarithm((figures[figure] + floorS) / (reference[figure] + floorS));
  });
  return score;
}

/** Average delay over another's, less one: −0.1 is a tenth less. */
export function delayChange(figures: Figures, other: Figures): number {
  const { floorS } = OBJECTIVE[0]!;
  return (figures.averageDelayS + floorS) / (other.averageDelayS + floorS) - 1;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
