import { emissionFigure } from './charts/emissions.ts';
import { headlineFigure } from './charts/headline.ts';
import { levelMapFigure } from './charts/levelMap.ts';
import { overTimeFigure } from './charts/overTime.ts';
import { queueFigure } from './charts/queueStrip.ts';
import { ribbonFigure } from './charts/ribbons.ts';
import { timeSpaceFigure } from './charts/timeSpace.ts';
import { distributionFigure, scatterFigure } from './charts/trips.ts';
import { type Comparison, runsOf } from './comparison.ts';
import type { ReportContext } from './context.ts';
import { counted, enumeration, figure } from './figures.ts';
import { html, Markup } from './html.ts';
import { placeNamesOf } from './placeNames.ts';
import type { RunResult } from './runResult.ts';
import { controllerFacts, reproduction } from './sections/facts.ts';
import { lossSection, lossSummary } from './sections/lossList.ts';
import { allMeasures, differenceTables, keyTable } from './sections/measureTables.ts';
import { methodNotes } from './sections/method.ts';
import { queueTable, serviceTables } from './sections/serviceTables.ts';
import { STYLE } from './style.ts';

/** A part of the page under a heading; without content it is left out. */
interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: readonly (Markup | null)[];
}

/**
 * The whole comparison as one HTML page that needs nothing else: no network, no fonts, no scripts. Equal
 * inputs give equal bytes.
 *
 * @param runs      those that were compared; pictures of single vehicles come from the runs with a trace
 * @param document  where Observable Plot makes its elements, jsdom's for example; it is left as it was
 */
export function reportPage(
  comparison: Comparison,
  runs: readonly RunResult[],
  context: ReportContext,
  document: Document,
): string {
  const controllers = comparison.controllers.map(({ controller }) => controller);
  const compared = controllers.map((name) => runsOf(runs, name, comparison.seeds));
  const traced = controllers.map(
    (name) => runs.find(({ controller, trace }) => controller === name && trace !== null) ?? null,
  );
  // Of the traced seed where there is one for all, so that all pictures of single vehicles are of one seed.
  const drawn = traced.every((run) => run !== null) ? traced : compared.map(([run]) => run ?? null);
  const { layout } = context;
  const names = placeNamesOf(layout);
  const sections: Section[] = [
    {
      id: 'losses',
      title: controllers.length > 2 ? 'Where rivals lose' : 'Where the rival loses',
      content: [lossSection(comparison, names)],
    },
    { id: 'measures', title: 'All measures', content: [allMeasures(comparison)] },
    { id: 'differences', title: 'Differences, seed by seed', content: [differenceTables(comparison)] },
    {
      id: 'service',
      title: 'Level of service',
      content: [levelMapFigure(comparison, layout, document), serviceTables(comparison, names)],
    },
    {
      id: 'time',
      title: 'Delay and queues over time',
      content: [
        overTimeFigure(controllers, compared, document),
        queueFigure(controllers, traced, names, document),
        queueTable(comparison, compared, names),
      ],
    },
    {
      id: 'signals',
      title: 'What the signals did',
      content: [
        ribbonFigure(controllers, traced, names, document),
        timeSpaceFigure(controllers, traced, layout, names, document),
      ],
    },
    {
      id: 'trips',
      title: 'What drivers met',
      content: [
        scatterFigure(controllers, drawn, document),
        distributionFigure(controllers, compared, document),
      ],
    },
    { id: 'emissions', title: 'Emissions', content: [emissionFigure(comparison, document)] },
    { id: 'controllers', title: 'The controllers', content: [controllerFacts(comparison, context)] },
    { id: 'method', title: 'Method', content: [methodNotes(comparison)] },
    { id: 'reproduce', title: 'How to reproduce this', content: [reproduction(comparison, context)] },
  ];
  const shown = sections.filter(({ content }) => content.some((part) => part !== null));
  const title = `${context.scenario.name}: ${enumeration(controllers)}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Greenwave ${context.version}">
<title>${comparison.partial === null ? '' : 'Partial: '}${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#verdict">Skip to the verdict</a>
<header>
<h1>${context.scenario.name}</h1>
<p class="subtitle">${subtitle(comparison, controllers)}</p>
</header>
<main>
<section id="verdict" aria-label="Verdict">
${partialNote(comparison)}<p class="verdict">${comparison.verdict}</p>
${headlineFigure(comparison, document)}${lossSummary(comparison)}${warningNote(context)}${keyTable(comparison)}</section>
<nav aria-label="Contents"><ol>${shown.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ol></nav>
${shown.map(sectionMarkup)}</main>
<footer><p class="quiet">Made by Greenwave ${context.version}. Simulated traffic: what it shows of a real street depends on how well the scenario describes it.</p></footer>
</body>
</html>
`.text;
}

function sectionMarkup({ id, title, content }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}</section>
`;
}

function subtitle({ seeds, durationS, warmupS }: Comparison, controllers: readonly string[]): string {
  const warmup =
    warmupS > 0 ? ` after ${figure(warmupS / 60, warmupS % 60 === 0 ? 0 : 1)} minutes of warm-up` : '';
  const minutes = figure((durationS - warmupS) / 60, (durationS - warmupS) % 60 === 0 ? 0 : 1);
  return `${enumeration(controllers)} on the same traffic: ${counted(seeds.length, 'seed')} of ${minutes} minutes${warmup}.`;
}

/** What was to be warned of before and after the runs. */
function warningNote({ warnings }: ReportContext): Markup | null {
  return warnings.length === 0
    ? null
    : html`<div class="note warnings"><p><strong>${warnings.length === 1 ? 'Warning' : 'Warnings'}</strong></p>
<ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul></div>
`;
}

function partialNote({ partial }: Comparison): Markup | null {
  return partial === null
    ? null
    : html`<div class="note partial" role="note"><p><strong>Partial.</strong> ${partial}</p></div>
`;
}
