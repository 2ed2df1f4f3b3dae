import { fileText } from '../files/fileText.ts';
import type { Loaded } from '../files/load.ts';
import type { Intervention } from '../protocol/session.ts';
import { formatProblems } from '../scenario/problem.ts';
import type { LogHeader, LogLine } from '../session/log.ts';
import { parseLog } from '../session/logSchema.ts';
import { Mistake } from '../study/mistake.ts';
import { layoutHash } from './layoutHash.ts';

const LOG_BYTES_MAX = 64_000_000;
/** In the message for a log of another scenario. */
export const OTHER_SCENARIO = 'was recorded on another scenario';

/** What the log of a session says. */
export interface SessionLog {
  readonly path: string;
  readonly header: LogHeader;
  readonly lines: readonly LogLine[];
}

/** @throws {Mistake} for a file that is not one */
export function readLog(path: string): SessionLog {
  const parsed = parseLog(fileText(path, LOG_BYTES_MAX, 'log'));
  if (!parsed.ok) throw new Mistake(formatProblems(path, parsed.problems));
  return { path, header: parsed.header, lines: parsed.lines };
}

/**
 * What was done to the road in a session, for runs of the scenario that it was done in.
 *
 * @param log  `undefined`: nothing was
 * @throws {Mistake} for the log of another scenario
 */
export function interventionsOf(
  log: SessionLog | undefined,
  file: string,
  { layout }: Loaded,
): readonly Intervention[] {
  if (log === undefined) return [];
  const hash = layoutHash(layout);
  if (hash === log.header.layout) return log.header.interventions;
  throw new Mistake(
    `--interventions: ${log.path} ${OTHER_SCENARIO}: the content of ${file} has hash ${hash}, the log’s has ${log.header.layout}.`,
    `Give the file as it was when the log was written (${log.header.file}), or leave --interventions out.`,
  );
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
