import type { Rival } from './comparison.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { Measure } from './measureList.ts';
import type { MovementResult, RunResult } from './runResult.ts';
import { pooledDelay } from './service.ts';
import { mean, tInterval } from './statistics.ts';
import { beginsWith, effectOnMeasure, type WindowEffect, type WindowStart } from './windowStart.ts';

/** Something at which a rival is worse than the baseline, with both intervals on the wrong side of zero. */
export interface Loss {
  readonly controller: string;
  readonly kind: 'measure' | 'intersection' | 'movement';
  /** The measure's id; for places, which lose control delay, their index. */
  readonly at: string | number;
  readonly difference: Difference;
  /** Vehicles a run that it happens to, under the rival; 0 for measures. */
  readonly volume: number;
  /** What the end of the warm-up has to do with it; `null`: nothing is shown. */
  readonly window: WindowEffect | null;
}

/** With more movements than this only signals are looked at: nobody reads such a list, and it takes its time. */
const MOVEMENTS_MAX = 2000;

/** Whether losses are looked for at single movements, too. */
export function looksAtMovements(runs: readonly RunResult[]): boolean {
  return (runs[0]?.movements.length ?? 0) <= MOVEMENTS_MAX;
}

/**
 * All losses, rival by rival: first measures, then intersections, then movements, those with most delay in
 * all (difference × vehicles) first.
 */
export function lossesOf(
  rivals: readonly Rival[],
  bySeed: readonly (readonly RunResult[])[],
  measures: readonly Measure[],
  start: WindowStart | null,
): Loss[] {
  const [baseline = []] = bySeed;
  const before = baseline.map(placesOf);
  return rivals.flatMap(({ controller, differences }, r) => {
    const after = bySeed[r + 1]!.map(placesOf);
    const begins = start === null ? null : beginsWith(start, r);
    const lost = measures
      .filter(({ id }) => differences[id]!.verdict === 'worse')
      .map((measure): Loss => {
        const window = effectOnMeasure(measure, baseline, bySeed[r + 1]!, begins);
        const difference = differences[measure.id]!;
        return { controller, kind: 'measure', at: measure.id, difference, volume: 0, window };
      });
    const local = [...(before[0]?.values() ?? [])].flatMap(({ key, kind, at }): Loss[] => {
      const delays = (runs: readonly Places[]) => runs.map((places) => places.get(key)?.delayS ?? Number.NaN);
      if (!seemsWorse(delays(before), delays(after))) return [];
      const difference = differenceOf(delays(before), delays(after), 'lower');
      if (difference.verdict !== 'worse') return [];
      const volume = mean(after.map((places) => places.get(key)?.volume ?? 0));
      const window: WindowEffect | null = begins === 'more' ? { kind: 'carried' } : null;
      return [{ controller, kind, at, difference, volume, window }];
    });
    const weight = ({ difference, volume }: Loss) => difference.mean! * volume;
    const rank = ({ kind }: Loss) => Number(kind === 'movement');
    local.sort((a, b) => rank(a) - rank(b) || weight(b) - weight(a));
    return [...lost, ...local];
  });
}

/** An intersection or a movement in one run. */
interface Place {
  readonly key: string;
  readonly kind: 'intersection' | 'movement';
  readonly at: number;
  readonly volume: number;
  readonly delayS: number;
}

type Places = ReadonlyMap<string, Place>;

function placesOf(run: RunResult): Places {
  const groups = new Map<string, { kind: Place['kind']; at: number; own: MovementResult[] }>();
  const add = (kind: Place['kind'], one: MovementResult) => {
    const key = `${kind} ${one[kind]}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { kind, at: one[kind], own: [one] });
    else group.own.push(one);
  };
  for (const one of run.movements) add('intersection', one);
  if (looksAtMovements([run])) for (const one of run.movements) add('movement', one);
  return new Map(
    [...groups].map(([key, { kind, at, own }]) => {
      const volume = own.reduce((sum, one) => sum + one.volume, 0);
      return [key, { key, kind, at, volume, delayS: pooledDelay(own) }];
    }),
  );
}

/** Spares the bootstrap where Student's interval does not blame anybody anyway. */
function seemsWorse(before: readonly number[], after: readonly number[]): boolean {
  const t = tInterval(after.map((delay, k) => delay - before[k]!).filter(Number.isFinite));
  return t !== null && t.low > 0;
}
