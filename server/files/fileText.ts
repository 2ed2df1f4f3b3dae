import { readFileSync, statSync } from 'node:fs';
import { fileMistake, Mistake } from '../study/mistake.ts';

const MEGABYTE = 1_000_000;

/**
 * The text of a file, if it is a file and no larger than it may be.
 *
 * @throws {Mistake} when it is missing, a folder, too large, or not for us to read
 */
export function fileText(path: string, bytesMax: number): string {
  try {
    // Looked at before it is opened: opening a pipe would wait for its other end, perhaps for ever.
    const status = statSync(path);
    if (status.isDirectory()) throw new Mistake(`${path} is a folder; a file is needed.`);
    if (!status.isFile()) throw new Mistake(`${path} is not an ordinary file.`);
    if (status.size > bytesMax) throw new Mistake(tooLarge(path, status.size, bytesMax));
    return decoded(path, readFileSync(path));
  } catch (error) {
    throw fileMistake(error, `${path} cannot be read`);
  }
}

function tooLarge(path: string, bytes: number, bytesMax: number): string {
  const megabytes = (count: number) => Math.ceil(count / MEGABYTE).toLocaleString('en');
  return `${path} has ${megabytes(bytes)} MB, more than the ${megabytes(bytesMax)} MB that are read.`;
}

function decoded(path: string, bytes: Buffer): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new Mistake(`${path} is written in UTF-16; UTF-8 is needed.`);
  }
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
