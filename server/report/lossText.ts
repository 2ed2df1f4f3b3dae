import type { Comparison } from './comparison.ts';
import { counted, enumeration, figure, signed, withUnit } from './figures.ts';
import type { Loss } from './losses.ts';
import { measureName, measureOf } from './measureOf.ts';

/** So many measures are named in a line. */
const NAMED_MAX = 3;

/** Where one rival loses, in a line each. */
export interface LossLine {
  readonly controller: string;
  /** `in stops (+0.30 per veh) and at 2 of 3 signals`; `null`: nowhere. */
  readonly lost: string | null;
  /** The same of measures in which no loss is shown over the whole run; `null`: none. */
  readonly madeByWindow: string | null;
}

/** Lines of the rivals that lose anywhere; `null` where nothing could be shown at all. */
export function lossLines(comparison: Comparison): LossLine[] | null {
  const { rivals, losses, seeds } = comparison;
  if (rivals.length === 0 || seeds.length < 2) return null;
  return rivals.flatMap(({ controller }) => {
    const own = losses.filter((loss) => loss.controller === controller);
    const made = own.filter(({ window }) => window?.kind === 'made');
    const lost = own.filter((loss) => !made.includes(loss));
    const line = (part: readonly Loss[]) =>
      part.length === 0 ? null : enumeration(lostBy(comparison, part));
    return own.length === 0 ? [] : [{ controller, lost: line(lost), madeByWindow: line(made) }];
  });
}

function lostBy({ measures, controllers }: Comparison, losses: readonly Loss[]): string[] {
  const lost = losses.filter(({ kind }) => kind === 'measure');
  const named = lost.slice(0, NAMED_MAX).map(({ at, difference }) => {
    const measure = measureOf(measures, String(at));
    const { unit, digits } = measure;
    return `in ${measureName(measure)} (${withUnit(signed(difference.mean, digits), unit)})`;
  });
  const { service } = controllers[0]!;
  const places = (kind: Loss['kind'], all: number, one: string) => {
    const count = losses.filter((loss) => loss.kind === kind).length;
    return count === 0 ? [] : [`at ${count} of ${counted(all, one)}`];
  };
  const more =
    lost.length > named.length ? [`in ${counted(lost.length - named.length, 'further measure')}`] : [];
  return [
    ...named,
    ...more,
    ...places('intersection', service.intersections.length, 'signal'),
    ...places('movement', service.movements.length, 'movement'),
  ];
}

/** The measure that tells how much was discharged after the warm-up. */
const DISCHARGE = 'dischargeVph';

/**
 * What is to be known of where the window begins, in sentences: vehicles present under each controller, the verdict's
 * measure over the whole run, and a discharge that is smaller for want of a backlog. `null` where all begin alike.
 */
export function windowText(comparison: Comparison): string | null {
  const { window, controllers, warmupS, measures, headline } = comparison;
  if (
    window === null ||
    window.differences.every(({ verdict }) => verdict !== 'better' && verdict !== 'worse')
  ) {
    return null;
  }
  const under = (text: (k: number) => string) =>
    enumeration(controllers.map(({ controller }, k) => `${text(k)} under ${controller}`));
  const measure = measureOf(measures, headline);
  const value = (mean: number | null) => withUnit(figure(mean, measure.digits), measure.unit);
  const whole = window.wholeHeadline;
  return [
    `The warm-up of ${figure(warmupS, 0)} s does not end alike: ${under((k) => `${figure(window.present[k]!.mean, 0)} vehicles`)} are then on the network or waiting to enter. Figures from then on include the discharge of these vehicles.`,
    ...(whole === null
      ? []
      : [`Over the whole run ${measureName(measure)} is ${under((k) => value(whole[k]!.mean))}.`]),
    ...dischargeText(comparison),
  ].join(' ');
}

function dischargeText({ rivals, controllers, window }: Comparison): string[] {
  const less = rivals.flatMap(({ controller, differences }, r) => {
    const { mean, t } = differences[DISCHARGE] ?? {};
    const isLess = mean !== undefined && mean !== null && t !== undefined && t !== null && t.high < 0;
    const beganWithFewer = window?.differences[r]?.verdict === 'better';
    return isLess && beganWithFewer
      ? [`${controller} discharges ${withUnit(figure(-mean, 0), 'veh/h')} less`]
      : [];
  });
  if (less.length === 0) return [];
  const { controller } = controllers[0]!;
  return [
    `After the warm-up ${enumeration(less)} than ${controller}, which has a backlog left to clear: that is no loss, and throughput is compared over the whole run.`,
  ];
}
