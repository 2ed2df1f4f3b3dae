import { csvLine } from '../server/protocol/csv.ts';
import { searchNow } from './address.ts';
import { MEASURES } from './figures.ts';
import { clock } from './format.ts';
import { legendLines } from './legend.ts';
import type { CaptionLine } from './scene/scene.ts';
import { letterOf, sideWord } from './sides.ts';
import { controllers, lastStep, map, scene, session, status, tell, timeS, told, welcome } from './state.ts';

/** What can be taken away from the page: a link, a picture, figures. */

export async function copyLink(): Promise<void> {
  const search = searchNow() ?? location.search;
  const address = new URL(search, location.href).href;
  try {
    await navigator.clipboard.writeText(address);
    tell('The link to this moment is copied.');
  } catch {
    tell(`The browser does not let us copy. The link to this moment is the address of the page: ${address}`);
  }
}

/** The picture as it stands, with when, what and how below. */
export async function savePicture(): Promise<void> {
  const { value: drawn } = scene;
  if (drawn === null) {
    tell('There is no picture yet.', true);
    return;
  }
  const names = controllers.value.map((_, k) => sideWord(k, controllers.value));
  save(await drawn.picture(captionNow(), names), `${fileName()}.png`);
}

/** What a picture needs to be understood alone. */
export function captionNow(): CaptionLine[] {
  const setup = session.value?.setup;
  if (setup === undefined) return [];
  const sides = setup.controllers.map((_, k) => sideWord(k, setup.controllers)).join(' | ');
  const demand = setup.demandScale === 1 ? '' : `, demand ×${setup.demandScale}`;
  return [
    { text: `${map.value?.name ?? setup.scenario}, ${clock(timeS.value)}, seed ${setup.seed}${demand}` },
    { text: sides },
    ...legendLines(),
  ];
}

function fileName(): string {
  const { scenario = 'run', seed = 0 } = session.value?.setup ?? {};
  return `greenwave-${scenario}-seed${seed}-${clock(timeS.value).replaceAll(':', '')}`;
}

/** Samples as rows, a column for each value of each side. */
export function samplesCsv(): string {
  const values = ['delayShare', 'averageDelayS', 'queue', 'running', 'finished', 'co2G'] as const;
  const one = session.value?.stepS ?? 1;
  const heading = [
    'timeS',
    ...controllers.value.flatMap((name, k) => values.map((value) => `${letterOf(k)} ${name} ${value}`)),
  ];
  const rows = told.value.samples.map(({ step, sides }) => [
    step * one,
    ...sides.flatMap((side) => values.map((value) => side[value])),
  ]);
  return csv([heading, ...rows]);
}

/** The tiles as rows. */
export function figuresCsv(): string {
  const sides = status.value?.sides ?? [];
  const heading = ['measure', 'unit', ...controllers.value.map((name, k) => `${letterOf(k)} ${name}`)];
  const rows = MEASURES.map(({ label, unit, read }) => [
    label,
    unit,
    ...sides.map((side) => read(side) ?? ''),
  ]);
  return csv([heading, ...rows]);
}

function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => csvLine(...row)).join('');
}

export function saveSamples(): void {
  saveText(samplesCsv(), `${fileName()}-samples.csv`, 'text/csv');
}

export function saveFigures(): void {
  saveText(figuresCsv(), `${fileName()}-figures.csv`, 'text/csv');
}

/** Everything that the page knows of the run, for other programs. */
export function saveJson(): void {
  const record = {
    greenwave: welcome.value?.greenwave,
    setup: session.value?.setup,
    interventions: session.value?.interventions,
    facts: session.value?.facts,
    timeS: timeS.value,
    endS: lastStep.value * (session.value?.stepS ?? 1),
    fingerprints: status.value?.fingerprints,
    sides: status.value?.sides,
    ...told.value,
  };
  saveText(`${JSON.stringify(record, null, 2)}\n`, `${fileName()}.json`, 'application/json');
}

function saveText(text: string, name: string, type: string): void {
  save(new Blob([text], { type }), name);
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
