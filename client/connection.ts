import { batch } from '@preact/signals';
import { io, type Socket } from 'socket.io-client';
import {
  type ClientEvents,
  type Command,
  type Detail,
  type Joined,
  type JoinRequest,
  PROTOCOL_VERSION,
  type Refusal,
  type Reply,
  type ServerEvents,
} from '../server/protocol/events.ts';
import { asksForAnother, type Query, readOpening } from '../server/protocol/link.ts';
import { VIEWER_SOCKET } from '../server/protocol/parser.ts';
import type { Answers, Question, QuestionKind } from '../server/protocol/question.ts';
import { Receipts } from '../server/protocol/receipts.ts';
import type { SessionState, Status } from '../server/protocol/session.ts';
import { momentNow } from './address.ts';
import { forgetFrames, takeFrame } from './frames.ts';
import { type Before, LINK_NOT_OPENED, momentOf, newsOfBefore, newsOfLeftOut } from './joining.ts';
import { isIncomplete, NOTHING_TOLD, withMore } from './record.ts';
import {
  dialog,
  era,
  link,
  NO_CONNECTION,
  session,
  status,
  step,
  takeBack,
  tell,
  told,
  type WayOut,
  welcome,
} from './state.ts';
import { remember, remembered } from './storage.ts';

const TOKEN_KEY = 'greenwave.token';
const SESSION_KEY = 'greenwave.session';
/** Beside the session that everybody sees. */
const MAIN = 'main';
/** Building worlds and running to a late moment may take a while. */
const ANSWER_MS = 120_000;
const RECORD_PAUSE_MS = 5_000;
const COME_BACK_MS = 2_000;

export interface Wanted {
  readonly detail: Detail;
  readonly heat: boolean;
}
let wanted: Wanted = { detail: 'vehicles', heat: false };
let socket: Socket<ServerEvents, ClientEvents> | null = null;
/** Whether the session is the one that everybody sees. */
let isMain = false;
/** Whether the server has ended it, so that a lost connection is no surprise. */
let saidBye = false;

/** Connects, joins, and keeps the state up to date from then on. */
export function connect(): void {
  const made: Socket<ServerEvents, ClientEvents> = io(location.origin, {
    path: new URL('socket.io/', document.baseURI).pathname,
    ...VIEWER_SOCKET,
    reconnectionDelayMax: 5_000,
    auth: (give) => give({ token: remembered('session', TOKEN_KEY) ?? undefined }),
  });
  socket = made;
  made.on('welcome', (words) => {
    saidBye = false;
    if (words.version !== PROTOCOL_VERSION) {
      const message = `The server speaks version ${words.version} of the protocol, this page ${PROTOCOL_VERSION}. Reload the page.`;
      link.value = { kind: 'refused', message, wayOut: 'reload' };
      made.disconnect();
      return;
    }
    welcome.value = words;
    void join();
  });
  made.on('session', takeSession);
  made.on('status', takeStatus);
  const receipts = new Receipts((sequence) => {
    // While there is no connection socket.io would keep it for the next one.
    if (made.connected) made.emit('seen', sequence);
  });
  made.on('frame', (frame) => takeFrame(frame, (sequence) => receipts.drawn(sequence)));
  made.on('bye', ({ message, comesBack }) => {
    saidBye = true;
    link.value = { kind: 'ended', message, comesBack };
  });
  made.on('disconnect', (reason) => {
    if (!saidBye && link.value.kind !== 'refused' && link.value.kind !== 'token') {
      link.value = { kind: 'lost', message: 'The connection to the server is lost.' };
    }
    // After being sent away socket.io does not try again by itself.
    if (reason === 'io server disconnect' && link.value.kind === 'lost') {
      setTimeout(() => made.connect(), COME_BACK_MS);
    }
  });
  made.on('connect_error', (error) => {
    // Who is turned away at the door is told why; where nobody answers there is no refusal.
    const { data } = error as Error & { data?: Refusal };
    if (data?.code === 'role') {
      link.value = { kind: 'token', message: data.message };
      dialog.value = 'token';
    } else if (data !== undefined) {
      link.value = { kind: 'refused', message: data.message, wayOut: 'try-again' };
    } else {
      link.value = { kind: 'lost', message: 'The server does not answer.' };
    }
  });
}

/** Joins the session of before, or opens the moment of the address. */
export async function join(): Promise<void> {
  const before = session.value === null ? rememberedSession() : { id: session.value.id, wasMain: isMain };
  const query = new URLSearchParams(location.search);
  const { opening, leftOut } = readOpening(query, welcome.value!.opening);
  const request = (resumed: Before | null): JoinRequest => ({
    version: PROTOCOL_VERSION,
    ...(resumed !== null && { session: resumed.id, wasMain: resumed.wasMain }),
    opening: momentNow() ?? opening,
    ...wanted,
  });
  link.value = { kind: 'connecting' };
  let reply = await exchange('join', request(before));
  if (!reply.ok && reply.code === 'unknown' && before !== null) {
    reply = await exchange('join', request(null));
  }
  if (!reply.ok) {
    link.value = { kind: 'refused', message: reply.message, wayOut: wayOutOf(reply) };
    return;
  }
  const { session: joined, status: now } = reply;
  isMain = reply.isMain;
  batch(() => {
    link.value = { kind: 'live' };
    takeSession(joined);
    takeStatus(now);
    // The address may stay as it is: of this session it is from now on.
    rememberSession(location.search);
  });
  takeBack(NO_CONNECTION);
  const news = newsOfBefore(before, reply);
  if (news !== null) tell(news);
  if (before === null) tellOfLink(query, leftOut, reply);
  // Whatever was sent while we were away is in it.
  recordOf = -1;
  await askRecord();
}

