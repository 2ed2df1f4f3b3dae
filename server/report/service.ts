import { type LevelOfService, levelOfService } from '../control/hcm.ts';
import { toldOrNull } from './difference.ts';
import type { MovementResult, RunResult } from './runResult.ts';

/** Delay and level of service of a group of vehicles. Plain data: `null` where nobody came. */
export interface Grade {
  /** Vehicles a run, the mean over seeds. */
  readonly volume: number;
  /** Mean over all vehicles of all seeds, s. */
  readonly controlDelayS: number | null;
  readonly level: LevelOfService | null;
}

export interface MovementGrade extends Grade {
  readonly movement: number;
  readonly intersection: number;
  readonly approach: number;
  /** v/c, the mean over seeds. Above 1 the grade is F. */
  readonly degreeOfSaturation: number | null;
}

export interface ApproachGrade extends Grade {
  readonly road: number;
  readonly intersection: number;
}

export interface IntersectionGrade extends Grade {
  readonly intersection: number;
}

/** Levels of service under one controller, from the single movement to the whole network. */
export interface Service {
  readonly movements: readonly MovementGrade[];
  readonly approaches: readonly ApproachGrade[];
  readonly intersections: readonly IntersectionGrade[];
  readonly network: Grade;
}

/** Adds up what movements had, by volume, as the Highway Capacity Manual aggregates delay. */
export function serviceOf(runs: readonly RunResult[]): Service {
  const all = runs.flatMap(({ movements }) => movements);
  const graded = (group: readonly MovementResult[]) => gradeOf(group, runs.length);
  const movements = grouped(all, ({ movement }) => movement).map((group): MovementGrade => {
    const { movement, intersection, approach } = group[0]!;
    const ratio = meanRatio(group);
    const { volume, controlDelayS } = graded(group);
    return {
      movement,
      intersection,
      approach,
      volume,
      controlDelayS,
      degreeOfSaturation: toldOrNull(ratio),
      level: levelOfService(controlDelayS ?? Number.NaN, ratio),
    };
  });
  const approaches = grouped(all, ({ approach }) => approach).map((group): ApproachGrade => {
    const { approach, intersection } = group[0]!;
    return { road: approach, intersection, ...graded(group) };
  });
  const intersections = grouped(all, ({ intersection }) => intersection).map((group): IntersectionGrade => {
    return { intersection: group[0]!.intersection, ...graded(group) };
  });
  return { movements, approaches, intersections, network: graded(all) };
}

/** Mean control delay over movements, weighted by volume, s; NaN where nobody came. */
export function pooledDelay(movements: readonly MovementResult[]): number {
  let volume = 0;
  let delay = 0;
  for (const movement of movements) {
    if (movement.volume === 0) continue;
    volume += movement.volume;
    delay += movement.volume * movement.controlDelayS;
  }
  return delay / volume;
}

function gradeOf(movements: readonly MovementResult[], runs: number): Grade {
  const delay = pooledDelay(movements);
  const volume = movements.reduce((sum, movement) => sum + movement.volume, 0) / runs;
  return { volume: toldOrNull(volume) ?? 0, controlDelayS: toldOrNull(delay), level: levelOfService(delay) };
}

function meanRatio(movements: readonly MovementResult[]): number {
  const ratios = movements.map((m) => m.degreeOfSaturation).filter((ratio) => !Number.isNaN(ratio));
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}

/** Groups in ascending order of their key. */
function grouped<T>(items: readonly T[], key: (item: T) => number): T[][] {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}
