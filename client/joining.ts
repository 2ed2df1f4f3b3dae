import type { Joined, Opening } from '../server/protocol/events.ts';

/** A session that this page has shown before. */
export interface Before {
  readonly id: string;
  /** Whether it was the one that everybody sees. */
  readonly wasMain: boolean;
}

/** What has become of the session of before, for who has joined; `null`: it goes on, or there was none. */
export function newsOfBefore(before: Before | null, { session, isMain, isAsAsked }: Joined): string | null {
  if (before === null || before.id === session.id) return null;
  if (!isMain) return 'The session of before had ended, so a new one was opened at the same moment.';
  return isAsAsked
    ? 'The session of before had ended. What everybody sees was opened again at the moment of this page.'
    : 'The session of before had ended. This is what everybody sees now.';
}

/** What a session shows, or will when it is where it is going to. */
export function momentOf({ session, status }: Joined): Opening {
  const { setup, interventions, stepS } = session;
  const { seekingStep, step, running, speed } = status;
  const timeS = Math.round((seekingStep ?? step) * stepS * 1000) / 1000;
  return { setup, interventions, timeS, running, speed };
}

/** That parts of a link cannot be. */
export function newsOfLeftOut(leftOut: readonly string[]): string {
  return `This of the link cannot be and was left out: ${leftOut.join('; ')}.`;
}

/** To who may not open what a link asks for. */
export const LINK_NOT_OPENED =
  'This server shows everybody the same run, so the moment of your link was not opened. With the token, if the server has one, it can be.';
