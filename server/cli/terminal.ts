import { fstatSync, writeSync } from 'node:fs';
import { visibleLines } from '../protocol/visibleText.ts';
import { codeOf, Mistake, reasonOf } from '../study/mistake.ts';

/**
 * The only module that writes text to stdout and stderr. What would act on a terminal is shown as an escape, since names, ids
 * and paths in it come from files of others. A write that fails is remembered, and told once by `outputLost`; it never throws, so that
 * files are written and locks released all the same.
 */

const STDOUT = 1;
const STDERR = 2;

let lost: Error | null = null;
let listening = false;

/** Writes results to stdout. Text ends with a line feed of its own. */
export function print(text: string): void {
  if (lost !== null) return;
  try {
    write(process.stdout, STDOUT, visibleLines(text));
  } catch (error) {
    lose(error);
  }
}

/** Writes one JSON object to stdout. */
export function printJson(value: unknown): void {
  print(`${JSON.stringify(value, null, 2)}\n`);
}

/** Writes warnings, errors and news to stderr. A stderr that takes nothing is passed over. */
export function tell(text: string): void {
  try {
    write(process.stderr, STDERR, visibleLines(text));
  } catch {
    // the exit code still says how it went
  }
}

/** Writes over the line that stands on a terminal's stderr; nothing in a pipe. */
export function tellInPlace(text: string): void {
  if (isWatched()) process.stderr.write(`\r${visibleLines(text).padEnd(30)}${text === '' ? '\r' : ''}`);
}

/** Whether stderr is a terminal. */
export function isWatched(): boolean {
  return process.stderr.isTTY === true;
}

/** Where a progress bar is drawn, whose text has been through `visible`. */
export function barStream(): NodeJS.WriteStream {
  return process.stderr;
}

/**
 * Waits until everything printed has been taken.
 *
 * @returns why stdout did not take it all; `null` when it did, or when its reader has closed it on purpose, as `head` does
 */
export async function outputLost(): Promise<Mistake | null> {
  if (listening && lost === null) await new Promise((resolve) => process.stdout.write('', resolve));
  if (lost === null || codeOf(lost) === 'EPIPE') return null;
  return new Mistake(`stdout cannot be written: ${reasonOf(lost) ?? lost.message}.`);
}

function write(stream: NodeJS.WriteStream, fd: number, text: string): void {
  listen();
  if (!isFile(stream, fd)) {
    stream.write(text);
    return;
  }
  // Node's own stream takes a write that was done in part for done, as on a disk that is nearly full.
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function isFile(stream: NodeJS.WriteStream, fd: number): boolean {
  if (stream.isTTY) return false;
  const status = fstatSync(fd);
  return status.isFile() || status.isCharacterDevice();
}

/** Errors of pipes come later, as events. */
function listen(): void {
  if (listening) return;
  listening = true;
  process.stdout.on('error', lose);
  process.stderr.on('error', () => {});
}

function lose(error: unknown): void {
  lost ??= error instanceof Error ? error : new Error(String(error));
}
