import { accessSync, constants, existsSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { chmod, type FileHandle, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf, fileMistake, Mistake } from './mistake.ts';

/** Files by name, each as pieces of text in order, made as they are written. */
export type FileTexts = Readonly<Record<string, Iterable<string>>>;

/** Whether a folder that is not empty may be replaced, because it holds our own earlier results. */
export type Replaceable = (folder: string) => boolean;

/** Characters gathered before they are written. */
const PIECE = 1 << 16;

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

/**
 * Writes all files into a new folder beside the one named, then puts it in its place: whatever
 * happens, the folder named holds all of the old or all of the new.
 *
 * @throws {Mistake} as `checkFolder`, and when the disk is full
 */
export async function writeFolder(path: string, replaceable: Replaceable, files: FileTexts): Promise<void> {
  checkFolder(path, replaceable);
  const folder = target(path);
  let unfinished: string | undefined;
  const interrupted = (signal: NodeJS.Signals) => {
    if (unfinished !== undefined) rmSync(unfinished, { recursive: true, force: true });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    await mkdir(dirname(folder), { recursive: true });
    unfinished = await mkdtemp(`${folder}.unfinished-`);
    await chmod(unfinished, 0o777 & ~process.umask()); // mkdtemp keeps others out
    for (const [name, text] of Object.entries(files)) await writeFile(join(unfinished, name), text);
    await exchange(unfinished, folder);
    unfinished = undefined;
  } catch (error) {
    throw fileMistake(error, `--out: ${path} cannot be written`);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    if (unfinished !== undefined) await rm(unfinished, { recursive: true, force: true });
  }
}

async function writeFile(path: string, text: Iterable<string>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let piece = '';
    for (const part of text) {
      piece += part;
      if (piece.length < PIECE) continue;
      await file.writeFile(piece);
      piece = '';
    }
    await file.writeFile(piece);
    await synced(file);
  } finally {
    await file.close();
  }
}

/** On the disk before the folder is renamed, where the disk can promise that. */
async function synced(file: FileHandle): Promise<void> {
  try {
    await file.sync();
  } catch (error) {
    if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EIO' || codeOf(error) === 'EDQUOT') throw error;
  }
}

/** Two renames; when the second fails, the first is taken back. */
async function exchange(finished: string, folder: string): Promise<void> {
  if (entriesOf(folder) === null) {
    await rename(finished, folder);
    return;
  }
  const earlier = finished.replace(/\.unfinished-(\w+)$/, '.replaced-$1');
  await rename(folder, earlier);
  try {
    await rename(finished, folder);
  } catch (error) {
    await rename(earlier, folder);
    throw error;
  }
  await rm(earlier, { recursive: true, force: true });
}

/** Where the folder really is, past a symbolic link. */
function target(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** `null` when there is no such folder. */
function entriesOf(folder: string): string[] | null {
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
