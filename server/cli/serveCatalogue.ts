import { basename, extname } from 'node:path';
import { type Loaded, loadLayout } from '../files/load.ts';
import { ELEMENTS_MAX } from '../protocol/frame.ts';
import type { CatalogueEntry } from '../protocol/session.ts';
import { amount } from '../scenario/problem.ts';
import { Mistake } from '../study/mistake.ts';
import { studyOf } from './commandStudy.ts';

/** A scenario that can be opened. */
export interface Served {
  readonly entry: CatalogueEntry;
  readonly loaded: Loaded;
  readonly file: string;
}

export interface ServedFlags {
  readonly protocol?: string;
  readonly durationS?: number;
}

const ID_LENGTH_MAX = 60;

/**
 * Reads all files, by their ids in order.
 *
 * @throws {Mistake} with all problems of all of them
 */
export async function readCatalogue(
  files: readonly string[],
  flags: ServedFlags,
): Promise<ReadonlyMap<string, Served>> {
  const served = new Map<string, Served>();
  const mistakes: Mistake[] = [];
  for (const file of files) {
    try {
      const loaded = await loadLayout(file);
      // What the flags ask for must be possible on each file.
      const { durationS, compiled } = studyOf(loaded, flags);
      refuseTooLarge(file, compiled.network.elementCount);
      const { name } = loaded.layout;
      const id = uniqueId(loaded.format === 'scenario' ? basename(file, extname(file)) : name, served);
      const description = (loaded.description ?? '').trim().replaceAll(/\s+/g, ' ');
      served.set(id, { entry: { id, name, description, durationS }, loaded, file });
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      mistakes.push(error);
    }
  }
  if (mistakes.length > 0) throw new Mistake(mistakes.map(({ message }) => message).join('\n'));
  return served;
}

/** @throws {Mistake} for a network that pages cannot draw */
function refuseTooLarge(file: string, elementCount: number): void {
  if (elementCount <= ELEMENTS_MAX) return;
  throw new Mistake(
    `${file} has ${amount(elementCount)} lanes and connectors; the live page draws at most ${amount(ELEMENTS_MAX)}.`,
    'Serve a part of the network. greenwave run and compare take all of it.',
  );
}

/** A name that fits into an address: small letters, digits, and lines between them. */
function uniqueId(name: string, taken: ReadonlyMap<string, unknown>): string {
  // Without the dots and strokes of letters, which NFKD sets apart.
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const slug =
    plain
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, ID_LENGTH_MAX) || 'scenario';
  for (let k = 2, id = slug; ; id = `${slug}-${k++}`) if (!taken.has(id)) return id;
}
