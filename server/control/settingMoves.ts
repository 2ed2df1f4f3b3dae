import type { Move } from './descent.ts';
import type { Setting, Settings } from './settings.ts';

/** The strides of a search for settings, as shares of a setting's size: see `settingMoves`. */
export const SETTING_STRIDES: readonly number[] = [1 / 2, 1 / 4, 1 / 8, 1 / 16];

/**
 * Changes of settings: a number larger or smaller by a share of its size, a text by each of its choices.
 *
 * The size of a setting is its standard, or a tenth of its range where that is 0. Numbers are kept to three
 * digits, which is more than a search can tell apart.
 */
export function settingMoves(known: readonly Setting[]): Move<Settings>[] {
  return known.flatMap((setting): Move<Settings>[] => {
    const { key, standard, choices } = setting;
    if (typeof standard === 'string') {
      return (choices ?? []).map(
        (choice) => (state) => (state[key] === choice ? null : { ...state, [key]: choice }),
      );
    }
    return [1, -1].map((sign) => (state, stride) => {
      const value = moved(setting, Number(state[key]), sign * stride);
      return value === state[key] ? null : { ...state, [key]: value };
    });
  });
}

function moved({ standard, min = 0, max = 1e9 }: Setting, value: number, share: number): number {
  const size = Math.abs(Number(standard)) || Math.min(10, (max - min) / 10);
  const next = Number((value + share * size).toPrecision(3));
  return Math.min(max, Math.max(min, next));
}

/** Text that is equal for equal settings. */
export function settingsKey(settings: Settings): string {
  return JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
}
