import type { Opening } from './events.ts';
import type { Intervention } from './session.ts';

/**
 * A moment as the query of an address, so that a link shows it:
 *
 *     ?scenario=corridor&seed=1&a=fixed-time&b=learned&t=1830&do=600.close.west-1_0~900.incident.i1-i2_0.120&at=i3
 *
 * `a` to `d` are the sides. `t` is in seconds, interventions in steps. `run=1`: it runs on; `x` is the speed. What stands
 * in the query and is not of the moment (what is selected, how it is coloured) is left to the page.
 */
const SIDE_KEYS = ['a', 'b', 'c', 'd'] as const;
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
  keys(): Iterable<string>;
}

/** Writes a moment into a query, over what is there. */
export function writeOpening(query: Query, { setup, interventions, timeS, running, speed }: Opening): void {
  query.set('scenario', setup.scenario);
  query.set('seed', String(setup.seed));
  put(query, 'demand', setup.demandScale === 1 ? null : String(setup.demandScale));
  for (const [k, key] of SIDE_KEYS.entries()) put(query, key, setup.controllers[k] ?? null);
  query.set('t', String(timeS));
  put(query, 'do', interventions.length === 0 ? null : interventions.map(wordsOf).join('~'));
  put(query, 'run', running ? '1' : null);
  put(query, 'x', running ? (speed === null ? 'max' : String(speed)) : null);
}

/** The moment that a query asks for: what it leaves out is `usual`'s. Other scenarios begin at their beginning. */
export function readOpening(query: Query, usual: Opening): Opening {
  const scenario = query.get('scenario') ?? usual.setup.scenario;
  const controllers = SIDE_KEYS.flatMap((key) => query.get(key) ?? []);
  return {
    setup: {
      scenario,
      seed: numberOf(query.get('seed'), usual.setup.seed),
      demandScale: numberOf(query.get('demand'), 1),
      controllers: controllers.length > 0 ? controllers : usual.setup.controllers,
    },
    interventions: interventionsOf(query.get('do')),
    timeS: numberOf(query.get('t'), scenario === usual.setup.scenario ? usual.timeS : 0),
    running: query.has('t') ? query.get('run') === '1' : usual.running,
    speed: query.get('x') === 'max' ? null : numberOf(query.get('x'), usual.speed ?? 1),
  };
}

function put(query: Query, key: string, value: string | null): void {
  if (value === null) query.delete(key);
  else query.set(key, value);
}

function numberOf(text: string | null, usual: number): number {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : usual;
}

function wordsOf(one: Intervention): string {
  const place = `${one.step}.${WORDS[one.kind]}.${encodeURIComponent(one.lane).replaceAll('.', '%2E').replaceAll('~', '%7E')}`;
  return one.kind === 'incident' ? `${place}.${Math.round(one.positionM)}` : place;
}

function interventionsOf(text: string | null): Intervention[] {
  if (text === null || text === '') return [];
  return text.split('~').flatMap((one): Intervention[] => {
    const [step = '', word = '', lane = '', position = ''] = one.split('.');
    const kind = (Object.keys(WORDS) as (keyof typeof WORDS)[]).find((name) => WORDS[name] === word);
    if (kind === undefined || lane === '' || !/^\d+$/.test(step)) return [];
    const place = { step: Number(step), lane: decoded(lane) };
    return kind === 'incident'
      ? [{ ...place, kind, positionM: numberOf(position, 0) }]
      : [{ ...place, kind }];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
