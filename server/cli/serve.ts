import { networkInterfaces } from 'node:os';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { CONTROLLERS } from '../control/registry.ts';
import { controllerFor } from '../files/policies.ts';
import { shippedPolicy, shippedScenarios } from '../files/shipped.ts';
import { isOpenToAll } from '../live/access.ts';
import { isExposed, isLoopback } from '../live/hosts.ts';
import { type LiveServer, openLive } from '../live/liveServer.ts';
import { openLog } from '../live/log.ts';
import { loadPage, type Page } from '../live/page.ts';
import type { Offer } from '../live/sessions.ts';
import type { SessionStart } from '../live/sessionThread.ts';
import type { Policy } from '../policy/policySchema.ts';
import { LEARNED } from '../study/controllerNames.ts';
import { codeOf, Mistake } from '../study/mistake.ts';
import { heapLimitMb } from './heapLimit.ts';
import { Interruption } from './interruption.ts';
import { packageVersion } from './packageVersion.ts';
import { policiesOf } from './policies.ts';
import type { PolicyText } from './policyFlag.ts';
import { readCatalogue, type Served, type ServedFlags } from './serveCatalogue.ts';
import { tokenFlag } from './serveFlags.ts';
import { reportMaker } from './sessionReport.ts';
import type { SessionSetup } from './sessionSetup.ts';
import { print } from './terminal.ts';

export interface ServeFlags extends ServedFlags {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly viewOnly?: boolean;
  readonly origin?: readonly URL[];
  readonly behindProxy?: boolean;
  readonly sessionsMax: number;
  readonly logLevel: string;
  readonly policy?: readonly PolicyText[];
}

const PAGE = fileURLToPath(new URL('../../client', import.meta.url));
const BYE = 'The server is being stopped.';
/** Where a comparison means something already, and there is still most of the run to be seen. */
const OPENING_S = 900;
const OPENING_SIGNALS_MAX = 100;

/** `greenwave serve [FILE...]`: the live view, until a signal ends it. */
export async function serve(files: readonly string[], flags: ServeFlags): Promise<void> {
  const { host, port, origin: origins = [], viewOnly = false, behindProxy = false } = flags;
  const { sessionsMax, logLevel } = flags;
  const given = flags.token ?? process.env.GREENWAVE_TOKEN ?? '';
  const token = given === '' ? null : tokenFlag(given);
  refuseOpenDoor(host, { token, viewOnly, exposed: isExposed(host, origins) });
  const page = await builtPage();
  const policies = policiesFor(flags.policy ?? []);
  const { protocol, durationS } = flags;
  const studied = {
    ...(protocol === undefined ? {} : { protocol }),
    ...(durationS === undefined ? {} : { durationS }),
  };
  const isReady = files.length === 0;
  const served = await readCatalogue(isReady ? shippedScenarios() : files, studied);
  const log = openLog(logLevel, 2);
  const interruption = new Interruption(() => {});
  const server = await openLive({
    ...{ host, port, token, viewOnly, origins, behindProxy, page },
    greenwave: packageVersion(),
    offer: offerOf(served, policies, isReady),
    startThread: (start) => threadOf(start, served, studied, policies, sessionsMax),
    makeReport: reportMaker({
      fileOf: (scenario) => served.get(scenario)!.file,
      policies: flags.policy ?? [],
      flags: studied,
    }),
    log: log.logger,
    limits: { sessions: sessionsMax },
  }).catch((error: unknown) => {
    throw listenMistake(error, host, port);
  });
  process.on('unhandledRejection', (error) => server.fault('rejection', error));
  // Node itself would write them to a stderr that nobody may be reading.
  process
    .removeAllListeners('warning')
    .on('warning', (warning) => log.logger.warn({ err: warning }, 'a warning of Node'));
  print(`${addressesOf(host, server.port).join('\n')}\n`);
  const fell = await endOf(interruption, server);
  await server.close(BYE);
  interruption.close();
  log.end();
  process.exitCode = fell ? 1 : 0;
}

/** Resolves when a signal came (false), or something was thrown that nobody caught (true). */
function endOf({ signal }: Interruption, server: LiveServer): Promise<boolean> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(false));
    if (signal.aborted) resolve(false);
    process.on('uncaughtException', (error) => {
      server.fault('exception', error);
      resolve(true);
    });
  });
}

