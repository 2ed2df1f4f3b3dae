import { rampColor, rgbOf } from './color.ts';
import { DataTexture, LINE_BITS } from './dataTexture.ts';
import { THEMES, type ThemeName } from './theme.ts';

/** Entries of a ramp in the table. */
const ENTRIES = 256;
const LINES = 5;

/** All ramps, one a line of the table, in the order that shaders know: speed, delay, types, heat, difference. */
export function createPalette(): DataTexture<'rgba8unorm'> {
  return new DataTexture('rgba8unorm', LINES << LINE_BITS);
}

export function fillPalette(palette: DataTexture<'rgba8unorm'>, name: ThemeName): void {
  const { speed, delay, types, heat, difference } = THEMES[name];
  const { words } = palette;
  const write = (line: number, k: number, color: readonly [number, number, number]) => {
    const at = ((line << LINE_BITS) + k) * 4;
    color.forEach((part, channel) => {
      words[at + channel] = Math.round(part * 255);
    });
    words[at + 3] = 255;
  };
  for (let k = 0; k < ENTRIES; k++) {
    const t = k / (ENTRIES - 1);
    write(0, k, rampColor(speed, t));
    write(1, k, rampColor(delay, t));
    write(3, k, rampColor(heat, t));
    write(4, k, rampColor(difference, t));
  }
  types.forEach((color, type) => {
    write(2, type, rgbOf(color));
  });
  palette.send(LINES << LINE_BITS);
}
