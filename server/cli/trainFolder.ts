import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileText } from '../files/fileText.ts';
import { type CheckpointReading, checkpointText, readCheckpoint } from '../learning/checkpoint.ts';
import { openingRecord, scalarRecord } from '../learning/tensorBoard.ts';
import type { HistoryRow } from '../learning/trainer.ts';
import { visible } from '../protocol/visibleText.ts';
import { codeOf, fileMistake, Mistake } from '../study/mistake.ts';
import { checkFolder, entriesOf } from './outFolder.ts';
import { takeLock } from './outLock.ts';
import { nearestThere, placeOf } from './outPlace.ts';
import { historyText, scalarsOf } from './trainHistory.ts';

/** JSON lines: what it is, and all of it. */
export const CHECKPOINT = 'checkpoint.jsonl';
/** The one before: the last may be torn, where a disk does not keep its promises. */
export const EARLIER = 'checkpoint-before.jsonl';
export const POLICY = 'policy.json';
export const HISTORY = 'history.csv';
const EVENTS = 'events.out.tfevents.';
/** In the folder while a process trains there. */
const LOCK = 'training.lock';
const UNFINISHED = '.unfinished';

const CHECKPOINT_BYTES_MAX = 1_000_000_000;

/** What is in a folder beside the checkpoint. */
export interface TrainResults {
  readonly policy: string;
  /** All rows so far. */
  readonly history: readonly HistoryRow[];
  /** Names of the figures that stages tell of. */
  readonly facts: readonly string[];
}

/**
 * Sees to it, before a plan is made, that a new training can write into this folder.
 *
 * @returns the folder, past symbolic links
 * @throws {Mistake} when it holds something, cannot be made, or another process is training there
 */
export function checkNewTraining(path: string): string {
  try {
    const folder = placeOf(path);
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    // Report a running training first: its partial files would be reported otherwise.
    if (isFolder && entriesOf(folder)!.includes(LOCK)) lockTraining(path, '--out');
    checkNew(path, folder);
    return folder;
  } catch (error) {
    throw fileMistake(error, `--out: ${path} cannot be written`);
  }
}

/**
 * Sees to it that a new training can write into this folder, and that no other process does until this one ends.
 *
 * @throws {Mistake} when it holds something, cannot be made, or another process is training there
 */
export function claimNewTraining(path: string): void {
  const folder = checkNewTraining(path);
  const isFolder = entriesOf(folder) !== null;
  try {
    mkdirSync(folder, { recursive: true });
    try {
      lockTraining(path, '--out');
    } catch (error) {
      if (!isFolder && entriesOf(folder)!.length === 0) rmdirSync(folder);
      throw error;
    }
    checkNew(path, folder);
  } catch (error) {
    throw fileMistake(error, `--out: ${path} cannot be written`);
  }
}

/**
 * Sees to it that no other process writes into the folder of a training until this one ends, and clears away what a killed one was
 * writing.
 *
 * @throws {Mistake} when another process is training there
 */
export function lockTraining(folder: string, flag: '--out' | '--resume'): void {
  takeLock(join(folder, LOCK), `${flag}: ${folder}`);
  for (const name of [CHECKPOINT, HISTORY, POLICY])
    rmSync(join(folder, `${name}${UNFINISHED}`), { force: true });
}

function checkNew(path: string, folder: string): void {
  checkFolder(path, (found) => {
    const entries = entriesOf(found)!;
    if (entries.includes(CHECKPOINT) || entries.includes(EARLIER)) {
      throw new Mistake(
        `--out: ${visible(path)} holds a training.`,
        `Go on with it: greenwave train --resume ${visible(path)}`,
        'Or name another folder.',
      );
    }
    // Of a training that was killed before its first checkpoint.
    return entries.every((name) => name.startsWith(CHECKPOINT) || name.startsWith(LOCK));
  });
  accessSync(nearestThere(folder), constants.W_OK | constants.X_OK);
}

/**
 * The folder that a training writes. Whatever happens there is a whole checkpoint in it, once there was one:
 * each file is written beside the one it replaces, and put in its place when it is on the disk.
 *
 * Every method throws a `Mistake` for what the user can put right, such as a full disk.
 */
