import {
  CONTROLLER_NAME,
  DEMAND_SCALE,
  INTERVENTIONS_MAX,
  isWithin,
  LANE_NAME_MAX,
  POSITION_M,
  type Range,
  SCENARIO_ID,
  SEED,
  SPEED,
  STEP,
  TIME_S,
} from './bounds.ts';
import type { Opening } from './events.ts';
import { type Intervention, SIDES_MAX } from './session.ts';

/**
 * A moment as the query of an address, so that a link shows it:
 *
 *     ?scenario=corridor&seed=1&a=fixed-time&b=learned&t=1830&do=600.close.west-i1_0~900.incident.i1-i2_0.120&at=i3
 *
 * `a` to `d` are the sides. `t` is in seconds, interventions in steps. `run=1`: it runs on; `x` is the speed. What stands
 * in the query and is not of the moment (what is selected, how it is coloured) is left to the page.
 */
const SIDE_KEYS = ['a', 'b', 'c', 'd'] as const;
/** Where somebody may have written sides that there cannot be. */
const SIDE_KEYS_BEYOND = ['e', 'f', 'g', 'h'] as const;
const WORDS = {
  'close-lane': 'close',
  'open-lane': 'open',
  incident: 'incident',
  'clear-incident': 'clear',
} as const;

/** As much of a `URLSearchParams` as is needed here. */
export interface Query {
  get(key: string): string | null;
  has(key: string): boolean;
  set(key: string, value: string): void;
  delete(key: string): void;
}

/** Writes a moment into a query, over what is there. */
export function writeOpening(query: Query, { setup, interventions, timeS, running, speed }: Opening): void {
  query.set('scenario', setup.scenario);
  query.set('seed', String(setup.seed));
  put(query, 'demand', setup.demandScale === 1 ? null : String(setup.demandScale));
  for (const [k, key] of SIDE_KEYS.entries()) put(query, key, setup.controllers[k] ?? null);
  for (const key of SIDE_KEYS_BEYOND) put(query, key, null);
  query.set('t', String(timeS));
  put(query, 'do', interventions.length === 0 ? null : interventions.map(wordsOf).join('~'));
  put(query, 'run', running ? '1' : null);
  put(query, 'x', running ? (speed === null ? 'max' : String(speed)) : null);
}

/** What a query says of a moment. */
export interface ReadOpening {
  /** Within the bounds that the door of the server has. */
  readonly opening: Opening;
  /** What cannot be, and was left out: as it stands in the query, and what is allowed, such as `seed=abc (a whole number)`. */
  readonly leftOut: readonly string[];
}

/** The moment that a query asks for: what it leaves out is `usual`'s. Other scenarios begin at their beginning. */
export function readOpening(query: Query, usual: Opening): ReadOpening {
  const leftOut: string[] = [];
  const leave = (key: string, text: string, allowed: string) => {
    leftOut.push(`${key}=${text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text} (${allowed})`);
  };
  function read<T>(key: string, allowed: string, parse: (text: string) => T | null): T | null {
    const text = query.get(key);
    if (text === null) return null;
    const value = parse(text);
    if (value === null) leave(key, text, allowed);
    return value;
  }
  const scenario = read('scenario', 'the name of a scenario', (text) => matching(text, SCENARIO_ID));
  const controllers = SIDE_KEYS.flatMap((key) =>
    query.get(key)
      ? (read(key, 'the name of a controller', (text) => matching(text, CONTROLLER_NAME)) ?? [])
      : [],
  );
  for (const key of SIDE_KEYS_BEYOND) read(key, `there are at most ${SIDES_MAX} sides`, () => null);
  const seed = read('seed', `a whole number, ${spanOf(SEED)}`, (text) => wholeNumber(text, SEED));
  const demandScale = read('demand', spanOf(DEMAND_SCALE), (text) => number(text, DEMAND_SCALE));
  const timeS = read('t', `seconds, ${spanOf(TIME_S)}`, (text) => number(text, TIME_S));
  const running = read('run', '0 or 1', (text) => (text === '1' ? true : text === '0' ? false : null));
  const speed = read('x', `${spanOf(SPEED)}, or max`, (text) =>
    text === 'max' ? 'max' : number(text, SPEED),
  );
  const interventions = (query.get('do') ?? '').split('~').flatMap((text) => {
    if (text === '') return [];
    const one = interventionOf(text);
    if (one === null) leave('do', text, 'such as 600.close.west-i1_0');
    return one ?? [];
  });
  if (interventions.length > INTERVENTIONS_MAX) {
    leave('do', `${interventions.length} interventions`, `the first ${INTERVENTIONS_MAX} are done`);
  }
  const opening: Opening = {
    setup: {
      scenario: scenario ?? usual.setup.scenario,
      seed: seed ?? usual.setup.seed,
      demandScale: demandScale ?? 1,
      controllers: controllers.length > 0 ? controllers : usual.setup.controllers,
    },
    interventions: interventions.slice(0, INTERVENTIONS_MAX),
    timeS: timeS ?? (scenario === null || scenario === usual.setup.scenario ? usual.timeS : 0),
    running: timeS === null ? usual.running : running === true,
    speed: speed === 'max' ? null : (speed ?? usual.speed ?? 1),
  };
  return { opening, leftOut };
}

