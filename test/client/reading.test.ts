import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { findBrowser } from '../e2e/browser.ts';
import {
  barriers,
  inBrowser,
  openPage,
  openStill as openStillPage,
  STILL,
  until,
  untilClock,
} from './page.ts';

/**
 * Everybody can read the page: on every size of screen, dark and light, and with every tab and dialog open.
 * GREENWAVE_SCREENSHOTS names a folder in which pictures of it are kept.
 */

const executablePath = findBrowser();
const VIEWS = [
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 720 } },
  { name: 'tablet', colorScheme: 'light', viewport: { width: 820, height: 1180 } },
  { name: 'phone', colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true },
] as const;

describe.skipIf(executablePath === null)('reading the page', () => {
  const real = inBrowser(executablePath);

  const open = (query: string, how: BrowserContextOptions = {}) =>
    openPage(real.browser, real.served.url, query, how);
  const openStill = (query = STILL, how: BrowserContextOptions = {}) =>
    openStillPage(real.browser, real.served.url, query, how);

  for (const { name, ...view } of VIEWS) {
    test(`${name}: no barrier, nothing beyond the edge`, async () => {
      const { page, told, close } = await openStill(
        `${STILL.replace('max-pressure', 'learned')}&layer=queue`,
        view,
      );
      await page.waitForSelector('.why .sentence');
      await page.waitForSelector('.uplot');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        view.viewport.width,
      );
      // What is cut off by its frame does not make the page wider.
      const beyond = `[...document.querySelectorAll('.view > *, .head, .look > *, .tiles > *')]
        .filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5)
        .map(({ className }) => className)`;
      expect(await page.evaluate(beyond)).toEqual([]);
      await keepPicture(page, name);
      expect(await barriers(page)).toEqual([]);
      expect(told).toEqual([]);
      await close();
    });
  }

  test('on a phone a tap on a signal brings up what is told of it', async () => {
    const { page, close } = await open(STILL, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await untilClock(page, '0:01:00');
    await page.waitForSelector('.why .sentence');
    const place = `document.querySelector('.side-panel .place').getBoundingClientRect()`;
    expect(await page.evaluate(`${place}.top > innerHeight`)).toBe(true);
    const ring = (await page.evaluate(`(() => {
      const { left, top, width, height } = document.querySelector('canvas').getBoundingClientRect();
      return [left + width / 2, top + height / 2];
    })()`)) as [number, number];
    // The hint shifts the map's middle up.
    await page.click('[aria-label="Put the hint away"]');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await page.touchscreen.tap(...ring);
    await until(page, `${place}.top < innerHeight * 0.7`);
    await close();
  });

  test('large figures do not run into one another', async () => {
    const query = '?scenario=oversaturated&seed=1&a=fixed-time&b=max-pressure&demand=2&t=2400';
    const { page, close } = await open(query);
    await untilClock(page, '0:40:00');
    await until(page, `document.querySelector('.tiles.long') !== null`);
    for (const width of [1440, 1280, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 });
      const beyond = `[...document.querySelectorAll('.tile .value')]
        .filter((value) => value.getBoundingClientRect().right > value.closest('.tile').getBoundingClientRect().right)
        .map((value) => value.textContent)`;
      await until(page, `innerWidth === ${width}`);
      expect(await page.evaluate(beyond)).toEqual([]);
    }
    await close();
  });

  test('every tab and dialog can be read by everybody', async () => {
    const { page, told, close } = await openStill();
    const found: string[] = [];
    const parts = ['#panel-tab-signal', '#panel-tab-trip', '#panel-tab-lane'].concat(
      ...['queue', 'ribbons', 'time-space', 'intersections', 'events'].map((tab) => `#chart-tab-${tab}`),
    );
    for (const part of parts) {
      await page.click(part);
      await page.waitForSelector('.waiting', { state: 'detached' });
      await page.waitForSelector('text=Asking …', { state: 'detached' });
      found.push(...(await barriers(page)).map((barrier) => `${part}: ${barrier}`));
    }
    for (const key of ['h', 'e', 'g']) {
      await page.keyboard.press(key);
      await page.waitForSelector('dialog[open] h2');
      found.push(...(await barriers(page)).map((barrier) => `${key}: ${barrier}`));
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog', { state: 'detached' });
    }
    expect(found).toEqual([]);
    expect(told).toEqual([]);
    await close();
  });
});

async function keepPicture(page: Page, name: string): Promise<void> {
  const kept = process.env.GREENWAVE_SCREENSHOTS;
  if (!kept) return;
  mkdirSync(kept, { recursive: true });
  await page.screenshot({ path: join(kept, `page-${name}.png`) });
}
