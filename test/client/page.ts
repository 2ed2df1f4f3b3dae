import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { MAIN } from '../cli/greenwave.ts';

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
/** Of who waits for something on a page: a machine that draws in software beside other work may be slow. */
export const PATIENCE_MS = 60_000;

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
