import { levelBadge } from '../charts/levelMap.ts';
import type { Comparison } from '../comparison.ts';
import { counted, figure } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import type { PlaceNames } from '../placeNames.ts';
import type { RunResult } from '../runResult.ts';
import type { Grade, Service } from '../service.ts';
import { mean } from '../statistics.ts';
import { controllerHeads } from './measureTables.ts';
import { cell, columnHead, groupRow, numberCell, row, scrollTable } from './table.ts';

/** More rows than this nobody reads: those with the longest delays are kept. */
const ROWS_MAX = 200;

/** One place under each controller, in their order. */
interface PlaceRow<T extends Grade> {
  readonly place: number;
  readonly grades: readonly (T | undefined)[];
}

/** Levels of service from the network down to the movement, a column a controller. */
export function serviceTables({ controllers }: Comparison, names: PlaceNames): Markup {
  const heads = (first: string) => controllerHeads(controllers, first);
  const services = controllers.map(({ service }) => service);
  const network = row(
    html`<strong>Network</strong>`,
    services.map((service) => gradeCell(service.network)),
  );
  const signals = rowsOf(
    services,
    ({ intersections }) => intersections,
    ({ intersection }) => intersection,
  );
  const approaches = rowsOf(
    services,
    (service) => service.approaches,
    ({ road }) => road,
  );
  const movements = rowsOf(
    services,
    (service) => service.movements,
    ({ movement }) => movement,
  );
  return html`${scrollTable(
    'Level of service of network and signals',
    `Level of service and mean control delay at a stop line in seconds, over all vehicles of all seeds.${worstNote(signals)}`,
    heads('Where'),
    [
      network,
      groupRow('Signals', controllers.length + 1),
      ...signals.shown.map(({ place, grades }) =>
        row(
          names.intersection(place),
          grades.map((grade) => gradeCell(grade)),
        ),
      ),
    ],
  )}
<details><summary>${counted(approaches.count, 'approach', 'approaches')}</summary>
${scrollTable(
  'Level of service of approaches',
  `Level of service and mean control delay of each approach, in seconds.${worstNote(approaches)}`,
  heads('Approach'),
  approaches.shown.map(({ place, grades }) =>
    row(
      names.approach(place),
      grades.map((grade) => gradeCell(grade)),
    ),
  ),
)}</details>
<details><summary>${counted(movements.count, 'movement')}, with v/c</summary>
${scrollTable(
  'Level of service of movements',
  `Level of service, mean control delay in seconds and degree of saturation v/c of each movement. A movement with v/c above 1 has F.${worstNote(movements)}`,
  heads('Movement'),
  movements.shown.map(({ place, grades }) =>
    row(
      names.movement(place),
      grades.map((grade) => gradeCell(grade, figure(grade?.degreeOfSaturation, 2))),
    ),
  ),
)}</details>
`;
}

/** All places in their order, or the worst of them if there are too many. */
function rowsOf<T extends Grade>(
  services: readonly Service[],
  grades: (service: Service) => readonly T[],
  place: (grade: T) => number,
): { readonly shown: readonly PlaceRow<T>[]; readonly count: number } {
  const found = services.map((service) => new Map(grades(service).map((grade) => [place(grade), grade])));
  const rows = [...(found[0]?.keys() ?? [])].map((at): PlaceRow<T> => {
    return { place: at, grades: found.map((own) => own.get(at)) };
  });
  const worst = ({ grades: own }: PlaceRow<T>) => Math.max(...own.map((grade) => grade?.controlDelayS ?? 0));
  const shown = [...rows]
    .sort((a, b) => worst(b) - worst(a) || a.place - b.place)
    .slice(0, ROWS_MAX)
    .sort((a, b) => a.place - b.place);
  return { shown, count: rows.length };
}

function worstNote({ shown, count }: { readonly shown: readonly unknown[]; readonly count: number }): string {
  return shown.length < count
    ? ` The ${shown.length} with the longest delays are shown, of ${figure(count, 0)}.`
    : '';
}

function gradeCell(grade: Grade | undefined, ratio?: string): Markup {
  const { level = null, controlDelayS = null } = grade ?? {};
  const saturation = ratio === undefined ? null : html`<span class="range">v/c ${ratio}</span>`;
  return cell(html`${levelBadge(level)} ${figure(controlDelayS, 1)}${saturation}`);
}

/** Queues against the room that there is, under each controller. */
export function queueTable(
  { controllers }: Comparison,
  runs: readonly (readonly RunResult[])[],
  names: PlaceNames,
): Markup | null {
  const first = runs[0]?.[0];
  if (first === undefined || first.approaches.length === 0) return null;
  const heads = [
    columnHead('Approach'),
    columnHead('Room', true),
    ...controllers.map(({ controller }) => columnHead(controller, true)),
  ];
  const rows = first.approaches.map(({ road, storage }, a) => {
    const own = runs.map((ones) => ones.flatMap(({ approaches }) => approaches[a] ?? []));
    return {
      longest: Math.max(...own.map((ones) => mean(ones.map(({ queueP95 }) => queueP95)))),
      markup: row(names.approach(road), [
        numberCell(figure(storage, 0)),
        ...own.map((ones) => {
          const spillback = mean(ones.map(({ spillbackS }) => spillbackS));
          return numberCell(
            html`${figure(mean(ones.map(({ queueMean }) => queueMean)), 1)} / ${figure(mean(ones.map(({ queueP95 }) => queueP95)), 1)} / ${figure(Math.max(...ones.map(({ queueMax }) => queueMax)), 0)}${spillback > 0 ? html`<span class="range bad">spills back ${figure(spillback, 0)} s</span>` : null}`,
          );
        }),
      ]),
    };
  });
  const shown = rows.map((one, a) => ({ ...one, a }));
  shown.sort((x, y) => y.longest - x.longest || x.a - y.a);
  const kept = shown.slice(0, ROWS_MAX).sort((x, y) => x.a - y.a);
  return html`<details><summary>Queues against storage on ${counted(rows.length, 'approach', 'approaches')}</summary>
${scrollTable(
  'Queues by approach',
  `Standing vehicles, mean / 95th percentile (means over seeds) / maximum of all seeds, and the vehicles that there is room for.${kept.length < rows.length ? ` The ${kept.length} longest queues are shown.` : ''}`,
  heads,
  kept.map(({ markup }) => markup),
)}</details>
`;
}
