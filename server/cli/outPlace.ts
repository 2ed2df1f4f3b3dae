import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { visible } from '../protocol/visibleText.ts';
import { codeOf, Mistake } from '../study/mistake.ts';

/**
 * Where a path of `--out` really leads, past symbolic links.
 *
 * @throws {Mistake} for an empty name, and for a link that leads to nothing
 */
export function placeOf(path: string): string {
  if (path.trim() === '') throw new Mistake('--out: the name is empty.', 'Name a place to write to.');
  refuseDeadLinks(path);
  const above = nearestThere(path);
  const rest = resolve(path).slice(above.length);
  return join(realpathSync(above), rest);
}

/** The path itself, or the nearest one above it that is there. */
export function nearestThere(path: string): string {
  let nearest = resolve(path);
  while (statusOf(nearest, statSync) === undefined && dirname(nearest) !== nearest)
    nearest = dirname(nearest);
  return nearest;
}

/** @throws {Mistake} when the path, or a folder on the way to it, is a link to something that is not there */
function refuseDeadLinks(path: string): void {
  for (let place = resolve(path); dirname(place) !== place; place = dirname(place)) {
    const own = statusOf(place, lstatSync);
    if (own === undefined) continue;
    if (own.isSymbolicLink() && statusOf(place, statSync) === undefined) {
      const shown = place === resolve(path) ? path : place;
      throw new Mistake(
        `--out: ${visible(shown)} is a symbolic link to ${visible(readlinkSync(place))}, which is not there.`,
        'Make what it leads to, or name another place.',
      );
    }
    return;
  }
}

/** `undefined`: there is nothing of this name. */
function statusOf(path: string, status: typeof lstatSync | typeof statSync): Stats | undefined {
  try {
    return status(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The name of a lock beside a folder or a file that is written as a whole. */
export function lockBeside(place: string): string {
  return join(dirname(place), `${basename(place)}.greenwave-lock`);
}
