import { DELAY_LEVELS } from '../../server/protocol/frame.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import { hexOf, rampColor } from './color.ts';
import type { ColorBy, Layer } from './look.ts';
import { HEAT_TOP, heatPart, topSpeed } from './scales.ts';
import { THEMES, type Theme, type ThemeName } from './theme.ts';

export interface LegendStop {
  /** Where it stands on the ramp, 0 to 1; of swatches: one after the other. */
  readonly at: number;
  readonly color: string;
  /** Empty: a color on the way. */
  readonly label: string;
}

export interface Legend {
  readonly title: string;
  /** Empty for swatches. */
  readonly unit: string;
  readonly kind: 'ramp' | 'swatches';
  readonly stops: readonly LegendStop[];
}

/** A legend is asked for what colors vehicles, or for what lies on lanes; delay is both, with different units. */
export type LegendSubject =
  | { readonly colorBy: ColorBy }
  | {
      readonly layer: Exclude<Layer, 'none'>;
      /** Letters of the first and the last side, which a difference is of. */
      readonly between?: readonly [string, string];
    };

/** Enough colors for a CSS gradient to look like the ramp. */
const RAMP_STEPS = 16;

/** Colors, numbers and units of what a scene shows. */
export function legendOf(subject: LegendSubject, theme: ThemeName, map: RoadMap): Legend {
  const colors = THEMES[theme];
  return 'colorBy' in subject
    ? vehicleLegend(subject.colorBy, colors, map)
    : laneLegend(subject.layer, colors, subject.between);
}

function vehicleLegend(colorBy: ColorBy, theme: Theme, map: RoadMap): Legend {
  if (colorBy === 'type') return typeLegend(theme, map);
  if (colorBy === 'delay') {
    const marks = [0, 16, 60, 180, 420, 960].map((seconds) => ({
      at: Math.sqrt(seconds) / (DELAY_LEVELS - 1),
      label: seconds < 60 ? `${seconds} s` : `${seconds / 60} min`,
    }));
    return ramp('Delay so far', 's or min', theme.delay, marks);
  }
  const top = Math.round(topSpeed(map) * 3.6);
  const marks = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, label: `${Math.round(top * at)}` }));
  return ramp('Speed', 'km/h', theme.speed, marks);
}

function typeLegend(theme: Theme, { vehicleTypes }: RoadMap): Legend {
  const names = vehicleTypes.name.slice(0, theme.types.length);
  const more = vehicleTypes.name.length > theme.types.length;
  return {
    title: 'Type of vehicle',
    unit: '',
    kind: 'swatches',
    stops: names.map((name, k) => ({
      at: k / Math.max(1, names.length - 1),
      color: theme.types[k]!,
      label: more && k === theme.types.length - 1 ? `${name} and others` : name,
    })),
  };
}

function laneLegend(
  layer: Exclude<Layer, 'none'>,
  theme: Theme,
  [first, last]: readonly [string, string] = ['A', 'B'],
): Legend {
  const marked = (top: number, values: readonly number[]) =>
    values.map((value) => ({
      at: heatPart(value, top),
      label: value >= top ? `${value}+` : `${value}`,
    }));
  switch (layer) {
    case 'queue':
      return ramp('Mean queue of a lane', 'vehicles', theme.heat, marked(HEAT_TOP.queue, [0, 1, 4, 9, 16]));
    case 'delay':
      return ramp(
        'Time lost on a lane',
        'vehicle-s per min',
        theme.heat,
        marked(HEAT_TOP.delay, [0, 60, 240, 480, 900]),
      );
    case 'emissions':
      return ramp(
        'CO2 on a lane',
        'g per min',
        theme.heat,
        marked(HEAT_TOP.emissions, [0, 75, 300, 600, 1200]),
      );
    case 'difference': {
      const top = HEAT_TOP.difference;
      const marks = [-top, -3, 0, 3, top].map((value) => ({
        at: (1 + Math.sign(value) * heatPart(Math.abs(value), top)) / 2,
        label: value === 0 ? '0' : `${value < 0 ? first : last} +${Math.abs(value)}`,
      }));
      return ramp('By how much the mean queue is longer, and where', 'vehicles', theme.difference, marks);
    }
  }
}

function ramp(
  title: string,
  unit: string,
  stops: readonly string[],
  marks: readonly { readonly at: number; readonly label: string }[],
): Legend {
  const between = Array.from({ length: RAMP_STEPS + 1 }, (_, k) => ({
    at: k / RAMP_STEPS,
    label: '',
  })).filter(({ at }) => marks.every((mark) => Math.abs(mark.at - at) > 0.2 / RAMP_STEPS));
  const all = [...marks, ...between].sort((a, b) => a.at - b.at);
  return {
    title,
    unit,
    kind: 'ramp',
    stops: all.map(({ at, label }) => ({ at, label, color: hexOf(rampColor(stops, at)) })),
  };
}
