import type { Layout } from '../scenario/layout.ts';

/** What a report tells of how its runs came about. Nothing that changes from one run of the command to the next. */
export interface ReportContext {
  /** Of Greenwave. */
  readonly version: string;
  /** What repeats the comparison, as it is typed. */
  readonly command: string;
  readonly scenario: { readonly name: string; readonly file: string; readonly hash: string };
  readonly protocol: string;
  readonly layout: Layout;
  readonly controllers: readonly ControllerFacts[];
  /** Of the file, of how it was run and of the runs at their end, in sentences: shown on the first screen. */
  readonly warnings: readonly string[];
  /** Sentences that belong to the runs: how the warm-up was chosen, what was disturbed. */
  readonly notes: readonly string[];
}

/** A controller as it was run. */
export interface ControllerFacts {
  /** Its label in the comparison. */
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  /** What it learns of the traffic: nothing, what detectors tell, every vehicle. */
  readonly sees: string;
  /** Time from decision to decision, s. */
  readonly decisionS: number;
  readonly settings: Readonly<Record<string, number | string>>;
  /** What its preparation came to, in short sentences. */
  readonly facts: readonly string[];
}
