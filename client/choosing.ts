import { batch } from '@preact/signals';
import { closeOrOpen, dropIncident } from './commands.ts';
import type { Picked } from './scene/scene.ts';
import * as state from './state.ts';

/** What the viewer points at, on the picture or by name. */

export function chooseIntersection(intersection: number, goThere = false): void {
  batch(() => {
    state.intersection.value = intersection;
    if (state.panel.value !== 'signal') state.panel.value = 'why';
  });
  if (goThere) goTo(intersection);
}

/** The whole map; who looks at all of it follows nobody. */
export function fitMap(): void {
  state.follow.value = false;
  state.scene.value?.fit();
}

export function goTo(intersection: number): void {
  state.follow.value = false;
  const { x, y } = state.map.value?.intersections ?? { x: [], y: [] };
  if (x[intersection] !== undefined) state.scene.value?.goTo(x[intersection]!, y[intersection]!);
}

export function chooseVehicle(vehicle: number | null): void {
  batch(() => {
    state.vehicle.value = vehicle;
    if (vehicle === null) state.follow.value = false;
    else state.panel.value = 'trip';
  });
}

export function chooseLane(lane: number, positionM: number): void {
  batch(() => {
    state.lane.value = { lane, positionM };
    state.panel.value = 'lane';
  });
}

export function chooseSide(side: number): void {
  if (side < state.controllers.value.length) state.side.value = side;
}

/** A click on the picture. */
export function choosePicked(picked: Picked | null): void {
  const { value: tool } = state.tool;
  if (tool !== null) {
    if (picked?.kind !== 'lane') {
      state.tell('That is no lane. Click on a lane, or press Escape.');
      return;
    }
    state.tool.value = null;
    chooseLane(picked.lane, picked.positionM);
    if (tool === 'incident') dropIncident(picked.lane, picked.positionM);
    else closeOrOpen(picked.lane);
    return;
  }
  if (picked === null) return;
  chooseSide(picked.side);
  if (picked.kind === 'intersection') chooseIntersection(picked.intersection);
  else if (picked.kind === 'vehicle') chooseVehicle(picked.vehicle);
  else chooseLane(picked.lane, picked.positionM);
}

/** Escape: puts away the tool, then the lane, then the vehicle. */
export function letGo(): void {
  if (state.tool.value !== null) state.tool.value = null;
  else if (state.lane.value !== null && state.panel.value === 'lane') {
    state.lane.value = null;
    state.panel.value = 'why';
  } else if (state.vehicle.value !== null) {
    chooseVehicle(null);
    state.panel.value = 'why';
  }
}
