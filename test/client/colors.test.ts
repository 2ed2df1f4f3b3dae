import { describe, expect, test } from 'vitest';
import { hexOf, oklabOf, type Rgb, rampColor, rgbOf } from '../../client/scene/color.ts';
import { legendOf } from '../../client/scene/legend.ts';
import { THEMES, type ThemeName } from '../../client/scene/theme.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';

const THEME_NAMES = ['dark', 'light'] as const satisfies readonly ThemeName[];
const MAP = {
  lanes: { speedLimit: [13.89, 8.33] },
  vehicleTypes: { name: ['car', 'truck'] },
} as unknown as RoadMap;

/** Contrast as WCAG 2 reckons it: 1 for equal, 21 for black on white. */
function contrast(a: string, b: string): number {
  const [dark, bright] = [a, b].map((hex) => luminance(rgbOf(hex))).sort((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(color: Rgb): number {
  const [r, g, b] = color.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** As people without red, without green and without blue cones see it. Viénot et al. (1999), Brettel et al. (1997), simplified. */
const BLIND: Readonly<Record<string, readonly (readonly number[])[]>> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** How different two colors look, in Oklab. */
function difference(a: Rgb, b: Rgb): number {
  const [x, y] = [oklabOf(a), oklabOf(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

function seenBy(matrix: readonly (readonly number[])[], color: Rgb): Rgb {
  const bare = color.map((part) => part ** 2.2);
  return matrix.map(
    (row) =>
      Math.max(
        0,
        row.reduce((sum, k, j) => sum + k * bare[j], 0),
      ) **
      (1 / 2.2),
  ) as unknown as Rgb;
}

for (const name of THEME_NAMES) {
  const theme = THEMES[name];
  describe(`the ${name} theme`, () => {
    for (const ramp of ['speed', 'delay', 'heat'] as const) {
      test(`lightness of the ${ramp} ramp goes one way only`, () => {
        const lightness = Array.from({ length: 33 }, (_, k) => oklabOf(rampColor(theme[ramp], k / 32))[0]);
        const steps = lightness.slice(1).map((l, k) => l - lightness[k]);
        expect(new Set(steps.map(Math.sign)).size).toBe(1);
        expect(Math.abs(lightness[32] - lightness[0])).toBeGreaterThan(0.25);
      });
    }

    test('slow and delayed vehicles stand out from the road, and all others can be seen on it', () => {
      expect(contrast(theme.speed[0], theme.asphalt)).toBeGreaterThan(6);
      expect(contrast(theme.delay[theme.delay.length - 1], theme.asphalt)).toBeGreaterThan(6);
      for (const color of [...theme.speed, ...theme.delay]) {
        expect(contrast(color, theme.asphalt)).toBeGreaterThan(2.2);
      }
    });

    for (const [blindness, matrix] of Object.entries(BLIND)) {
      test(`differences up and down, and types of vehicles, stay apart for ${blindness} eyes`, () => {
        const [less, , zero, , more] = theme.difference.map((color) => seenBy(matrix, rgbOf(color)));
        expect(
          Math.min(difference(less, more), difference(less, zero), difference(more, zero)),
        ).toBeGreaterThan(0.1);
        const types = theme.types.slice(0, 4).map((color) => seenBy(matrix, rgbOf(color)));
        types.forEach((a, k) => {
          for (const b of types.slice(k + 1)) expect(difference(a, b)).toBeGreaterThan(0.06);
        });
      });
    }

    test('nothing of a difference is gray', () => {
      const [, a, b] = oklabOf(rgbOf(theme.difference[2]));
      expect(Math.hypot(a, b)).toBeLessThan(0.03);
    });
  });
}

describe('legends', () => {
  test('have numbers with units, and the colors of the map', () => {
    const speed = legendOf({ colorBy: 'speed' }, 'dark', MAP);
    expect(speed.unit).toBe('km/h');
    expect(speed.stops.filter(({ label }) => label).map(({ label }) => label)).toEqual([
      '0',
      '13',
      '25',
      '38',
      '50',
    ]);
    expect(speed.stops[0].color).toBe(THEMES.dark.speed[0]);
    expect(speed.stops[speed.stops.length - 1].color).toBe(THEMES.dark.speed[5]);
  });

  test('name the types of vehicles', () => {
    const { kind, stops } = legendOf({ colorBy: 'type' }, 'light', MAP);
    expect(kind).toBe('swatches');
    expect(stops.map(({ label, color }) => [label, color])).toEqual([
      ['car', '#0072b2'],
      ['truck', '#c98500'],
    ]);
  });

  test('run from left to right', () => {
    for (const subject of [
      { colorBy: 'delay' },
      { layer: 'queue' },
      { layer: 'delay' },
      { layer: 'emissions' },
      { layer: 'difference' },
    ] as const) {
      const { stops, title, unit } = legendOf(subject, 'dark', MAP);
      expect([title, unit].every((text) => text !== '')).toBe(true);
      expect(stops.map(({ at }) => at)).toEqual(stops.map(({ at }) => at).sort((a, b) => a - b));
      expect(stops[0].label).not.toBe('');
    }
  });

  test('a difference says whose queue is longer', () => {
    const { stops } = legendOf({ layer: 'difference', between: ['A', 'C'] }, 'dark', MAP);
    const labels = stops.map(({ label }) => label).filter((label) => label !== '');
    expect(labels).toEqual(['A +12', 'A +3', '0', 'C +3', 'C +12']);
  });

  test('a color is the same after reading and writing', () => {
    expect(hexOf(rgbOf('#12ab9f'))).toBe('#12ab9f');
  });
});
