import { type LegendSubject, legendOf } from './scene/legend.ts';
import type { ColorBy, Layer } from './scene/scene.ts';
import { colorBy, layer, map } from './state.ts';
import { theme } from './theme.ts';

/** What the picture's colors are called, in menus and below it. */
export const COLOR_WORDS: Readonly<Record<ColorBy, string>> = {
  speed: 'speed',
  delay: 'delay so far',
  type: 'type',
};

export const LAYER_WORDS: Readonly<Record<Layer, string>> = {
  none: 'nothing',
  queue: 'mean queue',
  delay: 'time lost',
  emissions: 'CO₂',
  difference: 'difference of queues',
};

/** The legend as lines, for a picture's caption. */
export function legendLines(): string[] {
  const vehicles = `Vehicles by ${COLOR_WORDS[colorBy.value]}${range({ colorBy: colorBy.value })}`;
  if (layer.value === 'none') return [vehicles];
  return [
    vehicles,
    `Lanes by ${LAYER_WORDS[layer.value]} of the last minute${range({ layer: layer.value })}`,
  ];
}

/** `: 0 to 50 km/h`, from the first color to the last. */
function range(subject: LegendSubject): string {
  if (map.value === null) return '';
  const { kind, stops, unit } = legendOf(subject, theme.value, map.value);
  const labels = stops.map(({ label }) => label).filter((label) => label !== '');
  if (kind === 'swatches') return `: ${labels.join(', ')}`;
  const hasUnit = /[a-z]/.test(labels[0] ?? '');
  return `, from ${labels[0]} to ${labels.at(-1)}${hasUnit ? '' : ` ${unit}`}`;
}
