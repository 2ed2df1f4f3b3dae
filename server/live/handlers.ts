import type { Logger } from 'pino';
import { PROTOCOL_VERSION } from '../protocol/events.ts';
import type { EventName, Payload } from './door.ts';
import type { Limits, RateKind } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { Refused } from './refused.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Viewer } from './viewer.ts';

export interface Desk {
  readonly sessions: Sessions;
  readonly metrics: Metrics;
  readonly limits: Limits;
  readonly log: Logger;
  /** Notes a fault of ours. */
  readonly fault: (where: string, error: unknown) => void;
}

type Handler<E extends EventName> = (viewer: Viewer, payload: Payload<E>, desk: Desk) => Promise<object>;

/** What is done on each event once its message has been read: the rest of the reply, or `Refused` thrown. */
export const HANDLERS: { readonly [E in EventName]: Handler<E> } = {
  join: async (viewer, request, { sessions, log }) => {
    if (request.version !== PROTOCOL_VERSION) {
      throw new Refused(
        'version',
        `This page speaks version ${request.version}, the server version ${PROTOCOL_VERSION}: reload the page.`,
      );
    }
    if (viewer.isJoining) throw new Refused('busy', 'Another session is being joined already.');
    viewer.isJoining = true;
    try {
      const { session, ...how } = await sessions.forViewer(viewer.role, request);
      if (!session.isOpen) throw new Refused('unknown', 'The session has ended.');
      if (!viewer.isConnected) return {};
      viewer.session?.leave(viewer);
      viewer.detail = request.detail;
      viewer.heat = request.heat;
      session.enter(viewer);
      log.info({ ...named(viewer), session: session.id, setup: session.state.setup }, 'joined');
      return { session: session.state, status: session.status, ...how };
    } finally {
      viewer.isJoining = false;
    }
  },

  leave: async (viewer) => {
    viewer.session?.leave(viewer);
    return {};
  },

  seen: async (viewer, sequence) => {
    viewer.outbox.seen(sequence);
    return {};
  },

  detail: async (viewer, { detail, heat }) => {
    const session = joined(viewer);
    const before = { vehicles: viewer.wants('vehicles'), lanes: viewer.wants('lanes'), heat: viewer.heat };
    viewer.detail = detail;
    viewer.heat = heat;
    session.tellWanted();
    for (const kind of ['vehicles', 'lanes', 'heat'] as const) {
      if (!before[kind] && viewer.wants(kind) && session.newest(kind) !== null) viewer.outbox.owe(kind);
    }
    return {};
  },

  command: async (viewer, command, { sessions, limits, log, metrics }) => {
    if (viewer.role !== 'control') {
      throw new Refused('role', 'You may watch this session, but not control it: that needs the token.');
    }
    const session = joined(viewer);
    if (command.kind === 'setup') sessions.check(command.setup);
    if ('lane' in command && session.state.interventions.length >= limits.interventions) {
      const most = limits.interventions;
      throw new Refused(
        'failed',
        `${most} interventions are as many as a session keeps. Restart without them.`,
      );
    }
    const { step } = session.status;
    await withTicket(viewer, limits, () => session.command(command));
    log.info({ ...named(viewer), session: session.id, step, command }, 'command');
    metrics.commanded(command.kind);
    return {};
  },

  ask: async (viewer, question, { limits }) => {
    const session = joined(viewer);
    if (viewer.wire.unreadBytes > limits.unreadBytes) {
      throw new Refused('busy', 'Answers are being sent that have not arrived yet. Ask again later.');
    }
    return { answer: await withTicket(viewer, limits, () => session.ask(question)) };
  },
};

/** How often each may be sent; what has been seen is counted by itself. */
export const RATE_OF: Readonly<Record<Exclude<EventName, 'seen'>, RateKind>> = {
  join: 'join',
  leave: 'join',
  detail: 'detail',
  command: 'command',
  ask: 'ask',
};

/** Who it was, for the log. */
export function named({ id, wire }: Viewer): { viewer: string; address: string } {
  return { viewer: id, address: wire.address };
}

function joined({ session }: Viewer): Session {
  if (session === null) throw new Refused('unknown', 'No session has been joined. Reload the page.');
  return session;
}

async function withTicket<Answer>(
  viewer: Viewer,
  { ticketsPerViewer }: Limits,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (viewer.openTickets >= ticketsPerViewer) {
    throw new Refused('busy', 'There is no answer yet to what was asked before. Try again in a moment.');
  }
  viewer.openTickets++;
  try {
    return await work();
  } finally {
    viewer.openTickets--;
  }
}
