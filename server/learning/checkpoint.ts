import { createHash } from 'node:crypto';
import { decoded, encoded } from './encoding.ts';

const FORMAT = 'greenwave-checkpoint';
const VERSION = 1;

/** A checkpoint's content, or what is wrong with its text. */
export type CheckpointReading =
  | { readonly ok: true; readonly content: unknown }
  | { readonly ok: false; readonly problem: string };

/** One line that says what follows, how long it is and its SHA-256; then all of it, as `encoded`. */
export function checkpointText(content: unknown): string {
  const body = encoded(content);
  const header = { format: FORMAT, version: VERSION, characters: body.length, sha256: sha256(body) };
  return `${JSON.stringify(header)}\n${body}\n`;
}

export function readCheckpoint(text: string): CheckpointReading {
  const end = text.indexOf('\n');
  const header = headerOf(text.slice(0, Math.max(0, end)));
  if (header === null) return { ok: false, problem: 'it is not a checkpoint' };
  if (header.version !== VERSION) {
    return { ok: false, problem: `it is of version ${header.version}, and version ${VERSION} is read` };
  }
  const body = text.slice(end + 1).replace(/\n$/, '');
  if (body.length < header.characters) {
    return { ok: false, problem: `it breaks off after ${body.length} of ${header.characters} characters` };
  }
  if (sha256(body) !== header.sha256) return { ok: false, problem: 'its content is not what its hash says' };
  return { ok: true, content: decoded(body) };
}

function headerOf(line: string): { version: unknown; characters: number; sha256: unknown } | null {
  try {
    const value = JSON.parse(line) as Record<string, unknown> | null;
    if (value?.format !== FORMAT) return null;
    const { version, characters, sha256 } = value;
    return { version, characters: Number(characters), sha256 };
  } catch {
    return null;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
