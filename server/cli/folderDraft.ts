import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, fileMistake } from '../study/mistake.ts';
import { DRAFT_FILES, draftPrefix, replacedName } from './draftNames.ts';
import { checkFolder, claimFolder, entriesOf, type Replaceable } from './outFolder.ts';

/** Files by name, each as pieces of text in order, made as they are written. */
export type FileTexts = Readonly<Record<string, Iterable<string>>>;

/** Characters gathered before they are written. */
const PIECE = 1 << 16;

/**
 * A folder that is being filled, beside the one it is to become. Until it is published the folder named
 * stays as it is.
 *
 * Every method throws a `Mistake` for what the user can put right, such as a full disk.
 */
export class FolderDraft {
  readonly #path: string;
  readonly #replaceable: Replaceable;
  #folder = '';
  #draft: string | null = null;
  readonly #growing = new Map<string, FileHandle>();

  constructor(path: string, replaceable: Replaceable) {
    this.#path = path;
    this.#replaceable = replaceable;
  }

  /** Claims the place, and makes the folder to be filled. */
  begin(): Promise<void> {
    return this.#told(async () => {
      this.#folder = claimFolder(this.#path, this.#replaceable);
      // Not awaited, so that no signal comes between the making and the knowing.
      process.on('exit', this.#removeAtExit);
      this.#draft = mkdtempSync(draftPrefix(this.#folder));
      await chmod(this.#draft, 0o777 & ~process.umask()); // mkdtemp keeps others out
    });
  }

  /** Writes a whole file. */
  write(name: string, text: Iterable<string>): Promise<void> {
    return this.#told(async () => {
      const file = await this.#created(name);
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
    });
  }

  /** Adds to a file that is complete when the folder is published. */
  append(name: string, piece: string | Uint8Array): Promise<void> {
    return this.#told(async () => {
      let file = this.#growing.get(name);
      if (file === undefined) {
        file = await this.#created(name);
        this.#growing.set(name, file);
      }
      await file.writeFile(piece);
    });
  }

  /** Puts the folder in its place, if that still holds nothing but earlier results. */
  publish(): Promise<void> {
    return this.#told(async () => {
      for (const file of this.#growing.values()) await synced(file);
      await this.#closeAll();
      checkFolder(this.#path, this.#replaceable);
      await exchange(this.#draft!, this.#folder);
      this.#draft = null;
    });
  }

  readonly #removeAtExit = () => this.removeNow();

  /** Gives up what is not published, at once, so that a process may end on the spot. */
  removeNow(): void {
    process.off('exit', this.#removeAtExit);
    if (this.#draft !== null) rmSync(this.#draft, { recursive: true, force: true });
    this.#draft = null;
  }

  /** Gives up what is not published. */
  async remove(): Promise<void> {
    await this.#closeAll(); // Windows removes no open files
    this.removeNow();
  }

  #created(name: string): Promise<FileHandle> {
    if (!DRAFT_FILES.includes(name)) throw new Error(`${name} is missing in DRAFT_FILES.`);
    return open(join(this.#draft!, name), 'wx');
  }

  async #closeAll(): Promise<void> {
    const files = [...this.#growing.values()];
    this.#growing.clear();
    for (const file of files) await file.close();
  }

  async #told<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw fileMistake(error, `--out: ${this.#path} cannot be written`);
    }
  }
}

/**
 * Writes all files into a new folder beside the one named, then puts it in its place: whatever
 * happens, the folder named holds all of the old or all of the new.
 *
 * @throws {Mistake} as `checkFolder`, and when the disk is full
 */
export async function writeFolder(path: string, replaceable: Replaceable, files: FileTexts): Promise<void> {
  const draft = new FolderDraft(path, replaceable);
  const interrupted = (signal: NodeJS.Signals) => {
    draft.removeNow();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    await draft.begin();
    for (const [name, text] of Object.entries(files)) await draft.write(name, text);
    await draft.publish();
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await draft.remove();
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
  const earlier = replacedName(finished);
  await rename(folder, earlier);
  try {
    await rename(finished, folder);
  } catch (error) {
    await rename(earlier, folder);
    throw error;
  }
  await rm(earlier, { recursive: true, force: true });
}
