import type { Worker } from 'node:worker_threads';
import type { Command } from '../protocol/events.ts';
import type { Answers, Question, QuestionKind } from '../protocol/question.ts';
import type { Limits } from './limits.ts';
import { Refused } from './refused.ts';
import type { FromSession, ToSession } from './sessionThread.ts';

export type Ready = Extract<FromSession, { kind: 'ready' }>;
/** What a thread tells of its own accord. */
export type News = Extract<FromSession, { kind: 'state' | 'status' | 'frame' | 'load' }>;

export interface ThreadListener {
  readonly news: (news: News) => void;
  /** It has ended without being told to, after it was ready. */
  readonly died: (cause: Refused) => void;
  readonly fault: (error: unknown) => void;
}

interface Ticket {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Refused) => void;
  readonly timer: NodeJS.Timeout;
}

const FAULT = 'A fault of the server has ended this session; other sessions go on. Open it anew.';
const MEMORY = 'This session needed more memory than it may have, and has ended. Open it with less demand.';

/** The gateway's end of a session's thread: each command and question has a ticket, under which the answer comes. */
export class Thread {
  /** Resolves when it can be joined. @throws {Refused} when that fails */
  readonly ready: Promise<Ready>;
  readonly #worker: Worker;
  readonly #limits: Pick<Limits, 'answerS' | 'openTickets'>;
  readonly #listener: ThreadListener;
  readonly #tickets = new Map<number, Ticket>();
  #lastTicket = 0;
  #isOver = false;
  #settleReady: { resolve: (ready: Ready) => void; reject: (error: Refused) => void } | null = null;

  constructor(
    worker: Worker,
    limits: Pick<Limits, 'answerS' | 'openTickets' | 'openingS'>,
    listener: ThreadListener,
  ) {
    this.#worker = worker;
    this.#limits = limits;
    this.#listener = listener;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    const late = new Refused('failed', `The session was not ready within ${limits.openingS} s.`);
    const timer = setTimeout(() => this.#end(late), limits.openingS * 1000);
    this.ready.catch(() => {}).finally(() => clearTimeout(timer));
    worker.on('message', (message: FromSession) => this.#take(message));
    worker.on('messageerror', (error) => this.#break(error));
    worker.on('error', (error) => this.#break(error));
    worker.on('exit', (code) => {
      if (!this.#isOver) this.#break(new Error(`The session's thread ended with code ${code}.`));
    });
  }

  /** Tells the thread something that needs no answer. */
  tell(message: Extract<ToSession, { kind: 'wanted' | 'viewers' }>): void {
    if (!this.#isOver) this.#worker.postMessage(message);
  }

  /** @throws {Refused} what the thread says against it, or that it does not answer */
  async command(command: Command): Promise<void> {
    await this.#request((ticket) => ({ kind: 'command', ticket, command }));
  }

  /** @throws {Refused} */
  async ask(question: Question): Promise<Answers[QuestionKind]> {
    const answer = await this.#request((ticket) => ({ kind: 'ask', ticket, question }));
    return answer as Answers[QuestionKind];
  }

  /** @throws {Refused} */
  async log(): Promise<string> {
    return String(await this.#request((ticket) => ({ kind: 'log', ticket })));
  }

  /** Ends the thread where it stands; the listener hears no more of it. */
  close(): void {
    this.#end(new Refused('unknown', 'The session is closed.'), true);
  }

  #request(message: (ticket: number) => ToSession): Promise<unknown> {
    const { answerS, openTickets } = this.#limits;
    if (this.#isOver) return Promise.reject(new Refused('unknown', 'The session has ended.'));
    if (this.#tickets.size >= openTickets) {
      return Promise.reject(
        new Refused('busy', 'The session has too much to answer. Try again in a moment.'),
      );
    }
    const ticket = ++this.#lastTicket;
    return new Promise((resolve, reject) => {
      const late = new Refused('busy', `The session has not answered within ${answerS} s. Try again later.`);
      const timer = setTimeout(() => {
        this.#tickets.delete(ticket);
        reject(late);
      }, answerS * 1000);
      this.#tickets.set(ticket, { resolve, reject, timer });
      this.#worker.postMessage(message(ticket));
    });
  }

  #take(message: FromSession): void {
    if (this.#isOver) return;
    switch (message.kind) {
      case 'ready':
        this.#settleReady?.resolve(message);
        this.#settleReady = null;
        break;
      case 'answer':
        this.#settle(message.ticket, ({ resolve }) => resolve(message.answer));
        break;
      case 'done':
        this.#settle(message.ticket, ({ resolve }) => resolve(undefined));
        break;
      case 'text':
        this.#settle(message.ticket, ({ resolve }) => resolve(message.text));
        break;
      case 'refused':
        this.#settle(message.ticket, ({ reject }) => reject(new Refused('failed', message.message)));
        break;
      case 'failed':
        if (!message.mistake) this.#listener.fault(new Error(message.message));
        this.#end(new Refused('failed', message.mistake ? message.message : FAULT));
        break;
      default:
        this.#listener.news(message);
        break;
    }
  }

  #settle(number: number, how: (ticket: Ticket) => void): void {
    const ticket = this.#tickets.get(number);
    if (ticket === undefined) return;
    clearTimeout(ticket.timer);
    this.#tickets.delete(number);
    how(ticket);
  }

  /** Something is wrong that is not for viewers to know. */
  #break(error: unknown): void {
    if (this.#isOver) return;
    this.#listener.fault(error);
    const isMemory = (error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
    this.#end(new Refused('failed', isMemory ? MEMORY : FAULT));
  }

  #end(cause: Refused, isWanted = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const number of [...this.#tickets.keys()]) this.#settle(number, ({ reject }) => reject(cause));
    const wasReady = this.#settleReady === null;
    this.#settleReady?.reject(cause);
    this.#settleReady = null;
    void this.#worker.terminate();
    if (wasReady && !isWanted) this.#listener.died(cause);
  }
}
