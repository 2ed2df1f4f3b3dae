import { execFileSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

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

/** Chromium's sandbox is not to be had for root, as which containers run; software draws where there is no GPU. */
export function launched(executablePath: string): Promise<Browser> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [...sandbox, '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
  return chromium.launch({ executablePath, args });
}
