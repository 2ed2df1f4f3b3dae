import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
} from 'yaml';
import { jsonFault, placeText } from './jsonFault.ts';
import { amount, type Problem, quoted } from './problem.ts';

/** Bounds on a file, so that no file can take all memory or all day. */
const YAML_CHARACTERS_MAX = 4_000_000;
const JSON_CHARACTERS_MAX = 64_000_000;
const VALUES_MAX = 1_000_000;
const DEPTH_MAX = 60;
const SYNTAX_PROBLEMS_MAX = 20;

/** The value a text stands for, and what is wrong with the text. `null`: it cannot be read at all. */
export interface Reading {
  readonly value: { readonly root: unknown } | null;
  readonly problems: readonly Problem[];
}

/**
 * Reads YAML or JSON. Never throws, and takes time and memory in proportion to the text: aliases are
 * counted before they are expanded, and depth is checked before anything recursive touches the text.
 */
export function readText(text: string, fileName: string): Reading {
  if (text.length > JSON_CHARACTERS_MAX) return unreadable('', tooLong(text.length, JSON_CHARACTERS_MAX));
  const isJson = /\.json$/i.test(fileName);
  if (isJson || /^\s*\{/.test(text.slice(0, 1000))) {
    const reading = readJson(text);
    // What begins like JSON may still be YAML in braces.
    if (reading.value !== null || isJson) return reading;
  }
  if (text.length > YAML_CHARACTERS_MAX) return unreadable('', tooLong(text.length, YAML_CHARACTERS_MAX));
  return readYaml(text);
}

function unreadable(place: string, message: string, advice?: string): Reading {
  return { value: null, problems: [advice ? { place, message, advice } : { place, message }] };
}

function tooLong(characters: number, most: number): string {
  return `the file has ${amount(characters)} characters, more than ${amount(most)}.`;
}

function readJson(text: string): Reading {
  let root: unknown;
  try {
    root = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    const fault = jsonFault(text);
    // Nested so deep that the engine gives up on what is JSON.
    if (fault === null) return unreadable('', `this cannot be read as JSON: ${String(error)}.`);
    return unreadable(placeText(text, fault.offset), fault.message, fault.advice);
  }
  return scanJson(text, root);
}

/** Finds what JSON.parse lets pass in valid JSON: keys given twice, and more values than we take. */
function scanJson(text: string, root: unknown): Reading {
  const problems: Problem[] = [];
  const open: { keys: Set<string> | null; expectsKey: boolean }[] = [];
  let values = 0;
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [part] = match;
    const inside = open[open.length - 1];
    if (part === '{' || part === '[')
      open.push({ keys: part === '{' ? new Set() : null, expectsKey: part === '{' });
    else if (part === '}' || part === ']') open.pop();
    else if (part === ',' && inside) inside.expectsKey = inside.keys !== null;
    else if (part.startsWith('"') && inside?.keys && inside.expectsKey) {
      const key: unknown = JSON.parse(part);
      inside.expectsKey = false;
      if (typeof key === 'string' && inside.keys.has(key))
        problems.push(givenTwice(placeText(text, match.index), key));
      else if (typeof key === 'string') inside.keys.add(key);
    }
    if (part !== ',' && part !== ':' && ++values > 2 * VALUES_MAX) return unreadable('', tooMany());
    if (problems.length >= SYNTAX_PROBLEMS_MAX) break;
  }
  return { value: { root }, problems };
}

function givenTwice(place: string, key: string): Problem {
  return { place, message: `the key ${quoted(key)} is given twice.`, advice: 'Keep one of them.' };
}

function tooMany(): string {
  return `the file has more than ${amount(VALUES_MAX)} values, aliases expanded.`;
}

function readYaml(text: string): Reading {
  const lineCounter = new LineCounter();
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)];
  const deep = placeOfTooDeep(tokens);
  if (deep !== null) {
    return unreadable(
      lineAndColumn(lineCounter, deep),
      `lists and keys are nested more than ${DEPTH_MAX} deep.`,
    );
  }
  const composer = new Composer({
    merge: true,
    stringKeys: true,
    uniqueKeys: false, // compares every key with every other; `inspect` uses a set
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents = [...composer.compose(tokens, true, text.length)];
  const document = documents[0];
  if (!document) return unreadable('', 'the file is empty.');
  if (documents.length > 1)
    return unreadable('', `the file holds ${documents.length} documents, separated by "---".`, 'Keep one.');
  const faults = [...document.errors, ...document.warnings].slice(0, SYNTAX_PROBLEMS_MAX);
  if (faults.length > 0) {
    const problems = faults.map(({ pos, message }) => ({
      place: lineAndColumn(lineCounter, pos[0]),
      message: unreadableAsYaml(message),
    }));
    return { value: null, problems };
  }
  if (document.contents === null) return unreadable('', 'the file is empty.');
  return inspected(document, lineCounter);
}

/** What the reader of YAML says, without its "invalid", which tells nothing. */
function unreadableAsYaml(reason: string): string {
  const words = reason.replace(/\b(invalid|illegal)\b/gi, 'wrong').replace(/\.?\s*$/, '');
  return `this cannot be read as YAML: ${lowerFirst(words)}.`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function lineAndColumn(lineCounter: LineCounter, offset: number): string {
  const { line, col } = lineCounter.linePos(offset);
  return `line ${line}, column ${col}`;
}

/** The offset of the first token nested too deeply, by a walk with its own stack; `null` if there is none. */
function placeOfTooDeep(tokens: readonly CST.Token[]): number | null {
  const stack: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { token, depth } = entry;
    if (depth > DEPTH_MAX) return token.offset;
    if (token.type === 'document' && token.value) stack.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if (item.key) stack.push({ token: item.key, depth: depth + 1 });
      if (item.value) stack.push({ token: item.value, depth: depth + 1 });
    }
  }
  return null;
}

/** Checks keys and aliases of a well-formed document and turns it into plain values. */
function inspected(document: Document.Parsed, lineCounter: LineCounter): Reading {
  const problems: Problem[] = [];
  const anchors = new Map<string, { node: unknown; values: number }>();
  const ancestors = new Set<unknown>();
  const place = (node: unknown) => {
    const range = (node as { range?: readonly number[] | null }).range;
    return range ? lineAndColumn(lineCounter, range[0]!) : '';
  };
  /** Counts the values under a node with aliases expanded. */
  const inspect = (node: unknown): number => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (!target) return 1;
      if (!ancestors.has(target.node)) return target.values;
      problems.push({
        place: place(node),
        message: `the alias "*${node.source}" lies within what it stands for.`,
        advice: 'Write the value out.',
      });
      return 1;
    }
    let values = 1;
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    const target = { node, values };
    if (anchor) anchors.set(anchor, target);
    ancestors.add(node);
    if (isSeq(node)) for (const item of node.items) values += inspect(item);
    if (isMap(node)) {
      const keys = new Set<string>();
      for (const { key, value } of node.items) {
        const text = isScalar(key) ? String(key.value) : '';
        if (keys.has(text)) problems.push(givenTwice(place(key), text));
        keys.add(text);
        values += inspect(value);
      }
    }
    ancestors.delete(node);
    target.values = values;
    return values;
  };
  const values = inspect(document.contents);
  if (values > VALUES_MAX) return unreadable('', tooMany());
  if (problems.some(({ message }) => message.startsWith('the alias'))) return { value: null, problems };
  try {
    return { value: { root: document.toJS({ maxAliasCount: -1 }) }, problems };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      value: null,
      problems: [...problems, { place: '', message: unreadableAsYaml(reason) }],
    };
  }
}
