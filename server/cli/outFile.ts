import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileMistake, Mistake } from '../study/mistake.ts';

/**
 * Sees to it, before long work, that a file can be written here later on.
 *
 * @throws {Mistake} when its folder is missing, or something else than a file has its name
 */
export function checkFile(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new Mistake(`--out: ${path} is a folder; name a file.`);
  if (there && !there.isFile()) throw new Mistake(`--out: ${path} is not an ordinary file.`);
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (!folder?.isDirectory()) throw new Mistake(`--out: ${path} cannot be written: there is no such folder.`);
}

/**
 * Writes a file beside the place named and puts it there when it is whole.
 *
 * @throws {Mistake} when it cannot be written
 */
export function writeText(path: string, text: string): void {
  const unfinished = `${path}.unfinished-${process.pid}`;
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new Mistake(`--out: ${path} is a folder; name a file.`);
    if (there && !there.isFile()) throw new Mistake(`--out: ${path} is not an ordinary file.`);
    writeFileSync(unfinished, text, { flag: 'wx' });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw fileMistake(error, `--out: ${path} cannot be written`);
  }
}
