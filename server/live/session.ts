import type { Worker } from 'node:worker_threads';
import type { Command, Opening } from '../protocol/events.ts';
import { decodeHeader, type FrameKind } from '../protocol/frame.ts';
import type { Answers, Question, QuestionKind } from '../protocol/question.ts';
import type { SessionState, Status } from '../protocol/session.ts';
import type { Limits } from './limits.ts';
import type { Maps } from './maps.ts';
import type { Metrics } from './metrics.ts';
import { Refused } from './refused.ts';
import type { FromSession, SessionStart, ToSession } from './sessionThread.ts';
import { type News, Thread } from './thread.ts';
import type { Viewer } from './viewer.ts';

/** Starts the thread of a session. */
export type StartThread = (start: SessionStart) => Worker;

/** Sends something to several viewers, encoded once. */
export interface Broadcast {
  readonly session: (viewers: string[], state: SessionState) => void;
  readonly status: (viewers: string[], status: Status) => void;
  readonly frame: (viewers: string[], frame: ArrayBuffer) => void;
}

/** What sessions are given by the server. */
export interface Surroundings {
  readonly startThread: StartThread;
  readonly broadcast: Broadcast;
  readonly maps: Maps;
  readonly metrics: Metrics;
  readonly limits: Limits;
  readonly fault: (where: string, error: unknown) => void;
}

export interface Newest {
  readonly frame: ArrayBuffer;
  readonly sequence: number;
}

type Wanted = Extract<ToSession, { kind: 'wanted' }>;

/** A run that people watch together: a thread that does it, and the viewers who are sent what it shows. */
export class Session {
  readonly id: string;
  readonly viewers = new Set<Viewer>();
  /** When the last viewer left, ms of the process's clock; `null`: it has viewers, or is being opened. */
  idleSinceMs: number | null = null;
  readonly #around: Surroundings;
  readonly #onEnd: () => void;
  readonly #newest = new Map<FrameKind, Newest>();
  readonly #asked = new Map<string, Promise<Answers[QuestionKind]>>();
  #thread: Thread | null = null;
  /** One that is not ready yet. */
  #next: Thread | null = null;
  #map: string | null = null;
  #state: SessionState | null = null;
  #status: Status | null = null;
  #wanted: Wanted = { kind: 'wanted', vehicles: false, lanes: false, heat: false };
  #isChanging = false;
  #isOver = false;
  #idleTimer: NodeJS.Timeout | undefined;

  /** @param onEnd  it is over, and its viewers have been told */
  constructor(id: string, around: Surroundings, onEnd: () => void) {
    this.id = id;
    this.#around = around;
    this.#onEnd = onEnd;
  }

  /** Whether it can be joined. */
  get isOpen(): boolean {
    return this.#state !== null && !this.#isOver;
  }

  get state(): SessionState {
    return this.#state!;
  }

  get status(): Status {
    return this.#status!;
  }

  /** On all sides. */
  get vehicles(): number {
    return this.#status?.sides.reduce((sum, { running }) => sum + running, 0) ?? 0;
  }

  newest(kind: FrameKind): Newest | null {
    return this.#newest.get(kind) ?? null;
  }

  noteSent(viewers: number, bytes: number): void {
    this.#around.metrics.framesSent(viewers, bytes);
  }

