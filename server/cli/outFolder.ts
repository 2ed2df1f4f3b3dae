import { accessSync, constants, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf, fileMistake, Mistake } from '../study/mistake.ts';

/** Whether a folder that is not empty may be replaced, because it holds our own earlier results. */
export type Replaceable = (folder: string) => boolean;

/**
 * Sees to it, before a long run, that its results will have a place.
 *
 * @throws {Mistake} when the folder holds something else, or cannot be made
 */
export function checkFolder(path: string, replaceable: Replaceable): void {
  const folder = target(path);
  try {
    if (folder === process.cwd()) {
      throw new Mistake(`--out: ${path} is the folder you are in.`, 'Name another one; it will be made.');
    }
    const above = nearestThere(dirname(folder));
    if (!statSync(above).isDirectory()) throw new Mistake(`--out: ${above} is a file; name a folder.`);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new Mistake(`--out: ${path} is a file; name a folder.`);
    }
    const entries = entriesOf(folder);
    if (entries !== null && entries.length > 0 && !replaceable(folder)) {
      throw new Mistake(
        `--out: ${path} is not empty, and does not hold earlier results of this command.`,
        'Name a new folder, or empty this one.',
      );
    }
    accessSync(above, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileMistake(error, `--out: ${path} cannot be written`);
  }
}

/** Where the folder really is, past a symbolic link. */
export function target(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** `null` when there is no such folder. */
export function entriesOf(folder: string): string[] | null {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The path itself, or the nearest folder above it that is there. */
function nearestThere(path: string): string {
  let nearest = path;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  return nearest;
}
