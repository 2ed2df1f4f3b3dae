import type { Intervention, Setup } from '../protocol/session.ts';

/**
 * The log of a session's run, a JSON value a line. The first line says what was run:
 *
 *     {"kind":"run","version":1,"greenwave":"0.1.0","file":…,"scenario":…,"layout":…,"flags":{…},"policies":{…},"setup":{…},"interventions":[…]}
 *
 * then, in the order in which they were given, what people did, whether it made another run of it or not:
 *
 *     {"kind":"command","step":1200,"command":{"kind":"close-lane","lane":"i1-i2_0"}}
 *
 * and what the run was known by, each minute and at the end:
 *
 *     {"kind":"fingerprint","step":60,"sides":["0x5be20f31","0x91c07a44"]}
 *
 * The first line and the fingerprints are of the run as it stands: what was undone by going back is in the commands only.
 * Of more than `COMMANDS_KEPT` commands the earliest are left out; the first line then says how many.
 */
export const LOG_VERSION = 1;

export interface LogHeader {
  readonly kind: 'run';
  readonly version: number;
  readonly greenwave: string;
  /** Of the scenario, or the name of a ready one. */
  readonly file: string;
  readonly scenario: string;
  /** A hash of what the file holds. */
  readonly layout: string;
  /** Flags of the command that served it. */
  readonly flags: LogFlags;
  /** By controller: the hash of its policy. */
  readonly policies: Readonly<Record<string, string>>;
  readonly setup: Setup;
  readonly interventions: readonly Intervention[];
  readonly commandsLeftOut?: number;
}

export interface LogFlags {
  readonly protocol?: string;
  readonly durationS?: number;
  readonly decisionS?: number;
  readonly detectorsOnly?: boolean;
  readonly perfectDetection?: boolean;
}

export type LogLine =
  | LogHeader
  | { readonly kind: 'command'; readonly step: number; readonly command: object }
  | { readonly kind: 'fingerprint'; readonly step: number; readonly sides: readonly string[] };

export const COMMANDS_KEPT = 20_000;

/** What people did: nothing that they do may grow for ever. */
export class CommandLog {
  readonly #lines: Extract<LogLine, { kind: 'command' }>[] = [];
  #leftOut = 0;

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  get leftOut(): number {
    return this.#leftOut;
  }

  note(step: number, command: object): void {
    this.#lines.push({ kind: 'command', step, command });
    if (this.#lines.length <= COMMANDS_KEPT) return;
    this.#lines.shift();
    this.#leftOut++;
  }
}

export function logText(lines: readonly LogLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
