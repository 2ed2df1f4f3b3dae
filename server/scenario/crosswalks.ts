import type { PhaseGreens } from './autoPhases.ts';
import { upToSteps } from './changeIntervals.ts';
import type { Drawing, DrawnIntersection } from './drawing.ts';
import type { Crosswalk } from './layout.ts';
import { amount, type Findings, type Path } from './problem.ts';
import type { PedestriansGiven } from './schemaSignals.ts';

/** Walking speed for which pedestrian clearance is timed: 3.5 ft/s, m/s (MUTCD 11th ed., 4I.06). */
export const CLEARANCE_SPEED = 3.5 * 0.3048;
/** Walk and clearance together must let somebody cross at 3.0 ft/s who starts 6 ft from the kerb (MUTCD). */
const SLOW_SPEED = 3 * 0.3048;
const SLOW_START_M = 6 * 0.3048;
const DEFAULT_WALK_S = 7;
const DEFAULT_FLOW_PPH = 60;

/** Pedestrian clearance interval, s: the time to cross `length` m at 3.5 ft/s, or another speed in m/s. */
export function pedestrianClearance(length: number, speed = CLEARANCE_SPEED): number {
  return length / speed;
}

/** What people on foot mean for the phases of one signal. */
export interface PedestrianPlan {
  readonly crosswalks: readonly Crosswalk[];
  /** By phase: which crosswalks walk with it, and for how long. */
  readonly phases: readonly {
    readonly crosswalks: readonly number[];
    readonly walkS: number;
    readonly pedestrianClearanceS: number;
  }[];
}

/**
 * One crosswalk over each leg. A phase serves those that none of its protected thru and left movements
 * drives over; turning traffic that is permitted yields, as right turns do. The walk interval is as given
 * or 7 s, longer where a slow walker would not get across otherwise; clearance is for the longest crossing.
 */
export function pedestrianPlan(
  given: PedestriansGiven,
  path: Path,
  phases: readonly PhaseGreens[],
  { id, movements }: DrawnIntersection,
  { roads }: Drawing,
  intersection: number,
  stepS: number,
  findings: Findings,
): PedestrianPlan {
  const legs = new Map<number, { roadIn: number; roadOut: number }>(); // by neighbour
  roads.forEach((road, r) => {
    if (road.to === intersection) {
      legs.set(road.from, { roadOut: legs.get(road.from)?.roadOut ?? -1, roadIn: r });
    } else if (road.from === intersection) {
      legs.set(road.to, { roadIn: legs.get(road.to)?.roadIn ?? -1, roadOut: r });
    }
  });
  const widthOf = (road: number) =>
    road < 0 ? 0 : roads[road]!.lanes.reduce((sum, lane) => sum + lane.width, 0);
  const all = [...legs.values()].map(
    ({ roadIn, roadOut }): Crosswalk => ({
      id: `crosswalk-${roads[roadIn < 0 ? roadOut : roadIn]!.id}`,
      roadIn,
      roadOut,
      length: widthOf(roadIn) + widthOf(roadOut),
      recall: given.service === 'recall',
      flowPph: given.flowPph ?? DEFAULT_FLOW_PPH,
    }),
  );
  const serves = ({ greens }: PhaseGreens, { roadIn, roadOut }: Crosswalk) =>
    greens.every(({ movement, permitted }) => {
      const { from, to, turn } = movements[movement]!;
      return permitted || turn === 'right' || (from !== roadIn && to !== roadOut);
    });
  const crosswalks = all.filter((crosswalk) => phases.some((phase) => serves(phase, crosswalk)));
  for (const left of all.filter((crosswalk) => !crosswalks.includes(crosswalk))) {
    findings.warn(
      path,
      `nobody can cross at ${left.id} of "${id}": every phase has protected traffic there.`,
      'Make a turn permitted, or add a phase.',
    );
  }
  return {
    crosswalks,
    phases: phases.map((phase) => {
      const served = crosswalks.flatMap((crosswalk, c) => (serves(phase, crosswalk) ? [c] : []));
      const longest = Math.max(0, ...served.map((c) => crosswalks[c]!.length));
      const clearance = given.clearanceS ?? pedestrianClearance(longest, given.speedMps ?? CLEARANCE_SPEED);
      const pedestrianClearanceS = served.length === 0 ? 0 : upToSteps(clearance, stepS);
      const slow = (longest + SLOW_START_M) / SLOW_SPEED - pedestrianClearanceS;
      const walkS = served.length === 0 ? 0 : upToSteps(given.walkS ?? Math.max(DEFAULT_WALK_S, slow), stepS);
      return { crosswalks: served, walkS, pedestrianClearanceS };
    }),
  };
}

/** What to say of a plan whose phases are shorter than people on foot need. */
export function tellShortPhases(
  plan: PedestrianPlan,
  phases: readonly { id: string; splitS: number; yellowChangeS: number; redClearanceS: number }[],
  path: Path,
  findings: Findings,
): void {
  phases.forEach((phase, p) => {
    const { walkS, pedestrianClearanceS, crosswalks } = plan.phases[p]!;
    const needed = walkS + pedestrianClearanceS + phase.yellowChangeS + phase.redClearanceS;
    if (crosswalks.length === 0 || phase.splitS >= needed) return;
    findings.warn(
      path,
      `phase "${phase.id}" has a split of ${amount(phase.splitS, 's')}, and people on foot need ${amount(needed, 's')} (walk ${walkS}, clearance ${pedestrianClearanceS}, and the change): its green ends late whenever somebody crosses.`,
      'Lengthen the split.',
    );
  });
}
