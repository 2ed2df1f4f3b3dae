import { computed, signal } from '@preact/signals';
import type { Welcome } from '../server/protocol/events.ts';
import type { RoadMap } from '../server/protocol/roadMap.ts';
import type { SessionState, Status } from '../server/protocol/session.ts';
import { NOTHING_TOLD, roadStateAt, type Told } from './record.ts';
import type { ColorBy, Layer, Pane, Scene } from './scene/scene.ts';
import type { ChartTab, PanelTab, View } from './sight.ts';

/**
 * All that the page knows, in one place. Only connection.ts writes what the server tells; commands.ts and the panels write
 * what the viewer chooses.
 */

export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** It is tried again by itself. */
  | { readonly kind: 'lost'; readonly message: string }
  /** The session is over; a new one can be opened at the same moment. */
  | { readonly kind: 'ended'; readonly message: string; readonly comesBack: boolean }
  | { readonly kind: 'refused'; readonly message: string; readonly wayOut: WayOut }
  | { readonly kind: 'token'; readonly message: string };

/** What helps against a refusal. */
export type WayOut = 'reload' | 'try-again' | 'usual-run';

export const link = signal<Link>({ kind: 'connecting' });
export const welcome = signal<Welcome | null>(null);
export const session = signal<SessionState | null>(null);
export const status = signal<Status | null>(null);
export const map = signal<RoadMap | null>(null);
/** Counts the runs seen: what was found out in another era is of another run. */
export const era = signal(0);
export const told = signal<Told>(NOTHING_TOLD);
/** Of the last frame or status, whichever came later. */
export const step = signal(0);
/** What the server is busy with for us, in words. */
export const pending = signal<string | null>(null);

/** Where the map is to be moved to when it is there. */
export const view = signal<View | null>(null);
export const scene = signal<Scene | null>(null);
/** Where the scene has laid the sides. */
export const panes = signal<readonly Pane[]>([]);

export type Tool = 'incident' | 'closure';

export const side = signal(0);
export const intersection = signal<number | null>(null);
export const vehicle = signal<number | null>(null);
export const lane = signal<{ readonly lane: number; readonly positionM: number } | null>(null);
export const follow = signal(false);
export const colorBy = signal<ColorBy>('delay');
export const layer = signal<Layer>('none');
export const panel = signal<PanelTab>('why');
export const chart = signal<ChartTab>('delay');
export const areChartsOpen = signal(true);
/** Whether the sides stand in the other order. */
export const isSwapped = signal(false);
/** What the next click on a lane does. */
export const tool = signal<Tool | null>(null);

/** Who could be asked in place of the chosen signal's controller, when it was last asked why. */
export const rivals = signal<readonly string[]>([]);

export type Dialog = 'help' | 'export' | 'report' | 'go-to' | 'token';
export const dialog = signal<Dialog | null>(null);

export interface Notice {
  readonly number: number;
  readonly isProblem: boolean;
  readonly text: string;
}
export const notices = signal<readonly Notice[]>([]);

/** What cannot be asked of the server now; it is taken back when it can. */
export const NO_CONNECTION = 'There is no connection to the server at the moment.';

const NOTICES_MAX = 3;
/** How long what is no problem stays. */
const NOTICE_MS = 10_000;
let noticed = 0;

/** Tells the viewer something, once: the same words twice are one notice. */
export function tell(text: string, isProblem = false): void {
  noticed++;
  const others = notices.value.filter((notice) => notice.text !== text);
  const number = noticed;
  notices.value = [...others, { number, isProblem, text }].slice(-NOTICES_MAX);
  if (!isProblem) setTimeout(() => putAway(number), NOTICE_MS);
}

export function putAway(number: number): void {
  notices.value = notices.value.filter((notice) => notice.number !== number);
}

/** Puts away what is so no more. */
export function takeBack(text: string): void {
  notices.value = notices.value.filter((notice) => notice.text !== text);
}

export const isNarrow = mediaSignal('(max-width: 699px)');
export const isStill = mediaSignal('(prefers-reduced-motion: reduce)');

function mediaSignal(query: string) {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', () => {
    matches.value = list.matches;
  });
  return matches;
}

export const stepS = computed(() => session.value?.stepS ?? 1);
export const timeS = computed(() => step.value * stepS.value);
export const lastStep = computed(() => {
  const { durationS = 0, stepS: one = 1 } = session.value ?? {};
  return Math.round(durationS / one);
});
export const controllers = computed<readonly string[]>(() => session.value?.setup.controllers ?? []);
export const isRunning = computed(() => status.value?.running ?? false);
export const mayControl = computed(() => welcome.value?.role === 'control' && link.value.kind === 'live');
/** The sides that are seen, in the order in which they stand. */
export const shownSides = computed<readonly number[]>(() => {
  const all = controllers.value.map((_, k) => k);
  if (isNarrow.value) return all.filter((k) => k === side.value);
  return isSwapped.value ? all.reverse() : all;
});

export const laneByName = computed(() => {
  const names = map.value?.lanes.name ?? [];
  return new Map(names.map((name, index) => [name, index]));
});
interface Road {
  readonly closed: readonly number[];
  readonly incidents: readonly { readonly lane: number; readonly positionM: number }[];
}

// As text, so that it changes when the road does, and not with every step.
const roadText = computed(() => {
  const { closed, incidents } = roadStateAt(session.value?.interventions ?? [], step.value);
  const index = (name: string) => laneByName.value.get(name) ?? -1;
  const now: Road = {
    closed: closed.map(index).filter((l) => l >= 0),
    incidents: incidents
      .map(({ lane: name, positionM }) => ({ lane: index(name), positionM }))
      .filter(({ lane: l }) => l >= 0),
  };
  return JSON.stringify(now);
});
/** What people have done to the road by now, lanes by index. */
export const road = computed(() => JSON.parse(roadText.value) as Road);
