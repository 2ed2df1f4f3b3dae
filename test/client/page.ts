import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { MAIN } from '../cli/greenwave.ts';
import { launched, PATIENCE_MS } from '../e2e/browser.ts';

export interface Served {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** The real program, serving the built page. */
export async function serve(...flags: string[]): Promise<Served> {
  const program = spawn(process.execPath, [MAIN, 'serve', '--log-level', 'warn', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await portOf(program);
  return {
    url: `http://localhost:${port}/`,
    port,
    stop: async () => {
      if (program.exitCode !== null || program.signalCode !== null) return;
      program.kill('SIGTERM');
      await once(program, 'exit');
    },
  };
}

async function portOf(program: ChildProcess): Promise<number> {
  let said = '';
  for await (const text of program.stdout!) {
    said += text;
    const [, port] = /:(\d+)\/?\s/.exec(said) ?? [];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`The server ended before it listened. It said: ${said}`);
}

const LOOK_MS = 50;

/** Waits until an expression is true on the page. (What playwright has for this needs `unsafe-eval`, which the page forbids.) */
export async function until(page: Page, expression: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await page.evaluate(`Boolean(${expression})`))) {
    if (Date.now() > end) throw new Error(`This did not become true: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Waits until the clock shows a time. */
export function untilClock(page: Page, time: string): Promise<void> {
  return until(page, `document.querySelector('.clock time')?.textContent === '${time}'`);
}

export function untilText(page: Page, place: string, words: string): Promise<void> {
  const at = `document.querySelector(${JSON.stringify(place)})`;
  return until(page, `${at}?.textContent.includes(${JSON.stringify(words)})`);
}

/** The real program and a real browser for all tests of a file, begun before the first and ended after the last. */
export function inBrowser(executablePath: string | null): {
  readonly browser: Browser;
  readonly served: Served;
} {
  const started = {} as { browser: Browser; served: Served };
  beforeAll(async () => {
    [started.browser, started.served] = await Promise.all([launched(executablePath!), serve('--port', '0')]);
  }, 120_000);
  afterAll(async () => {
    await started.browser?.close();
    await started.served?.stop();
  });
  return started;
}

/** A minute into the corridor, standing still. */
export const STILL = '?scenario=corridor&seed=1&a=fixed-time&b=max-pressure&t=60';

export interface OpenedPage {
  readonly page: Page;
  /** Everything that it complained of, or asked of others. */
  readonly told: string[];
  close(): Promise<void>;
}

export async function openPage(
  browser: Browser,
  url: string,
  query: string,
  how: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...how });
  const page = await context.newPage();
  const told: string[] = [];
  page.on('request', (request) => {
    if (!/^(blob:|data:)/.test(request.url()) && !request.url().startsWith(url)) told.push(request.url());
  });
  page.on('console', (message) => {
    // Software drawing is slow at reading pixels, and says so.
    if (message.type() === 'log' || message.type() === 'info' || /GPU stall/.test(message.text())) return;
    told.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => told.push(String(error)));
  await page.goto(url + query);
  return { page, told, close: () => context.close() };
}

/** A minute into a run that stands still. */
export async function openStill(
  browser: Browser,
  url: string,
  query = STILL,
  how: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const opened = await openPage(browser, url, query, how);
  await untilClock(opened.page, '0:01:00');
  await opened.page.waitForSelector('.place h2:has-text("i3")');
  return opened;
}

/** What keeps people from using the page, as axe sees it: a line for each serious or critical finding. */
export async function barriers(page: Page): Promise<string[]> {
  // Legacy mode leaves out what frames need; there are none, and it halves the time.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) => `${id}: ${help}, ${nodes.map(({ target }) => target.join(' ')).join('; ')}`,
    );
}
