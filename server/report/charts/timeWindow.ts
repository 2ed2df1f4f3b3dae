import type { RunResult } from '../runResult.ts';

/** A part of a run that is drawn in detail, s. */
export interface TimeWindow {
  readonly startS: number;
  readonly endS: number;
}

/** The middle of what lies after the warm-up, from a full minute on: the same for all pictures that are to be compared. */
export function middleOf({ warmupS, durationS }: RunResult, lengthS: number): TimeWindow {
  const middle = (warmupS + durationS - lengthS) / 2;
  const startS = Math.max(warmupS, Math.floor(middle / 60) * 60);
  return { startS, endS: Math.min(durationS, startS + lengthS) };
}

/** `20:00`, minutes and seconds. */
export function clock(timeS: number): string {
  const seconds = Math.round(timeS);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Full minutes within, or every 30 s if there are few. */
export function ticksWithin({ startS, endS }: TimeWindow): number[] {
  const everyS = Math.max(30, Math.ceil((endS - startS) / 5 / 60) * 60);
  const ticks: number[] = [];
  for (let t = Math.ceil(startS / everyS) * everyS; t <= endS; t += everyS) ticks.push(t);
  return ticks;
}

/** How often a run had seconds: what of an interval lies in the window, or `null`. */
export function within({ startS, endS }: TimeWindow, fromS: number, toS: number): TimeWindow | null {
  const from = Math.max(startS, fromS);
  const to = Math.min(endS, toS);
  return to > from ? { startS: from, endS: to } : null;
}
