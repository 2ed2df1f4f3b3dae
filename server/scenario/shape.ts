import type * as z from 'zod';
import { amount, type Finding, type Findings, type Path, quoted, shown, suggestion } from './problem.ts';
import { allowedAt, keysAt, nodeAt, rangeOf, type SchemaNode, unitOf } from './schemaWords.ts';

type Issue = z.core.$ZodIssue;

/** Tells what zod found, in our words, and returns where. */
export function tellIssues(
  issues: readonly Issue[],
  schema: SchemaNode,
  root: unknown,
  findings: Findings,
): void {
  for (const issue of issues.flatMap((one) => leaves(one))) {
    for (const finding of inWords(issue, schema, root)) findings.problems.push(finding);
  }
}

/** A union's issue stands for those of the one branch that has the right type, if there is one. */
export function leaves(issue: Issue): Issue[] {
  if (issue.code === 'invalid_union') {
    const fitting = issue.errors.filter(
      (branch) =>
        !branch.some(
          ({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'),
        ),
    );
    if (fitting.length !== 1) return [issue];
    return fitting[0]!.flatMap((inner) => leaves({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [issue];
}

/** The value at a path of what was read. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

function inWords(issue: Issue, schema: SchemaNode, root: unknown): Finding[] {
  const path = pathOf(issue);
  const value = valueAt(root, path);
  const node = nodeAt(schema, path);
  const allowed = node ? allowedAt(node, path) : '';
  const use = allowed === '' ? undefined : `Use ${allowed}.`;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = node ? keysAt(node) : [];
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `${quoted(key)} is not a key here.`,
        advice: suggestion(key, known),
      }));
    }
    case 'invalid_key':
      return [{ path, message: `${quoted(String(path[path.length - 1]))} cannot be a name.`, advice: NAMES }];
    case 'invalid_format':
      return [{ path, message: `${shown(value)} cannot be a name.`, advice: NAMES }];
    case 'invalid_value': {
      const values = issue.values.map(String);
      const advice = typeof value === 'string' ? suggestion(value, values) : use;
      return value === undefined
        ? [missing(path, use)]
        : [{ path, message: `${shown(value)} is not allowed.`, advice }];
    }
    case 'too_small':
    case 'too_big':
      return [{ path, message: outOfBounds(value, path, node), advice: use }];
    case 'invalid_type': {
      if (value === undefined) return [missing(path, use)];
      if (issue.expected === 'int')
        return [{ path, message: `${shown(value)} is not a whole number.`, advice: use }];
      return [
        { path, message: `${shown(value)} is not ${KINDS[issue.expected] ?? 'allowed'}.`, advice: use },
      ];
    }
    default:
      return value === undefined
        ? [missing(path, use)]
        : [{ path, message: `${shown(value)} is not allowed.`, advice: use }];
  }
}

export function pathOf(issue: Issue): (string | number)[] {
  return issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
}

function missing(path: Path, advice: string | undefined): Finding {
  return { path, message: 'is missing.', advice };
}

function outOfBounds(value: unknown, path: Path, node: SchemaNode | null): string {
  if (typeof value === 'number') {
    const unit = unitOf(path);
    const range = node && rangeOf(node);
    if (!range) return `${amount(value, unit)} is not allowed.`;
    const below = range.min !== null && value < range.min;
    const limit = below ? range.min : range.max;
    return `${amount(value, unit)} is ${below ? 'less than the least' : 'more than the most'} allowed (${amount(limit ?? 0, unit)}).`;
  }
  if (typeof value === 'string') return `the text has ${amount(value.length)} characters.`;
  if (Array.isArray(value))
    return `the list has ${amount(value.length)} ${value.length === 1 ? 'entry' : 'entries'}.`;
  return `${shown(value)} is not allowed.`;
}

const NAMES = 'Use up to 64 letters, digits, "_", "-" and ".", and begin with a letter or digit.';

const KINDS: Record<string, string> = {
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};
