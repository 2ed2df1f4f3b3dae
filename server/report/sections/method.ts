import { pollutantsOf } from '../charts/emissions.ts';
import type { Comparison } from '../comparison.ts';
import { counted, enumeration, figure, inSentence, withUnit } from '../figures.ts';
import { html, type Markup } from '../html.ts';
import { measureName, measureOf } from '../measureOf.ts';

/** What the figures mean and how they were made. */
export function methodNotes(comparison: Comparison): Markup {
  const { measures, family, headline, seeds, rivals, warmupS, controllers } = comparison;
  const main = measureName(measureOf(measures, headline));
  const meanings = measures.map(
    ({
      label,
      meaning,
      unit,
    }) => html`<dt>${label}${unit === '' ? null : html`, ${unit}`}</dt><dd>${meaning}</dd>
`,
  );
  const drifting = controllers.filter(({ mser5 }) => !mser5.steady).map(({ controller }) => controller);
  const cuts = controllers.map(({ controller, mser5 }) => `${controller} ${figure(mser5.cutS, 0)} s`);
  return html`<h3>Paired seeds</h3>
<p>A seed fixes who arrives, when, and bound where. Every controller meets the same arrivals on each of the ${counted(seeds.length, 'seed')}, so differences are taken seed by seed, and what is luck of the seed falls out.</p>
<h3>Intervals and verdicts</h3>
<p>Each difference has two 95\u00a0% intervals: Student’s t, and the percentile bootstrap with 10,000 resamples. It is called better or worse only where both leave out zero. The verdict’s sentence is about ${main}. Wilcoxon’s signed-rank test is a third, independent look.${rivals.length === 0 ? null : html` Its p-values are adjusted by Holm’s method over ${counted(family.length * rivals.length, 'test')} together: ${enumeration(family.map((id) => measureName(measureOf(measures, id))))}${rivals.length > 1 ? ', for each rival' : ''}.`} The other measures inform, and their p-values are not adjusted.</p>
${precisionNote(comparison)}<h3>Warm-up</h3>
<p>Figures leave out the first ${figure(warmupS, 0)} s, in which the network fills; series and queue pictures show them. For comparison, MSER-5 on the vehicles present would cut ${enumeration(cuts)}.${drifting.length === 0 ? null : ` Under ${enumeration(drifting)} it finds no steady state: demand or queues still change, and the figures are means over that change.`}</p>
<p>A controller that did badly in the warm-up ends it with a backlog, and then discharges more than one without. So throughput is counted over the whole run: all runs of a seed begin empty and have the same arrivals, and what differs at the end is what was served. Where two controllers end the warm-up with different numbers of vehicles, each loss is looked at over the whole run as well, as far as its measure can be told of that; a loss that is not shown there is called made by the window. Other losses of the controller that begins with more vehicles are marked, as part of them is the discharge of these.</p>
<h3>Level of service</h3>
<p>By mean control delay as in the Highway Capacity Manual (6th edition, chapter 19): A up to 10 s, B 20 s, C 35 s, D 55 s, E 80 s, F above. A movement whose v/c exceeds 1 has F whatever its delay; approaches, signals and the network are graded by delay alone, weighted by volume. The delay is the simulated one, not the manual’s formula, and it is per stop line: a trip over several signals adds up several of them.</p>
<h3>v/c</h3>
<p>Vehicles that crossed the stop line over capacity: saturation flow of the movement’s lanes times the share of the time with right of way that it had. Under controllers that give green on demand this is the green that was given, so v/c is near 1 where they fit it tightly. Demand that never reached the stop line is not in it; unserved vehicles and spillback tell of that.</p>
${emissionNote(comparison)}<h3>What each measure means</h3>
<dl class="facts">
${meanings}</dl>
`;
}

function precisionNote({ precision, measures, headline, seeds }: Comparison): Markup | null {
  if (precision === null) return null;
  const { label, unit, digits } = measureOf(measures, headline);
  const wanted = withUnit(`± ${figure(precision.wanted, Math.max(digits, 1))}`, unit);
  if (precision.reached) {
    return html`<p>Differences in ${inSentence(label)} were wanted to ${wanted}; ${counted(seeds.length, 'seed')} are enough for that.</p>
`;
  }
  const needed =
    precision.seedsNeeded === null ? 'more than 10,000' : `about ${figure(precision.seedsNeeded, 0)}`;
  return html`<p>Differences in ${inSentence(label)} were wanted to ${wanted}; that needs ${needed} seeds rather than ${seeds.length}.</p>
`;
}

function emissionNote({ measures }: Comparison): Markup | null {
  const models = [...new Set(pollutantsOf(measures).flatMap((one) => one.models.map(({ model }) => model)))];
  const told = models.filter((model) => model !== '');
  if (told.length === 0) return null;
  const bias = told.some((model) => model.includes('HBEFA'))
    ? ' The HBEFA3 fit has an idling petrol car emit 2.6 g of CO2 a second, three to four times what is measured, so it rewards whoever makes vehicles stand less.'
    : '';
  return html`<h3>Emissions</h3>
<p>Computed from each vehicle’s speed and acceleration by ${enumeration(told)}.${bias} That is why a second, independent model stands beside it: read a gain that only one of them shows as not shown.</p>
`;
}