/** Where a link does not show what it asks for. */
function tellOfLink(query: Query, leftOut: readonly string[], joined: Joined): void {
  if (leftOut.length > 0) tell(newsOfLeftOut(leftOut), true);
  if (joined.isMain && !joined.isAsAsked && asksForAnother(query, momentOf(joined)))
    tell(LINK_NOT_OPENED, true);
}

function wayOutOf({ code }: Refusal): WayOut {
  // Of another shape is what stands in the address: a reload would ask for the same again.
  if (code === 'version') return 'reload';
  return code === 'busy' ? 'try-again' : 'usual-run';
}

/** After a refusal. */
export function tryAgain(): void {
  link.value = { kind: 'connecting' };
  if (socket?.connected) void join();
  else socket?.connect();
}

function takeSession(state: SessionState): void {
  const before = session.value;
  const isOtherRun = before === null || before.map !== state.map || before.id !== state.id;
  const isOther = isOtherRun || before.revision !== state.revision;
  batch(() => {
    if (isOtherRun || before.setup.controllers.length !== state.setup.controllers.length) forgetFrames();
    session.value = state;
    if (!isOther) return;
    era.value++;
    told.value = NOTHING_TOLD;
    if (isOtherRun) status.value = null;
  });
  if (isOther && before !== null && link.value.kind === 'live') void askRecord();
}

/** What was found out of another revision is of another run. */
function takeStatus(now: Status): void {
  const { value: state } = session;
  if (state === null || now.revision !== state.revision) return;
  batch(() => {
    status.value = now;
    step.value = now.step;
    told.value = withMore(told.value, now);
  });
  const everySteps = state.sampleS / state.stepS;
  const soFar = { knownStep: Math.min(now.knownStep, now.step), alarmCount: now.alarmCount };
  if (isIncomplete(told.value, everySteps, soFar)) void askRecord();
}

let recordAskedAt = Number.NEGATIVE_INFINITY;
let recordOf = -1;

async function askRecord(): Promise<void> {
  const { value: state } = session;
  const now = performance.now();
  if (state === null || (recordOf === era.value && now - recordAskedAt < RECORD_PAUSE_MS)) return;
  recordAskedAt = now;
  recordOf = era.value;
  const reply = await ask({ kind: 'record' });
  if (reply.ok && recordOf === era.value && reply.answer.revision === session.value?.revision) {
    told.value = withMore(told.value, reply.answer);
  }
}

/** Asks the server to do something; a refusal is told in words. */
export async function send(command: Command): Promise<boolean> {
  const reply = await exchange('command', command);
  if (!reply.ok) tell(reply.message, true);
  return reply.ok;
}

export function ask<K extends QuestionKind>(
  question: Extract<Question, { kind: K }>,
): Promise<Reply<{ answer: Answers[K] }>> {
  return exchange('ask', question) as Promise<Reply<{ answer: Answers[K] }>>;
}

/** Says what is to be sent of each moment from now on. */
export function want(next: Wanted): void {
  if (next.detail === wanted.detail && next.heat === wanted.heat) return;
  wanted = next;
  if (link.value.kind === 'live') void exchange('detail', next);
}

/** Kept for this tab only. `null`: watches without. */
export function useToken(token: string | null): void {
  remember('session', TOKEN_KEY, token);
  dialog.value = null;
  link.value = { kind: 'connecting' };
  socket?.disconnect().connect();
}

export function tokenInUse(): string | null {
  return remembered('session', TOKEN_KEY);
}

type Replies = {
  join: Reply<Joined>;
  command: Reply;
  detail: Reply;
  ask: Reply<{ answer: Answers[QuestionKind] }>;
};

function exchange<E extends keyof Replies>(
  event: E,
  request: Parameters<ClientEvents[E]>[0],
): Promise<Replies[E]> {
  return new Promise<Refusal | Replies[E]>((resolve) => {
    if (!socket?.connected) {
      resolve(refusal(NO_CONNECTION));
      return;
    }
    const answered = (error: Error | null, reply: Replies[E]) =>
      resolve(error === null ? reply : refusal('The server has not answered. Try again in a while.'));
    // The types of socket.io do not follow a union of events.
    (socket.timeout(ANSWER_MS) as unknown as { emit(...all: unknown[]): void }).emit(
      event,
      request,
      answered,
    );
  }) as Promise<Replies[E]>;
}

function refusal(message: string): Refusal {
  return { ok: false, code: 'busy', message };
}

/**
 * The session that this tab showed when it was last left at this very address: a reload comes back to it. Any other
 * address is a link that somebody pasted.
 */
function rememberedSession(): Before | null {
  const [id, search, isOfAll] = (remembered('session', SESSION_KEY) ?? '').split(' ');
  return id && search === location.search ? { id, wasMain: isOfAll === MAIN } : null;
}

/** Notes the session beside the address that shows it. */
export function rememberSession(search: string): void {
  const { value: state } = session;
  if (state !== null) remember('session', SESSION_KEY, `${state.id} ${search}${isMain ? ` ${MAIN}` : ''}`);
}
