import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Answers, Question, QuestionKind } from '../server/protocol/question.ts';
import { ask } from './connection.ts';
import { era, isRunning, link, status, step } from './state.ts';

export interface Inquiry<K extends QuestionKind> {
  readonly answer: Answers[K] | null;
  /** Why there is none, in words. */
  readonly problem: string | null;
}

const LOOK_MS = 150;
const BUSY_MS = 2_000;

/**
 * Asks the same question again whenever the moment is another, while a component is there and the page is seen.
 *
 * @param key      what is asked about: with another key the answer so far is put away
 * @param make     the question at this moment; `null`: nothing to ask
 * @param everyMs  least time between two questions while the run goes on
 */
export function useAnswer<K extends QuestionKind>(
  key: string,
  make: () => Extract<Question, { kind: K }> | null,
  everyMs: number,
): Inquiry<K> {
  const inquiry = useSignal<Inquiry<K>>({ answer: null, problem: null });
  useEffect(() => {
    let isOver = false;
    let isAsking = false;
    let askedOf = '';
    let notBefore = 0;
    inquiry.value = { answer: null, problem: null };
    const turn = async () => {
      const asking = era.peek();
      const moment = `${asking}.${step.peek()}`;
      const now = performance.now();
      if (isAsking || document.hidden || moment === askedOf || now < notBefore) return;
      // On the way to another moment, every answer would be of one that nobody wants to see.
      if (link.peek().kind !== 'live' || status.peek()?.seekingStep != null) return;
      const question = make();
      if (question === null) return;
      isAsking = true;
      const reply = await ask<K>(question);
      isAsking = false;
      // Of another era, it is an answer about another run.
      if (isOver || asking !== era.peek()) return;
      const isBusy = !reply.ok && reply.code === 'busy';
      notBefore = performance.now() + (isBusy ? BUSY_MS : isRunning.peek() ? everyMs : 0);
      if (isBusy) return;
      askedOf = moment;
      inquiry.value = reply.ok
        ? { answer: reply.answer, problem: null }
        : { answer: null, problem: reply.message };
    };
    const timer = setInterval(turn, LOOK_MS);
    void turn();
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [key]);
  return inquiry.value;
}
