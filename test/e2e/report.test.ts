import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyFolder, greenwave, ready } from '../cli/greenwave.ts';
import { barriers } from '../client/page.ts';
import { findBrowser, launched } from './browser.ts';

/**
 * A report opened from disk in a real browser: it asks for nothing, complains of nothing, and everybody can
 * read it. GREENWAVE_SCREENSHOTS names a folder in which pictures of it are kept.
 */

const executablePath = findBrowser();
const VIEWS = [
  { name: 'light', colorScheme: 'light', width: 1280, height: 900 },
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 900 },
  { name: 'narrow', colorScheme: 'light', width: 375, height: 812 },
] as const;

describe.skipIf(executablePath === null)('a report in a browser', () => {
  const folder = emptyFolder();
  const out = join(folder, 'report');
  const url = pathToFileURL(join(out, 'report.html')).href;
  let browser: Browser;

  beforeAll(async () => {
    const flags = ['--controllers', 'fixed-time,webster,max-pressure', '--seeds', '3', '--duration-s', '900'];
    const { code } = greenwave(['compare', ready('corridor'), ...flags, '--out', out]);
    expect(code).toBe(0);
    browser = await launched(executablePath!);
  }, 60_000);
  afterAll(() => browser?.close());

  for (const view of VIEWS) {
    test(`${view.name}: no request, no complaint, no barrier, nothing beyond the edge`, async () => {
      const { colorScheme, width, height } = view;
      const context = await browser.newContext({ colorScheme, viewport: { width, height } });
      const page = await context.newPage();
      const told: string[] = [];
      page.on('request', (request) => told.push(`asks for ${request.url()}`));
      page.on('console', (message) => told.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => told.push(String(error)));
      await page.goto(url);
      expect(told).toEqual([`asks for ${url}`]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await keepPicture(page, view.name);
      expect(await barriersBeside(page)).toEqual([]);
      await context.close();
    });
  }

  test('it opens with the verdict, then its picture, then losses, then the table', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(url);
    const tops =
      (await page.evaluate(`['h1', '.verdict', '#verdict figure', '.losses, .note', '#verdict table'].map(
      (place) => document.querySelector(place).getBoundingClientRect().top)`)) as number[];
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    const [, verdict, picture] = tops;
    expect(Math.max(verdict, picture)).toBeLessThan(900);
    await page.close();
  });

  test('on paper it is dark on white, whatever the screen was', async () => {
    const page = await browser.newPage({ colorScheme: 'dark', viewport: { width: 794, height: 1123 } });
    await page.goto(url);
    await page.emulateMedia({ media: 'print' });
    const [paper, ink] = (await page.evaluate(`(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return [backgroundColor, color];
    })()`)) as [string, string];
    expect(brightness(paper)).toBeGreaterThan(240);
    expect(brightness(ink)).toBeLessThan(80);
    await keepPicture(page, 'print');
    await page.close();
  });
});

/**
 * What keeps people from reading the page. The thousands of strokes inside the pictures are taken out first, as axe would look
 * at each for seconds: a picture has a description, and nothing in it is reached one by one.
 */
async function barriersBeside(page: Page): Promise<string[]> {
  await page.evaluate(`document.querySelectorAll('svg').forEach((svg) => svg.replaceChildren())`);
  return barriers(page);
}

/** The mean of red, green and blue; no color at all is the paper's own white. */
function brightness(color: string): number {
  const [red, green, blue, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return alpha === 0 ? 255 : (red + green + blue) / 3;
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const kept = process.env.GREENWAVE_SCREENSHOTS;
  if (!kept) return;
  mkdirSync(kept, { recursive: true });
  await page.screenshot({ path: join(kept, `${name.replaceAll(' ', '-')}.png`), fullPage: true });
}
