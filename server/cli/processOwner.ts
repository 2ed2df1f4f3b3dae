import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, so that another one can tell later whether it is still running. */
export interface ProcessOwner {
  readonly pid: number;
  /** When it was started, as the system puts it: process ids are used again. `null` where the system does not tell. */
  readonly started: string | null;
  readonly host: string;
  /** The space that process ids count in; containers have their own. `null` where the system has no such thing. */
  readonly space: string | null;
}

export function thisProcess(): ProcessOwner {
  return { pid: process.pid, started: startOf(process.pid), host: hostname(), space: pidSpace() };
}

/** Whether its process id means anything here. */
export function isOfThisMachine({ host, space }: ProcessOwner): boolean {
  return host === hostname() && space === pidSpace();
}

/** Whether a process of this machine is running: one of that id, started at that time. */
export function isRunning({ pid, started }: Pick<ProcessOwner, 'pid' | 'started'>): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const found = startOf(pid);
  return found !== ENDED && (started === null || found === null || found === started);
}

/** A process that has ended, and waits for its parent to ask how. */
const ENDED = 'ended';

/** When a process was started, as text that differs for two processes of one id, also after the machine was started again. */
export function startOf(pid: number): string | null {
  try {
    if (process.platform === 'win32') return null;
    if (process.platform !== 'linux') return startByPs(pid);
    // The name of the program stands in parentheses and may hold any character, so fields count from the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return ENDED;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${fields[19]}`;
  } catch {
    return null;
  }
}

function startByPs(pid: number): string | null {
  // Loaded where it is needed: most systems have /proc.
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const told = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  if (told === '') return null;
  return told.startsWith('Z') ? ENDED : told.replace(/^\S+\s+/, '');
}

function pidSpace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}
