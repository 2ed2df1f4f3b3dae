import { accessSync, constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { visible } from '../protocol/visibleText.ts';
import { codeOf, fileMistake, Mistake } from '../study/mistake.ts';
import { sweepDrafts } from './draftNames.ts';
import { takeLock } from './outLock.ts';
import { lockBeside, nearestThere, placeOf } from './outPlace.ts';

/** Whether a folder that is not empty may be replaced, because it holds our own earlier results. */
export type Replaceable = (folder: string) => boolean;

/**
 * Sees to it, before a long run, that its results will have a place, which no other process writes to until this one ends; and
 * clears away what a killed process left beside it.
 *
 * @returns the folder, past symbolic links
 * @throws {Mistake} when the folder holds something else, cannot be made, or is being written by another process
 */
export function claimFolder(path: string, replaceable: Replaceable): string {
  const folder = checkFolder(path, replaceable);
  try {
    mkdirSync(dirname(folder), { recursive: true });
    takeLock(lockBeside(folder), `--out: ${path}`);
    sweepDrafts(folder);
  } catch (error) {
    throw fileMistake(error, `--out: ${path} cannot be written`);
  }
  // Another process may have ended in between.
  return checkFolder(path, replaceable);
}

/**
 * @returns the folder, past symbolic links
 * @throws {Mistake} when the folder holds something else, or cannot be made
 */
export function checkFolder(path: string, replaceable: Replaceable): string {
  try {
    const folder = placeOf(path);
    if (folder === process.cwd()) {
      throw new Mistake(
        `--out: ${visible(path)} is the folder you are in.`,
        'Name another one; it will be made.',
      );
    }
    const above = nearestThere(dirname(folder));
    if (!statSync(above).isDirectory())
      throw new Mistake(`--out: ${visible(above)} is a file; name a folder.`);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new Mistake(`--out: ${visible(path)} is a file; name a folder.`);
    }
    const entries = entriesOf(folder);
    if (entries !== null && entries.length > 0 && !replaceable(folder)) {
      throw new Mistake(
        `--out: ${visible(path)} is not empty, and does not hold earlier results of this command.`,
        'Name a new folder, or empty this one.',
      );
    }
    accessSync(above, constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    throw fileMistake(error, `--out: ${path} cannot be written`);
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
