import type { Names } from '../scenario/compile.ts';

/** `flow_3_0`: what a vehicle belongs to, and how many came before it there. */
export function vehicleName({ flow, origin }: Names, source: number, rank: number): string {
  return `${source < flow.length ? flow[source]! : origin[source - flow.length]!}_${rank}`;
}
