import { effect, signal } from '@preact/signals';
import { remember, remembered } from './storage.ts';

export type Theme = 'dark' | 'light';

const KEY = 'greenwave.theme';
const prefersLight = matchMedia('(prefers-color-scheme: light)');
const chosen = signal<Theme | null>(themeOf(remembered('local', KEY)));

export const theme = signal<Theme>(present());

function themeOf(text: string | null): Theme | null {
  return text === 'dark' || text === 'light' ? text : null;
}

function present(): Theme {
  return chosen.value ?? (prefersLight.matches ? 'light' : 'dark');
}

export function toggleTheme(): void {
  chosen.value = theme.value === 'dark' ? 'light' : 'dark';
  remember('local', KEY, chosen.value);
  theme.value = present();
}

/** Keeps the document in the theme that was chosen, or that the system prefers. */
export function followTheme(): void {
  prefersLight.addEventListener('change', () => {
    theme.value = present();
  });
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    inks.clear();
  });
}

const inks = new Map<string, string>();
let probe: HTMLElement | null = null;

/** The color behind a custom property of the style sheet, as canvases need it: `ink('--side-a')`. */
export function ink(property: string): string {
  const known = inks.get(property);
  if (known !== undefined) return known;
  if (probe === null) {
    probe = document.createElement('i');
    probe.hidden = true;
    // What canvases draw tells sides apart, also where the system's own colors are forced on everything else.
    probe.style.setProperty('forced-color-adjust', 'none');
    document.body.append(probe);
  }
  probe.style.color = `var(${property})`;
  const color = getComputedStyle(probe).color;
  inks.set(property, color);
  return color;
}

export const SIDE_INKS = ['--side-a', '--side-b', '--side-c', '--side-d'] as const;

export function sideInk(side: number): string {
  return ink(SIDE_INKS[side] ?? '--text');
}