  /**
   * Has a thread run this, in place of the one before, if there was one and as soon as the new one is ready.
   *
   * @throws {Refused} when it cannot; the thread before goes on
   */
  async show(opening: Opening): Promise<void> {
    const start: SessionStart = {
      ...opening,
      vehiclesMax: this.#around.limits.vehiclesPerSession,
      revision: this.#state === null ? 0 : this.#state.revision + 1,
    };
    const thread = new Thread(this.#around.startThread(start), this.#around.limits, {
      news: (news) => this.#hear(thread, news),
      died: (cause) => this.end(cause.message, false),
      fault: (error) => this.#around.fault('session', error),
    });
    this.#next = thread;
    const ready = await thread.ready;
    this.#next = null;
    this.#thread?.close();
    this.#thread = thread;
    const map = this.#around.maps.hold(ready.map);
    if (this.#map !== null) this.#around.maps.release(this.#map);
    this.#map = map;
    this.#state = this.#stated(ready.state);
    this.#status = ready.status;
    this.#newest.clear();
    for (const { outbox } of this.viewers) outbox.clear();
    thread.tell(this.#wanted);
    this.#tellViewers();
    this.#tell('session');
    this.#tell('status');
    if (this.viewers.size === 0) this.#rest();
  }

  enter(viewer: Viewer): void {
    clearTimeout(this.#idleTimer);
    this.idleSinceMs = null;
    this.viewers.add(viewer);
    viewer.session = this;
    viewer.outbox.clear();
    this.#tellViewers();
    this.tellWanted();
    for (const kind of this.#newest.keys()) viewer.outbox.owe(kind);
  }

  leave(viewer: Viewer): void {
    if (!this.viewers.delete(viewer)) return;
    viewer.session = null;
    viewer.outbox.clear();
    this.#tellViewers();
    this.tellWanted();
    if (this.viewers.size === 0) this.#rest();
  }

  /** Tells the thread what of each moment anybody wants to see, where that has changed. */
  tellWanted(): void {
    const wanted: Wanted = { kind: 'wanted', vehicles: false, lanes: false, heat: false };
    const now = { ...wanted };
    for (const kind of ['vehicles', 'lanes', 'heat'] as const) {
      now[kind] = [...this.viewers].some((viewer) => viewer.wants(kind));
      // What is not kept up to date is not to be shown later.
      if (!now[kind]) this.#newest.delete(kind);
    }
    const { vehicles, lanes, heat } = this.#wanted;
    if (now.vehicles === vehicles && now.lanes === lanes && now.heat === heat) return;
    this.#wanted = now;
    this.#thread?.tell(now);
  }

  /** @throws {Refused} what is against it */
  async command(command: Command): Promise<void> {
    if (command.kind !== 'setup' || command.setup.scenario === this.state.setup.scenario) {
      return this.#thread!.command(command);
    }
    if (this.#isChanging) throw new Refused('busy', 'Another scenario is being opened already.');
    this.#isChanging = true;
    const { running, speed } = this.status;
    try {
      // Interventions name lanes of the scenario before.
      await this.show({ setup: command.setup, interventions: [], timeS: 0, running, speed });
    } finally {
      this.#isChanging = false;
    }
  }

  /** Equal questions at one step that are still to be answered are one. @throws {Refused} */
  ask(question: Question): Promise<Answers[QuestionKind]> {
    const { revision, step } = this.status;
    const key = `${revision} ${step} ${JSON.stringify(question)}`;
    const asked = this.#asked.get(key);
    if (asked !== undefined) return asked;
    const answer = this.#thread!.ask(question).finally(() => this.#asked.delete(key));
    this.#asked.set(key, answer);
    return answer;
  }

  /** @throws {Refused} */
  log(): Promise<string> {
    return this.#thread!.log();
  }

  /** Ends it for all viewers, who are told. */
  end(message: string, comesBack: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#idleTimer);
    this.#thread?.close();
    this.#next?.close();
    if (this.#map !== null) this.#around.maps.release(this.#map);
    this.#around.metrics.forget(this.id);
    for (const viewer of this.viewers) {
      viewer.session = null;
      viewer.outbox.clear();
      viewer.bye(message, comesBack);
    }
    this.viewers.clear();
    this.#onEnd();
  }

  #hear(thread: Thread, news: News): void {
    if (thread !== this.#thread) return;
    switch (news.kind) {
      case 'load':
        this.#around.metrics.load(this.id, news);
        break;
      case 'state':
        this.#state = this.#stated(news.state);
        this.#tell('session');
        break;
      case 'status':
        this.#status = news.status;
        this.#tell('status');
        break;
      case 'frame':
        this.#show(news);
        break;
    }
  }

  #stated(state: Extract<FromSession, { kind: 'state' }>['state']): SessionState {
    return { ...state, id: this.id, map: `maps/${this.#map}.json` };
  }

  #tell(news: 'session' | 'status'): void {
    const viewers: string[] = [];
    for (const { id, outbox } of this.viewers) {
      if (outbox.takes(news, null)) viewers.push(id);
      else {
        outbox.owe(news);
        outbox.pump();
      }
    }
    if (viewers.length === 0) return;
    if (news === 'session') this.#around.broadcast.session(viewers, this.state);
    else this.#around.broadcast.status(viewers, this.status);
  }

  /** Sends a frame to whoever wants it and has room; the others are owed the newest there is by then. */
  #show({ of: kind, frame }: Extract<News, { kind: 'frame' }>): void {
    const { sequence } = decodeHeader(frame);
    this.#newest.set(kind, { frame, sequence });
    const viewers: string[] = [];
    for (const viewer of this.viewers) {
      if (!viewer.wants(kind)) continue;
      const { outbox } = viewer;
      if (outbox.takes(kind, sequence)) viewers.push(viewer.id);
      else {
        if (outbox.owe(kind)) this.#around.metrics.frameSkipped();
        outbox.pump();
      }
    }
    if (viewers.length === 0) return;
    this.#around.broadcast.frame(viewers, frame);
    this.noteSent(viewers.length, frame.byteLength);
  }

  #tellViewers(): void {
    this.#thread?.tell({ kind: 'viewers', viewers: this.viewers.size });
  }

  /** Without viewers it is kept for a while, for those who reload the page. */
  #rest(): void {
    clearTimeout(this.#idleTimer);
    this.idleSinceMs = performance.now();
    const { idleS } = this.#around.limits;
    this.#idleTimer = setTimeout(() => this.end('Nobody was watching.', false), idleS * 1000);
  }
}
