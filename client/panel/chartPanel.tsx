import type { ComponentType } from 'preact';
import { grouped } from '../format.ts';
import type { ChartTab } from '../sight.ts';
import { areChartsOpen, chart, session, told } from '../state.ts';
import { Boundary } from './boundary.tsx';
import { Icon } from './icon.tsx';
import { later } from './later.tsx';
import { Tabs } from './tabs.tsx';

const TABS: readonly { readonly key: ChartTab; readonly name: string }[] = [
  { key: 'delay', name: 'Delay' },
  { key: 'queue', name: 'Queue' },
  { key: 'ribbons', name: 'Phases' },
  { key: 'time-space', name: 'Time-space' },
  { key: 'intersections', name: 'Intersections' },
  { key: 'events', name: 'Events' },
];

const CHARTS: Readonly<Record<ChartTab, ComponentType>> = {
  delay: later(() => import('./lineChart.tsx').then((part) => part.DelayChart), 'the chart'),
  queue: later(() => import('./lineChart.tsx').then((part) => part.QueueChart), 'the chart'),
  ribbons: later(() => import('./ribbonChart.tsx').then((part) => part.RibbonChart), 'the phases'),
  'time-space': later(
    () => import('./timeSpaceChart.tsx').then((part) => part.TimeSpaceChart),
    'the diagram',
  ),
  intersections: later(
    () => import('./intersectionTable.tsx').then((part) => part.IntersectionTable),
    'the table',
  ),
  events: later(() => import('./eventLog.tsx').then((part) => part.EventLog), 'the events'),
};

/** With how much there is to read. */
function tabs(): typeof TABS {
  const { warnings = [], interventions = [] } = session.value ?? {};
  const count = told.value.alarms.length + warnings.length + interventions.length;
  if (count === 0) return TABS;
  return TABS.map((tab) => (tab.key === 'events' ? { ...tab, name: `Events (${grouped(count)})` } : tab));
}

/** What happened over time, and where. */
export function ChartPanel() {
  const Shown = CHARTS[chart.value];
  return (
    <section class={areChartsOpen.value ? 'charts' : 'charts folded'} aria-label="Over time">
      <div class="charts-head">
        <Tabs label="Over time" id="chart" all={tabs()} chosen={chart} />
        <button
          type="button"
          class="button quiet-button"
          aria-expanded={areChartsOpen.value}
          aria-controls="chart-body"
          aria-label={areChartsOpen.value ? 'Fold the charts away' : 'Unfold the charts'}
          title={areChartsOpen.value ? 'Fold away' : 'Unfold'}
          onClick={() => {
            areChartsOpen.value = !areChartsOpen.value;
          }}
        >
          <Icon name={areChartsOpen.value ? 'down' : 'up'} />
        </button>
      </div>
      <div
        class="chart-body"
        role="tabpanel"
        id="chart-body"
        aria-labelledby={`chart-tab-${chart.value}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach it.
        tabIndex={0}
        hidden={!areChartsOpen.value}
      >
        {areChartsOpen.value && (
          <Boundary key={chart.value} name="This part">
            <Shown />
          </Boundary>
        )}
      </div>
    </section>
  );
}
