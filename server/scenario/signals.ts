import { autoPhases, type Green, type PhaseGreens, protectedConflicts } from './autoPhases.ts';
import { defaultRedClearance, defaultYellowChange, isWholeSteps, upToSteps } from './changeIntervals.ts';
import { pedestrianPlan, tellShortPhases } from './crosswalks.ts';
import type { Drawing, DrawnIntersection } from './drawing.ts';
import type { Phase, Signal } from './layout.ts';
import { amount, type Findings, list, type Path, quoted } from './problem.ts';
import type { Scenario } from './schema.ts';
import type { PhaseGiven, SignalGiven } from './schemaSignals.ts';
import { splitsOf } from './splits.ts';

const DEFAULT_MIN_GREEN_S = 5;

/** What a file says of one signal: the intersection's own words, and those for all signals. */
interface Sources {
  readonly own: SignalGiven;
  readonly ownPath: Path;
  readonly all: SignalGiven;
  readonly stepS: number;
}

type Timing = 'minGreenS' | 'maxGreenS' | 'yellowChangeS' | 'redClearanceS';

/** The signal of an intersection, or `null` where none is needed or wanted. */
export function signalOf(
  scenario: Scenario,
  drawing: Drawing,
  intersection: DrawnIntersection,
  findings: Findings,
): Signal | null {
  if (intersection.boundary) return null;
  const given = scenario.intersections;
  const own = given && Object.hasOwn(given, intersection.id) ? given[intersection.id]! : {};
  const all = typeof scenario.signals === 'object' ? scenario.signals : {};
  const wanted = own.signal ?? (own.phases ? 'auto' : scenario.signals === 'none' ? 'none' : 'auto');
  if (wanted === 'none') return null;

  const sources: Sources = {
    own,
    ownPath: ['intersections', intersection.id],
    all,
    stepS: scenario.stepS ?? 1,
  };
  const shared = own.signal === 'auto' ? undefined : all.phases;
  const phases = own.phases ?? shared;
  const phasesPath = own.phases ? [...sources.ownPath, 'phases'] : ['signals', 'phases'];
  const greens = phases
    ? givenPhases(phases, phasesPath, intersection, findings)
    : autoPhases(intersection.crossing);
  if (greens.length === 0) return null;

  const timed = greens.map((phase, p) =>
    timedPhase(phase, phases?.[p], [...phasesPath, p], sources, drawing, intersection, findings),
  );
  const splits = splitsOf(
    timed,
    phases,
    phasesPath,
    own.cycleS === undefined
      ? { cycleS: all.cycleS, path: ['signals', 'cycleS'] }
      : { cycleS: own.cycleS, path: [...sources.ownPath, 'cycleS'] },
    sources.stepS,
    findings,
  );
  const planned = timed.map((phase, p) => ({ ...phase, splitS: splits[p]! }));
  const signal = { phases: planned, offsetS: offsetOf(sources, findings), changePhase: -1 };
  const pedestrians = own.pedestrians ?? all.pedestrians;
  if (pedestrians === undefined) return signal;
  const path = [...(own.pedestrians ? sources.ownPath : ['signals']), 'pedestrians'];
  const index = drawing.intersections.indexOf(intersection);
  const plan = pedestrianPlan(
    pedestrians,
    path,
    greens,
    intersection,
    drawing,
    index,
    sources.stepS,
    findings,
  );
  tellShortPhases(plan, planned, path, findings);
  const phasesOnFoot = planned.map((phase, p) => ({ ...phase, ...plan.phases[p]! }));
  return { ...signal, phases: phasesOnFoot, crosswalks: plan.crosswalks };
}

function offsetOf({ own, ownPath, all, stepS }: Sources, findings: Findings): number {
  const offsetS = own.offsetS ?? all.offsetS ?? 0;
  if (!isWholeSteps(offsetS, stepS)) {
    findings.problem(
      own.offsetS === undefined ? ['signals', 'offsetS'] : [...ownPath, 'offsetS'],
      `${amount(offsetS, 's')} is not a whole number of steps (${stepS} s).`,
    );
  }
  return offsetS;
}

