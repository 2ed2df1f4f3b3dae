import { type LegendSubject, legendOf } from './scene/legend.ts';
import type { CaptionLine, ColorBy, Layer } from './scene/scene.ts';
import { letterOf } from './sides.ts';
import { colorBy, controllers, layer, map } from './state.ts';
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

/** What lies on the lanes; a difference is of the first and the last side. */
export function laneSubject(on: Exclude<Layer, 'none'>): LegendSubject {
  return { layer: on, between: [letterOf(0), letterOf(controllers.value.length - 1)] };
}

/** The legend as lines, for a picture's caption. */
export function legendLines(): CaptionLine[] {
  const vehicles = line(`Vehicles by ${COLOR_WORDS[colorBy.value]}`, { colorBy: colorBy.value });
  if (layer.value === 'none') return [vehicles];
  return [
    vehicles,
    line(`Lanes by ${LAYER_WORDS[layer.value]} of the last minute`, laneSubject(layer.value)),
  ];
}

/** The colors, and what the first and the last stand for: `Vehicles by speed, from 0 to 50 km/h`. */
function line(words: string, subject: LegendSubject): CaptionLine {
  if (map.value === null) return { text: words };
  const { kind, stops, unit } = legendOf(subject, theme.value, map.value);
  const labels = stops.map(({ label }) => label).filter((label) => label !== '');
  if (kind === 'swatches') return { text: `${words}: ${labels.join(', ')}`, colors: stops };
  const hasUnit = /[a-z]/.test(labels[0] ?? '');
  const range = `from ${labels[0]} to ${labels.at(-1)}${hasUnit ? '' : ` ${unit}`}`;
  return { text: `${words}, ${range}`, colors: stops, isRamp: true };
}
