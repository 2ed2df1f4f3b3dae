import type { Command } from '../protocol/events.ts';
import type { Answers, Question, QuestionKind } from '../protocol/question.ts';
import type { Intervention, SessionState, Setup, Status } from '../protocol/session.ts';

/**
 * What the gateway and the thread of a session say to each other. The thread runs the worlds and encodes frames; it
 * knows no viewers, and the gateway knows no traffic.
 */
export type ToSession =
  | { readonly kind: 'command'; readonly ticket: number; readonly command: Command }
  | { readonly kind: 'ask'; readonly ticket: number; readonly question: Question }
  /** What of each moment anybody wants to see. */
  | { readonly kind: 'wanted'; readonly vehicles: boolean; readonly lanes: boolean; readonly heat: boolean }
  | { readonly kind: 'viewers'; readonly viewers: number }
  /** The log of the run so far, as text. */
  | { readonly kind: 'log'; readonly ticket: number };

export type FromSession =
  /** It can be joined now. */
  | {
      readonly kind: 'ready';
      readonly state: Omit<SessionState, 'id' | 'map'>;
      readonly status: Status;
      readonly map: string;
    }
  | { readonly kind: 'state'; readonly state: Omit<SessionState, 'id' | 'map'> }
  | { readonly kind: 'status'; readonly status: Status }
  /** One for each kind that is wanted; the buffer is transferred. */
  | {
      readonly kind: 'frame';
      readonly of: 'vehicles' | 'lanes' | 'heat';
      readonly frame: ArrayBuffer;
      readonly step: number;
    }
  | { readonly kind: 'answer'; readonly ticket: number; readonly answer: Answers[QuestionKind] }
  | { readonly kind: 'done'; readonly ticket: number }
  | { readonly kind: 'text'; readonly ticket: number; readonly text: string }
  | { readonly kind: 'refused'; readonly ticket: number; readonly message: string }
  /** Steps done and seconds of computing since the last such message. */
  | { readonly kind: 'load'; readonly steps: number; readonly busyS: number; readonly lagS: number }
  /** It cannot go on; the thread ends. `mistake`: the opening was at fault, and the message is for the viewer. */
  | { readonly kind: 'failed'; readonly mistake: boolean; readonly message: string };

/** What a session's thread is started with, beside what the command hands over. */
export interface SessionStart {
  readonly setup: Setup;
  readonly interventions: readonly Intervention[];
  readonly timeS: number;
  readonly running: boolean;
  readonly speed: number | null;
  readonly vehiclesMax: number;
  /** Where it begins to count: what is told of another run of the session has a lower one. */
  readonly revision: number;
}
