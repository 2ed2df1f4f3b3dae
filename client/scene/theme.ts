export type ThemeName = 'dark' | 'light';

/** Every color of a scene, by what it stands for. */
export interface Theme {
  readonly ground: string;
  readonly divider: string;
  readonly curb: string;
  readonly asphalt: string;
  readonly marking: string;
  /** Between the two directions. */
  readonly centreLine: string;
  readonly green: string;
  readonly yellow: string;
  readonly red: string;
  readonly housing: string;
  readonly lampOff: string;
  readonly queue: string;
  readonly closed: string;
  readonly accent: string;
  /** Around what must be told from anything below it. */
  readonly halo: string;
  readonly ink: string;
  readonly quietInk: string;
  /** Lightness falls or rises all the way: who sees no hues sees the order. The slower, the more it stands out. */
  readonly speed: readonly string[];
  readonly delay: readonly string[];
  readonly heat: readonly string[];
  /** Less, equal, more. */
  readonly difference: readonly string[];
  /** By vehicle type; the last for all further ones. After Okabe and Ito (2008), "Color Universal Design". */
  readonly types: readonly string[];
}

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  dark: {
    ground: '#0b0f15',
    divider: '#39434f',
    curb: '#4b5866',
    asphalt: '#262f3a',
    marking: '#b9c4cf',
    centreLine: '#c99a3c',
    green: '#1fd6a0',
    yellow: '#ffc933',
    red: '#ff5a52',
    housing: '#05080b',
    lampOff: '#2a323b',
    queue: '#ff7a3d',
    closed: '#f0c000',
    accent: '#ffffff',
    halo: '#05080b',
    ink: '#e8edf2',
    quietInk: '#9aa7b4',
    speed: ['#fde725', '#a0da39', '#4ac16d', '#25ab94', '#2f93b8', '#4a7ccc'],
    delay: ['#5f7fa6', '#8a7cba', '#c46fae', '#f07f7a', '#fdb366', '#fff3b0'],
    heat: ['#2f4468', '#6a4c93', '#b0487f', '#e8604f', '#fba238', '#fcf3a0'],
    difference: ['#b79cff', '#7c63b8', '#5b6470', '#b86a1c', '#ffa54a'],
    types: ['#56b4e9', '#f0a51a', '#12a67f', '#f5c4e0', '#f0e442', '#f2682a', '#7d8fe8', '#d5dbe1'],
  },
  light: {
    ground: '#f4f2ee',
    divider: '#b9b6af',
    curb: '#aeb0b2',
    asphalt: '#d5d7d9',
    marking: '#ffffff',
    centreLine: '#c98b10',
    green: '#00875f',
    yellow: '#c98500',
    red: '#d0312d',
    housing: '#22262b',
    lampOff: '#565c63',
    queue: '#d55e00',
    closed: '#b07a00',
    accent: '#101418',
    halo: '#ffffff',
    ink: '#1b2026',
    quietInk: '#5c656e',
    speed: ['#440154', '#46327e', '#365c8d', '#207a86', '#178f6f', '#2c9c5c'],
    delay: ['#5f84b8', '#6f6fb3', '#8a4fa6', '#8a2f7c', '#6d1652', '#3d0828'],
    heat: ['#e5cf93', '#e3a857', '#d67a38', '#b54a3a', '#822a4e', '#470f4d'],
    difference: ['#4b2a91', '#8f79c0', '#a9adb2', '#d8913f', '#a84f00'],
    types: ['#0072b2', '#c98500', '#009e73', '#b04f8a', '#8f8500', '#d55e00', '#3d4db8', '#4a5058'],
  },
};
