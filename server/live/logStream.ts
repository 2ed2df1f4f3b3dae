import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** Bytes that wait for a reader that does not read; lines beyond are dropped and counted. */
const WAITING_BYTES_MAX = 256_000;
/** Between two attempts at a file descriptor that takes nothing at the moment, ms. */
const RETRY_MS = 50;

/** A file descriptor that can be written to. `setsFlags`: it holds the descriptor in non-blocking mode, and has to be kept. */
interface Opened {
  readonly fd: number;
  readonly setsFlags: Socket | null;
}

/**
 * Writes log lines to a file descriptor and never waits for its reader: a write that would block is tried again later, by a
 * timer, while lines wait in a bounded buffer. No thread and no request of the system is under way in between, so a reader
 * that stands still for ever keeps nothing from running, and the process from ending.
 */
export class LogStream {
  readonly #opened: Opened;
  readonly #dropped: (count: number) => string;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #droppedCount = 0;
  #timer: NodeJS.Timeout | null = null;
  #isGone = false;

  /** @param dropped  the line that tells how many were dropped, with its end */
  constructor(fd: number, dropped: (count: number) => string) {
    this.#opened = nonBlocking(fd);
    this.#dropped = dropped;
  }

  /** @param line  with its end */
  write(line: string): void {
    if (this.#isGone) return;
    const bytes = Buffer.from(line);
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes.length > WAITING_BYTES_MAX) {
      this.#droppedCount++;
      return;
    }
    this.#queue(bytes);
    if (this.#timer === null) this.#flush();
  }

  /** Writes what the reader takes at once. What it does not take is lost. */
  end(): void {
    this.#flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#isGone = true;
  }

  #queue(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  #flush(): void {
    while (this.#waiting.length > 0) {
      const written = this.#attempt(this.#waiting[0]!);
      if (written === null) return;
      this.#waitingBytes -= written;
      if (written === this.#waiting[0]!.length) this.#waiting.shift();
      else this.#waiting[0] = this.#waiting[0]!.subarray(written);
      if (this.#waiting.length === 0 && this.#droppedCount > 0) {
        this.#queue(Buffer.from(this.#dropped(this.#droppedCount)));
        this.#droppedCount = 0;
      }
    }
  }

  /** @returns the bytes that were taken; `null`: none, now or ever */
  #attempt(bytes: Buffer): number | null {
    try {
      return writeSync(this.#opened.fd, bytes);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN' || code === 'EINTR' || code === 'ENOSPC') {
        this.#timer = setTimeout(() => {
          this.#timer = null;
          this.#flush();
        }, RETRY_MS).unref();
      } else {
        // Its reader has gone. The server goes on without a log.
        this.#isGone = true;
        this.#waiting = [];
        this.#waitingBytes = 0;
      }
      return null;
    }
  }
}

/**
 * The same file, pipe or terminal in non-blocking mode. Opened anew where the system can do that: the mode belongs to the
 * opened file, which other processes may share and set otherwise.
 */
function nonBlocking(fd: number): Opened {
  try {
    const status = fstatSync(fd);
    if (status.isFile()) return { fd, setsFlags: null };
    if (!status.isSocket()) {
      const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
      return { fd: openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY), setsFlags: null };
    }
  } catch {
    // Not on this system.
  }
  try {
    return { fd, setsFlags: new Socket({ fd, readable: false, writable: true }) };
  } catch {
    return { fd, setsFlags: null };
  }
}
