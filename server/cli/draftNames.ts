import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRunning, startOf } from './processOwner.ts';

/** Every file that a command writes by way of a draft folder. A folder with anything else in it is no draft of ours. */
export const DRAFT_FILES: readonly string[] = [
  ...['summary.json', 'trips.csv', 'movements.csv', 'signals.csv'],
  ...['report.html', 'comparison.json', 'runs.csv'],
  ...['roadnet.json', 'flow.json', 'config.json'],
];

/** `runs/corridor.unfinished-1234-9f8e7d6c-`: what is being written, beside its place, with the process that writes it. */
export function draftPrefix(place: string): string {
  return `${place}.unfinished-${process.pid}-${startMark(startOf(process.pid))}-`;
}

/** What an earlier result is called while the finished draft takes its place. */
export function replacedName(draft: string): string {
  return draft.replace(/\.unfinished-([\w-]+)$/, '.replaced-$1');
}

/**
 * Removes the drafts that killed processes left beside a place; an earlier result that was moved aside just before the kill is put
 * back. Called by the process that holds the lock of the place.
 */
export function sweepDrafts(place: string): void {
  const folder = dirname(place);
  const drafts = namesIn(folder).flatMap((name) => {
    const draft = draftOf(name, basename(place));
    return draft === null ? [] : [{ ...draft, path: join(folder, name) }];
  });
  for (const draft of drafts) {
    try {
      if (isInUse(draft) || !isOurs(draft.path)) continue;
      if (draft.kind === 'replaced' && !existsSync(place)) renameSync(draft.path, place);
      else rmSync(draft.path, { recursive: true, force: true });
    } catch {
      // a draft of another user, which this process may not remove
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // may be entered, but not listed
  }
}

interface Draft {
  readonly kind: string;
  readonly pid: number;
  readonly mark: string;
}

function draftOf(name: string, place: string): Draft | null {
  if (!name.startsWith(`${place}.`)) return null;
  const [, kind = '', pid = '', mark = ''] =
    /^(unfinished|replaced)-(\d{1,10})-([\da-f]{8})-\w{6}$/.exec(name.slice(place.length + 1)) ?? [];
  return kind === '' ? null : { kind, pid: Number(pid), mark };
}

function isInUse({ pid, mark }: Draft): boolean {
  return isRunning({ pid, started: null }) && mark === startMark(startOf(pid));
}

function isOurs(path: string): boolean {
  const status = lstatSync(path);
  if (status.isFile()) return true;
  return status.isDirectory() && readdirSync(path).every((name) => DRAFT_FILES.includes(name));
}

/** Eight hexadecimal digits that stand for the time a process was started at. */
function startMark(started: string | null): string {
  return createHash('sha256')
    .update(started ?? '')
    .digest('hex')
    .slice(0, 8);
}
