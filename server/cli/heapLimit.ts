import { totalmem } from 'node:os';

const MEGABYTE = 1 << 20;
/** A thread may always have this much, MB; Node gives as much to a program of its own. */
const HEAP_MIN = 512;
const HEAP_MAX = 4096;
/** Of the machine's memory, what the heaps of all threads may come to. */
const MEMORY_SHARE = 0.75;

/** How large the heap of each of so many threads may become, MB. */
export function heapLimitMb(threads: number): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const share = (memory * MEMORY_SHARE) / MEGABYTE / threads;
  return Math.round(Math.min(HEAP_MAX, Math.max(HEAP_MIN, share)));
}