/** The greens of written phases, with what is wrong about them. */
function givenPhases(
  phases: readonly PhaseGiven[],
  phasesPath: Path,
  intersection: DrawnIntersection,
  findings: Findings,
): PhaseGreens[] {
  const { crossing } = intersection;
  const index = new Map(crossing.movements.map((movement, m) => [movement.id, m]));
  const served = new Set<number>();
  const ids = new Set<string>();
  const result = phases.map((phase, p) => {
    const path = [...phasesPath, p];
    const greens: Green[] = [];
    for (const key of ['movements', 'permitted'] as const) {
      phase[key]?.forEach((name, k) => {
        const movement = index.get(name);
        if (movement === undefined) {
          findings.unknown([...path, key, k], name, 'is not a movement of this intersection', () => [
            ...index.keys(),
          ]);
        } else if (greens.some((green) => green.movement === movement)) {
          findings.problem([...path, key, k], `${quoted(name)} is in this phase twice.`, 'Name it once.');
        } else {
          served.add(movement);
          greens.push({ movement, permitted: key === 'permitted' });
        }
      });
    }
    if ((phase.movements?.length ?? 0) + (phase.permitted?.length ?? 0) === 0) {
      findings.problem(path, 'no movement goes in this phase.', `Movements: ${list([...index.keys()], 16)}.`);
    }
    for (const [one, other] of protectedConflicts(crossing, greens)) {
      findings.problem(
        path,
        `${quoted(crossing.movements[one]!.id)} and ${quoted(crossing.movements[other]!.id)} conflict, and both are protected.`,
        'Make one permitted, or move it to another phase.',
      );
    }
    const id = phase.id ?? `p${p + 1}`;
    if (ids.has(id)) findings.problem([...path, 'id'], `${quoted(id)} is the name of an earlier phase.`);
    ids.add(id);
    return { id, greens };
  });
  crossing.movements.forEach((movement, m) => {
    if (served.has(m)) return;
    findings.problem(
      phasesPath,
      `movement ${quoted(movement.id)} is green in no phase.`,
      'Add it to a phase, or take the turn off the lanes of its approach.',
    );
  });
  return result;
}

/** A phase with its green limits and change intervals, all whole numbers of steps; its split follows later. */
function timedPhase(
  { id, greens }: PhaseGreens,
  given: PhaseGiven | undefined,
  phasePath: Path,
  sources: Sources,
  drawing: Drawing,
  intersection: DrawnIntersection,
  findings: Findings,
): Phase {
  const { stepS } = sources;
  const { yellow, red } = derivedIntervals(greens, drawing, intersection);
  const take = (key: Timing) => timing(key, given, phasePath, sources);
  const yellowGiven = take('yellowChangeS');
  if (yellowGiven && yellowGiven.seconds < stepS - 1e-9) {
    findings.problem(
      yellowGiven.path,
      `${amount(yellowGiven.seconds, 's')} is shorter than one step (${stepS} s).`,
      `Use at least ${stepS}${stepS > 0.1 ? ', or lower stepS' : ''}.`,
    );
  }
  const minGreen = Math.max(stepS, upToSteps(take('minGreenS')?.seconds ?? DEFAULT_MIN_GREEN_S, stepS));
  const maxGiven = take('maxGreenS');
  const maxGreen = maxGiven ? upToSteps(maxGiven.seconds, stepS) : Infinity;
  if (maxGiven && maxGreen < minGreen) {
    findings.problem(
      maxGiven.path,
      `${amount(maxGiven.seconds, 's')} is shorter than minimum green (${minGreen} s).`,
      'Raise it, or lower minGreenS.',
    );
  }
  return {
    id,
    greens,
    minGreenS: minGreen,
    maxGreenS: maxGreen,
    yellowChangeS: upToSteps(yellowGiven?.seconds ?? yellow, stepS),
    redClearanceS: upToSteps(take('redClearanceS')?.seconds ?? red, stepS),
    splitS: 0,
  };
}

function timing(key: Timing, phase: PhaseGiven | undefined, phasePath: Path, { own, ownPath, all }: Sources) {
  if (phase?.[key] !== undefined) return { seconds: phase[key], path: [...phasePath, key] };
  if (own[key] !== undefined) return { seconds: own[key], path: [...ownPath, key] };
  if (all[key] !== undefined) return { seconds: all[key], path: ['signals', key] };
  return null;
}

/** Change intervals for the fastest approach and the longest way across among a phase's movements. */
function derivedIntervals(greens: readonly Green[], drawing: Drawing, intersection: DrawnIntersection) {
  let yellow = defaultYellowChange(0);
  let red = defaultRedClearance(0, 1e9);
  for (const green of greens) {
    const { from, connectors } = intersection.movements[green.movement]!;
    const speed = Math.max(...drawing.roads[from]!.lanes.map((lane) => lane.speedLimit));
    const width = Math.max(...connectors.map((connector) => connector.length));
    yellow = Math.max(yellow, defaultYellowChange(speed));
    red = Math.max(red, defaultRedClearance(width, speed));
  }
  return { yellow, red };
}
