import { isWholeSteps, upToSteps } from './changeIntervals.ts';
import { rounded } from './geometry.ts';
import type { Phase } from './layout.ts';
import { amount, type Findings, type Path } from './problem.ts';
import type { PhaseGiven } from './schemaSignals.ts';

const DEFAULT_SPLIT_S = 30;

/**
 * The split of each phase, s: as given; what the cycle leaves, in equal whole steps, for the others;
 * 30 s, or as long as the phase needs at least, where there is no cycle either.
 */
export function splitsOf(
  phases: readonly Phase[],
  given: readonly PhaseGiven[] | undefined,
  phasesPath: Path,
  cycle: { readonly cycleS: number | undefined; readonly path: Path },
  stepS: number,
  findings: Findings,
): number[] {
  const { cycleS } = cycle;
  const splits = phases.map((_, p) => given?.[p]?.splitS);
  const open = splits.flatMap((split, p) => (split === undefined ? [p] : []));
  const sum = rounded(splits.reduce<number>((total, split) => total + (split ?? 0), 0));
  splits.forEach((split, p) => {
    if (split === undefined || isWholeSteps(split, stepS)) return;
    findings.problem(
      [...phasesPath, p, 'splitS'],
      `${amount(split, 's')} is not a whole number of steps (${stepS} s).`,
    );
  });
  if (cycleS !== undefined) {
    if (!isWholeSteps(cycleS, stepS)) {
      findings.problem(cycle.path, `${amount(cycleS, 's')} is not a whole number of steps (${stepS} s).`);
    }
    if (open.length === 0 && Math.abs(sum - cycleS) > 1e-6) {
      findings.problem(
        cycle.path,
        `a cycle of ${amount(cycleS, 's')} is not the sum of the splits (${amount(sum, 's')}).`,
        'Change one of them, or leave the cycle out.',
      );
    }
    if (open.length > 0 && cycleS <= sum) {
      findings.problem(
        cycle.path,
        `a cycle of ${amount(cycleS, 's')} leaves no time for the phases without a split (the others take ${amount(sum, 's')}).`,
        'Lengthen the cycle, or give every phase a split.',
      );
    }
  }
  const left = cycleS === undefined ? null : Math.max(open.length, Math.round((cycleS - sum) / stepS));
  const result = phases.map((phase, p) => {
    const split = splits[p];
    if (split !== undefined) return split;
    if (left === null) {
      const most = phase.maxGreenS + phase.yellowChangeS + phase.redClearanceS;
      return rounded(Math.min(most, Math.max(upToSteps(DEFAULT_SPLIT_S, stepS), leastSplit(phase))));
    }
    // Whole steps, the remainder to the first of the open phases.
    const position = open.indexOf(p);
    const steps = Math.floor(left / open.length) + (position < left % open.length ? 1 : 0);
    return rounded(steps * stepS);
  });
  phases.forEach((phase, p) => {
    const path = splits[p] === undefined ? cycle.path : [...phasesPath, p, 'splitS'];
    checkSplit(phase, result[p]!, path, findings);
  });
  return result;
}

function leastSplit({ minGreenS, yellowChangeS, redClearanceS }: Phase): number {
  return rounded(minGreenS + yellowChangeS + redClearanceS);
}

function checkSplit(phase: Phase, split: number, path: Path, findings: Findings): void {
  const { id, minGreenS, maxGreenS, yellowChangeS, redClearanceS } = phase;
  const least = leastSplit(phase);
  if (split < least - 1e-6) {
    findings.problem(
      path,
      `a split of ${amount(split, 's')} for phase "${id}" is shorter than minimum green, yellow change and red clearance (${minGreenS} + ${yellowChangeS} + ${redClearanceS} s).`,
      `Use at least ${amount(least, 's')}, or shorten these.`,
    );
  }
  if (split > maxGreenS + yellowChangeS + redClearanceS + 1e-6) {
    findings.problem(
      path,
      `a split of ${amount(split, 's')} for phase "${id}" is longer than maximum green, yellow change and red clearance (${maxGreenS} + ${yellowChangeS} + ${redClearanceS} s).`,
      'Shorten the split, or raise maxGreenS.',
    );
  }
}
