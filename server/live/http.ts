import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from './access.ts';
import { type Addresses, neighbourhoodOf } from './addresses.ts';
import { sendAsset } from './asset.ts';
import type { Headers } from './headers.ts';
import type { Hosts } from './hosts.ts';
import type { Maps } from './maps.ts';
import type { Metrics } from './metrics.ts';
import type { Page } from './page.ts';
import type { Rates } from './rates.ts';
import { Refused } from './refused.ts';
import type { Reports } from './reports.ts';
import type { Sessions } from './sessions.ts';
import { bearerOf, type Tokens } from './tokens.ts';

export interface Shelf {
  readonly access: Access;
  readonly tokens: Tokens;
  readonly addresses: Addresses;
  readonly hosts: Hosts;
  readonly rates: Rates;
  readonly headers: Headers;
  readonly page: Page;
  readonly maps: Maps;
  readonly sessions: Sessions;
  readonly metrics: Metrics;
  readonly reports: Reports;
  readonly health: () => Health;
  readonly fault: (where: string, error: unknown) => void;
}

export interface Health {
  readonly status: 'works' | 'ends';
  readonly sessions: number;
  readonly viewers: number;
  readonly uptimeS: number;
}

const NO_STORE = 'no-store';

/** Answers what is asked for over HTTP: the page, road maps, logs of sessions, and how the server does. */
export function answerer(shelf: Shelf): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    shelf.headers(request, response, () => {
      answer(request, response, shelf).catch((error: unknown) => {
        shelf.fault('http', error);
        if (response.headersSent) response.destroy();
        else sendText(response, 500, 'A fault of the server. It is noted in its log.');
      });
    });
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, shelf: Shelf): Promise<void> {
  const address = shelf.addresses.of(request);
  const who = neighbourhoodOf(address);
  if (!(await shelf.rates.take('request', who))) {
    // What follows on the same connection is not read.
    response.on('close', () => request.socket.destroy()).setHeader('Connection', 'close');
    return sendText(response, 429, 'Too many requests at once. Try again in a second.');
  }
  if (!shelf.hosts.knows(request.headers.host)) {
    return sendText(response, 421, 'The server does not go by this name. Start it with --host or --origin.');
  }
  const [path, query = ''] = (request.url ?? '').split('?', 2) as [string, string?];
  const [, reported] = /^\/sessions\/([\w-]{1,64})\/report$/.exec(path) ?? [];
  const isChange = request.method === 'POST' || request.method === 'DELETE';
  if (request.method !== 'GET' && request.method !== 'HEAD' && !(isChange && reported !== undefined)) {
    response.setHeader('Allow', 'GET, HEAD');
    return sendText(response, 405, 'Only GET and HEAD are answered here.');
  }
  const file = shelf.page.get(path);
  if (file !== undefined) return sendAsset(request, response, file);
  const [, map] = /^\/maps\/([0-9a-f]{32})\.json$/.exec(path) ?? [];
  const asset = map === undefined ? null : await shelf.maps.find(map);
  if (asset !== null) return sendAsset(request, response, asset);
  const [, session] = /^\/sessions\/([\w-]{1,64})\/log$/.exec(path) ?? [];
  if (!NUMBERS.has(path) && session === undefined && reported === undefined) return sendNothing(response);
  if (!(await shelf.rates.take('report', who))) {
    return sendText(response, 429, 'Too many requests at once. Try again in a second.');
  }
  if (session !== undefined) return sendLog(response, session, shelf);
  if (reported !== undefined) return answerReport(request, response, { id: reported, query }, shelf);
  return path === '/healthz' ? sendHealth(response, shelf) : sendMetrics(request, response, address, shelf);
}

const NUMBERS: ReadonlySet<string> = new Set(['/healthz', '/metrics']);

/**
 * A POST begins to make a report, a GET asks how far it is: 202 with a message while it is made, then the page. A DELETE stops
 * it.
 */
