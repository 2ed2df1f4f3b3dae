import type { Rival } from './comparison.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { Measure } from './measureList.ts';
import type { RunResult } from './runResult.ts';
import { pooledDelay } from './service.ts';

/** Something at which a rival is worse than the baseline, with both intervals on the wrong side of zero. */
export interface Loss {
  readonly controller: string;
  readonly kind: 'measure' | 'intersection' | 'movement';
  /** The measure's id; for places, which lose control delay, their index. */
  readonly at: string | number;
  readonly difference: Difference;
  /** Vehicles a run that it happens to, under the rival; 0 for measures. */
  readonly volume: number;
}

/**
 * All losses, rival by rival: first measures, then intersections, then movements, those with most delay in
 * all (difference × vehicles) first.
 */
export function lossesOf(
  rivals: readonly Rival[],
  bySeed: readonly (readonly RunResult[])[],
  measures: readonly Measure[],
): Loss[] {
  const [baseline = []] = bySeed;
  const places = placesOf(baseline);
  const before = places.map((place) => baseline.map((run) => delayAt(run, place)));
  return rivals.flatMap(({ controller, differences }, r) => {
    const runs = bySeed[r + 1]!;
    const lost = measures
      .filter(({ id }) => differences[id]!.verdict === 'worse')
      .map(({ id }): Loss => {
        return { controller, kind: 'measure', at: id, difference: differences[id]!, volume: 0 };
      });
    const local = places.flatMap((place, k): Loss[] => {
      const after = runs.map((run) => delayAt(run, place));
      const difference = differenceOf(before[k]!, after, 'lower');
      return difference.verdict === 'worse'
        ? [{ controller, ...place, difference, volume: volumeAt(runs, place) }]
        : [];
    });
    const weight = ({ difference, volume }: Loss) => difference.mean! * volume;
    const rank = ({ kind }: Loss) => Number(kind === 'movement');
    local.sort((a, b) => rank(a) - rank(b) || weight(b) - weight(a));
    return [...lost, ...local];
  });
}

type Place = { readonly kind: 'intersection' | 'movement'; readonly at: number };

/** Intersections and movements, each once, as the first run has them. */
function placesOf([run]: readonly RunResult[]): Place[] {
  if (run === undefined) return [];
  const intersections = [...new Set(run.movements.map(({ intersection }) => intersection))];
  return [
    ...intersections.map((at): Place => ({ kind: 'intersection', at })),
    ...run.movements.map(({ movement }): Place => ({ kind: 'movement', at: movement })),
  ];
}

function movementsAt({ movements }: RunResult, { kind, at }: Place) {
  return movements.filter((one) => one[kind] === at);
}

function delayAt(run: RunResult, place: Place): number {
  return pooledDelay(movementsAt(run, place));
}

function volumeAt(runs: readonly RunResult[], place: Place): number {
  let volume = 0;
  for (const run of runs) for (const movement of movementsAt(run, place)) volume += movement.volume;
  return volume / runs.length;
}