/**
 * Whether a query that may name a moment asks for another one than `shown`. What it does not name it does not ask
 * for; sides are named together.
 */
export function asksForAnother(query: Query, shown: Opening): boolean {
  const [asked, there] = [new Map<string, string>(), new Map<string, string>()];
  writeOpening(queryOf(asked), readOpening(query, shown).opening);
  writeOpening(queryOf(there), shown);
  const isNamed = (key: string) =>
    query.has(key) || (isSide(key) && SIDE_KEYS.some((side) => query.has(side)));
  return MOMENT_KEYS.some((key) => isNamed(key) && asked.get(key) !== there.get(key));
}

function isSide(key: string): boolean {
  return SIDE_KEYS.some((side) => side === key);
}

const MOMENT_KEYS = ['scenario', 'seed', 'demand', ...SIDE_KEYS, 't', 'do'] as const;
/** So many characters of what cannot be are shown. */
const SHOWN_MAX = 40;

function queryOf(map: Map<string, string>): Query {
  return {
    get: (key) => map.get(key) ?? null,
    has: (key) => map.has(key),
    set: (key, value) => void map.set(key, value),
    delete: (key) => void map.delete(key),
  };
}

function put(query: Query, key: string, value: string | null): void {
  if (value === null) query.delete(key);
  else query.set(key, value);
}

function matching(text: string, form: RegExp): string | null {
  return form.test(text) ? text : null;
}

function number(text: string, range: Range): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return isWithin(value, range) ? value : null;
}

function wholeNumber(text: string, range: Range): number | null {
  const value = number(text, range);
  return value !== null && Number.isInteger(value) ? value : null;
}

function spanOf({ least, most }: Range): string {
  return `${least} to ${most}`;
}

function wordsOf(one: Intervention): string {
  const place = `${one.step}.${WORDS[one.kind]}.${encodeURIComponent(one.lane).replaceAll('.', '%2E').replaceAll('~', '%7E')}`;
  return one.kind === 'incident' ? `${place}.${Math.round(one.positionM)}` : place;
}

function interventionOf(text: string): Intervention | null {
  const [when = '', word = '', name = '', position = '0'] = text.split('.');
  const kind = (Object.keys(WORDS) as (keyof typeof WORDS)[]).find((one) => WORDS[one] === word);
  const step = /^\d+$/.test(when) ? wholeNumber(when, STEP) : null;
  const lane = decoded(name);
  if (kind === undefined || step === null || lane === '' || lane.length > LANE_NAME_MAX) return null;
  if (kind !== 'incident') return { step, lane, kind };
  const positionM = number(position, POSITION_M);
  return positionM === null ? null : { step, lane, kind, positionM };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
