import { batch, computed, effect, untracked } from '@preact/signals';
import type { RoadMap } from '../server/protocol/roadMap.ts';
import { readSight } from './sight.ts';
import * as state from './state.ts';

const AGAIN_MS = 3_000;

/** Fetches the road map whenever the session is on another one, and chooses a place on it. */
export function followMap(): void {
  let isFirst = true;
  // A session changes more often than its road map.
  const address = computed(() => state.session.value?.map ?? null);
  effect(() => {
    const { value: where } = address;
    if (where === null) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async () => {
      try {
        const answer = await fetch(new URL(where, document.baseURI));
        if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
        const map = (await answer.json()) as RoadMap;
        if (isOver) return;
        batch(() => {
          state.map.value = map;
          if (isFirst) lookAsAddressSays(map);
          else lookAnew(map);
        });
        isFirst = false;
      } catch (error) {
        if (isOver) return;
        state.tell(`The road map could not be loaded: ${(error as Error).message} Trying again.`, true);
        timer = setTimeout(load, AGAIN_MS);
      }
    };
    untracked(() => {
      state.map.value = null;
      void load();
    });
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  });
}

function lookAsAddressSays(map: RoadMap): void {
  const sight = readSight(new URLSearchParams(location.search));
  const at = map.intersections.name.indexOf(sight.at ?? '');
  const lane = map.lanes.name.indexOf(sight.lane ?? '');
  state.intersection.value = at >= 0 ? at : usualIntersection(map);
  state.vehicle.value = sight.vehicle;
  state.lane.value = lane >= 0 ? { lane, positionM: map.lanes.length[lane]! / 2 } : null;
  state.side.value = Math.min(sight.side, state.controllers.peek().length - 1);
}

function lookAnew(map: RoadMap): void {
  state.view.value = null;
  state.intersection.value = usualIntersection(map);
  state.vehicle.value = null;
  state.lane.value = null;
  state.follow.value = false;
  if (state.panel.value === 'trip' || state.panel.value === 'lane') state.panel.value = 'why';
}

/** A signal to begin with: the middle one of the corridor, else the first. */
export function usualIntersection({ corridor, roads, intersections }: RoadMap): number | null {
  const middle = corridor[corridor.length >> 1];
  if (middle !== undefined) return roads.to[middle] ?? null;
  const first = intersections.signal.indexOf(1);
  return first < 0 ? null : first;
}
