import { inspect } from 'node:util';
import type { MessagePort } from 'node:worker_threads';
import type { Command } from '../protocol/events.ts';
import type { Alarm, Sample, Search, SessionState, Status } from '../protocol/session.ts';
import { advanceSearching, checkSearch } from '../session/disagreement.ts';
import { CommandLog, type LogHeader, logText } from '../session/log.ts';
import { type OpenSide, SAMPLE_S, Session } from '../session/session.ts';
import { Answering } from './answering.ts';
import { FRAME_MS, Frames } from './frames.ts';
import { Pace } from './pace.ts';
import type { FromSession, SessionStart, ToSession } from './sessionThread.ts';
import { withoutPaths } from './withoutPaths.ts';

/** What a session's thread is given by the command that serves. */
export interface SessionTask {
  readonly start: SessionStart;
  readonly openSide: OpenSide;
  /** The road map, as text. */
  readonly map: string;
  /** The first line of the log, but for what a session changes. */
  readonly header: Omit<LogHeader, 'setup' | 'interventions'>;
}

/** Figures that change more often nobody can read. */
const STATUS_MS = 500;
/** On the way to another moment, and when viewers come and go. */
const PROGRESS_MS = 250;
/** So long it computes before it listens again, ms. */
const STRETCH_MS = 40;
const LOAD_MS = 2000;

/**
 * The life of a session in its thread: it computes the steps that are due, makes a frame of what is shown, and does what it
 * is told in between. Nothing here changes what a run comes to, only how fast it is seen.
 */
