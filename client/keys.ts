import { signal } from '@preact/signals';
import { chooseSide, fitMap, letGo } from './choosing.ts';
import * as commands from './commands.ts';
import { copyLink } from './sharing.ts';
import { COLORS, LAYERS } from './sight.ts';
import * as state from './state.ts';
import { remember, remembered } from './storage.ts';
import { toggleTheme } from './theme.ts';

/** Every action of the page by key: the help shows this very table. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` has them, letters in lower case. */
  readonly keys: readonly string[];
  /** As the help writes them. */
  readonly shown: string;
  readonly words: string;
  readonly run: (key: string) => void;
  /** Held down it does it again, but not before so many ms have passed; without: once is all. */
  readonly heldMs?: number;
}

export interface KeyGroup {
  readonly name: string;
  readonly bindings: readonly KeyBinding[];
}

const PAN_PX = 60;
const ZOOM = 1.3;
/** What is only drawn may go on with each repetition of the keyboard. */
const DRAWN_MS = 0;
/** The server takes so many commands a second, and no more. */
const TOLD_MS = 100;

function next<T>(all: readonly T[], now: T): T {
  return all[(all.indexOf(now) + 1) % all.length]!;
}

export function nextLayer(): void {
  state.layer.value = next(LAYERS, state.layer.value);
}

export function nextColor(): void {
  state.colorBy.value = next(COLORS, state.colorBy.value);
}

export function toggleDifference(): void {
  state.layer.value = state.layer.value === 'difference' ? 'none' : 'difference';
}

export function toggleFollow(): void {
  if (state.vehicle.value === null) state.tell('Click a vehicle first, then it can be followed.');
  else state.follow.value = !state.follow.value;
}

function pan(key: string): void {
  const dx = key === 'ArrowLeft' ? PAN_PX : key === 'ArrowRight' ? -PAN_PX : 0;
  const dy = key === 'ArrowUp' ? PAN_PX : key === 'ArrowDown' ? -PAN_PX : 0;
  state.follow.value = false;
  state.scene.value?.pan(dx, dy);
}

function one(
  keys: string | readonly string[],
  shown: string,
  words: string,
  run: (key: string) => void,
  heldMs?: number,
): KeyBinding {
  return {
    keys: typeof keys === 'string' ? [keys] : keys,
    ...{ shown, words, run },
    ...(heldMs !== undefined && { heldMs }),
  };
}

export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    name: 'Time',
    bindings: [
      one(' ', 'Space', 'play or pause', commands.playOrPause),
      one('.', '.', 'one step on', commands.stepOn, TOLD_MS),
      one(',', ',', 'one step back', commands.stepBack, TOLD_MS),
      one('[', '[', 'one minute back', () => commands.seekMinutes(-1), TOLD_MS),
      one(']', ']', 'one minute on', () => commands.seekMinutes(1), TOLD_MS),
      one('<', '<', 'slower', () => commands.changeSpeed(-1)),
      one('>', '>', 'faster', () => commands.changeSpeed(1)),
      one('r', 'R', 'from the beginning', commands.restart),
      one('n', 'N', 'the next seed: other arrivals', commands.newSeed),
    ],
  },
  {
    name: 'Picture',
    bindings: [
      one(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'], '← → ↑ ↓', 'move the map', pan, DRAWN_MS),
      one(['+', '='], '+', 'nearer', () => state.scene.value?.zoom(ZOOM), DRAWN_MS),
      one(['-', '_'], '−', 'farther', () => state.scene.value?.zoom(1 / ZOOM), DRAWN_MS),
      one('0', '0', 'the whole map', fitMap),
      one('c', 'C', 'color vehicles by something else', nextColor),
      one('l', 'L', 'another layer on the lanes', nextLayer),
      one('d', 'D', 'difference of queues on or off', toggleDifference),
      one('x', 'X', 'swap the sides', commands.swapSides),
      one('t', 'T', 'dark or light', toggleTheme),
    ],
  },
  {
    name: 'Places',
    bindings: [
      one(['1', '2', '3', '4'], '1 – 4', 'choose side A to D', (key) => chooseSide(Number(key) - 1)),
      one('g', 'G', 'go to an intersection or lane by name', () => {
        state.dialog.value = 'go-to';
      }),
      one('w', 'W', 'why the signal shows what it shows', () => {
        state.panel.value = 'why';
      }),
      one('j', 'J', 'run on to the next disagreement', () => commands.nextDisagreement()),
      one('f', 'F', 'follow the chosen vehicle', toggleFollow),
      one('i', 'I', 'incident on the chosen lane, or clear it', commands.incidentHere),
      one('k', 'K', 'close the chosen lane, or open it', commands.closureHere),
      one('Escape', 'Esc', 'let go of the tool, lane or vehicle', letGo),
    ],
  },
  {
    name: 'Page',
    bindings: [
      one('s', 'S', 'copy a link to this moment', copyLink),
      one('e', 'E', 'export', () => {
        state.dialog.value = 'export';
      }),
      one(['h', '?'], 'H or ?', 'this help', () => {
        state.dialog.value = 'help';
      }),
    ],
  },
];

const byKey = new Map(
  KEY_GROUPS.flatMap(({ bindings }) =>
    bindings.flatMap((binding) => binding.keys.map((key) => [key, binding])),
  ),
);

const KEY = 'greenwave.keys';
/** Whether single keys do anything; they get in the way of speech input. */
export const areKeysOn = signal(remembered('local', KEY) !== 'off');

export function switchKeys(isOn: boolean): void {
  areKeysOn.value = isOn;
  remember('local', KEY, isOn ? null : 'off');
}

/** Elements that have a use of their own for a key. */
const TYPING = 'input, select, textarea, [contenteditable]';
const PRESSED = 'button, a, summary, [role=tab], [role=slider], [role=row]';
const ARROWS = '[role=tab], [role=slider], [role=grid], [role=listbox]';

let ranAt = Number.NEGATIVE_INFINITY;

export function followKeys(): void {
  addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (state.dialog.value !== null) return;
    const within = (selector: string) => target instanceof Element && target.closest(selector) !== null;
    if (within(TYPING) && key !== 'Escape') return;
    if ((key === ' ' || key === 'Enter') && within(PRESSED)) return;
    if (key.startsWith('Arrow') && within(ARROWS)) return;
    const binding = byKey.get(key.length === 1 ? key.toLowerCase() : key);
    if (binding === undefined || (!areKeysOn.value && key !== 'Escape' && !within('.picture'))) return;
    event.preventDefault();
    const now = performance.now();
    if (event.repeat && (binding.heldMs === undefined || now - ranAt < binding.heldMs)) return;
    ranAt = now;
    binding.run(key);
  });
}
