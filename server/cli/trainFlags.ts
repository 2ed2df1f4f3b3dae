import type { GoalWeights } from '../learning/objective.ts';
import { quoted } from '../scenario/problem.ts';
import { Mistake } from '../study/mistake.ts';

/** Generations of a training after which a network is learned, and after which evolution goes on. */
export type Schedule = readonly [number, number];

/** `36,48`, for the option parser. */
export function scheduleFlag(text: string): Schedule {
  const [, first, second] = /^(\d{1,7}),(\d{1,7})$/.exec(text) ?? [];
  if (first === undefined || Number(second) < Number(first)) {
    throw new Mistake(
      `--schedule: ${quoted(text)} is not two numbers of generations, the second no smaller.`,
      'Write 36,48 for example.',
    );
  }
  return [Number(first), Number(second)];
}

/** A policy's name, for the option parser: as a controller's may be. */
export function policyName(text: string): string {
  if (/^[\w-]{1,80}$/.test(text)) return text;
  throw new Mistake(`--name: ${quoted(text)} is not a name.`, 'Use letters, digits, - and _.');
}

/** `0.6,0.2,0.2`, for the option parser: three shares of 1. */
export function weightsFlag(text: string): GoalWeights {
  const shares = text.split(',').map((part) => (/^(?:0|1|0?\.\d+)$/.test(part) ? Number(part) : Number.NaN));
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.length !== 3 || !(Math.abs(sum - 1) < 1e-9)) {
    throw new Mistake(
      `--weights: ${quoted(text)} is not three shares that sum to 1.`,
      'Write what average delay, its 95th percentile and the longest wait count, 0.6,0.2,0.2 for example.',
    );
  }
  return [shares[0]!, shares[1]!, shares[2]!];
}
