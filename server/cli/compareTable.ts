import type { Comparison } from '../report/comparison.ts';
import { counted, figure, inSentence, withUnit } from '../report/figures.ts';
import { measureOf } from '../report/measureOf.ts';
import type { ComparisonRecord } from './compareRecord.ts';
import { aligned, grouped, type Row } from './runTable.ts';

/** A comparison for people: what was run, a row a measure, and the verdict. */
export function compareTable(record: ComparisonRecord): string {
  const { comparison, scenario, seeds, protocol, durationS, jitterS, demandScale } = record;
  const setting = [
    `${counted(record.controllers.length, 'controller')} on ${seedsText(seeds)}`,
    `${grouped(durationS)} s each`,
    `protocol ${protocol}`,
    ...(jitterS > 0 ? [`departures moved by up to ${jitterS} s`] : []),
    ...(demandScale === 1 ? [] : [`demand × ${demandScale}`]),
    ...(record.perfectDetection ? ['detectors without faults'] : []),
  ];
  return [
    `${scenario.name}: ${setting.join(', ')}\n${record.warmupReason}\n`,
    measureRows(comparison),
    ...precisionText(comparison),
    ...(comparison.partial === null ? [] : [`${comparison.partial}\n`]),
    `${comparison.verdict}\n`,
  ].join('\n');
}

function seedsText(seeds: readonly number[]): string {
  return seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`;
}

/** The means over seeds, each with half the width of its 95 % interval; without measures that nobody has a value of. */
function measureRows({ controllers, measures }: Comparison): string {
  const told = measures.filter(({ id }) => controllers.some(({ estimates }) => estimates[id]!.mean !== null));
  const rows: Row[] = [
    ['mean ± 95 %', ...controllers.map(({ controller }) => controller)],
    ...told.map(({ id, label, unit, digits }): Row => {
      const cells = controllers.map(({ estimates }) => {
        const { mean, interval } = estimates[id]!;
        const half = interval === null ? '' : ` ± ${figure((interval.high - interval.low) / 2, digits)}`;
        return `${figure(mean, digits)}${half}`;
      });
      return [label, ...cells, unit];
    }),
  ];
  return aligned(rows, controllers.length);
}

/** How many seeds make the intervals of the headline's differences as narrow as asked. */
function precisionText({ precision, seeds, headline, measures }: Comparison): string[] {
  if (precision === null) return [];
  const { label, unit } = measureOf(measures, headline);
  const wanted = withUnit(`± ${precision.wanted}`, unit);
  const found = `Differences in ${inSentence(label)} are known to within ${wanted}`;
  if (precision.reached) return [`${found}, as asked.\n`];
  const needed =
    precision.seedsNeeded === null ? 'more than 10,000' : `about ${figure(precision.seedsNeeded, 0)}`;
  return [`${found} with ${needed} seeds; here there are ${seeds.length}.\n`];
}
