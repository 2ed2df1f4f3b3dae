import type { Figures } from '../server/protocol/session.ts';
import { clock, counted, duration, fixed, grouped, signedPercent } from './format.ts';
import { sideWord } from './sides.ts';

export type Tone = 'warming' | 'saves' | 'loses' | 'even' | 'alone';

export interface Verdict {
  readonly tone: Tone;
  /** One or two sentences, true at this moment. */
  readonly text: string;
  /** It compares, and several seeds would say more. */
  readonly isOfOneSeed?: true;
}

export interface Moment {
  readonly timeS: number;
  readonly hasEnded: boolean;
  readonly controllers: readonly string[];
  readonly sides: readonly Figures[];
  /** Whether another seed would be another run. */
  readonly seedMatters: boolean;
}

/** Before this time, and this many finished trips on each side, a difference means nothing. */
export const WARM_UP_S = 300;
export const WARM_UP_TRIPS = 20;
/** Differences below this are called none, s per vehicle. */
const EVEN_S = 0.5;
const ONE_SEED = 'One seed so far: other seeds may differ.';
const ANY_SEED = 'Every trip of this file has its time: any seed is this run.';

export function isWarm({ timeS, sides }: Pick<Moment, 'timeS' | 'sides'>): boolean {
  return timeS >= WARM_UP_S && sides.every(({ finished }) => finished >= WARM_UP_TRIPS);
}

/** What the sides have come to by now, in words. */
export function verdictOf(moment: Moment): Verdict {
  const { sides, controllers } = moment;
  if (sides.length === 0) return { tone: 'warming', text: 'Nothing is known of this moment yet.' };
  if (!isWarm(moment)) return { tone: 'warming', text: warmingUp(moment) };
  if (sides.length === 1) {
    const { averageDelayS } = sides[0]!;
    return {
      tone: 'alone',
      text: `${soFar(moment)}: ${sideWord(0, controllers)} costs each vehicle ${seconds(averageDelayS)} of delay. Add a side to compare.`,
    };
  }
  return sides.length === 2 ? pairwise(moment) : ranked(moment);
}

function warmingUp({ timeS, sides }: Moment): string {
  const least = Math.min(...sides.map(({ finished }) => finished));
  const missing =
    timeS < WARM_UP_S
      ? `a comparison means something from ${clock(WARM_UP_S)} on`
      : `a comparison means something from ${WARM_UP_TRIPS} finished trips on, and a side has ${grouped(least)}`;
  return `Warming up: ${missing}.`;
}

function pairwise(moment: Moment): Verdict {
  const { sides, controllers } = moment;
  const [base, other] = [sides[0]!.averageDelayS, sides[1]!.averageDelayS];
  const [a, b] = [sideWord(0, controllers), sideWord(1, controllers)];
  const difference = other - base;
  if (controllers[0] === controllers[1] && difference === 0) {
    return {
      tone: 'even',
      text: `${soFar(moment)}: A and B run the same controller, so nothing differs. Choose another for one of them.`,
    };
  }
  if (Math.abs(difference) < EVEN_S) {
    return compared(
      moment,
      'even',
      `${soFar(moment)}: ${b} and ${a} cost the same, ${seconds(base)} of delay per vehicle.`,
    );
  }
  const share = base > 0 ? ` (${signedPercent(difference / base)})` : '';
  const does = difference < 0 ? 'saves' : 'loses';
  const by = seconds(Math.abs(difference));
  return compared(moment, does, `${soFar(moment)}: ${b} ${does} ${by} per vehicle${share} against ${a}.`);
}

/** What a comparison says, and how much that is worth. */
function compared({ seedMatters }: Moment, tone: Tone, text: string): Verdict {
  return seedMatters
    ? { tone, text: `${text} ${ONE_SEED}`, isOfOneSeed: true }
    : { tone, text: `${text} ${ANY_SEED}` };
}

function ranked(moment: Moment): Verdict {
  const { sides, controllers } = moment;
  const delay = (k: number) => sides[k]!.averageDelayS;
  const order = sides.map((_, k) => k).sort((a, b) => delay(a) - delay(b));
  const best = order.filter((k) => delay(k) - delay(order[0]!) < EVEN_S).sort();
  const names = listed(best.map((k) => sideWord(k, controllers)));
  const by = seconds(delay(order[0]!));
  if (best.length === sides.length) {
    return compared(moment, 'even', `${soFar(moment)}: ${names} cost the same, ${by} of delay per vehicle.`);
  }
  const others = order
    .slice(best.length)
    .map((k) => `${sideWord(k, controllers)} ${seconds(delay(k))}`)
    .join(', ');
  const tone = !best.includes(0) ? 'saves' : best.length > 1 ? 'even' : 'loses';
  const verb = best.length > 1 ? 'delay' : 'delays';
  return compared(moment, tone, `${soFar(moment)}: ${names} ${verb} least, ${by} per vehicle; ${others}.`);
}

/** `A, B and C` */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `After 30 min, same 4,812 trips` */
function soFar({ timeS, hasEnded, sides }: Moment): string {
  const { created } = sides[0]!;
  const isSame = sides.length > 1 && sides.every((side) => side.created === created);
  const when = hasEnded ? `Over the whole ${duration(timeS)}` : `After ${duration(timeS)}`;
  return `${when}, ${isSame ? 'same ' : ''}${counted(created, 'trip')}`;
}

function seconds(value: number): string {
  return `${fixed(value, Math.abs(value) < 10 ? 1 : 0)} s`;
}
