/** How often something may happen in a span of time. */
export interface Rate {
  readonly times: number;
  readonly seconds: number;
}

/** What is counted, for one viewer or for one address. */
export type RateKind =
  /** By address: WebSocket connections, HTTP requests, answers that the server computes, wrong tokens, connections that were cut. */
  | 'handshake'
  | 'request'
  | 'report'
  | 'token'
  | 'cut'
  /** By viewer. */
  | 'join'
  | 'command'
  | 'ask'
  | 'detail'
  /** By viewer, who is disconnected when it goes on: what no page of ours does, and what came sooner than it is taken. */
  | 'stroke'
  | 'haste';

/** Bounds on all that somebody outside can make grow. */
export interface Limits {
  readonly sessions: number;
  readonly viewers: number;
  readonly viewersPerAddress: number;
  /** On all sides of a session together. */
  readonly vehiclesPerSession: number;
  /** What people do to the road, in one session. */
  readonly interventions: number;
  /** How long a session without viewers is kept, s. */
  readonly idleS: number;
  /** How long a session may take until it can be joined, s. */
  readonly openingS: number;
  /** How long a session may take to answer, s. */
  readonly answerS: number;
  /** Questions and commands that a session has not answered yet. */
  readonly openTickets: number;
  readonly ticketsPerViewer: number;
  /** Largest message that is read, bytes. */
  readonly messageBytes: number;
  /** Largest head of a request that is read, bytes. */
  readonly headBytes: number;
  /** How long a connection may take to say who it is, s. */
  readonly handshakeS: number;
  /** How long a viewer may be silent when asked for a sign of life, s. */
  readonly silenceS: number;
  /** What a connection may send in a second, bytes. */
  readonly bytesPerSecond: number;
  /** WebSocket messages of a connection. */
  readonly packets: Rate;
  /** Pings and pongs of WebSocket itself, which browsers do not send unasked. */
  readonly pings: Rate;
  /** TCP connections that are no WebSocket, half-open requests too: of one address, and of all. */
  readonly httpConnectionsPerAddress: number;
  readonly httpConnections: number;
  /** How often a viewer may say what it has seen. */
  readonly receipts: Rate;
  /** What may wait for a viewer that does not read before its questions are refused, bytes. */
  readonly unreadBytes: number;
  /** And before it is disconnected. */
  readonly unreadPacketsMax: number;
  readonly unreadBytesMax: number;
  readonly rates: Readonly<Record<RateKind, Rate>>;
}

/** @param exposed  whether others than this machine's own users can reach the server */
export function limitsFor(exposed: boolean): Limits {
  return {
    sessions: 8,
    viewers: 2500,
    // A classroom behind one address, or a bench on this machine; from outside, a household.
    viewersPerAddress: exposed ? 50 : 1500,
    vehiclesPerSession: 400_000,
    interventions: 500,
    idleS: 600,
    // The largest city that a page draws takes a minute.
    openingS: 300,
    answerS: 30,
    openTickets: 256,
    ticketsPerViewer: 16,
    messageBytes: 16_000,
    headBytes: 8192,
    handshakeS: 10,
    silenceS: 20,
    bytesPerSecond: 512_000,
    packets: { times: 400, seconds: 1 },
    pings: { times: 20, seconds: 1 },
    // A browser opens six.
    httpConnectionsPerAddress: 300,
    httpConnections: 1000,
    receipts: { times: 200, seconds: 1 },
    unreadBytes: 4_000_000,
    unreadPacketsMax: 256,
    unreadBytesMax: 32_000_000,
    rates: {
      handshake: exposed ? { times: 60, seconds: 10 } : { times: 2000, seconds: 10 },
      // A page is some twenty files.
      request: exposed ? { times: 400, seconds: 1 } : { times: 2000, seconds: 1 },
      report: { times: 20, seconds: 1 },
      token: { times: 10, seconds: 60 },
      cut: exposed ? { times: 10, seconds: 60 } : { times: 60, seconds: 60 },
      join: { times: 10, seconds: 10 },
      command: { times: 20, seconds: 1 },
      ask: { times: 20, seconds: 1 },
      detail: { times: 5, seconds: 1 },
      stroke: { times: 40, seconds: 10 },
      // A hand that hurries is refused some commands a second; this is a program.
      haste: { times: 200, seconds: 10 },
    },
  };
}
