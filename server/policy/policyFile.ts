import { asProblem, Findings, type Problem, quoted, shown } from '../scenario/problem.ts';
import { readText } from '../scenario/readText.ts';
import { tellIssues, valueAt } from '../scenario/shape.ts';
import { FEATURES, misfits } from './policyFit.ts';
import { policyHash } from './policyHash.ts';
import {
  contentSchema,
  FORMAT,
  fileSchema,
  type Policy,
  type PolicyContent,
  VERSION,
} from './policySchema.ts';
import type { Scorer } from './scorer.ts';

/** A policy that can be run, or everything that keeps it from being run. */
export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const PROBLEMS_MAX = 20;

/** Reads a policy file's text. Never throws. */
export function parsePolicy(text: string): ParsedPolicy {
  const reading = readText(text, 'policy.json');
  const nan = reading.value === null ? notANumber(text) : null;
  if (nan !== null) return failed([nan]);
  if (reading.value === null || reading.problems.length > 0) return failed(reading.problems);
  const { root } = reading.value;
  const foreign = foreignness(root);
  if (foreign !== null) return failed([foreign]);
  const checked = fileSchema.safeParse(root);
  if (!checked.success) return failed(formProblems(checked.error.issues, root));
  const { format: _, version: __, hash, ...content } = checked.data;
  const problems = misfits(content);
  if (problems.length > 0) return failed(problems);
  const found = policyHash(content);
  if (found !== hash) return failed([changed(found, hash)]);
  return { ok: true, policy: { ...content, hash } };
}

/**
 * A policy as the text of its file: `parsePolicy` reads it back the same, to the last bit of its weights. Equal
 * policies give equal bytes.
 *
 * @throws {Error} for what could not be read back, NaN among the weights for example
 */
export function policyText(policy: PolicyContent): string {
  const { name, features, sight, decisionS, stages, architecture, weights, training, scores } = policy;
  const content = { name, features, sight, decisionS, stages, architecture, weights, training, scores };
  const problems = policyProblems(content);
  if (problems.length > 0) {
    const told = problems.map(({ place, message }) => `${place}: ${message}`);
    throw new Error(`This policy cannot be written. ${told.join(' ')}`);
  }
  const file = { format: FORMAT, version: VERSION, ...content, hash: policyHash(content) };
  return `${compactJson(file, '')}\n`;
}

/** Everything that keeps what a program made from being run as a policy. */
export function policyProblems(content: unknown): readonly Problem[] {
  const checked = contentSchema.safeParse(content);
  return checked.success ? misfits(checked.data) : formProblems(checked.error.issues, content);
}

/** A policy from what was trained, for the features of this version. */
export function policyOf(
  { linear, layers }: Scorer,
  {
    name,
    sight,
    decisionS,
    stages,
    training,
    scores,
  }: Omit<PolicyContent, 'features' | 'architecture' | 'weights'>,
): Policy {
  const content: PolicyContent = {
    ...{ name, sight, decisionS, stages, training, scores },
    features: FEATURES,
    architecture: { inputs: linear.length, layers: layers.map(({ biases }) => biases.length) },
    weights: {
      linear: [...linear],
      layers: layers.map(({ weights, biases }) => ({
        weights: rowsOf(weights, biases.length),
        biases: [...biases],
      })),
    },
  };
  return { ...content, hash: policyHash(content) };
}

/** What gives phases their scores, ready to run. */
export function scorerOf({ weights }: PolicyContent): Scorer {
  return {
    linear: Float64Array.from(weights.linear),
    layers: weights.layers.map((layer) => ({
      weights: Float64Array.from(layer.weights.flat()),
      biases: Float64Array.from(layer.biases),
    })),
  };
}

function rowsOf(weights: Float64Array, count: number): number[][] {
  const width = weights.length / count;
  return Array.from({ length: count }, (_, j) => [...weights.subarray(j * width, (j + 1) * width)]);
}

/** Why a file is none of ours, or none that this version reads. */
function foreignness(root: unknown): Problem | null {
  const format = valueAt(root, ['format']);
  if (format !== FORMAT) {
    const found = format === undefined ? 'it names no format' : `its format is ${shown(format)}`;
    return {
      place: '',
      message: `this is not a policy: ${found}, not ${quoted(FORMAT)}.`,
      advice: 'Give a policy.json, as greenwave train writes it.',
    };
  }
  const version = valueAt(root, ['version']);
  if (version === VERSION) return null;
  const isNewer = typeof version === 'number' && version > VERSION;
  return {
    place: 'version',
    message: `the policy is of version ${shown(version)}; this Greenwave reads version ${VERSION}.`,
    advice: isNewer ? 'Run it with a newer Greenwave.' : 'Train it anew with this Greenwave.',
  };
}

type Issues = Parameters<typeof tellIssues>[0];

/** What has another form than it should. Weights have words of their own: NaN becomes null in JSON. */
function formProblems(issues: Issues, root: unknown): Problem[] {
  const isWeight = ({ path }: Issues[number]) => path[0] === 'weights' && typeof path.at(-1) === 'number';
  const findings = new Findings();
  tellIssues(
    issues.filter((issue) => !isWeight(issue)),
    fileSchema,
    root,
    findings,
  );
  for (const { path } of issues.filter(isWeight)) {
    const place = path.map((key) => (typeof key === 'number' ? key : String(key)));
    const value = valueAt(root, place);
    const found = value === null ? 'null, which stands for NaN or Infinity' : shown(value);
    findings.problem(place, `found ${found}, expected a finite number.`, DIVERGED);
  }
  return findings.problems.map(asProblem);
}

/** Some programs write NaN into JSON, which has no word for it. */
function notANumber(text: string): Problem | null {
  const found = /[[,:]\s*(NaN|-?Infinity)\b/.exec(text);
  if (found === null) return null;
  const line = text.slice(0, found.index).split('\n').length;
  return {
    place: `line ${line}`,
    message: `found ${found[1]}, expected a finite number.`,
    advice: DIVERGED,
  };
}

const DIVERGED = 'A training that ends so has gone astray. Take an earlier checkpoint, or train anew.';

function changed(found: string, hash: string): Problem {
  return {
    place: 'hash',
    message: `the file says ${hash.slice(0, 12)}…, its content comes to ${found.slice(0, 12)}…`,
    advice: 'It was changed after it was written. Take the original, or train anew.',
  };
}

function failed(problems: readonly Problem[]): ParsedPolicy {
  if (problems.length <= PROBLEMS_MAX) return { ok: false, problems };
  const more = { place: '', message: `${problems.length - PROBLEMS_MAX} more problems are not listed.` };
  return { ok: false, problems: [...problems.slice(0, PROBLEMS_MAX), more] };
}

/** JSON with a line for each key, and one for a list of plain values. */
function compactJson(value: unknown, indent: string): string {
  const isPlain = (one: unknown) => one === null || typeof one !== 'object';
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return `[${value.map((one) => JSON.stringify(one)).join(', ')}]`;
    return `[\n${value.map((one) => inner + compactJson(one, inner)).join(',\n')}\n${indent}]`;
  }
  if (isPlain(value)) return JSON.stringify(value);
  const entries = Object.entries(value as object);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, own]) => `${inner}${JSON.stringify(key)}: ${compactJson(own, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
