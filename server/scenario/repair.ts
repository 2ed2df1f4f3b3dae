import type * as z from 'zod';
import type { Path } from './problem.ts';
import { leaves, pathOf, valueAt } from './shape.ts';

/** Indices that the entries of a list had in the file, for lists from which entries were taken. */
export type OriginalIndices = WeakMap<object, readonly number[]>;

const TAKEN = Symbol('taken');

/**
 * Takes out of a value what zod objects to, in place, so that the rest can be checked for sense in the
 * same go. What is missing takes its owner with it.
 */
export function takeOut(
  root: unknown,
  issues: readonly z.core.$ZodIssue[],
  originalIndices: OriginalIndices,
): void {
  const lists = new Set<unknown[]>();
  for (const issue of issues.flatMap((one) => leaves(one))) {
    const path = pathOf(issue);
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(root, [...path, key], lists);
    else if (path.length > 0)
      remove(root, valueAt(root, path) === undefined ? path.slice(0, -1) : path, lists);
  }
  for (const list of lists) {
    const before = originalIndices.get(list) ?? list.map((_, k) => k);
    originalIndices.set(
      list,
      before.filter((_, k) => list[k] !== TAKEN),
    );
    const kept = list.filter((entry) => entry !== TAKEN);
    list.length = 0;
    for (const entry of kept) list.push(entry);
  }
}

function remove(root: unknown, path: Path, lists: Set<unknown[]>): void {
  const key = path[path.length - 1];
  const owner = valueAt(root, path.slice(0, -1));
  if (key === undefined || owner === null || typeof owner !== 'object') return;
  if (Array.isArray(owner)) {
    if (typeof key !== 'number') return;
    owner[key] = TAKEN;
    lists.add(owner);
  } else {
    delete (owner as Record<string, unknown>)[key];
  }
}

/** A path into what is left, as a path into the file. */
export function pathInFile(root: unknown, path: Path, originalIndices: OriginalIndices): Path {
  let owner = root;
  return path.map((key) => {
    const indices = owner !== null && typeof owner === 'object' ? originalIndices.get(owner) : undefined;
    owner = valueAt(owner, [key]);
    return typeof key === 'number' ? (indices?.[key] ?? key) : key;
  });
}
