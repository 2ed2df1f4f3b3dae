import { z } from 'zod';
import { DEMAND_SCALE, POSITION_M, type Range, SEED, STEP, TIME_S } from '../protocol/bounds.ts';
import { SIDES_MAX } from '../protocol/session.ts';
import { jsonFault } from '../scenario/jsonFault.ts';
import { amount, type Problem, placeOf, shown } from '../scenario/problem.ts';
import { LOG_VERSION, type LogHeader, type LogLine } from './log.ts';

const within = ({ least, most }: Range) => z.number().min(least).max(most);
const wholeWithin = ({ least, most }: Range) => z.int().min(least).max(most);
/** Text that is printed, or looked for: a log may come from anybody. */
const CONTROL = /^\P{Cc}*$/u;
const text = (most: number, least = 0) => z.string().min(least).max(most).regex(CONTROL);

const INTERVENTIONS_MAX = 10_000;

const step = wholeWithin(STEP);
const lane = text(256, 1);
const duration = z.number().gt(0).max(TIME_S.most);

const interventionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ step, kind: z.literal('close-lane'), lane }),
  z.strictObject({ step, kind: z.literal('open-lane'), lane }),
  z.strictObject({ step, kind: z.literal('clear-incident'), lane }),
  z.strictObject({ step, kind: z.literal('incident'), lane, positionM: within(POSITION_M) }),
]);

const setupSchema = z.strictObject({
  scenario: text(256, 1),
  seed: wholeWithin(SEED),
  demandScale: within(DEMAND_SCALE),
  controllers: z.array(text(128, 1)).min(1).max(SIDES_MAX),
});

const headerSchema = z.strictObject({
  kind: z.literal('run'),
  version: z.literal(LOG_VERSION),
  greenwave: text(64),
  file: text(4096, 1),
  scenario: text(1000),
  layout: text(64),
  flags: z.strictObject({
    protocol: text(128).optional(),
    durationS: duration.optional(),
    decisionS: duration.optional(),
    detectorsOnly: z.boolean().optional(),
    perfectDetection: z.boolean().optional(),
  }),
  policies: z.record(z.string(), text(128)),
  setup: setupSchema,
  interventions: z.array(interventionSchema).max(INTERVENTIONS_MAX),
  commandsLeftOut: z.int().positive().optional(),
});

const lineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('command'), step, command: z.looseObject({ kind: z.string() }) }),
  z.strictObject({ kind: z.literal('fingerprint'), step, sides: z.array(text(64)).min(1).max(SIDES_MAX) }),
]);

export type ParsedLog =
  | { readonly ok: true; readonly header: LogHeader; readonly lines: readonly LogLine[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const PROBLEMS_MAX = 10;
/** Commands that are kept, and a fingerprint for each minute of the longest run, twice over. */
const LINES_MAX = 100_000;

/** Reads a log; the first problems of what cannot be read are told by line. */
export function parseLog(log: string): ParsedLog {
  const problems: Problem[] = [];
  const lines: LogLine[] = [];
  let header: LogHeader | null = null;
  let lastMark = -1;
  let number = 0;
  for (const row of rowsOf(log)) {
    number++;
    if (row.trim() === '') continue;
    const value = jsonOf(row);
    if (value === undefined) {
      const fault = jsonFault(row);
      const column = fault === null ? '' : `, column ${fault.column}`;
      const message = fault?.message ?? 'this cannot be read as JSON.';
      problems.push({
        place: `line ${number}${column}`,
        message: message.replace('the file ends', 'the line ends'),
        advice: fault?.advice ?? '',
      });
    } else if (header === null) {
      header = headerOf(value, number, problems);
      // Of what follows a header that cannot be read nothing can be said.
      if (header === null) break;
    } else {
      const line = told(lineSchema.safeParse(value), value, number, problems) as LogLine | null;
      if (line === null) {
        if (problems.length >= PROBLEMS_MAX) break;
        continue;
      }
      lines.push(line);
      if (line.kind === 'fingerprint') {
        problems.push(...problemsOfMark(line, number, header, lastMark));
        lastMark = line.step;
      }
    }
    if (lines.length > LINES_MAX) {
      problems.push({
        place: `line ${number}`,
        message: `a log has at most ${amount(LINES_MAX)} lines.`,
        advice: 'Give the log as the live page saved it.',
      });
      break;
    }
    if (problems.length >= PROBLEMS_MAX) break;
  }
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, PROBLEMS_MAX) };
  if (header === null) return { ok: false, problems: [{ place: '', message: 'The file is empty.' }] };
  return { ok: true, header, lines };
}

/** One after the other: a file of line ends alone has more of them than fit into memory. */
function* rowsOf(log: string): Generator<string> {
  for (let from = 0; from < log.length; ) {
    const end = log.indexOf('\n', from);
    const to = end < 0 ? log.length : end;
    yield log.slice(from, to);
    from = to + 1;
  }
}

function jsonOf(row: string): unknown {
  try {
    return JSON.parse(row) as unknown;
  } catch {
    return undefined;
  }
}

function headerOf(value: unknown, line: number, problems: Problem[]): LogHeader | null {
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== LOG_VERSION) {
    const message = `Got a log of version ${version}, can read ${LOG_VERSION}.`;
    problems.push({ place: `line ${line}`, message });
    return null;
  }
  return told(headerSchema.safeParse(value), value, line, problems) as LogHeader | null;
}

type Mark = Extract<LogLine, { kind: 'fingerprint' }>;

function problemsOfMark({ step, sides }: Mark, line: number, header: LogHeader, before: number): Problem[] {
  const found: Problem[] = [];
  const place = `line ${line}`;
  if (step <= before) {
    found.push({ place, message: `fingerprints are of rising steps, and ${step} follows ${before}.` });
  }
  const { length } = header.setup.controllers;
  if (sides.length !== length) {
    const message = `it has ${sides.length} fingerprints, and line 1 names ${length} controllers: one for each is needed.`;
    found.push({ place, message });
  }
  return found;
}

function told<T>(
  parsed: z.ZodSafeParseResult<T>,
  value: unknown,
  line: number,
  problems: Problem[],
): T | null {
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues.slice(0, 2)) {
    const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
    const where = path.length === 0 ? '' : `, ${placeOf(path)}`;
    const found = path.reduce<unknown>((inner, key) => own(inner, key), value);
    problems.push({ place: `line ${line}${where}`, message: `found ${shown(found)}, ${needed(issue)}.` });
  }
  return null;
}

function own(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a group of keys',
  record: 'a group of keys',
  string: 'a text',
};

/** What an issue of zod asks for. */
function needed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `needs ${KINDS[issue.expected] ?? issue.expected}`;
    case 'unrecognized_keys':
      return `which has keys that a log does not: ${issue.keys.slice(0, 3).map(shown).join(', ')}`;
    case 'too_big':
      return `needs at most ${amount(Number(issue.maximum))}${unitOf(issue.origin)}`;
    case 'too_small':
      return `needs ${issue.inclusive === false ? 'more than' : 'at least'} ${amount(Number(issue.minimum))}${unitOf(issue.origin)}`;
    case 'invalid_value':
      return `needs ${issue.values.map(shown).join(' or ')}`;
    case 'invalid_format':
      return 'needs a text without control characters';
    case 'invalid_union':
      return 'needs a kind that a log has: command or fingerprint, in interventions close-lane, open-lane, incident or clear-incident';
    default:
      return 'needs another value';
  }
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';
}
