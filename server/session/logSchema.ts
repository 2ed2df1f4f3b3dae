import { z } from 'zod';
import { jsonFault } from '../scenario/jsonFault.ts';
import { type Problem, quoted } from '../scenario/problem.ts';
import { LOG_VERSION, type LogHeader, type LogLine } from './log.ts';

const step = z.int().min(0).max(100_000_000);
const lane = z.string().min(1).max(256);

export const interventionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ step, kind: z.literal('close-lane'), lane }),
  z.strictObject({ step, kind: z.literal('open-lane'), lane }),
  z.strictObject({ step, kind: z.literal('clear-incident'), lane }),
  z.strictObject({ step, kind: z.literal('incident'), lane, positionM: z.number().min(0).max(1_000_000) }),
]);

export const setupSchema = z.strictObject({
  scenario: z.string().min(1).max(256),
  seed: z.int(),
  demandScale: z.number().min(0).max(100),
  controllers: z.array(z.string().min(1).max(128)).min(1).max(4),
});

const headerSchema = z.strictObject({
  kind: z.literal('run'),
  version: z.literal(LOG_VERSION),
  greenwave: z.string(),
  file: z.string(),
  scenario: z.string(),
  layout: z.string(),
  flags: z.strictObject({
    protocol: z.string().optional(),
    durationS: z.number().positive().optional(),
    decisionS: z.number().positive().optional(),
    detectorsOnly: z.boolean().optional(),
    perfectDetection: z.boolean().optional(),
  }),
  policies: z.record(z.string(), z.string()),
  setup: setupSchema,
  interventions: z.array(interventionSchema).max(10_000),
  commandsLeftOut: z.int().positive().optional(),
});

const lineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('command'), step, command: z.looseObject({ kind: z.string() }) }),
  z.strictObject({ kind: z.literal('fingerprint'), step, sides: z.array(z.string()).min(1).max(4) }),
]);

export type ParsedLog =
  | { readonly ok: true; readonly header: LogHeader; readonly lines: readonly LogLine[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a log; the first problems of what cannot be read are told by line. */
export function parseLog(text: string): ParsedLog {
  const rows = text.split('\n').filter((row) => row.trim() !== '');
  if (rows.length === 0) return { ok: false, problems: [{ place: '', message: 'The file is empty.' }] };
  const problems: Problem[] = [];
  const values = rows.map((row, k) => {
    try {
      return JSON.parse(row) as unknown;
    } catch {
      const fault = jsonFault(row);
      const column = fault === null ? '' : `, column ${fault.column}`;
      const message = fault?.message ?? 'this cannot be read as JSON.';
      problems.push({
        place: `line ${k + 1}${column}`,
        message: message.replace('the file ends', 'the line ends'),
        advice: fault?.advice ?? '',
      });
      return null;
    }
  });
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, PROBLEMS_MAX) };
  const version = (values[0] as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== LOG_VERSION) {
    const message = `Got a log of version ${version}, can read ${LOG_VERSION}.`;
    return { ok: false, problems: [{ place: 'line 1', message }] };
  }
  const header = headerSchema.safeParse(values[0]);
  const lines = values.slice(1).map((value, k) => told(lineSchema.safeParse(value), k + 2, problems));
  const first = told(header, 1, problems);
  if (problems.length > 0 || first === null) return { ok: false, problems: problems.slice(0, PROBLEMS_MAX) };
  const marks = lines.filter((line) => line !== null) as LogLine[];
  const steps = marks.flatMap((line) => (line.kind === 'fingerprint' ? line.step : []));
  const late = steps.findIndex((at, k) => k > 0 && at <= steps[k - 1]!);
  if (late >= 0) {
    const message = `fingerprints are of rising steps, and ${steps[late]} follows ${steps[late - 1]}.`;
    return { ok: false, problems: [{ place: 'fingerprints', message }] };
  }
  return { ok: true, header: first as LogHeader, lines: marks };
}

const PROBLEMS_MAX = 10;

function told<T>(parsed: z.ZodSafeParseResult<T>, line: number, problems: Problem[]): T | null {
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues.slice(0, 2)) {
    const where = path.length === 0 ? '' : `, ${quoted(path.join('.'))}`;
    problems.push({ place: `line ${line}${where}`, message: `${message}.` });
  }
  return null;
}
