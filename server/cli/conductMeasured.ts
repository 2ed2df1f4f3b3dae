import { measuredOptions, measureRun } from '../report/measureRun.ts';
import type { RunResult } from '../report/runResult.ts';
import { advance, operationOf, type Study } from '../study/study.ts';

/**
 * Runs a study to its end and measures it.
 *
 * @param warmupS  a multiple of the step
 * @param trace    whether it is kept in detail, for the pictures
 */
export function conductMeasured(study: Study, warmupS: number, trace: boolean): RunResult {
  const { compiled, network, controller, phaseNames, steps } = study;
  const options = measuredOptions({ names: compiled.names, network }, warmupS, trace);
  const operation = operationOf(study, options);
  while (operation.sim.step < steps) advance(study, operation);
  return measureRun(operation.sim, { controller: controller.name, phaseNames });
}
