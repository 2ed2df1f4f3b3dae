import type { RunResult } from '../report/runResult.ts';
import type { ComparisonPlan } from './comparePlan.ts';
import type { ComparisonRecord } from './compareRecord.ts';
import { interventionText } from './interventionsOf.ts';

/** What draws reports. */
export interface Drawing {
  readonly document: Document;
  readonly reportPage: typeof import('../report/page.ts').reportPage;
}

/** Loads what draws reports; it takes longer than many a run, so it is to be begun before them. */
export async function loadDrawing(): Promise<Drawing> {
  const [{ JSDOM }, { reportPage }] = await Promise.all([import('jsdom'), import('../report/page.ts')]);
  return { document: new JSDOM('').window.document, reportPage };
}

/**
 * The report as one page of HTML.
 *
 * @param runs  those of the record
 */
export function reportText(
  plan: ComparisonPlan,
  record: ComparisonRecord,
  runs: readonly RunResult[],
  { document, reportPage }: Drawing,
): string {
  const { greenwave, scenario, protocol, controllers, comparison } = record;
  const { compiled } = plan.studies[0]!;
  const context = {
    version: greenwave,
    command: plan.command,
    scenario,
    protocol,
    layout: compiled.layout,
    controllers,
    warnings: record.warnings,
    notes: notesOf(record),
  };
  return reportPage(comparison, runs, context, document);
}

function notesOf(record: ComparisonRecord): string[] {
  const { warmupReason, jitterS, demandScale, perfectDetection, interventions, missing } = record;
  const failed = missing.flatMap(({ controller, seed, reason }) =>
    reason === null ? [] : [`${controller}, seed ${seed}, failed twice: ${reason}.`],
  );
  return [
    warmupReason,
    ...(jitterS > 0
      ? [`Departures at fixed times are moved by up to ${jitterS} s, anew for each seed.`]
      : []),
    ...(demandScale === 1
      ? []
      : [`There are ${demandScale} vehicles for each one in the file, drawn anew for each seed.`]),
    ...(perfectDetection ? ['Detectors are perfect: faults that the scenario gives them are lifted.'] : []),
    ...interventions.map((one) => interventionText(one, record.scenario.stepS)),
    ...failed,
  ];
}