function threadOf(
  start: SessionStart,
  served: ReadonlyMap<string, Served>,
  flags: ServedFlags,
  policies: ReadonlyMap<string, Policy>,
  threads: number,
): Worker {
  const { loaded, file } = served.get(start.setup.scenario)!;
  const workerData: SessionSetup = { loaded, start, flags, policies, file: nameForLog(file) };
  return new Worker(new URL('./sessionWorker.js', import.meta.url), {
    workerData,
    // The columns of a simulation lie outside: what is young is little, and collected soon it frees those of worlds left behind.
    resourceLimits: { maxOldGenerationSizeMb: heapLimitMb(threads), maxYoungGenerationSizeMb: 8 },
  });
}

function offerOf(
  served: ReadonlyMap<string, Served>,
  policies: ReadonlyMap<string, Policy>,
  isReady: boolean,
): Offer {
  const learned = [...policies].map(([controller, policy]) => controllerFor({ controller, policy }));
  const ids = [...served.keys()];
  const scenario = isReady && served.has('corridor') ? 'corridor' : ids[0]!;
  const rival = policies.has(LEARNED) ? LEARNED : 'max-pressure';
  const seed = served.get(scenario)!.loaded.layout.reference?.seed ?? 1;
  return {
    catalogue: [...served.values()].map(({ entry }) => entry),
    controllers: [...CONTROLLERS, ...learned].map(({ name, summary, sees }) => ({ name, summary, sees })),
    opening: {
      setup: { scenario, seed, demandScale: 1, controllers: ['fixed-time', rival] },
      interventions: [],
      timeS: openingTimeS(served.get(scenario)!),
      running: true,
      speed: 5,
    },
  };
}

/** Into a city that would take long to get there one comes at its beginning. */
function openingTimeS({ entry, loaded }: Served): number {
  const signals = loaded.layout.intersections.filter(({ signal }) => signal !== null).length;
  return signals > OPENING_SIGNALS_MAX ? 0 : Math.min(OPENING_S, Math.floor(entry.durationS / 4));
}

/** Of all controllers that may be asked for, the policies of those that have one. */
function policiesFor(given: readonly PolicyText[]): ReadonlyMap<string, Policy> {
  const names = given.map(({ name }) => name);
  return policiesOf(given, shippedPolicy() === null ? names : [...names, LEARNED]);
}

/** @throws {Mistake} where everybody could control the server */
function refuseOpenDoor(host: string, access: Parameters<typeof isOpenToAll>[0]): void {
  if (!isOpenToAll(access)) return;
  const how = isLoopback(host) ? 'Through --origin' : `With --host ${host}`;
  throw new Mistake(
    `${how} others can reach the server, and without a token everybody could control it.`,
    'Give --token (or set GREENWAVE_TOKEN), or --view-only.',
  );
}

/** @throws {Mistake} where there is none */
async function builtPage(): Promise<Page> {
  const page = await loadPage(PAGE);
  if (page !== null) return page;
  throw new Mistake(`The page has not been built: ${PAGE} has no index.html.`, 'Run npm run build first.');
}

/** Why the server cannot listen, where the user can put it right. */
function listenMistake(error: unknown, host: string, port: number): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new Mistake(`Port ${port} is in use.`, 'Stop the other server, or pass --port.');
    case 'EACCES':
      return new Mistake(`Port ${port} is not for us to open.`, 'Pass --port with a number above 1023.');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Mistake(
        `--host: ${host} is not an address of this machine.`,
        'Use 0.0.0.0 for all of its addresses.',
      );
    default:
      return error;
  }
}

/** Where the page is to be had. */
function addressesOf(host: string, port: number): string[] {
  const at = (name: string) => `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
  if (isLoopback(host)) return [at(host === '127.0.0.1' ? 'localhost' : host)];
  if (host !== '0.0.0.0' && host !== '::') return [at(host)];
  const outer = Object.values(networkInterfaces())
    .flatMap((all = []) => all)
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  return [at('localhost'), ...outer.map(({ address }) => at(address))];
}

/** A ready scenario is known by its name; of another file viewers need not know where it lies. */
function nameForLog(file: string): string {
  return shippedScenarios().includes(file) ? basename(file, extname(file)) : basename(file);
}
