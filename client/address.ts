import type { Opening } from '../server/protocol/events.ts';
import { writeOpening } from '../server/protocol/link.ts';
import { type Sight, writeSight } from './sight.ts';
import * as state from './state.ts';

/** The moment that is being shown; `null` before there is one. */
export function momentNow(): Opening | null {
  const session = state.session.peek();
  const status = state.status.peek();
  if (session === null || status === null) return null;
  return {
    setup: session.setup,
    interventions: session.interventions,
    timeS: Math.round(status.step * session.stepS * 1000) / 1000,
    running: status.running,
    speed: status.speed,
  };
}

export function sightNow(): Sight {
  const map = state.map.peek();
  const at = state.intersection.peek();
  const lane = state.lane.peek();
  return {
    at: (at === null ? null : map?.intersections.name[at]) ?? null,
    vehicle: state.vehicle.peek(),
    lane: (lane === null ? null : map?.lanes.name[lane.lane]) ?? null,
    side: state.side.peek(),
    layer: state.layer.peek(),
    colorBy: state.colorBy.peek(),
    panel: state.panel.peek(),
    chart: state.chart.peek(),
    view: state.scene.peek()?.view ?? state.view.peek(),
  };
}

const WRITE_MS = 500;

/**
 * Keeps the address bar at the moment that is shown, at most twice a second.
 *
 * @param written  told of the new query
 */
export function followMoment(written: (search: string) => void): void {
  setInterval(() => {
    // On the way to another moment it stays: whoever reloads wants to be there, or where he was, and not between.
    if (state.status.peek()?.seekingStep != null) return;
    const search = searchNow();
    if (search === null || search === location.search) return;
    history.replaceState(null, '', search);
    written(location.search);
  }, WRITE_MS);
}

/** The query of a link to what is shown now; `null` before anything is. */
export function searchNow(): string | null {
  const moment = momentNow();
  // Before the road map is there, chosen places have no names, and would be lost.
  if (moment === null || state.map.peek() === null) return null;
  const query = new URLSearchParams(location.search);
  writeOpening(query, moment);
  writeSight(query, sightNow());
  return `?${query}`;
}
