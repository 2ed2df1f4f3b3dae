import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { binaryKind } from '../formats/kinds/binary.ts';
import { encodingOf, likelyEncoding, placeOfByte, utf8Fault } from '../formats/kinds/encoding.ts';
import {
  type FileKind,
  fits,
  HEAD_CHARACTERS,
  kindOfText,
  WANTED_WORDS,
  type WantedKind,
} from '../formats/kinds/kind.ts';
import { visible } from '../protocol/visibleText.ts';
import { fileMistake, Mistake } from '../study/mistake.ts';
import { folderAdvice } from './folderAdvice.ts';

const MEGABYTE = 1_000_000;
/** Of a compressed file, so much is unpacked to see what it is: a kilobyte of gzip holds a megabyte at most. */
const PACKED_LOOKED_AT = 1024;

/**
 * The text of a file, if it is a file, no larger than it may be, and of the kind that is wanted.
 *
 * UTF-8 is read, and UTF-16 with a byte order mark. A file of another kind is named as what it is.
 *
 * @throws {Mistake} when it is missing, a folder, too large, of another kind or encoding, or not for us to read
 */
export function fileText(path: string, bytesMax: number, wanted: WantedKind): string {
  if (path === '') throw new Mistake('The name of a file is empty.', 'Name a file to read.');
  try {
    // Looked at before it is opened: opening a pipe would wait for its other end, perhaps for ever.
    const status = statSync(path);
    if (status.isDirectory()) {
      throw new Mistake(`${visible(path)} is a folder; a file is needed.`, ...folderAdvice(path, wanted));
    }
    if (!status.isFile()) throw new Mistake(`${visible(path)} is not an ordinary file.`);
    if (status.size > bytesMax) throw tooLarge(path, status.size, bytesMax, wanted);
    return textOf(path, readFileSync(path), wanted);
  } catch (error) {
    throw fileMistake(error, `${path} cannot be read`);
  }
}

/** What a file of another kind than is wanted is, and what to do. */
function wrongKind(path: string, { id, what, advice: usual }: FileKind, wanted: WantedKind): Mistake {
  const areSwapped = (wanted === 'roadnet' || wanted === 'flow') && (id === 'roadnet' || id === 'flow');
  const advice = areSwapped ? 'Exchange the names under "roadnetFile" and "flowFile".' : usual;
  return new Mistake(`${visible(path)} is ${what}, not ${WANTED_WORDS[wanted]}.`, advice);
}

/** Names the kind of a file that is too large, such as a map, before its size is refused. */
function tooLarge(path: string, bytes: number, bytesMax: number, wanted: WantedKind): Mistake {
  const head = Buffer.alloc(4 * HEAD_CHARACTERS);
  const file = openSync(path, 'r');
  const length = readSync(file, head, 0, head.length, 0);
  closeSync(file);
  const start = head.subarray(0, length);
  const kind = kindOfBytes(start, path) ?? kindOfText(start.toString('utf8'), path);
  if (kind !== null && !fits(kind, wanted)) return wrongKind(path, kind, wanted);
  const megabytes = (count: number) => Math.ceil(count / MEGABYTE).toLocaleString('en');
  return new Mistake(
    `${visible(path)} has ${megabytes(bytes)} MB, more than the ${megabytes(bytesMax)} MB that are read.`,
  );
}

function textOf(path: string, bytes: Buffer, wanted: WantedKind): string {
  const binary = kindOfBytes(bytes, path);
  if (binary !== null) throw wrongKind(path, binary, wanted);
  const text = decoded(path, bytes, wanted);
  if (text.trim() === '') throw new Mistake(`${visible(path)} is empty; ${WANTED_WORDS[wanted]} is needed.`);
  const kind = kindOfText(text.slice(0, HEAD_CHARACTERS), path);
  if (kind !== null && !fits(kind, wanted)) throw wrongKind(path, kind, wanted);
  return text;
}

/** Of what is packed with gzip, what is in it. */
function kindOfBytes(bytes: Buffer, path: string): FileKind | null {
  const kind = binaryKind(bytes);
  if (kind === null || bytes[0] !== 0x1f) return kind;
  const inner = unpackedKind(bytes, path);
  if (inner === null) return kind;
  const advice = inner.id === null ? inner.advice : kind.advice;
  return { id: null, what: `${inner.what}, ${kind.what}`, advice };
}

function unpackedKind(bytes: Buffer, path: string): FileKind | null {
  try {
    const start = bytes.subarray(0, PACKED_LOOKED_AT);
    const head = gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
    return binaryKind(head) ?? kindOfText(head.toString('utf8'), path.replace(/\.gz$/i, ''));
  } catch {
    return null; // damaged, which does not change that it is packed
  }
}

/** @throws {Mistake} for what is no text, or in an encoding that is not read: characters are never replaced */
function decoded(path: string, bytes: Buffer, wanted: WantedKind): string {
  const reading = encodingOf(bytes);
  if ('problem' in reading) {
    throw new Mistake(`${visible(path)} ${reading.problem}; UTF-8 is needed.`, reading.advice);
  }
  const { encoding, markBytes } = reading;
  const content = bytes.subarray(markBytes);
  if (encoding !== 'utf-8') {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(content);
    } catch {
      throw new Mistake(
        `${visible(path)} is damaged: it begins as UTF-16 and does not go on so.`,
        'Save it as UTF-8.',
      );
    }
  }
  if (isUtf8(content)) return content.toString('utf8');
  // For a file of another kind, the kind is reported instead of the encoding.
  const kind = kindOfText(content.subarray(0, HEAD_CHARACTERS).toString('latin1'), path);
  if (kind !== null && !fits(kind, wanted)) throw wrongKind(path, kind, wanted);
  const at = utf8Fault(content) + markBytes;
  const { line, byte } = placeOfByte(bytes, at);
  const found = `0x${bytes[at]!.toString(16).toUpperCase().padStart(2, '0')}`;
  const likely = likelyEncoding(bytes, at);
  throw new Mistake(
    `${visible(path)} is not written in UTF-8: byte ${(at + 1).toLocaleString('en')} (line ${line}, byte ${byte} of it) is ${found}.`,
    `It looks like ${likely}. Save it as UTF-8: iconv -f ${likely} -t UTF-8 FILE > NEWFILE.`,
  );
}
