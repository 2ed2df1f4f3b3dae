import type { Intervention } from '../protocol/session.ts';
import type { Comparison } from '../report/comparison.ts';
import type { ControllerFacts } from '../report/context.ts';
import type { RunResult } from '../report/runResult.ts';
import { once } from '../warnings/startWarnings.ts';
import type { ComparisonPlan } from './comparePlan.ts';
import { layoutHash } from './layoutHash.ts';
import { packageVersion } from './packageVersion.ts';
import type { Warmup } from './warmup.ts';

/** A run that was asked for and is not there. */
export interface MissingRun {
  readonly controller: string;
  readonly seed: number;
  /** Why it failed twice; `null`: the comparison was stopped before it was done. */
  readonly reason: string | null;
}

/** What is kept in comparison.json and printed by `--json`: what was asked for, and what it came to. */
export interface ComparisonRecord {
  readonly greenwave: string;
  /** True if runs that were asked for are missing. */
  readonly partial: boolean;
  /** Of the file and of how it was run, then of the runs at their end with the controllers and seeds: each once. */
  readonly warnings: readonly string[];
  readonly verdict: string;
  readonly scenario: {
    readonly name: string;
    readonly file: string;
    readonly hash: string;
    readonly stepS: number;
  };
  readonly protocol: string;
  readonly durationS: number;
  readonly warmupS: number;
  readonly warmupReason: string;
  readonly jitterS: number;
  readonly demandScale: number;
  readonly perfectDetection: boolean;
  readonly interventions: readonly Intervention[];
  readonly seeds: readonly number[];
  readonly traceSeed: number;
  readonly controllers: readonly ControllerFacts[];
  readonly comparison: Comparison;
  readonly runs: readonly RunRow[];
  readonly missing: readonly MissingRun[];
}

export interface RunRow {
  readonly controller: string;
  readonly seed: number;
  readonly fingerprint: string;
  readonly measures: Readonly<Record<string, number>>;
  /** What the run showed at its end. */
  readonly warnings: readonly string[];
}

/** What runs showed at their ends, each sentence once, with the controllers and seeds of which it is true. */
export function runWarningTexts(runs: readonly RunResult[]): string[] {
  const seedsOf = new Map<string, Map<string, number[]>>();
  for (const { controller, seed, warnings } of runs) {
    for (const text of warnings) {
      const byController = seedsOf.get(text) ?? new Map<string, number[]>();
      seedsOf.set(text, byController.set(controller, [...(byController.get(controller) ?? []), seed]));
    }
  }
  return [...seedsOf].map(([text, byController]) => {
    const where = [...byController].map(([controller, seeds]) => {
      const named = seeds.slice(0, SEEDS_NAMED).join(', ');
      const more = seeds.length > SEEDS_NAMED ? ` and ${seeds.length - SEEDS_NAMED} more` : '';
      return `${controller}, ${seeds.length === 1 ? 'seed' : 'seeds'} ${named}${more}`;
    });
    return `${text.replace(/\.$/, '')} (${where.join('; ')}).`;
  });
}

/** So many seeds are named of a warning. */
const SEEDS_NAMED = 8;

export function comparisonRecord(
  plan: ComparisonPlan,
  { warmupS, reason }: Warmup,
  runs: readonly RunResult[],
  missing: readonly MissingRun[],
  comparison: Comparison,
): ComparisonRecord {
  const { compiled, protocol, durationS, jitterS, demandScale } = plan.studies[0]!;
  const { layout } = compiled;
  return {
    greenwave: packageVersion(),
    partial: missing.length > 0,
    warnings: once([...plan.warnings, ...runWarningTexts(runs)]),
    verdict: comparison.verdict,
    scenario: {
      name: layout.name,
      file: plan.fileName,
      hash: layoutHash(plan.loaded.layout),
      stepS: layout.stepS,
    },
    protocol: protocol.name,
    durationS,
    warmupS,
    warmupReason: reason,
    jitterS,
    demandScale,
    perfectDetection: plan.studyFlags[0]!.perfectDetection ?? false,
    interventions: plan.studies[0]!.interventions,
    seeds: plan.seeds,
    traceSeed: plan.traceSeed,
    controllers: plan.studies.map(({ controller, settings, facts, protocol: own }) => ({
      name: controller.name,
      summary: controller.summary,
      source: controller.source,
      sees: controller.sees,
      decisionS: own.decisionS ?? layout.stepS,
      settings,
      facts,
    })),
    comparison,
    runs: runs.map(({ controller, seed, fingerprint, measures, warnings }) => ({
      controller,
      seed,
      fingerprint,
      measures,
      warnings,
    })),
    missing,
  };
}
