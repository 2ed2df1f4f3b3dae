import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import type { Legend, LegendSubject } from '../../client/scene/legend.ts';
import type { Look } from '../../client/scene/look.ts';
import type { RoadMap } from '../../server/protocol/roadMap.ts';
import { emptyFolder } from '../cli/greenwave.ts';
import { findBrowser, launched } from '../e2e/browser.ts';

/** Where there must be a browser its absence is a failure, elsewhere a reason to skip. */
export const BROWSER = findBrowser();
export const SKIPPED = BROWSER === null && process.env.CI !== 'true';

const CLIENT = fileURLToPath(new URL('../../client', import.meta.url));
const ORIGIN = 'http://localhost:4173';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};
/** As strict as the server's own: nothing is evaluated, nothing comes from elsewhere. */
const POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'";

export type Place = readonly [number, number];

/** The map alone in a real browser: client/bench.html, built as it is shipped. */
export class Lab {
  readonly page: Page;
  /** What the browser had to complain of. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      // Software drawing is slow at reading pixels, and says so.
      if (!/GPU stall|GroupMarkerNotSet/.test(message.text())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  open(map: RoadMap, look: Partial<Look> = {}): Promise<number> {
    return this.#run(`lab.open(${JSON.stringify(map)}, ${JSON.stringify(look)})`);
  }

  show(frame: ArrayBuffer): Promise<void> {
    return this.#run(`lab.show('${Buffer.from(frame).toString('base64')}')`);
  }

  look(change: Partial<Look>): Promise<void> {
    return this.#run(`lab.scene.look(${JSON.stringify(change)})`);
  }

  /** To a place of the map, so many CSS pixels for each metre. */
  goTo(x: number, y: number, scale: number): Promise<void> {
    return this.#run(`lab.scene.goTo(${x}, ${y}); lab.scene.zoom(${scale} / lab.scene.pixelsPerMetre)`);
  }

  pixels(places: readonly Place[]): Promise<number[][]> {
    return this.#run(`lab.pixels(${JSON.stringify(places)})`);
  }

  pick(x: number, y: number): Promise<unknown> {
    return this.#run(`lab.scene.pick(${x}, ${y})`);
  }

  legend(subject: LegendSubject, theme: Look['theme']): Promise<Legend> {
    return this.#run(`lab.legend(${JSON.stringify(subject)}, '${theme}')`);
  }

  read<T>(expression: string): Promise<T> {
    return this.#run(expression);
  }

  async #run<T>(expression: string): Promise<T> {
    return (await this.page.evaluate(expression)) as T;
  }
}

/** Builds the page and starts a browser. @returns what opens a fresh page in it */
export async function startLab(): Promise<{
  browser: Browser;
  lab: (size?: { width: number; height: number }) => Promise<Lab>;
}> {
  if (BROWSER === null)
    throw new Error('There is no browser here, and CI=true asks for one: install chromium.');
  const folder = emptyFolder();
  await build({
    root: CLIENT,
    base: './',
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(CLIENT, 'bench.html') },
    },
  });
  const browser = await launched(BROWSER);
  const lab = async (size = { width: 480, height: 320 }) => {
    const page = await browser.newPage({ viewport: size });
    const opened = new Lab(page);
    await page.route(`${ORIGIN}/**`, (route) => {
      const path = new URL(route.request().url()).pathname;
      return route.fulfill({
        body: readFileSync(join(folder, path)),
        contentType: TYPES[extname(path)] ?? 'application/octet-stream',
        headers: { 'content-security-policy': POLICY },
      });
    });
    await page.goto(`${ORIGIN}/bench.html`);
    return opened;
  };
  return { browser, lab };
}
