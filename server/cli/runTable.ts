import { visible } from '../protocol/visibleText.ts';
import type { RunRecord } from './conduct.ts';

/** A run for people: what was run, then a line a figure. */
export function runTable(record: RunRecord): string {
  const { vehicles, jitterS, demandScale } = record;
  const perturbed = [
    jitterS > 0 ? `departures moved by up to ${jitterS} s` : '',
    demandScale === 1 ? '' : `demand × ${demandScale}`,
  ];
  const setting = [
    `${record.controller} under protocol ${record.protocol}`,
    `${grouped(record.durationS)} s in steps of ${record.stepS} s`,
    `decisions every ${record.decisionS} s`,
    `seed ${record.seed}`,
    ...perturbed.filter((text) => text !== ''),
  ];
  const rows: Row[] = [
    ['vehicles created', grouped(vehicles.created)],
    ['  entered', grouped(vehicles.entered)],
    ['  finished', grouped(vehicles.finished)],
    ['  on the network', grouped(vehicles.running)],
    ['  waiting to enter', grouped(vehicles.waitingToEnter)],
    ...measureRows(record),
    ['vehicle updates', grouped(record.vehicleUpdates)],
    ['  per CPU-second', `${(record.updatesPerCpuSecond / 1e6).toFixed(1)} million`],
    ['CPU time of the stepping', record.cpuSeconds.toFixed(2), 's'],
    ['fingerprint', record.fingerprint],
  ];
  return `${visible(record.scenario)}: ${setting.join(', ')}\n\n${aligned(rows)}`;
}

/** The measures of a run, each with its unit. */
export function measureRows(record: RunRecord): Row[] {
  return [
    ['average travel time, all created', record.averageTravelTimeS.toFixed(1), 's'],
    ['average time on approaches', record.averageApproachTimeS.toFixed(1), 's'],
    ['average travel time, finished', record.finishedTravelTimeS.toFixed(1), 's'],
    ['average delay', record.averageDelayS.toFixed(1), 's'],
    ['delay of the 95th of 100', record.delayP95S.toFixed(1), 's'],
    ['longest wait', record.maxWaitS.toFixed(1), 's'],
    ['stops per vehicle', record.stopsPerVehicle.toFixed(2)],
    ['average queue, all approaches', grouped(Number(record.averageQueue.toFixed(1))), 'vehicles'],
    ['throughput', grouped(Math.round(record.throughputVph)), 'vehicles/h'],
  ];
}

/** A label, then a figure for each column, then a unit. */
export type Row = readonly [label: string, ...cells: string[]];

/** Labels to the left, figures to the right, units after them: the last cell of a row of more than `columns`. */
export function aligned(given: readonly Row[], columns = 1): string {
  const rows = given.map(([label, ...cells]): Row => [visible(label), ...cells.map(visible)]);
  const labelWidth = Math.max(...rows.map(([label]) => label.length));
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map((row) => row[c + 1]?.length ?? 0)),
  );
  const lines = rows.map(([label, ...cells]) => {
    const figures = widths.map((width, c) => (cells[c] ?? '').padStart(width));
    return `  ${[label.padEnd(labelWidth), ...figures].join('  ')} ${cells[columns] ?? ''}`.trimEnd();
  });
  return `${lines.join('\n')}\n`;
}

export function grouped(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 6 });
}
