import type { Intervention } from '../protocol/session.ts';
import type { Names } from '../scenario/compile.ts';
import { quoted, suggestion } from '../scenario/problem.ts';
import { clearIncident, closeLane, openLane, placeIncident } from '../sim/closures.ts';
import type { Simulation } from '../sim/simulation.ts';

/** Lanes by name. */
export interface Roadworks {
  readonly closed: ReadonlySet<string>;
  /** With where it is, m from the upstream end. */
  readonly incidents: ReadonlyMap<string, number>;
}

/** What holds at the beginning of a step, before anything is done in it. */
export function roadworksOf(interventions: readonly Intervention[], step: number): Roadworks {
  const closed = new Set<string>();
  const incidents = new Map<string, number>();
  for (const one of interventions) {
    if (one.step > step) continue;
    switch (one.kind) {
      case 'close-lane':
        closed.add(one.lane);
        break;
      case 'open-lane':
        closed.delete(one.lane);
        break;
      case 'incident':
        incidents.set(one.lane, one.positionM);
        break;
      case 'clear-incident':
        incidents.delete(one.lane);
        break;
    }
  }
  return { closed, incidents };
}

/** An intervention names a lane that the network does not have. */
export class UnknownLane extends Error {}

/**
 * The lane of an intervention, as an element.
 *
 * @throws {UnknownLane} where there is none of that name
 */
export function blockedBy(names: Names, { lane }: Intervention): number {
  const e = names.element.indexOf(lane);
  if (e >= 0 && !lane.includes(':')) return e;
  const lanes = names.element.filter((name) => !name.includes(':'));
  throw new UnknownLane(`There is no lane ${quoted(lane)}. ${suggestion(lane, lanes)}`.trim());
}

/** Does to a simulation what people did to the road. */
export function intervene(sim: Simulation, names: Names, one: Intervention): void {
  const lane = blockedBy(names, one);
  if (one.kind === 'close-lane') closeLane(sim, lane);
  else if (one.kind === 'open-lane') openLane(sim, lane);
  else if (one.kind === 'incident') placeIncident(sim, lane, one.positionM);
  else clearIncident(sim, lane);
}
