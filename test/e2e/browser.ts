import { execFileSync } from 'node:child_process';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The path of a browser on this machine, or `null`, which is told. */
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
  console.info(`Skipped: no browser here (${NAMES.join(', ')}, or the one named by GREENWAVE_CHROMIUM).`);
  return null;
}
