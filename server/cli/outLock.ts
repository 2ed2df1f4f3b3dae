import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { visible } from '../protocol/visibleText.ts';
import { codeOf, fileMistake, Mistake } from '../study/mistake.ts';
import { isOfThisMachine, isRunning, type ProcessOwner, thisProcess } from './processOwner.ts';

/** What a lock file holds, as one line of JSON. */
interface Lock extends ProcessOwner {
  readonly lock: 'greenwave';
  /** When it was taken, ISO 8601. */
  readonly since: string;
}

/** A lock file without content is one that is being written, or whose writer was killed; after this time it is the latter, ms. */
const WRITTEN_AFTER_MS = 10_000;
const PAUSE_MS = 20;
const ATTEMPTS = 100;

/** Signals that would end a process without a chance to release anything, and their numbers. */
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
const SIGNALS = Object.keys(SIGNAL_NUMBERS) as (keyof typeof SIGNAL_NUMBERS)[];

const held = new Set<string>();

/**
 * Takes a lock that this process holds until it ends, or releases it. One that this process holds already is left as it is.
 * Of processes that try at the same moment exactly one gets it. A lock whose process was killed is taken over.
 *
 * @param file  the lock file, whose folder is there
 * @param place  the flag and the path that are locked, for messages: `--out: runs/corridor`
 * @throws {Mistake} when another process holds it, with its id and since when, or when the file cannot be written
 */
export function takeLock(file: string, place: string): void {
  if (held.has(file)) return;
  if (held.size === 0) {
    process.on('exit', releaseLocks);
    for (const signal of SIGNALS) process.on(signal, endBy);
  }
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (created(file)) {
        held.add(file);
        return;
      }
      const found = readLock(file);
      if (found === null) continue; // released just now
      if (found !== 'empty' && isHeld(found)) throw inUse(found, file, place);
      if (found === 'empty' && ageMs(file) < WRITTEN_AFTER_MS) pause();
      else takeAway(file, found);
    }
  } catch (error) {
    throw fileMistake(error, `${place} cannot be written`);
  }
  throw new Mistake(
    `${visible(place)} is being locked by another process: ${visible(file)}.`,
    'Try again; if nothing else runs there, delete that file.',
  );
}

/** Gives back what this process holds. */
export function releaseLocks(): void {
  process.off('exit', releaseLocks);
  for (const signal of SIGNALS) process.off(signal, endBy);
  for (const file of held) rmSync(file, { force: true });
  held.clear();
}

/** Ends the process as the signal would, unless the command has a listener of its own that ends it in good order. */
function endBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  process.exit(128 + SIGNAL_NUMBERS[signal as keyof typeof SIGNAL_NUMBERS]);
}

/** Whether this call made the lock file. */
function created(file: string): boolean {
  let handle: number;
  try {
    handle = openSync(file, 'wx');
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    const lock: Lock = { lock: 'greenwave', since: new Date().toISOString(), ...thisProcess() };
    writeFileSync(handle, `${JSON.stringify(lock)}\n`);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  return true;
}

/** `null`: there is no lock; `empty`: nothing is written into it yet. */
function readLock(file: string): Lock | 'empty' | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  if (text.trim() === '') return 'empty';
  const lock = lockIn(text);
  if (lock !== null) return lock;
  throw new Mistake(`${visible(file)} is not a lock of Greenwave.`, 'Move it away, or name another place.');
}

function lockIn(text: string): Lock | null {
  try {
    const lock: unknown = JSON.parse(text);
    if (typeof lock !== 'object' || lock === null) return null;
    const { lock: kind, pid, host, since } = lock as Record<string, unknown>;
    const known = kind === 'greenwave' && Number.isSafeInteger(pid) && (pid as number) > 0;
    return known && typeof host === 'string' && typeof since === 'string' ? (lock as Lock) : null;
  } catch {
    return null;
  }
}

/** Of another machine nothing can be found out, so its locks count as held. */
function isHeld(lock: Lock): boolean {
  return !isOfThisMachine(lock) || isRunning(lock);
}

/**
 * Removes a lock that nobody holds. A second file, which only one process can make, keeps the others from removing the new lock that
 * may have taken its place since it was read.
 */
function takeAway(file: string, found: Lock | 'empty'): void {
  const guard = `${file}.takeover`;
  if (!created(guard)) {
    const other = readLock(guard);
    if (other === 'empty' ? ageMs(guard) > WRITTEN_AFTER_MS : other !== null && !isHeld(other)) {
      rmSync(guard, { force: true });
    } else pause();
    return;
  }
  try {
    const now = readLock(file);
    if (JSON.stringify(now) === JSON.stringify(found)) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function inUse(lock: Lock, file: string, place: string): Mistake {
  const { pid, host, since } = lock;
  const here = isOfThisMachine(lock);
  const where = here
    ? ''
    : ` of ${host === thisProcess().host ? 'another container' : `machine ${visible(host)}`}`;
  return new Mistake(
    `${visible(place)} is being written by process ${pid}${where}, since ${visible(since.slice(0, 19).replace('T', ' '))} UTC.`,
    'Wait until it has ended, or name another place.',
    here ? '' : `If it is no longer running, delete ${visible(file)}.`,
  );
}

function ageMs(file: string): number {
  const status = statSync(file, { throwIfNoEntry: false });
  return status === undefined ? 0 : Math.abs(Date.now() - status.mtimeMs);
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}
