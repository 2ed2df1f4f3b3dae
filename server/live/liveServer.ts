import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { Logger } from 'pino';
import { PROTOCOL_VERSION } from '../protocol/events.ts';
import { Access } from './access.ts';
import { Addresses } from './addresses.ts';
import { Connections } from './connections.ts';
import { Gateway } from './gateway.ts';
import { headers } from './headers.ts';
import { Hosts, isExposed } from './hosts.ts';
import { answerer } from './http.ts';
import { type Limits, limitsFor } from './limits.ts';
import { Maps } from './maps.ts';
import { Metrics } from './metrics.ts';
import type { Page } from './page.ts';
import { Rates } from './rates.ts';
import { type MakeReport, Reports } from './reports.ts';
import type { StartThread } from './session.ts';
import { type Offer, Sessions } from './sessions.ts';
import { Tokens } from './tokens.ts';

export interface LiveOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Who knows it may control. `null`: there is none. */
  readonly token: string | null;
  readonly viewOnly: boolean;
  /** Of pages that come through a proxy. */
  readonly origins: readonly URL[];
  /** Whether all requests come through one, which tells in X-Forwarded-For from where. */
  readonly behindProxy: boolean;
  /** The version of the program. */
  readonly greenwave: string;
  readonly offer: Offer;
  readonly page: Page;
  readonly startThread: StartThread;
  readonly makeReport: MakeReport;
  readonly log: Logger;
  readonly limits?: Partial<Limits>;
}

export interface LiveServer {
  readonly port: number;
  /** Takes leave of all viewers and ends all sessions. */
  close(message: string): Promise<void>;
  /** Notes a fault of ours. */
  fault(where: string, error: unknown): void;
}

/** Between taking leave of viewers and cutting them off, ms. */
const LEAVE_MS = 500;

/**
 * Opens the server, and resolves when it listens.
 *
 * @throws {Error} of the system, when the port is taken for example
 */
export async function openLive(options: LiveOptions): Promise<LiveServer> {
  const { host, origins, token, viewOnly, log, offer } = options;
  const exposed = isExposed(host, origins);
  const limits: Limits = { ...limitsFor(exposed), ...options.limits };
  const addresses = new Addresses(options.behindProxy);
  const access = new Access({ token, viewOnly, exposed });
  const hosts = new Hosts(host, isExposed(host, []) ? ownNames() : [], origins);
  const rates = new Rates(limits);
  const tokens = new Tokens(access, rates, log);
  const maps = new Maps();
  const startedMs = performance.now();
  let ends = false;

  const http = createServer({
    maxHeaderSize: limits.headBytes,
    headersTimeout: limits.handshakeS * 1000,
    requestTimeout: 3000 * limits.handshakeS,
    connectionsCheckingInterval: 1000,
  });
  // The sockets of viewers that were told to go linger a little.
  http.maxConnections = limits.viewers + limits.httpConnections + 500;
  const metrics: Metrics = new Metrics({
    sessions: () => sessions.count,
    viewers: () => gateway.viewers,
    vehicles: () => sessions.vehicles,
    unreadBytes: () => gateway.unreadBytes,
  });
  const fault = (where: string, error: unknown) => {
    metrics.fault(where);
    log.error({ where, err: error }, 'a fault');
  };
  const connections = new Connections(http, limits, options.behindProxy, () => metrics.refused('connection'));
  const { page, startThread } = options;
  const reports = new Reports(options.makeReport, fault);
  const shelf = {
    access,
    tokens,
    addresses,
    hosts,
    rates,
    limits,
    headers,
    page,
    maps,
    metrics,
    reports,
    fault,
  };
  http.on('request', (request, response) => answerHttp(request, response));
  const gateway = new Gateway(http, {
    ...{ access, tokens, addresses, hosts, rates, limits, log, headers },
    welcome: (role) => ({ version: PROTOCOL_VERSION, greenwave: options.greenwave, role, ...offer }),
  });
  const { broadcast } = gateway;
  const around = { startThread, broadcast, maps, metrics, limits, fault };
  const sessions: Sessions = new Sessions(offer, around, (session) => reports.forget(session));
  const answerHttp = answerer({
    ...shelf,
    sessions,
    health: () => ({
      status: ends ? 'ends' : 'works',
      sessions: sessions.count,
      viewers: gateway.viewers,
      uptimeS: Math.round((performance.now() - startedMs) / 1000),
    }),
  });
  gateway.open({ sessions, metrics, limits, log, fault });
  await listening(http, host, options.port).catch((error: unknown) => {
    gateway.close('');
    throw error;
  });
  const { port } = http.address() as AddressInfo;
  log.info({ host, port, exposed, viewOnly, hasToken: token !== null }, 'listening');

  return {
    port,
    fault,
    close: async (message) => {
      if (ends) return;
      ends = true;
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      reports.close();
      gateway.close(message);
      sessions.end(message, true);
      const timer = setTimeout(() => connections.cutAll(), LEAVE_MS);
      http.closeIdleConnections();
      await closed;
      clearTimeout(timer);
      log.info('closed');
    },
  };
}

function listening(http: HttpServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen({ host: host === 'localhost' ? '127.0.0.1' : host.replace(/^\[|\]$/g, ''), port }, () => {
      http.off('error', reject);
      resolve();
    });
  });
}

/** Under which names this machine may be known to others. */
function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) =>
    all.map(({ address }) => address),
  );
  return [hostname(), ...addresses];
}
