import type { Stepwise } from '../policy/counterfactual.ts';
import type { Answers, Question, QuestionKind } from '../protocol/question.ts';
import { answerStepwise, takesLong } from '../session/answer.ts';
import type { Session } from '../session/session.ts';

/** So long it goes on with an answer before the run has its turn again, ms. */
const STRETCH_MS = 15;
/** So many answers that take long may wait, the one at work among them: who asks is not kept waiting for ever. */
const WAITING_MAX = 4;

interface Asked {
  readonly ticket: number;
  readonly work: Stepwise<Answers[QuestionKind]>;
}

/**
 * Answers questions of a session: quick ones at once, those that take long one after another, in stretches, so that the run
 * and whoever asks something else go on meanwhile. What a long one needs is made when its turn comes.
 */
export class Answering {
  readonly #post: (ticket: number, answer: Answers[QuestionKind]) => void;
  readonly #refuse: (ticket: number, error: unknown) => void;
  readonly #waiting: Asked[] = [];

  /** @param refuse  told why there is no answer */
  constructor(
    post: (ticket: number, answer: Answers[QuestionKind]) => void,
    refuse: (ticket: number, error: unknown) => void,
  ) {
    this.#post = post;
    this.#refuse = refuse;
  }

  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  ask(session: Session, ticket: number, question: Question): void {
    const asked = { ticket, work: answerStepwise(session, question) };
    if (!takesLong(question)) {
      this.#isDone(asked, Number.POSITIVE_INFINITY);
      return;
    }
    if (this.#waiting.length >= WAITING_MAX) {
      this.#refuse(ticket, new Error('Others wait for such answers already. Try again in a moment.'));
      return;
    }
    this.#waiting.push(asked);
    // Of this very moment, if it can be.
    if (this.#waiting.length === 1) this.goOn();
  }

  /** Goes on with the one whose turn it is. */
  goOn(): void {
    const [first] = this.#waiting;
    if (first !== undefined && this.#isDone(first, performance.now() + STRETCH_MS)) this.#waiting.shift();
  }

  #isDone({ ticket, work }: Asked, untilMs: number): boolean {
    try {
      for (;;) {
        const { done, value } = work.next();
        if (done) {
          this.#post(ticket, value);
          return true;
        }
        if (performance.now() >= untilMs) return false;
      }
    } catch (error) {
      this.#refuse(ticket, error);
      return true;
    }
  }
}
