import { execFileSync } from 'node:child_process';
import { type Browser, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * The path of a browser on this machine, or `null`, which is told.
 *
 * @throws {Error} without one where CI=true: there nothing is to be skipped unseen
 */
export function findBrowser(): string | null {
  const told = process.env.GREENWAVE_CHROMIUM;
  if (told) return told;
  for (const name of NAMES) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: 'pipe' }).trim();
    } catch {
      // not this one
    }
  }
  const missing = `no browser here (${NAMES.join(', ')}, or the one named by GREENWAVE_CHROMIUM)`;
  if (process.env.CI === 'true') throw new Error(`There is ${missing}.`);
  console.info(`Skipped: ${missing}.`);
  return null;
}

/** Of who waits for something on a page: a machine that draws in software beside other work may be slow. */
export const PATIENCE_MS = 60_000;
/** How many times slower pages do everything: what only passes in haste is found with GREENWAVE_SLOWNESS=10. */
const SLOWNESS = Number(process.env.GREENWAVE_SLOWNESS ?? 1);

/** Software draws, unless GREENWAVE_GPU_FLAGS has other flags. */
const SOFTWARE = '--use-gl=angle --use-angle=swiftshader --enable-unsafe-swiftshader';
const DRAWING = (process.env.GREENWAVE_GPU_FLAGS ?? SOFTWARE).split(' ');

/** Chromium's sandbox is not to be had for root, as which containers run. */
export async function launched(executablePath: string): Promise<Browser> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args: [...sandbox, ...DRAWING] });
  browser.on('context', (context) => {
    context.setDefaultTimeout(PATIENCE_MS);
    if (SLOWNESS > 1) context.on('page', slowDown);
  });
  return browser;
}

async function slowDown(page: Page): Promise<void> {
  const renderer = await page.context().newCDPSession(page);
  await renderer.send('Emulation.setCPUThrottlingRate', { rate: SLOWNESS });
}
