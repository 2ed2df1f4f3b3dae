import { effect, signal, untracked } from '@preact/signals';
import { type DecodedFrame, decodeFrame, decodeHeader } from '../server/protocol/frame.ts';
import { map, scene, session, step, tell } from './state.ts';

/**
 * Takes frames from the connection to the scene. A frame that comes before its road map and scene are there is kept, the
 * last one only: a paused session sends no other.
 */
let kept: ArrayBuffer | null = null;
/** The last frames drawn, by kind, for tables and pictures. */
export const latest: { vehicles: DecodedFrame | null; lanes: DecodedFrame | null } = {
  vehicles: null,
  lanes: null,
};
/** Counts up at most once a second while frames come. */
export const frameSecond = signal(0);
let secondAt = Number.NEGATIVE_INFINITY;

/** @param seen  called when it has been drawn, or there is nothing to draw it on */
export function takeFrame(data: ArrayBuffer, seen: (sequence: number) => void): void {
  const sequence = sequenceOf(data);
  if (sequence === null) return;
  if (scene.value === null) {
    kept = data;
    seen(sequence);
    return;
  }
  show(data);
  requestAnimationFrame(() => seen(sequence));
}

/** Another network, or other sides: what came so far cannot be drawn any more. */
export function forgetFrames(): void {
  kept = null;
  latest.vehicles = null;
  latest.lanes = null;
}

/** Draws what was kept as soon as there is a scene. */
export function followScene(): void {
  effect(() => {
    if (scene.value === null || kept === null) return;
    const data = kept;
    kept = null;
    untracked(() => show(data));
  });
}

function sequenceOf(data: ArrayBuffer): number | null {
  try {
    return decodeHeader(data).sequence;
  } catch (error) {
    tellOnce(error);
    return null;
  }
}

function show(data: ArrayBuffer): void {
  const { value: roads } = map;
  const { value: drawn } = scene;
  if (roads === null || drawn === null) return;
  try {
    // Of another run than the one that is here now.
    if (decodeHeader(data).revision !== session.peek()?.revision) return;
    const shape = { laneCount: roads.lanes.name.length, connectorCount: roads.connectors.from.length };
    const frame = decodeFrame(data, shape);
    drawn.show(frame);
    if (frame.kind === 'heat') return;
    if (frame.kind === 'vehicles') latest.vehicles = frame;
    else latest.lanes = frame;
    latest[frame.kind === 'vehicles' ? 'lanes' : 'vehicles'] = null;
    step.value = frame.step;
    const now = performance.now();
    if (now - secondAt >= 1000 || frame.sinceSteps === 0) {
      secondAt = now;
      frameSecond.value++;
    }
  } catch (error) {
    tellOnce(error);
  }
}

let hasTold = false;

function tellOnce(error: unknown): void {
  if (hasTold) return;
  hasTold = true;
  const words = error instanceof Error ? error.message : String(error);
  tell(`A picture could not be drawn: ${words} Further ones are left out without a word.`, true);
}