export class SessionRunner {
  readonly #post: (message: FromSession, transfer?: ArrayBuffer[]) => void;
  readonly #task: SessionTask;
  readonly #session: Session;
  readonly #pace: Pace;
  readonly #frames: Frames;
  readonly #commands = new CommandLog();
  readonly #answering = new Answering(
    (ticket, answer) => this.#post({ kind: 'answer', ticket, answer }),
    (ticket, error) => this.#refuse(ticket, error),
  );
  #running: boolean;
  #target: number | null;
  #search: Search | null = null;
  #unfound: Search | null = null;
  #viewers = 0;
  #statusAt = 0;
  #toldSamples = 0;
  #toldAlarms = 0;
  #toldRevision = 0;
  #timer: NodeJS.Timeout | null = null;
  #tellTimer: NodeJS.Timeout | null = null;
  #load = { since: performance.now(), steps: 0, busyMs: 0, lagMs: 0 };

  constructor(port: MessagePort, task: SessionTask) {
    this.#post = (message, transfer = []) => port.postMessage(message, transfer);
    this.#task = task;
    this.#frames = new Frames((of, frame, step) => this.#post({ kind: 'frame', of, frame, step }, [frame]));
    const { start } = task;
    this.#session = new Session(task.openSide, start.setup, start.interventions, start.revision);
    this.#pace = new Pace(start.speed, this.#session.stepS);
    this.#running = start.running;
    this.#target = Math.min(this.#session.lastStep, Math.round(start.timeS / this.#session.stepS));
    this.#session.approach(this.#target);
    this.#post({ kind: 'ready', state: this.#state(), status: this.#status(), map: task.map });
    port.on('message', (message: ToSession) => this.#hear(message));
    this.#wake();
  }

  /** Whether it neither runs nor is on its way anywhere. */
  get #stands(): boolean {
    return !this.#running && this.#target === null && this.#search === null;
  }

  #hear(message: ToSession): void {
    switch (message.kind) {
      case 'wanted':
        this.#frames.wanted = message;
        // On the way to a moment nothing is shown.
        if (this.#target === null) this.#show(true);
        break;
      case 'viewers':
        this.#viewers = message.viewers;
        // Where hundreds come or go at once, all the others would be told of each.
        this.#tellTimer ??= setTimeout(() => this.#tell(), PROGRESS_MS);
        break;
      case 'log':
        this.#post({ kind: 'text', ticket: message.ticket, text: this.#log() });
        break;
      case 'ask':
        this.#answering.ask(this.#session, message.ticket, message.question);
        break;
      case 'command':
        this.#attempt(message.ticket, () => {
          this.#obey(message.command);
          this.#commands.note(this.#session.step, message.command);
          this.#post({ kind: 'done', ticket: message.ticket });
        });
        break;
    }
    this.#wake();
  }

  /** What cannot be done is told to who asked; the session goes on. */
  #attempt(ticket: number, what: () => void): void {
    try {
      what();
    } catch (error) {
      this.#refuse(ticket, error);
    }
  }

  #refuse(ticket: number, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#post({ kind: 'refused', ticket, message });
  }

  #obey(command: Command): void {
    const session = this.#session;
    this.#unfound = null;
    switch (command.kind) {
      case 'play':
        this.#running = true;
        this.#pace.begin(performance.now());
        break;
      case 'pause':
        this.#running = false;
        this.#target = null;
        this.#search = null;
        break;
      case 'step':
        this.#running = false;
        // From where it is going to: who asks five times goes five steps.
        this.#goTo((this.#target ?? session.step) + command.steps, command.steps !== 1);
        break;
      case 'speed':
        this.#pace.setSpeed(command.speed, performance.now());
        break;
      case 'seek':
        this.#goTo(command.step, true);
        break;
      case 'restart':
        session.restart();
        this.#goTo(0, true);
        break;
      case 'setup': {
        const now = this.#target ?? session.step;
        session.change(command.setup);
        this.#frames.forgetSides();
        this.#goTo(now, true);
        break;
      }
      case 'next-disagreement':
        checkSearch(session, command);
        this.#running = false;
        this.#search = { side: command.side, intersection: command.intersection, rival: command.rival };
        this.#frames.jump();
        break;
      case 'incident':
        session.intervene({ kind: command.kind, lane: command.lane, positionM: command.positionM, step: 0 });
        break;
      default:
        session.intervene({ kind: command.kind, lane: command.lane, step: 0 });
    }
    if (session.revision !== this.#toldRevision) this.#announce();
    this.#tell();
  }

  #goTo(step: number, jumps: boolean): void {
    const { lastStep } = this.#session;
    this.#target = Math.min(lastStep, Math.max(0, step));
    this.#search = null;
    if (jumps || step < this.#session.step) this.#frames.jump();
    this.#session.approach(this.#target);
    this.#pace.begin(performance.now());
    if (this.#session.step !== this.#target) return;
    this.#target = null;
    this.#show(true);
  }

  /** Does what is due, and sets the clock for when more will be. */
  #wake(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#work(), this.#delay(performance.now()));
  }

  #delay(now: number): number {
    if (this.#target !== null || this.#search !== null || this.#answering.isBusy) return 0;
    if (!this.#running || this.#session.ended || this.#viewers === 0) return LOAD_MS;
    return Math.max(0, this.#pace.nextAt(FRAME_MS) - now);
  }

  #work(): void {
    const start = performance.now();
    const before = this.#session.step;
    try {
      // Who is on the way to a moment looks for disagreements from there on.
      if (this.#target !== null) this.#goOnSeeking(start);
      else if (this.#search !== null) this.#goOnSearching(start);
      else if (this.#running && this.#viewers > 0) this.#play(start);
      this.#answering.goOn();
    } catch (error) {
      this.#fail(error);
      return;
    }
    const now = performance.now();
    this.#load.steps += Math.max(0, this.#session.step - before);
    this.#load.busyMs += now - start;
    if (now - this.#load.since >= LOAD_MS) this.#report(now);
    this.#wake();
  }

  #play(now: number): void {
    const session = this.#session;
    const due = Math.min(session.lastStep - session.step, this.#pace.due(now));
    let done = 0;
    while (done < due && (done === 0 || performance.now() - now < STRETCH_MS)) {
      session.advance();
      done++;
    }
    this.#pace.did(done, due, performance.now());
    this.#load.lagMs = Math.max(this.#load.lagMs, this.#pace.lagMs);
    this.#refuseTooMany();
    if (done > 0) this.#show(false);
    if (session.ended) this.#running = false;
    if (performance.now() - this.#statusAt >= STATUS_MS || session.ended) this.#tell();
  }

  #goOnSeeking(now: number): void {
    const session = this.#session;
    while (session.step < this.#target! && performance.now() - now < STRETCH_MS) session.advance();
    this.#refuseTooMany();
    if (session.step < this.#target!) {
      if (performance.now() - this.#statusAt >= PROGRESS_MS) this.#tell();
      return;
    }
    this.#target = null;
    this.#pace.begin(performance.now());
    this.#show(true);
    this.#tell();
  }

  #goOnSearching(now: number): void {
    const session = this.#session;
    let found = false;
    while (!found && !session.ended && performance.now() - now < STRETCH_MS) {
      found = advanceSearching(session, this.#search!);
    }
    if (session.ended && !found) this.#unfound = this.#search;
    if (found || session.ended) this.#search = null;
    if (this.#search === null || performance.now() - this.#statusAt >= PROGRESS_MS) {
      this.#show(true);
      this.#tell();
    }
  }

  #refuseTooMany(): void {
    const { vehicleCount } = this.#session;
    const { vehiclesMax } = this.#task.start;
    if (vehicleCount <= vehiclesMax) return;
    const figures = `${vehicleCount.toLocaleString('en')} vehicles are on the way, and this server shows at most ${vehiclesMax.toLocaleString('en')}.`;
    this.#post({
      kind: 'failed',
      mistake: true,
      message: `${figures} Use less demand, fewer sides or a smaller network.`,
    });
    process.exit(0);
  }

  #fail(error: unknown): void {
    // With the causes of the error and their stacks: what a controller threw is the cause.
    const message = error instanceof Error ? inspect(error) : String(error);
    this.#post({ kind: 'failed', mistake: false, message });
    setImmediate(() => process.exit(1));
  }

  /** Sends the moment to who wants to see it. */
  #show(again: boolean): void {
    // Who gets a frame of a revision of which nothing has been told leaves it out.
    if (this.#session.revision !== this.#toldRevision) this.#announce();
    this.#frames.show(this.#session, again);
  }

  #announce(): void {
    this.#toldRevision = this.#session.revision;
    this.#toldSamples = 0;
    this.#toldAlarms = 0;
    this.#post({ kind: 'state', state: this.#state() });
  }

  #tell(): void {
    if (this.#tellTimer !== null) clearTimeout(this.#tellTimer);
    this.#tellTimer = null;
    // Steps that came too soon after a frame had none; what stands is seen as it stands, and before it is told of.
    if (this.#stands && !this.#frames.hasShown(this.#session)) this.#show(true);
    this.#statusAt = performance.now();
    this.#post({ kind: 'status', status: this.#status() });
  }

  #state(): Omit<SessionState, 'id' | 'map'> {
    const { setup, interventions, stepS, worlds, revision } = this.#session;
    this.#toldRevision = revision;
    const studies = worlds.map(({ study }) => study);
    return {
      revision,
      ...{ setup, interventions, stepS },
      durationS: studies[0]!.durationS,
      phases: studies.map(({ phaseNames }) => phaseNames),
      facts: studies.map(({ facts }) => facts),
      warnings: [...new Set(studies.flatMap(({ warnings }) => warnings.map((text) => withoutPaths(text))))],
      seedMatters: studies[0]!.seedMatters,
      sampleS: SAMPLE_S,
    };
  }

  #status(): Status {
    const session = this.#session;
    const { samples, alarms } = this.#news();
    return {
      revision: session.revision,
      step: session.step,
      running: this.#running,
      speed: this.#pace.speed,
      actualSpeed: this.#pace.actualSpeed,
      knownStep: session.knownStep,
      seekingStep: this.#target ?? (this.#search === null ? null : session.lastStep),
      ended: session.ended,
      unfound: this.#unfound,
      viewers: this.#viewers,
      sides: session.figures(),
      fingerprints: this.#stands ? session.fingerprints() : null,
      ...{ samples, alarms },
      alarmCount: session.history.alarms.length,
    };
  }

  /** What has come to be known since the last status. */
  #news(): { samples: Sample[]; alarms: Alarm[] } {
    const { history } = this.#session;
    const samples = history.samples.slice(this.#toldSamples).map(({ sample }) => sample);
    const alarms = history.alarms.slice(this.#toldAlarms);
    this.#toldSamples = history.samples.length;
    this.#toldAlarms = history.alarms.length;
    return { samples, alarms };
  }

  #log(): string {
    const { setup, interventions, history, step, knownStep } = this.#session;
    const { lines, leftOut } = this.#commands;
    const header: LogHeader = {
      ...this.#task.header,
      ...{ setup, interventions },
      ...(leftOut > 0 && { commandsLeftOut: leftOut }),
    };
    const marks = history.fingerprints.map((mark) => ({ kind: 'fingerprint' as const, ...mark }));
    const isAtEnd = step === knownStep && history.fingerprints.at(-1)?.step !== step;
    const last = { kind: 'fingerprint' as const, step, sides: this.#session.fingerprints() };
    return logText([header, ...lines, ...marks, ...(isAtEnd ? [last] : [])]);
  }

  #report(now: number): void {
    const { steps, busyMs, lagMs } = this.#load;
    this.#post({ kind: 'load', steps, busyS: busyMs / 1000, lagS: lagMs / 1000 });
    this.#load = { since: now, steps: 0, busyMs: 0, lagMs: 0 };
  }
}
