import type { ShownRing } from '../server/protocol/question.ts';
import { fixed } from './format.ts';

const INTERVALS = {
  green: 'green',
  'yellow-change': 'yellow change',
  'red-clearance': 'red clearance',
} as const;

/** `4+8, red clearance for 3 s, then 2+6`: what a ring shows. */
export function ringWords({ phase, next, interval, elapsedS }: ShownRing): string {
  const then = next === null || next === phase ? '' : `, then ${next}`;
  return `${phase}, ${INTERVALS[interval]} for ${fixed(elapsedS, 0)} s${then}`;
}

/** What a ring of so many is called where it shows something. */
export function ringName(ring: number, of: number): string {
  return of > 1 ? `Ring ${ring + 1}` : 'Shows';
}

/** `2 and 6: they stay`: what is asked for by all rings; `null`: some have not been asked. */
export function askedWords(
  rings: readonly (ShownRing & { readonly chosen: string | null })[],
): string | null {
  const chosen = rings.flatMap((ring) => ring.chosen ?? []);
  if (chosen.length < rings.length) return null;
  const stays = rings.every(({ interval, phase, chosen: one }) => interval === 'green' && phase === one);
  return `${chosen.join(' and ')}${stays ? (rings.length > 1 ? ': they stay' : ': it stays') : ''}`;
}
