import { fileText } from '../files/fileText.ts';
import type { Intervention } from '../protocol/session.ts';
import { formatProblems } from '../scenario/problem.ts';
import { parseLog } from '../session/logSchema.ts';
import { Mistake } from '../study/mistake.ts';

export const LOG_BYTES_MAX = 64_000_000;

/**
 * What was done to the road in a session, from its log.
 *
 * @throws {Mistake} for a file that is not one
 */
export function interventionsOf(path: string): readonly Intervention[] {
  const parsed = parseLog(fileText(path, LOG_BYTES_MAX));
  if (!parsed.ok) throw new Mistake(formatProblems(path, parsed.problems));
  return parsed.header.interventions;
}

/** What was done, in a sentence. */
export function interventionText(one: Intervention, stepS: number): string {
  const time = `From ${Math.round(one.step * stepS)} s on`;
  switch (one.kind) {
    case 'close-lane':
      return `${time} lane ${one.lane} is closed.`;
    case 'open-lane':
      return `${time} lane ${one.lane} is open again.`;
    case 'incident':
      return `${time} an incident blocks lane ${one.lane}, ${Math.round(one.positionM)} m from its upstream end.`;
    case 'clear-incident':
      return `${time} the incident on lane ${one.lane} is cleared.`;
  }
}
