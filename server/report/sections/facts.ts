import { swatch } from '../charts/picture.ts';
import type { Comparison } from '../comparison.ts';
import type { ControllerFacts, ReportContext } from '../context.ts';
import { counted, figure } from '../figures.ts';
import { html, type Markup } from '../html.ts';

/** What each controller is, sees and was set to. */
export function controllerFacts({ controllers }: Comparison, context: ReportContext): Markup {
  const parts = controllers.map(({ controller }, k) => {
    const own = context.controllers.find(({ name }) => name === controller);
    return html`<div><h3>${swatch(k)} ${controller}</h3>
${own === undefined ? null : factList(own)}</div>
`;
  });
  return html`<div class="panels columns-2">
${parts}</div>
`;
}

function factList({ summary, source, sees, decisionS, settings, facts }: ControllerFacts): Markup {
  const chosen = Object.entries(settings);
  return html`<dl class="facts">
<dt>What it does</dt><dd>${summary}</dd>
<dt>Source</dt><dd>${source}</dd>
<dt>Sees</dt><dd>${sees}</dd>
<dt>Asked every</dt><dd>${figure(decisionS, decisionS % 1 === 0 ? 0 : 1)} s</dd>
<dt>Settings</dt><dd>${chosen.length === 0 ? 'none' : chosen.map(([key, value]) => html`<div><code>${key}</code> ${value}</div>`)}</dd>
${
  facts.length === 0
    ? null
    : html`<dt>Came to</dt><dd>${facts.map((fact) => html`<div>${fact}</div>`)}</dd>
`
}</dl>
`;
}

/** What was run, so that somebody else can run it again. */
export function reproduction(comparison: Comparison, context: ReportContext): Markup {
  const { seeds, repeats, warmupS, durationS, partial } = comparison;
  const { scenario, version, command, protocol, notes } = context;
  return html`<dl class="facts">
<dt>Scenario</dt><dd>${scenario.name}</dd>
<dt>File</dt><dd><code>${scenario.file}</code></dd>
<dt>Hash</dt><dd><code>${scenario.hash}</code></dd>
<dt>Greenwave</dt><dd>version ${version}</dd>
<dt>Protocol</dt><dd>${protocol}</dd>
<dt>Duration</dt><dd>${figure(durationS, 0)} s, of which ${figure(warmupS, 0)} s warm-up</dd>
<dt>Seeds compared</dt><dd>${seedText(seeds)}${repeats.length === 0 ? '' : `; the same on ${repeats.join(', ')}`}</dd>
${
  partial === null
    ? null
    : html`<dt>Missing</dt><dd>${partial}</dd>
`
}</dl>
${notes.map(
  (note) => html`<p>${note}</p>
`,
)}<p>This command repeats it. The same version, file and seeds give the same bytes of this page on any machine:</p>
<pre><code>${command}</code></pre>
`;
}

/** `1 to 20 (20 seeds)`, or each of them where they do not follow one another. */
export function seedText(seeds: readonly number[]): string {
  if (seeds.length === 0) return 'none';
  const first = seeds[0]!;
  const run = seeds.every((seed, k) => seed === first + k);
  if (seeds.length === 1) return String(first);
  return run && seeds.length > 2
    ? `${first} to ${seeds[seeds.length - 1]} (${counted(seeds.length, 'seed')})`
    : `${seeds.join(', ')} (${counted(seeds.length, 'seed')})`;
}