export class TrainFolder {
  readonly #path: string;
  #begun = false;
  #events: { readonly file: string; written: number } | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** @param results  `null`: there are none yet */
  write(checkpoint: unknown, results: TrainResults | null): void {
    try {
      mkdirSync(this.#path, { recursive: true });
      // Before the checkpoint: who goes on from that writes the rows after it, and none must be missing.
      if (results !== null) this.#writeEvents(results.history);
      // The first one takes the place of what it came from, which may be torn, and leaves the one before that.
      this.#put(CHECKPOINT, checkpointText(checkpoint), this.#begun ? EARLIER : undefined);
      this.#begun = true;
      if (results === null) return;
      this.#put(HISTORY, historyText(results.history, results.facts));
      this.#put(POLICY, results.policy);
    } catch (error) {
      throw fileMistake(error, `--out: ${this.#path} cannot be written`);
    }
  }

  #put(name: string, text: string, earlier?: string): void {
    const place = join(this.#path, name);
    const draft = `${place}${UNFINISHED}`;
    try {
      writeDurably(draft, 'w', Buffer.from(text));
      if (earlier !== undefined) renameIfThere(place, join(this.#path, earlier));
      renameSync(draft, place);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
    syncFolder(this.#path);
  }

  /** A file of its own for each time that training is begun or resumed, as TensorBoard expects it. */
  #writeEvents(history: readonly HistoryRow[]): void {
    const nowS = Date.now() / 1000;
    const pieces: Uint8Array[] = [];
    if (this.#events === null) {
      const others = readdirSync(this.#path).filter((name) => name.startsWith(EVENTS));
      const file = join(this.#path, `${EVENTS}${Math.floor(nowS)}.greenwave.${others.length}`);
      // Rows up to the checkpoint are in the files of those who wrote it, if it was written here.
      this.#events = { file, written: others.length === 0 ? 0 : history.length };
      pieces.push(openingRecord(nowS));
    }
    for (const row of history.slice(this.#events.written)) {
      pieces.push(scalarRecord(nowS, row.generation, scalarsOf(row)));
    }
    if (pieces.length > 0) writeDurably(this.#events.file, 'a', Buffer.concat(pieces));
    this.#events.written = history.length;
  }
}

/** The content of the last whole checkpoint in a folder, and a warning if that is not the last of all. */
export function lastCheckpoint(folder: string): { content: unknown; warning: string | null } {
  const [last, before] = [CHECKPOINT, EARLIER].map((name) => readingOf(folder, name));
  if (last?.ok) return { content: last.content, warning: null };
  if (before?.ok) {
    const why = last === null ? 'is missing' : `cannot be used: ${last!.problem}`;
    return {
      content: before.content,
      warning: `${join(folder, CHECKPOINT)} ${why}. Going on from the one before it.`,
    };
  }
  if (!last) {
    throw new Mistake(
      `--resume: there is no checkpoint in ${visible(folder)}.`,
      `Name the folder that a training wrote, with ${CHECKPOINT} in it.`,
    );
  }
  const also = before ? ` and ${EARLIER} neither: ${before.problem}` : '';
  throw new Mistake(
    `--resume: ${join(folder, CHECKPOINT)} cannot be used: ${last.problem}${also}.`,
    'Begin anew, without --resume.',
  );
}

/** `null` when there is no such file. */
function readingOf(folder: string, name: string): CheckpointReading | null {
  try {
    if (!entriesOf(folder)?.includes(name)) return null;
  } catch (error) {
    throw fileMistake(error, `--resume: ${folder} cannot be read`);
  }
  return readCheckpoint(fileText(join(folder, name), CHECKPOINT_BYTES_MAX, 'checkpoint'));
}

function writeDurably(path: string, mode: 'w' | 'a', bytes: Uint8Array): void {
  const file = openSync(path, mode);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** So that a rename outlives a power cut, where the system lets folders be opened. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch {
    // Windows: renames are in its journal
  }
}
