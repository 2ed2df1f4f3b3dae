import type { LogHeader, LogLine } from './log.ts';
import { type OpenSide, Session } from './session.ts';

/** Where a run was another than its log says. */
export interface Parting {
  readonly step: number;
  readonly side: number;
  readonly recorded: string;
  readonly found: string;
}

/** What came of running a log again. */
export interface Replayed {
  readonly session: Session;
  /** Marks that were compared. */
  readonly compared: number;
  readonly lastStep: number;
  readonly parting: Parting | null;
}

/**
 * Runs a log's run again, and holds it against the log's fingerprints until they part.
 *
 * @param onStep  called after every step
 * @throws {Error} where a side cannot be opened, or an intervention is of no lane
 */
export function replay(
  header: LogHeader,
  lines: readonly LogLine[],
  openSide: OpenSide,
  onStep: (step: number) => void = () => {},
): Replayed {
  const session = new Session(openSide, header.setup, header.interventions);
  let compared = 0;
  for (const line of lines) {
    if (line.kind !== 'fingerprint') continue;
    while (session.step < line.step) {
      session.advance();
      onStep(session.step);
    }
    compared++;
    const found = session.fingerprints();
    const side = found.findIndex((one, k) => one !== line.sides[k]);
    if (side < 0) continue;
    const parting = { step: line.step, side, recorded: line.sides[side] ?? 'nothing', found: found[side]! };
    return { session, compared, lastStep: session.step, parting };
  }
  return { session, compared, lastStep: session.step, parting: null };
}
