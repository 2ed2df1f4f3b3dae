import { levelBadge } from '../charts/levelMap.ts';
import type { Comparison } from '../comparison.ts';
import { counted, figure } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import type { PlaceNames } from '../placeNames.ts';
import type { RunResult } from '../runResult.ts';
import type { Grade } from '../service.ts';
import { mean } from '../statistics.ts';
import { controllerHeads } from './measureTables.ts';
import { cell, columnHead, groupRow, numberCell, row, scrollTable } from './table.ts';

/** More rows than this nobody reads: the worst are kept. */
const ROWS_MAX = 400;

/** Levels of service from the network down to the movement, a column a controller. */
export function serviceTables(comparison: Comparison, names: PlaceNames): Markup {
  const { controllers } = comparison;
  const heads = controllerHeads(controllers, 'Where');
  const services = controllers.map(({ service }) => service);
  const [first] = services;
  const gradeRow = (name: string | Markup, grades: readonly (Grade | undefined)[]) =>
    row(
      name,
      grades.map((grade) => gradeCell(grade)),
    );
  const network = gradeRow(
    html`<strong>Network</strong>`,
    services.map((service) => service.network),
  );
  const intersections = worstFirst(
    first!.intersections.map(({ intersection }) =>
      services.map((service) => service.intersections.find((one) => one.intersection === intersection)),
    ),
    ([one]) => one?.intersection ?? 0,
  ).map((grades) => gradeRow(names.intersection(grades[0]!.intersection), grades));
  const approaches = worstFirst(
    first!.approaches.map(({ road }) =>
      services.map((service) => service.approaches.find((one) => one.road === road)),
    ),
    ([one]) => one?.road ?? 0,
  ).map((grades) => gradeRow(names.approach(grades[0]!.road), grades));
  return html`${scrollTable(
    'Level of service of network and signals',
    'Level of service and mean control delay in seconds, over all vehicles of all seeds.',
    heads,
    [network, groupRow('Signals', heads.length), ...intersections],
  )}
<details><summary>${counted(approaches.length, 'approach', 'approaches')}</summary>
${scrollTable('Level of service of approaches', 'Level of service and mean control delay of each approach, in seconds.', heads, approaches)}</details>
<details><summary>${counted(first!.movements.length, 'movement')}, with v/c</summary>
${movementTable(comparison, names)}</details>
`;
}

function movementTable({ controllers }: Comparison, names: PlaceNames): Markup {
  const services = controllers.map(({ service }) => service);
  const rows = worstFirst(
    services[0]!.movements.map(({ movement }) =>
      services.map((service) => service.movements.find((one) => one.movement === movement)),
    ),
    ([one]) => one?.movement ?? 0,
  ).map((grades) =>
    row(
      names.movement(grades[0]!.movement),
      grades.map((grade) => gradeCell(grade, figure(grade?.degreeOfSaturation, 2))),
    ),
  );
  return scrollTable(
    'Level of service of movements',
    'Level of service, mean control delay in seconds and degree of saturation v/c of each movement. A movement with v/c above 1 has F.',
    controllerHeads(controllers, 'Movement'),
    rows,
  );
}

function gradeCell(grade: Grade | undefined, ratio?: string): Markup {
  const { level = null, controlDelayS = null } = grade ?? {};
  const saturation = ratio === undefined ? null : html`<span class="range">v/c ${ratio}</span>`;
  return cell(html`${levelBadge(level)} ${figure(controlDelayS, 1)}${saturation}`);
}

/** All rows in their order, or those with the longest delays if there are too many. */
function worstFirst<T extends Grade>(
  rows: readonly (readonly (T | undefined)[])[],
  order: (row: readonly (T | undefined)[]) => number,
): (readonly T[])[] {
  const worst = (grades: readonly (T | undefined)[]) =>
    Math.max(...grades.map((grade) => grade?.controlDelayS ?? 0));
  return [...rows]
    .sort((a, b) => worst(b) - worst(a) || order(a) - order(b))
    .slice(0, ROWS_MAX)
    .sort((a, b) => order(a) - order(b)) as (readonly T[])[];
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
  'Standing vehicles, mean / 95th percentile (means over seeds) / maximum of all seeds, and the vehicles that there is room for.',
  heads,
  kept.map(({ markup }) => markup),
)}</details>
`;
}
