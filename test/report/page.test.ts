/** The report page, parsed as a browser would: what stands first, that nothing is left to chance, and that no name can break it. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { type Comparison, compare } from '../../server/report/comparison.ts';
import type { ReportContext } from '../../server/report/context.ts';
import { reportPage } from '../../server/report/page.ts';
import type { RunResult } from '../../server/report/runResult.ts';
import type { Layout } from '../../server/scenario/layout.ts';
import { laidOut } from '../networks.ts';
import { plainRun } from './plainRuns.ts';
import { TOY_MEASURES } from './toyMeasures.ts';
import { toyRuns } from './toyRuns.ts';

const GOLDEN = new URL('../golden/report.html', import.meta.url);
const CHANGED = new URL('../golden/report-changed.html', import.meta.url);

const LAYOUT = laidOut({
  name: 'Three-light corridor',
  durationS: 900,
  corridor: { intersections: 3, spacingM: 350, approachM: 300, lanes: 1, sideLanes: 1 },
  demand: {
    west: { flowVph: 500, to: { east: 0.9, 'north-2': 0.1 } },
    east: { flowVph: 350, to: { west: 1 } },
    'north-1': { flowVph: 150, to: { 'south-1': 0.6, east: 0.4 } },
    'south-2': { flowVph: 200, to: { 'north-2': 0.5, west: 0.5 } },
    'north-3': { flowVph: 150, to: { 'south-3': 1 } },
  },
});
const PLANS = [
  { label: 'fixed-time', cycleS: 80, mainS: 42, offsetS: 0, wander: 0 },
  { label: 'green-wave', cycleS: 80, mainS: 42, offsetS: 25, wander: 0 },
  { label: 'max-pressure', cycleS: 90, mainS: 40, offsetS: 10, wander: 0.5 },
];
const RUNS = toyRuns(LAYOUT, PLANS, [1, 2, 3, 4, 5, 6], { durationS: 900, warmupS: 120, intervalS: 30 });
const CONTEXT = contextOf(
  LAYOUT,
  PLANS.map(({ label }) => label),
);
const { document } = new JSDOM('').window;

function contextOf(layout: Layout, controllers: readonly string[]): ReportContext {
  return {
    version: '1.2.3',
    command: 'npx greenwave compare corridor.yaml --controllers fixed-time,green-wave --seeds 6 --out report',
    scenario: { name: layout.name, file: 'corridor.yaml', hash: '0x5be20f31' },
    protocol: 'scenario',
    layout,
    controllers: controllers.map((name) => ({
      ...{ name, summary: 'a plan', source: 'a paper', sees: 'nothing', decisionS: 1 },
      ...{ settings: { cycleS: 80 }, facts: ['cycle 80 s'] },
    })),
    warnings: [],
    notes: ['Warm-up: 120 s, as told.'],
  };
}

function pageOf(
  runs: readonly RunResult[],
  context = CONTEXT,
  asked?: Parameters<typeof compare>[1]['asked'],
): string {
  const options = { measures: TOY_MEASURES, ...(asked === undefined ? {} : { asked }) };
  return reportPage(compare(runs, options), runs, context, document);
}

const PAGE = pageOf(RUNS);
const parsed = (page: string) => new JSDOM(page).window.document;
const DOM = parsed(PAGE);

test('the page is, byte for byte, the one that was looked at', () => {
  const golden = existsSync(GOLDEN) ? readFileSync(GOLDEN, 'utf8') : '';
  if (golden === PAGE) rmSync(CHANGED, { force: true });
  else writeFileSync(CHANGED, PAGE);
  expect(PAGE === golden, 'test/golden/report-changed.html differs from report.html: look at both').toBe(
    true,
  );
});

test('the same inputs give the same bytes, whatever was drawn before', () => {
  expect(pageOf(RUNS)).toBe(PAGE);
  expect(
    pageOf([...RUNS].reverse(), CONTEXT, {
      controllers: PLANS.map(({ label }) => label),
      seeds: [1, 2, 3, 4, 5, 6],
    }),
  ).toBe(PAGE);
  expect(document.body.innerHTML).toBe('');
});

test('the verdict comes first, then its picture, then losses, then the key table', () => {
  const order = Array.from(DOM.querySelectorAll('#verdict > *'), (part) => part.className || part.tagName);
  expect(order).toEqual(['verdict', 'FIGURE', 'note losses', 'scroll']);
  expect(DOM.querySelector('.losses')!.textContent).toContain('max-pressure is worse in mean control delay');
});

test('warnings stand on the first screen, after the losses', () => {
  const context = { ...CONTEXT, warnings: ['No vehicles.', 'A movement never gets green.'] };
  const page = parsed(pageOf(RUNS, context));
  const order = Array.from(page.querySelectorAll('#verdict > *'), (part) => part.className || part.tagName);
  expect(order).toEqual(['verdict', 'FIGURE', 'note losses', 'note warnings', 'scroll']);
  expect(page.querySelector('.warnings')!.textContent).toContain('A movement never gets green.');
});

test('a loss that the window makes is told apart, on the first screen and in the list', () => {
  const runs = RUNS.map((run) => {
    const isRival = run.controller === 'green-wave';
    const { controlDelayS } = run.measures;
    return {
      ...run,
      presentAtWarmupEnd: (isRival ? 20 : 90) + (run.seed % 2),
      measures: { ...run.measures, controlDelayS: isRival ? controlDelayS! + 30 : controlDelayS! },
      whole: { controlDelayS: 40 - Number(isRival) },
    };
  });
  const page = parsed(pageOf(runs));
  const text = (selector: string) => page.querySelector(selector)!.textContent!.replaceAll(/\s+/g, ' ');
  expect(text('.losses')).toMatch(
    /green-wave is worse in mean control delay \([^)]+\) after the warm-up only/,
  );
  expect(text('.window')).toContain('The warm-up of 120 s does not end alike: 91 vehicles under fixed-time');
  expect(text('.window')).toContain(
    'Over the whole run mean control delay is 40.0 s under fixed-time, 39.0 s under',
  );
  expect(text('#losses')).toContain('made by the window: over the whole run \u22121.0 s, no loss');
});

test('the page needs nothing else: no script, and no address but its own parts', () => {
  expect(DOM.querySelectorAll('script, link, img, iframe, object')).toHaveLength(0);
  const addresses = Array.from(
    DOM.querySelectorAll('[href], [src]'),
    (one) => one.getAttribute('href') ?? '',
  );
  expect(addresses.filter((address) => !address.startsWith('#'))).toEqual([]);
  expect(addresses.filter((address) => DOM.querySelector(address) === null)).toEqual([]);
  expect(PAGE).not.toMatch(/url\(|@import/);
});

test('headings step down by one, every id is there once, and tables tell what they are', () => {
  const levels = Array.from(DOM.querySelectorAll('h1, h2, h3'), ({ tagName }) => Number(tagName[1]));
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  levels.forEach((level, k) => {
    expect(level - (levels[k - 1] ?? 0)).toBeLessThanOrEqual(1);
  });
  const ids = Array.from(DOM.querySelectorAll('[id]'), ({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const table of DOM.querySelectorAll('table')) {
    expect(table.querySelector('caption')!.textContent).not.toBe('');
    expect(table.querySelectorAll('th:not([scope])')).toHaveLength(0);
    expect(table.parentElement!.getAttribute('tabindex')).toBe('0');
    const widths = Array.from(table.rows, (row) =>
      Array.from(row.cells).reduce((sum, one) => sum + one.colSpan, 0),
    );
    expect(new Set(widths).size).toBe(1);
  }
});

test('every picture has a caption and a description with the figures in it', () => {
  const figures = [...DOM.querySelectorAll('figure')];
  expect(figures).toHaveLength(9);
  for (const figure of figures) {
    expect(figure.querySelector('figcaption')!.textContent!.length).toBeGreaterThan(40);
    const drawings = [...figure.querySelectorAll('.panel > svg')];
    expect(drawings.length).toBeGreaterThan(0);
    for (const drawing of drawings) {
      expect(drawing.getAttribute('role')).toBe('img');
      expect(drawing.getAttribute('aria-label')).toMatch(/\d/);
    }
  }
});

test('pictures are made of numbers, to two decimals', () => {
  const drawn = Array.from(DOM.querySelectorAll('svg'), ({ outerHTML }) => outerHTML).join('');
  expect(drawn).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(drawn).not.toMatch(/\d\.\d{3}/);
});

test('what is missing is said above everything, and in the title', () => {
  const some = RUNS.filter(({ controller, seed }) => seed <= (controller === 'max-pressure' ? 3 : 5));
  const asked = { controllers: PLANS.map(({ label }) => label), seeds: [1, 2, 3, 4, 5, 6] };
  const page = parsed(pageOf(some, CONTEXT, asked));
  const first = page.querySelector('#verdict > *')!;
  expect(first.textContent).toContain('This is a partial comparison: 13 of 18 runs are there.');
  expect(page.title).toMatch(/^Partial: /);
  expect(page.querySelector('.verdict')!.textContent).toMatch(/^On 3 seeds/);
});

test('names from files cannot become part of the page', () => {
  const evil = `<img src=x onerror="alert(1)">&'"</title></style></svg><script>alert(2)</script>`;
  const layout: Layout = {
    ...LAYOUT,
    name: evil,
    intersections: LAYOUT.intersections.map((one) => ({
      ...{ ...one, id: `${one.id}${evil}` },
      movements: one.movements.map((movement) => ({ ...movement, id: `${movement.id}${evil}` })),
    })),
    roads: LAYOUT.roads.map((road) => ({ ...road, id: `${road.id}${evil}` })),
  };
  const runs = RUNS.map((run) => ({
    ...{ ...run, controller: `${run.controller}${evil}` },
    trace: run.trace && { ...run.trace, phaseNames: run.trace.phaseNames.map((name) => `${name}${evil}`) },
  }));
  const names = PLANS.map(({ label }) => `${label}${evil}`);
  const { controllers, ...context } = contextOf(layout, names);
  const told = controllers.map((one) => ({
    ...{ ...one, summary: evil, source: evil, facts: [evil], settings: { [evil]: evil } },
  }));
  const scenario = { name: evil, file: evil, hash: evil };
  const hostile = {
    ...context,
    scenario,
    controllers: told,
    notes: [evil],
    warnings: [evil],
    command: evil,
    protocol: evil,
    version: evil,
  };
  const measures = TOY_MEASURES.map((one) => ({
    ...one,
    label: `${one.label}${evil}`,
    unit: evil,
    meaning: evil,
  }));
  const page = parsed(reportPage(compare(runs, { measures }), runs, hostile, document));
  expect(page.querySelectorAll('script, img, [onerror]')).toHaveLength(0);
  expect(page.querySelectorAll('h1')[0].textContent).toBe(evil);
  expect(page.querySelectorAll('figure')).toHaveLength(9);
  expect(page.querySelectorAll('section')).toHaveLength(DOM.querySelectorAll('section').length);
});

describe('little to show still gives a whole page', () => {
  const bare = (runs: readonly RunResult[]) => parsed(pageOf(runs));
  const zero = (run: RunResult): RunResult => {
    const empty = plainRun(run.controller, run.seed, {});
    const nobody = run.movements.map((one) => ({
      ...one,
      volume: 0,
      controlDelayS: Number.NaN,
      degreeOfSaturation: Number.NaN,
    }));
    return { ...empty, movements: nobody, approaches: run.approaches, warmupS: 120, durationS: 900 };
  };
  const cases: [string, readonly RunResult[]][] = [
    ['one seed', RUNS.filter(({ seed }) => seed === 1)],
    ['one controller', RUNS.filter(({ controller }) => controller === 'fixed-time')],
    ['one run', RUNS.slice(0, 1)],
    ['no vehicles', RUNS.map(zero)],
    [
      'nothing in common',
      RUNS.filter(({ controller, seed }) => (controller === 'fixed-time') === (seed === 1)),
    ],
    ['no trace', RUNS.map((run) => ({ ...run, trace: null }))],
    [
      'measures that are not numbers',
      RUNS.map((run) => ({ ...run, measures: { controlDelayS: Number.NaN } })),
    ],
  ];
  test.each(cases)('%s', (_, runs) => {
    const page = bare(runs);
    expect(page.querySelector('.verdict')!.textContent!.length).toBeGreaterThan(30);
    expect(page.querySelector('#method')).not.toBeNull();
    expect(page.body.textContent).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(page.body.innerHTML).not.toMatch(/NaN/);
  });
});

test('no word of praise without seeds: one seed shows differences but judges none', () => {
  const page = parsed(pageOf(RUNS.filter(({ seed }) => seed === 1)));
  expect(page.querySelectorAll('.good, .bad, .losses')).toHaveLength(0);
  const comparison: Comparison = compare(
    RUNS.filter(({ seed }) => seed === 1),
    { measures: TOY_MEASURES },
  );
  expect(comparison.losses).toEqual([]);
});
