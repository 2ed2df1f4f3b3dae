import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as signal from '../../server/sim/signal.ts';

type Interlock = Pick<typeof signal, 'createSignals' | 'stepSignals'>;

/** A copy of the interlock with one rule taken out of its source text, in a folder that the system tidies up. */
export async function interlockWithout(find: string, replace: string): Promise<Interlock> {
  const original = new URL('../../server/sim/signal.ts', import.meta.url);
  const source = readFileSync(original, 'utf8');
  if (source.split(find).length !== 2) {
    throw new Error(`signal.ts has not exactly one "${find}" to take out.`);
  }
  const text = source
    .replace(find, replace)
    .replace(
      /from '(\.[^']+)'/g,
      (_, path) => `from ${JSON.stringify(fileURLToPath(new URL(path, original)))}`,
    );
  const file = join(mkdtempSync(join(tmpdir(), 'greenwave-interlock-')), 'signal.ts');
  writeFileSync(file, text);
  return import(/* @vite-ignore */ file);
}
