import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CityFlowFiles, readCityFlow } from '../server/formats/cityflow/read.ts';
import type { Layout } from '../server/scenario/layout.ts';

/** Published networks and results to measure with. They lie beside the repository, if anywhere. */
const SHARED = new URL('../../shared/', import.meta.url);

export function hasDataset(id: string): boolean {
  const there = existsSync(new URL(`datasets/${id}/config.json`, SHARED));
  if (!there) console.info(`Skipped: no dataset ${id} in ${fileURLToPath(new URL('datasets/', SHARED))}.`);
  return there;
}

export function datasetFiles(id: string): CityFlowFiles {
  const text = (name: string) => readFileSync(new URL(`datasets/${id}/${name}.json`, SHARED), 'utf8');
  const names = { config: `${id}/config.json`, roadnet: 'roadnet.json', flow: 'flow.json' };
  return { config: text('config'), roadnet: text('roadnet'), flow: text('flow'), names };
}

export function datasetLayout(id: string): Layout {
  const reading = readCityFlow(datasetFiles(id));
  if (!reading.ok) throw new Error(`${id} cannot be read: ${JSON.stringify(reading.problems[0])}`);
  return reading.layout;
}

/** The rows of a golden file, each by the names in its first line. */
export function goldenRows(name: string): Record<string, string>[] {
  const lines = readFileSync(new URL(`golden/${name}.csv`, SHARED), 'utf8')
    .trim()
    .split('\n');
  const keys = lines[0].split(',');
  return lines.slice(1).map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(keys.map((key, k) => [key, cells[k]]));
  });
}

/** What the reference simulator gave for a dataset and controller, with lane change off or on. */
export function referenceResult(
  dataset: string,
  controller: string,
  laneChange = false,
): Record<string, number> {
  const rows = JSON.parse(readFileSync(new URL('reference/cityflow-results.json', SHARED), 'utf8'));
  return rows.find(
    (row: Record<string, unknown>) =>
      row.dataset === dataset && row.controller === controller && row.laneChange === laneChange,
  );
}
