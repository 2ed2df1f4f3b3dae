import { visible } from '../protocol/visibleText.ts';

/**
 * Something the user can put right: a flag, a file, a full disk. Printed without a stack trace; the
 * exit code is 2. Everything else that is thrown is a fault of ours.
 */
export class Mistake extends Error {
  /** @param advice  what to do about it, printed indented on lines of its own */
  constructor(message: string, ...advice: readonly string[]) {
    super([message, ...advice.filter((line) => line !== '').map((line) => `  ${line}`)].join('\n'));
    this.name = 'Mistake';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'your quota on this disk is used up',
  EEXIST: 'something of this name is there already',
  EFBIG: 'the file would be too large for this disk',
  EBADF: 'it is closed',
  EINVAL: 'the name is not allowed here',
  EIO: 'the disk reports a fault',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links run in a circle',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  ENOMEM: 'no memory is left',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EPERM: 'the system does not permit it',
  EROFS: 'the disk can only be read',
};

/** Why the system refuses to touch a file, in words; `undefined` for any other error. */
export function reasonOf(error: unknown): string | undefined {
  const code = codeOf(error);
  return code === undefined ? undefined : REASONS[code];
}

/** What the system says against touching a file, as a mistake; any other error as it is. */
export function fileMistake(error: unknown, what: string): unknown {
  const reason = reasonOf(error);
  return reason === undefined ? error : new Mistake(`${visible(what)}: ${reason}.`);
}

/** What the machine lacks, wherever it showed: no fault of the program's. */
const LACKS = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'EROFS', 'ENOMEM'];

/** An error that says that the machine has run out of something, as a mistake; any other error as it is. */
export function machineMistake(error: unknown): unknown {
  if (!LACKS.includes(codeOf(error) ?? '')) return error;
  const { path } = error as { readonly path?: string };
  return fileMistake(error, path ?? 'The work cannot go on');
}

/** `ENOENT` and its like. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
