import type { LevelOfService } from '../../control/hcm.ts';

/** How a controller looks in every picture: any of colour, dash and symbol tells it from the others. */
export interface Look {
  readonly color: string;
  /** SVG dash array; empty: solid. */
  readonly dash: string;
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'wye' | 'cross';
}

/**
 * Okabe & Ito (2008), Color Universal Design, as the style sheet has them: their black is the ink of the page, and
 * on dark paper the first three are lighter.
 */
const LOOKS: readonly Look[] = [
  { color: 'currentColor', dash: '', symbol: 'circle' },
  { color: 'var(--look-1)', dash: '7 3', symbol: 'square' },
  { color: 'var(--look-2)', dash: '2 2', symbol: 'triangle' },
  { color: 'var(--look-3)', dash: '9 3 2 3', symbol: 'diamond' },
  { color: 'var(--look-4)', dash: '4 2', symbol: 'star' },
  { color: 'var(--look-5)', dash: '1 3', symbol: 'wye' },
  { color: 'var(--look-6)', dash: '12 4', symbol: 'cross' },
];

/** The look of the controller with this place in the comparison. */
export function lookOf(k: number): Look {
  return LOOKS[k % LOOKS.length]!;
}

/** Fills that carry black text, after Okabe–Ito; its yellow is left to yellow change. */
export const LIGHT_FILLS = ['#56b4e9', '#e69f00', '#7fcfb9', '#e5bcd3', '#c9ced6', '#b7a7d6'] as const;

/** Cividis (Nuñez, Anderton & Renslow 2018) in eight steps from little to much. */
export const CIVIDIS = [
  '#002051',
  '#173a6d',
  '#48546d',
  '#706e71',
  '#8e8978',
  '#b1a775',
  '#ddc75f',
  '#fdea45',
] as const;

/** Cividis by level of service, with the colour that text on it has. */
export const LEVEL_COLORS: Readonly<
  Record<LevelOfService, { readonly fill: string; readonly text: string }>
> = {
  A: { fill: '#002051', text: '#ffffff' },
  B: { fill: '#2b446e', text: '#ffffff' },
  C: { fill: '#696970', text: '#ffffff' },
  D: { fill: '#948f78', text: '#000000' },
  E: { fill: '#caba6a', text: '#000000' },
  F: { fill: '#fdea45', text: '#000000' },
};

const NAME_CHARACTERS = 24;

/** A name that fits beside a picture; the full one stands in the text. */
export function clipped(name: string, characters = NAME_CHARACTERS): string {
  return name.length <= characters ? name : `${name.slice(0, characters - 1)}…`;
}

/** Room that these names need beside a picture, px. */
export function roomFor(names: readonly string[], characters = NAME_CHARACTERS): number {
  return 14 + 6.6 * Math.max(...names.map((name) => clipped(name, characters).length), 3);
}
