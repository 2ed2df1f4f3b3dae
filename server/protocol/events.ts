import type { Answers, Question, QuestionKind } from './question.ts';
import type {
  CatalogueEntry,
  ControllerInfo,
  Intervention,
  Search,
  SessionState,
  Setup,
  Status,
} from './session.ts';

/** Who speaks another version is told to reload. */
export const PROTOCOL_VERSION = 5;

export type Role = 'view' | 'control';

/** What a viewer wants to be sent of each moment. */
export type Detail = 'vehicles' | 'lanes';

export interface Welcome {
  readonly version: number;
  readonly greenwave: string;
  readonly role: Role;
  readonly catalogue: readonly CatalogueEntry[];
  readonly controllers: readonly ControllerInfo[];
  /** What opens when nothing is asked for. */
  readonly opening: Opening;
}

/** A moment to open: what a link holds. */
export interface Opening {
  readonly setup: Setup;
  readonly interventions: readonly Intervention[];
  readonly timeS: number;
  readonly running: boolean;
  readonly speed: number | null;
}

export interface JoinRequest {
  readonly version: number;
  /** A session that is there already; else one is opened, or joined if somebody watches the same at the same time. */
  readonly session?: string;
  /**
   * Whether the session named was the main one. If it is gone, who may control brings the main one of now to `opening`,
   * unless somebody else with control has been in it.
   */
  readonly wasMain?: boolean;
  readonly opening?: Opening;
  readonly detail: Detail;
  /** Whether heat is wanted as well. */
  readonly heat: boolean;
}

/** What a viewer gets to see who joins. */
export interface Joined {
  readonly session: SessionState;
  readonly status: Status;
  /** Whether it is the one session that everybody sees who may not open one. */
  readonly isMain: boolean;
  /** Whether it was opened for this viewer, or brought to where this viewer asked for. */
  readonly isAsAsked: boolean;
}

export type Command =
  | { readonly kind: 'play' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'step'; readonly steps: number }
  | { readonly kind: 'speed'; readonly speed: number | null }
  | { readonly kind: 'seek'; readonly step: number }
  | { readonly kind: 'restart' }
  /** The same moment, of another run. */
  | { readonly kind: 'setup'; readonly setup: Setup }
  | { readonly kind: 'close-lane' | 'open-lane' | 'clear-incident'; readonly lane: string }
  | { readonly kind: 'incident'; readonly lane: string; readonly positionM: number }
  /** Runs on to where the signal's controller and that of another side, or `rival`, would choose differently, and pauses. */
  | ({ readonly kind: 'next-disagreement' } & Search);

export type Refusal = {
  readonly ok: false;
  /** `busy`: too much at once, try later. */
  readonly code: 'version' | 'role' | 'shape' | 'busy' | 'unknown' | 'failed';
  /** A full sentence, what was found and what to do. */
  readonly message: string;
};
export type Reply<T = object> = ({ readonly ok: true } & T) | Refusal;

export interface ServerEvents {
  welcome: (welcome: Welcome) => void;
  session: (state: SessionState) => void;
  /** Binary, see frame.ts; volatile. */
  frame: (frame: ArrayBuffer) => void;
  status: (status: Status) => void;
  /** The server ends, or the session does; a sentence for the viewer. */
  bye: (why: { readonly message: string; readonly comesBack: boolean }) => void;
}

export interface ClientEvents {
  join: (request: JoinRequest, reply: (reply: Reply<Joined>) => void) => void;
  leave: (reply: (reply: Reply) => void) => void;
  /** Frames up to this one have been drawn: who does not say so is sent no more. See receipts.ts. */
  seen: (sequence: number) => void;
  detail: (
    request: { readonly detail: Detail; readonly heat: boolean },
    reply: (reply: Reply) => void,
  ) => void;
  command: (command: Command, reply: (reply: Reply) => void) => void;
  ask: <K extends QuestionKind>(
    question: Extract<Question, { kind: K }>,
    reply: (reply: Reply<{ answer: Answers[K] }>) => void,
  ) => void;
}

/** Frames that may be on their way to a viewer at a time. */
export const FRAMES_IN_FLIGHT = 4;
