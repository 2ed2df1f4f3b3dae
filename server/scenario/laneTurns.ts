import type { Turn } from './layout.ts';

const ORDER: readonly Turn[] = ['left', 'thru', 'right'];

/**
 * Which turns each of `count` lanes allows, innermost first, where the file does not say: the turns
 * are dealt out from left to right, thru gets what is left over, and lanes share turns when there
 * are too few.
 */
export function defaultLaneTurns(count: number, possible: ReadonlySet<Turn>): Turn[][] {
  const turns = ORDER.filter((turn) => possible.has(turn));
  if (count === 1 || turns.length <= 1) return Array.from({ length: count }, () => [...turns]);
  if (count === 2 && turns.length === 3)
    return [
      ['left', 'thru'],
      ['thru', 'right'],
    ];
  if (count === 2 && !possible.has('left')) return [['thru'], ['thru', 'right']];

  if (!possible.has('thru')) {
    const left = Math.ceil(count / 2);
    return Array.from({ length: count }, (_, k) => (k < left ? ['left'] : ['right']));
  }
  return Array.from({ length: count }, (_, k) => {
    if (k === 0 && possible.has('left')) return ['left'];
    if (k === count - 1 && possible.has('right')) return ['right'];
    return ['thru'];
  });
}
