import { accessSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { visible } from '../protocol/visibleText.ts';
import { fileMistake, Mistake } from '../study/mistake.ts';
import { draftPrefix, sweepDrafts } from './draftNames.ts';
import { takeLock } from './outLock.ts';
import { lockBeside, placeOf } from './outPlace.ts';

/**
 * Sees to it, before long work, that a file can be written here later on, and that no other process writes it until this one ends.
 *
 * @param read  a file that is read, which must not be the same
 * @returns the file, past symbolic links
 * @throws {Mistake} when its folder is missing, something else than a file has its name, or another process is writing it
 */
export function claimFile(path: string, read?: string): string {
  const shown = visible(path);
  try {
    if (/[\\/]$/.test(path) && basename(path) !== '')
      throw new Mistake(`--out: ${shown} is the name of a folder; name a file.`);
    const place = placeOf(path);
    const there = statSync(place, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new Mistake(`--out: ${shown} is a folder; name a file.`);
    if (there && !there.isFile()) throw new Mistake(`--out: ${shown} is not an ordinary file.`);
    const source = read === undefined ? undefined : statSync(read, { throwIfNoEntry: false });
    if (there && source && there.ino === source.ino && there.dev === source.dev) {
      throw new Mistake(`--out: ${shown} is the file that is read; name another one.`);
    }
    const folder = statSync(dirname(place), { throwIfNoEntry: false });
    if (folder?.isDirectory() === false)
      throw new Mistake(`--out: ${visible(dirname(path))} is a file, not a folder.`);
    if (!folder) throw new Mistake(`--out: ${shown} cannot be written: there is no such folder.`);
    accessSync(dirname(place), constants.W_OK | constants.X_OK);
    takeLock(lockBeside(place), `--out: ${path}`);
    sweepDrafts(place);
    return place;
  } catch (error) {
    throw fileMistake(error, `--out: ${path} cannot be written`);
  }
}

/**
 * Writes a file beside the place named and puts it there when it is whole.
 *
 * @throws {Mistake} as `claimFile`, and when the disk is full
 */
export function writeText(path: string, text: string): void {
  const place = claimFile(path);
  const random = Math.floor(Math.random() * 0x1000000).toString(16);
  const unfinished = `${draftPrefix(place)}${random.padStart(6, '0')}`;
  try {
    writeFileSync(unfinished, text, { flag: 'wx' });
    renameSync(unfinished, place);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw fileMistake(error, `--out: ${path} cannot be written`);
  }
}
