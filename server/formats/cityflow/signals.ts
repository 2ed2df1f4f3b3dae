import type { Phase, Signal } from '../../scenario/layout.ts';
import { shown } from '../../scenario/problem.ts';
import type { Findings } from './findings.ts';
import { indicesAt, isObject, type JsonObject, listAt, numberAt, objectAt, type Range } from './shape.ts';

const PHASE_TIME: Range = { min: 0, max: 1e9, unit: 's' };
/** `Signal.changePhase` when a change of phase shows no phase in between. */
const NO_CHANGE_PHASE = -1;

/**
 * The signal of an intersection: CityFlow's light phases in their order, all of them protected and
 * without change intervals. `null` where the intersection has no traffic light or no phase.
 *
 * With `ownCycle` the phases follow one another for their times, so these must add up to something.
 */
export function readSignal(
  findings: Findings,
  where: string,
  intersection: JsonObject,
  movementCount: number,
  ownCycle: boolean,
): Signal | null {
  const light = intersection.trafficLight;
  if (light === undefined || light === null) return null;
  const place = `${where}.trafficLight`;
  if (!isObject(light)) {
    findings.problem(
      place,
      `Found ${shown(light)}, needs an object with "lightphases".`,
      'Leave it out where there is no signal.',
    );
    return null;
  }
  const entries = listAt(findings, place, light, 'lightphases') ?? [];
  if (entries.length === 0) return null;
  const phases = entries.map((entry, p) =>
    readPhase(findings, `${place}.lightphases[${p}]`, entry, p, movementCount),
  );
  const cycle = phases.reduce((sum, phase) => sum + phase.splitS, 0);
  if (ownCycle && cycle === 0) {
    findings.problem(`${place}.lightphases`, 'The phases take 0 s together, so no phase is ever shown.');
  }
  return { phases, offsetS: 0, changePhase: NO_CHANGE_PHASE };
}

function readPhase(
  findings: Findings,
  where: string,
  entry: unknown,
  p: number,
  movementCount: number,
): Phase {
  let splitS = Number.NaN;
  let movements: readonly unknown[] = [];
  if (objectAt(findings, where, entry)) {
    splitS = numberAt(findings, where, entry, 'time', PHASE_TIME);
    movements = listAt(findings, where, entry, 'availableRoadLinks') ?? [];
  }
  const sound = indicesAt(findings, `${where}.availableRoadLinks`, movements, movementCount);
  const open = sound ? [...new Set(movements as readonly number[])] : [];
  return {
    id: `phase_${p}`,
    greens: open.map((movement) => ({ movement, permitted: false })),
    minGreenS: 0,
    maxGreenS: Infinity,
    yellowChangeS: 0,
    redClearanceS: 0,
    splitS,
  };
}
