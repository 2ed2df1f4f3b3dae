import type { Signal } from '../../scenario/layout.ts';

/** A phase as CityFlow knows it: a duration in s, and which movements are open meanwhile. */
export interface LightPhase {
  readonly time: number;
  readonly availableRoadLinks: readonly number[];
}

/**
 * A signal's fixed plan as CityFlow's cycle of light phases.
 *
 * CityFlow knows neither yellow nor red clearance nor offsets. A change between two phases becomes a
 * light phase of its own, in which only what is green on both sides stays open. An offset becomes a
 * cycle that starts in the middle: with the rest of the light phase that runs at time 0.
 */
export function lightPhases({ phases, offsetS }: Signal): LightPhase[] {
  const cycle: LightPhase[] = [];
  for (const [p, { greens, splitS, yellowChangeS, redClearanceS }] of phases.entries()) {
    const open = greens.map((green) => green.movement);
    const changeS = phases.length > 1 ? yellowChangeS + redClearanceS : 0;
    cycle.push({ time: Math.max(0, splitS - changeS), availableRoadLinks: open });
    if (changeS === 0) continue;
    const next = phases[(p + 1) % phases.length]!;
    const kept = open.filter((movement) => next.greens.some((green) => green.movement === movement));
    cycle.push({ time: Math.min(changeS, splitS), availableRoadLinks: kept });
  }
  return startedAt(cycle, -offsetS);
}

/** The same cycle, `elapsed` seconds on. */
function startedAt(cycle: readonly LightPhase[], elapsed: number): LightPhase[] {
  const duration = cycle.reduce((sum, phase) => sum + phase.time, 0);
  let left = elapsed % duration;
  if (left < 0) left += duration;
  if (!(left > 0)) return [...cycle];
  let first = 0;
  while (first + 1 < cycle.length && left >= cycle[first]!.time) left -= cycle[first++]!.time;
  const running = cycle[first]!;
  const rest = { ...running, time: running.time - left };
  const rotated = [rest, ...cycle.slice(first + 1), ...cycle.slice(0, first)];
  return left > 0 ? [...rotated, { ...running, time: left }] : rotated;
}
