import { visible } from '../protocol/visibleText.ts';
import type { Comparison } from '../report/comparison.ts';
import { counted, figure, inSentence, withUnit } from '../report/figures.ts';
import { lossLines, windowText } from '../report/lossText.ts';
import { measureOf } from '../report/measureOf.ts';
import type { ComparisonRecord } from './compareRecord.ts';
import { aligned, grouped, type Row } from './runTable.ts';

/** A comparison for people: what was run, the verdict, where rivals lose, and a row a measure. */
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
    `${visible(scenario.name)}: ${setting.join(', ')}\n`,
    ...(comparison.partial === null ? [] : [`${comparison.partial}\n`]),
    `${comparison.verdict}\n`,
    ...lossesText(comparison),
    `${record.warmupReason}\n`,
    measureRows(comparison),
    ...precisionText(comparison),
  ].join('\n');
}

function seedsText(seeds: readonly number[]): string {
  return seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`;
}

/** Where rivals lose, a line each, then what the end of the warm-up has to do with it. */
function lossesText(comparison: Comparison): string[] {
  const lines = lossLines(comparison);
  if (lines === null) return [];
  const baseline = comparison.controllers[0]!.controller;
  const lost = lines.flatMap(({ controller, lost: text }) =>
    text === null ? [] : [`  ${controller}: ${text}.`],
  );
  const made = lines.flatMap(({ controller, madeByWindow }) =>
    madeByWindow === null
      ? []
      : [`  ${controller}: ${madeByWindow} after the warm-up only; no loss is shown over the whole run.`],
  );
  const window = windowText(comparison);
  const told = [...lost, ...made];
  return [
    told.length === 0
      ? `No rival is shown to be worse than ${baseline}, in any measure or at any place.\n`
      : `Worse than under ${baseline}:\n${told.join('\n')}\n`,
    ...(window === null ? [] : [`${window}\n`]),
  ];
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
