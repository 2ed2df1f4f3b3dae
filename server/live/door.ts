import { z } from 'zod';
import {
  CONTROLLER_NAME,
  DEMAND_SCALE,
  INTERVENTIONS_MAX,
  LANE_NAME_MAX,
  POSITION_M,
  type Range,
  SCENARIO_ID,
  SEED,
  SPEED,
  STEP,
  TIME_S,
} from '../protocol/bounds.ts';
import type { ClientEvents } from '../protocol/events.ts';
import { SIDES_MAX } from '../protocol/session.ts';
import { Refused } from './refused.ts';

/**
 * Every message of a viewer, read before anything else looks at it. Numbers are finite, texts and lists have an end, and
 * nothing is let in that is not named here. Whether names mean something is for others to see.
 */
const INDEX_MAX = 10_000_000;
const SEQUENCE_MAX = 0xffff_ffff;

const within = ({ least, most }: Range) => z.number().min(least).max(most);
const wholeWithin = ({ least, most }: Range) => z.int().min(least).max(most);

const step = wholeWithin(STEP);
const index = z.int().min(0).max(INDEX_MAX);
const side = z
  .int()
  .min(0)
  .max(SIDES_MAX - 1);
const controller = z.string().regex(CONTROLLER_NAME);
const lane = z.string().min(1).max(LANE_NAME_MAX);
const position = within(POSITION_M);
const speed = within(SPEED).nullable();
const detail = z.enum(['vehicles', 'lanes']);
const laneKinds = z.enum(['close-lane', 'open-lane', 'clear-incident']);

const setup = z.strictObject({
  scenario: z.string().regex(SCENARIO_ID),
  seed: wholeWithin(SEED),
  demandScale: within(DEMAND_SCALE),
  controllers: z.array(controller).min(1).max(SIDES_MAX).readonly(),
});

const intervention = z.discriminatedUnion('kind', [
  z.strictObject({ kind: laneKinds, step, lane }),
  z.strictObject({ kind: z.literal('incident'), step, lane, positionM: position }),
]);

const opening = z.strictObject({
  setup,
  interventions: z.array(intervention).max(INTERVENTIONS_MAX).readonly(),
  timeS: within(TIME_S),
  running: z.boolean(),
  speed,
});

const command = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['play', 'pause', 'restart']) }),
  z.strictObject({ kind: z.literal('step'), steps: z.int().min(1).max(100_000) }),
  z.strictObject({ kind: z.literal('speed'), speed }),
  z.strictObject({ kind: z.literal('seek'), step }),
  z.strictObject({ kind: z.literal('setup'), setup }),
  z.strictObject({ kind: laneKinds, lane }),
  z.strictObject({ kind: z.literal('incident'), lane, positionM: position }),
  z.strictObject({
    kind: z.literal('next-disagreement'),
    side,
    intersection: index,
    rival: controller,
  }),
]);

const question = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['intersection', 'why', 'counterfactual']),
    side,
    intersection: index,
  }),
  z.strictObject({ kind: z.literal('vehicle'), vehicle: z.int().min(0).max(SEQUENCE_MAX) }),
  z.strictObject({ kind: z.enum(['service', 'record']) }),
  z.strictObject({ kind: z.literal('ribbons'), intersection: index, fromStep: step, toStep: step }),
  z.strictObject({ kind: z.literal('time-space'), fromStep: step, toStep: step }),
]);

export type EventName = keyof ClientEvents;

/** What a viewer says with an event, without the function that takes the reply. */
export type Payload<E extends EventName> =
  Parameters<ClientEvents[E]> extends [infer First, infer Reply]
    ? Reply extends (...args: never) => void
      ? First
      : never
    : Parameters<ClientEvents[E]> extends [number]
      ? number
      : undefined;

const SCHEMAS = {
  join: z.strictObject({
    version: z.int().min(0).max(INDEX_MAX),
    session: z.string().min(1).max(64).exactOptional(),
    wasMain: z.boolean().exactOptional(),
    opening: opening.exactOptional(),
    detail,
    heat: z.boolean(),
  }),
  leave: z.undefined(),
  seen: z.int().min(0).max(SEQUENCE_MAX),
  detail: z.strictObject({ detail, heat: z.boolean() }),
  command,
  ask: question,
} satisfies { [E in EventName]: z.ZodType<Payload<E>> };

// And nothing that the protocol allows is kept out.
type Narrower = {
  [E in EventName]: Payload<E> extends z.infer<(typeof SCHEMAS)[E]> ? never : E;
}[EventName];
true satisfies [Narrower] extends [never] ? true : Narrower;

export function isEvent(name: unknown): name is EventName {
  return typeof name === 'string' && Object.hasOwn(SCHEMAS, name);
}

/**
 * What came with an event, if it is what the protocol says.
 *
 * @param args  all arguments but the function that takes the reply
 * @throws {Refused} saying where it is not
 */
export function readEvent<E extends EventName>(name: E, args: readonly unknown[]): Payload<E> {
  if (args.length > 1) throw misshapen(name, `${name} takes one argument, not ${args.length}`);
  const read = SCHEMAS[name].safeParse(args[0]);
  if (read.success) return read.data as Payload<E>;
  const [issue] = read.error.issues;
  const place = [name, ...(issue?.path ?? [])].map(String).join('.');
  throw misshapen(
    name,
    `${place} is not as it should be (${issue === undefined ? 'unknown' : expected(issue)})`,
  );
}

function misshapen(name: EventName, what: string): Refused {
  const help =
    name === 'join'
      ? 'Open the page without its link; if that does not help, reload it: it may be older than the server.'
      : 'Reload the page: it may be older than the server.';
  return new Refused('shape', `${what}. ${help}`, 'stroke');
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'unrecognized_keys':
      return `${issue.keys.map((key) => JSON.stringify(key.slice(0, 40))).join(', ')} is not known`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    case 'too_small':
      return `expected at least ${issue.minimum}`;
    case 'invalid_value':
      return `expected one of ${issue.values.join(', ')}`;
    default:
      return 'expected another value';
  }
}
