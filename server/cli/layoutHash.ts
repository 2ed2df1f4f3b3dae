import { createHash } from 'node:crypto';
import type { Layout } from '../scenario/layout.ts';

/**
 * Stands for all that a file says, however it is written, called or where it lies: the first 16 digits of
 * SHA-256 over the layout, piece by piece, as a large one is longer than a text may be.
 */
export function layoutHash({ name: _, ...content }: Layout): string {
  const hash = createHash('sha256');
  for (const [key, value] of Object.entries(content)) {
    hash.update(`${key}\n`);
    const pieces: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const piece of pieces) hash.update(`${JSON.stringify(piece)}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}
