import type { ComponentType } from 'preact';
import { intersectionName } from '../places.ts';
import { controllerWord, letterOf } from '../sides.ts';
import type { PanelTab } from '../sight.ts';
import { controllers, dialog, intersection, lane, map, panel, side, vehicle } from '../state.ts';
import { Boundary } from './boundary.tsx';
import { Icon } from './icon.tsx';
import { later } from './later.tsx';
import { SideBadge } from './sideBadge.tsx';
import { Tabs } from './tabs.tsx';
import { WhyPanel } from './whyPanel.tsx';

const TABS: readonly { readonly key: PanelTab; readonly name: string }[] = [
  { key: 'why', name: 'Why' },
  { key: 'signal', name: 'Signal' },
  { key: 'trip', name: 'Trip' },
  { key: 'lane', name: 'Lane' },
];

const PANELS: Readonly<Record<PanelTab, ComponentType>> = {
  why: WhyPanel,
  signal: later(() => import('./signalPanel.tsx').then((part) => part.SignalPanel), 'the signal'),
  trip: later(() => import('./tripPanel.tsx').then((part) => part.TripPanel), 'the trip'),
  lane: later(() => import('./lanePanel.tsx').then((part) => part.LanePanel), 'the lane'),
};

/** About what is chosen: a signal, a vehicle or a lane. */
export function SidePanel() {
  const Shown = PANELS[panel.value];
  return (
    <aside class="side-panel" aria-label="About the place chosen">
      <div class="place">
        <Heading />
        <button
          type="button"
          class="button quiet-button"
          aria-label="Go to a place by name"
          title="Go to a place by name (G)"
          onClick={() => {
            dialog.value = 'go-to';
          }}
        >
          <Icon name="search" />
        </button>
      </div>
      <Tabs label="About" id="panel" all={TABS} chosen={panel} />
      <div
        class="panel-body"
        role="tabpanel"
        id="panel-body"
        aria-labelledby={`panel-tab-${panel.value}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach it.
        tabIndex={0}
      >
        <Boundary key={panel.value} name="This panel">
          <Shown />
        </Boundary>
      </div>
    </aside>
  );
}

/** What the panel is about. */
function Heading() {
  const { value: at } = intersection;
  if (panel.value === 'trip') {
    return <h2>{vehicle.value === null ? 'No vehicle chosen' : `Vehicle ${vehicle.value}`}</h2>;
  }
  if (panel.value === 'lane') {
    const name = lane.value === null ? undefined : map.value?.lanes.name[lane.value.lane];
    return <h2>{name === undefined ? 'No lane chosen' : `Lane ${name}`}</h2>;
  }
  return (
    <>
      <SideBadge side={side.value} />
      <h2>
        {at === null ? 'No signal chosen' : intersectionName(map.value, at)}
        <span class="quiet">
          {' '}
          under {controllerWord(controllers.value[side.value] ?? '')}
          <span class="unseen">, side {letterOf(side.value)}</span>
        </span>
      </h2>
    </>
  );
}