async function answerReport(
  request: IncomingMessage,
  response: ServerResponse,
  { id, query }: { readonly id: string; readonly query: string },
  shelf: Shelf,
): Promise<void> {
  const { sessions, reports } = shelf;
  const told = (status: number, message: string) =>
    send(response, status, JSON.stringify({ message }), 'application/json; charset=utf-8');
  const session = sessions.find(id);
  if (session?.isOpen !== true) return told(404, 'This session is over.');
  const seeds = Number(new URLSearchParams(query).get('seeds'));
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > SEEDS_MAX) {
    return told(400, `seeds is a whole number from 1 to ${SEEDS_MAX}.`);
  }
  if (request.method === 'POST' || request.method === 'DELETE') {
    const refusal = await reasonAgainst(request, shelf);
    if (refusal !== null) return told(...refusal);
  }
  if (request.method === 'DELETE') {
    return reports.stop(id, seeds)
      ? told(200, 'The report was stopped.')
      : told(404, 'This report is not being made.');
  }
  if (request.method === 'POST') {
    try {
      const log = await session.log();
      if (!session.isOpen) return told(404, 'This session is over.');
      reports.begin(id, { setup: session.state.setup, log, seeds });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return told(503, error.message);
    }
  }
  const state = reports.stateOf(id, seeds);
  switch (state?.kind) {
    case undefined:
      return told(404, 'Nobody has asked for this report yet.');
    case 'making':
      return told(
        202,
        `${seeds === 1 ? 'One seed is' : `${seeds} seeds are`} being run under each controller.`,
      );
    case 'failed':
      return told(422, state.message);
    case 'stopped':
      return told(410, 'The report was stopped. Make it again if you need it.');
    case 'made':
      // The page is one file, with its style inside and no scripts.
      response.setHeader(
        'Content-Security-Policy',
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
      );
      return send(response, 200, state.page, 'text/html; charset=utf-8');
  }
}

/** What speaks against making or stopping a report, with its status; `null`: nothing. */
async function reasonAgainst(
  request: IncomingMessage,
  { hosts, tokens, addresses }: Shelf,
): Promise<[number, string] | null> {
  const { origin, host, authorization } = request.headers;
  if (origin !== undefined && !hosts.allows(origin, host)) return [403, 'Pages of other sites may not ask.'];
  try {
    const role = await tokens.roleOf(bearerOf(authorization), addresses.of(request));
    if (role === 'control') return null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.code === 'busy') return [429, error.message];
  }
  return [403, 'Making a report is for who may control this session: that needs the token.'];
}

const SEEDS_MAX = 100;

async function sendLog(response: ServerResponse, id: string, { sessions }: Shelf): Promise<void> {
  const session = sessions.find(id);
  if (session?.isOpen !== true) return sendNothing(response);
  const { scenario, seed } = session.state.setup;
  try {
    const text = await session.log();
    response.setHeader('Content-Disposition', `attachment; filename="greenwave-${scenario}-${seed}.log"`);
    sendText(response, 200, text);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    sendText(response, 503, error.message);
  }
}

function sendHealth(response: ServerResponse, { health }: Shelf): void {
  const told = health();
  const text = JSON.stringify(told);
  send(response, told.status === 'works' ? 200 : 503, text, 'application/json; charset=utf-8');
}

async function sendMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  address: string,
  { access, tokens, metrics }: Shelf,
): Promise<void> {
  const token = bearerOf(request.headers.authorization);
  // Where everybody may read them a token is not looked at.
  const refusal = access.mayMeasure(undefined)
    ? null
    : await tokens.roleOf(token, address).then(
        () => null,
        (error: unknown) => error,
      );
  if (refusal instanceof Refused && refusal.code === 'busy') return sendText(response, 429, refusal.message);
  if (!access.mayMeasure(token)) {
    response.setHeader('WWW-Authenticate', 'Bearer');
    return sendText(response, 401, 'The numbers about this server are for who has the token, as a bearer.');
  }
  send(response, 200, await metrics.registry.metrics(), metrics.registry.contentType);
}

function sendNothing(response: ServerResponse): void {
  sendText(response, 404, 'There is nothing at this address. The page is at /.');
}

function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, `${text.trimEnd()}\n`, 'text/plain; charset=utf-8');
}

function send(response: ServerResponse, status: number, text: string, type: string): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Cache-Control', NO_STORE);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.writeHead(status).end(text);
}
