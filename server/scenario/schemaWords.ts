import * as z from 'zod';
import { amount, type Path } from './problem.ts';

/*
 * Reads off the schema what may stand at a place, for messages. It follows zod's own definitions, so
 * that a limit is written down once.
 */

export type SchemaNode = z.core.$ZodType;

const UNITS: readonly (readonly [string, string])[] = [
  ['Kmh', 'km/h'],
  ['Mps2', 'm/s²'],
  ['Vph', 'veh/h'],
  ['S', 's'],
  ['M', 'm'],
];

/** The unit that the last key of a path carries as its suffix. */
export function unitOf(path: Path): string {
  for (let k = path.length - 1; k >= 0; k--) {
    const key = path[k];
    if (typeof key !== 'string') continue;
    const unit = UNITS.find(([suffix]) => /[a-z]/.test(key) && key.endsWith(suffix));
    return unit ? unit[1] : '';
  }
  return '';
}

/** The schema at a path; `null` where it has none. */
export function nodeAt(root: SchemaNode, path: Path): SchemaNode | null {
  let node: SchemaNode | null = root;
  for (const key of path) {
    node = node && childOf(node, key);
  }
  return node && unwrapped(node);
}

function unwrapped(node: SchemaNode): SchemaNode {
  return node instanceof z.ZodOptional ? unwrapped(node.unwrap()) : node;
}

function childOf(wrapped: SchemaNode, key: string | number): SchemaNode | null {
  const node = unwrapped(wrapped);
  if (node instanceof z.ZodObject) {
    const shape: Record<string, SchemaNode> = node.shape;
    return Object.hasOwn(shape, key) ? shape[key]! : null;
  }
  if (node instanceof z.ZodRecord) return node.valueType;
  if (node instanceof z.ZodArray) return node.element;
  if (node instanceof z.ZodTuple) return typeof key === 'number' ? (node.def.items[key] ?? null) : null;
  if (node instanceof z.ZodUnion) {
    for (const option of node.options) {
      const child = childOf(option, key);
      if (child) return child;
    }
  }
  return null;
}

/** The keys an object may have, also as one alternative among several. */
export function keysAt(node: SchemaNode): string[] {
  if (node instanceof z.ZodObject) return Object.keys(node.shape);
  if (node instanceof z.ZodUnion) return node.options.flatMap((option) => keysAt(unwrapped(option)));
  return [];
}

/** The least and greatest number allowed. */
export function rangeOf(node: SchemaNode): { min: number | null; max: number | null } | null {
  if (node instanceof z.ZodNumber) return { min: node.minValue, max: node.maxValue };
  if (node instanceof z.ZodUnion) {
    for (const option of node.options) {
      const range = rangeOf(option);
      if (range) return range;
    }
  }
  return null;
}

/** What may stand at a place, as the end of "Use …". */
export function allowedAt(node: SchemaNode, path: Path): string {
  if (node instanceof z.ZodUnion)
    return node.options.map((option) => allowedAt(unwrapped(option), path)).join(', or ');
  if (node instanceof z.ZodNumber) {
    const kind = node.isInt ? 'a whole number' : 'a number';
    return `${kind}, ${amount(node.minValue ?? 0)} to ${amount(node.maxValue ?? 0, unitOf(path))}`;
  }
  if (node instanceof z.ZodEnum) return node.options.join(', ');
  if (node instanceof z.ZodLiteral) return [...node.values].join(', ');
  if (node instanceof z.ZodBoolean) return 'true or false';
  if (node instanceof z.ZodString) {
    return node.maxLength === null
      ? 'a name'
      : `a text of ${node.minLength ?? 0} to ${amount(node.maxLength)} characters`;
  }
  if (node instanceof z.ZodArray) {
    const entry = node.element instanceof z.ZodEnum ? ` of ${node.element.options.join(', ')}` : '';
    const { least, most } = sizesOf(node);
    return most === null ? `a list${entry}` : `a list${entry} with ${least} to ${amount(most)} entries`;
  }
  if (node instanceof z.ZodTuple) return `a list of ${node.def.items.length} numbers`;
  if (node instanceof z.ZodRecord) return 'names with their values';
  if (node instanceof z.ZodObject) {
    const keys = Object.keys(node.shape).filter((key) => !key.startsWith('$'));
    return keys.length <= 20 ? `keys among ${keys.join(', ')}` : 'keys and values';
  }
  return '';
}

function sizesOf(node: z.ZodArray): { least: number; most: number | null } {
  let least = 0;
  let most: number | null = null;
  for (const { _zod } of node.def.checks ?? []) {
    const def = _zod.def as { check: string; minimum?: number; maximum?: number };
    if (def.check === 'min_length') least = def.minimum ?? 0;
    if (def.check === 'max_length') most = def.maximum ?? null;
  }
  return { least, most };
}
