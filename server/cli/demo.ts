import { loadLayout } from '../files/load.ts';
import { shippedScenario } from '../files/shipped.ts';
import { visible } from '../protocol/visibleText.ts';
import { studyOf } from './commandStudy.ts';
import { conduct, type RunRecord, recordOf } from './conduct.ts';
import { aligned, grouped, measureRows, type Row } from './runTable.ts';
import { print } from './terminal.ts';

const CONTROLLERS = ['fixed-time', 'max-pressure', 'learned'];

/** `greenwave demo`: one ready scenario under three controllers, side by side, and how to go on. */
export async function demo(): Promise<void> {
  const loaded = await loadLayout(shippedScenario('grid-4x4'));
  const records: RunRecord[] = [];
  for (const controller of CONTROLLERS) {
    records.push(recordOf(await conduct(studyOf(loaded, { controller }), false)));
  }
  print(`${heading(records[0]!)}\n\n${comparison(records)}\n${HOW_TO_GO_ON}`);
}

function heading({ scenario, durationS, seed, vehicles }: RunRecord): string {
  return `${visible(scenario)}: ${grouped(durationS)} s, ${grouped(vehicles.created)} vehicles, seed ${seed}`;
}

/** A row a measure, a column a run. */
export function comparison(records: readonly RunRecord[]): string {
  const measures = records.map(measureRows);
  const rows: Row[] = [
    ['', ...records.map(({ controller }) => controller)],
    ['vehicles finished', ...records.map(({ vehicles }) => grouped(vehicles.finished))],
    ...measures[0]!.map(([label, , unit = ''], k): Row => {
      return [label, ...measures.map((column) => column[k]![1] ?? ''), unit];
    }),
  ];
  return aligned(rows, records.length);
}

const HOW_TO_GO_ON = `All saw the same arrivals; lower is better but for throughput. To go on:

  npx greenwave serve
  npx greenwave compare scenarios/corridor.yaml --out runs/corridor
  npx greenwave run scenarios/corridor.yaml --controller learned
  npx greenwave explain scenarios/isolated.yaml --intersection main --time-s 600
  npx greenwave run scenarios/oversaturated.yaml --out runs/oversaturated
  npx greenwave generate grid --rows 6 --columns 6 --vehicles 3000 --out grid.yaml
  npx greenwave --help
`;
