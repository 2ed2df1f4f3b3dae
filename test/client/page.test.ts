import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser, launched } from '../e2e/browser.ts';
import { PATIENCE_MS, type Served, serve, until, untilClock, untilText } from './page.ts';

/**
 * The page in a real browser, on the real server: it opens moving, everything can be done by keyboard, nothing complains,
 * and everybody can read it. GREENWAVE_SCREENSHOTS names a folder in which pictures of it are kept.
 */

const executablePath = findBrowser();
const VIEWS = [
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 720 } },
  { name: 'tablet', colorScheme: 'light', viewport: { width: 820, height: 1180 } },
  { name: 'phone', colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true },
] as const;

/** A minute into the corridor, standing still. */
const STILL = '?scenario=corridor&seed=1&a=fixed-time&b=max-pressure&t=60';

describe.skipIf(executablePath === null)('the page in a browser', () => {
  let browser: Browser;
  let served: Served;

  beforeAll(async () => {
    [browser, served] = await Promise.all([launched(executablePath!), serve('--port', '0')]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  });

  /** A page, and everything that it complained of or asked of others. */
  async function open(query: string, how: BrowserContextOptions = {}, url = served.url) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...how });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
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

  async function openStill(query = STILL, how: BrowserContextOptions = {}) {
    const opened = await open(query, how);
    await untilClock(opened.page, '0:01:00');
    await opened.page.waitForSelector('.place h2:has-text("i3")');
    return opened;
  }

  test('it opens moving, and asks for nothing of anybody else', async () => {
    const { page, told, close } = await open('?a=fixed-time&b=max-pressure&t=30&run=1&x=5');
    await page.waitForSelector('.play[aria-label="Pause"]');
    await until(page, `document.querySelector('.clock time').textContent > '0:00:35'`);
    await untilText(page, '.verdict p', 'Warming up');
    await until(page, `location.search.includes('at=i3')`);
    expect(told).toEqual([]);
    await close();
  });

  test('all that comes until it moves is less than 200 kB', async () => {
    const { page, close } = await open('about:blank', {}, '');
    const network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    let bytes = 0;
    network.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(served.url);
    await page.waitForSelector('.uplot');
    await page.waitForSelector('.why .sentence');
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(200_000);
    await close();
  });

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

  test('time goes by keys', async () => {
    const { page, close } = await openStill();
    await page.keyboard.press('.');
    await untilClock(page, '0:01:01');
    await page.keyboard.press(',');
    await untilClock(page, '0:01:00');
    for (const key of '...,,') await page.keyboard.press(key);
    await untilClock(page, '0:01:01');
    for (const key of '..,,,') await page.keyboard.press(key);
    await untilClock(page, '0:01:00');
    await page.keyboard.press(']');
    await untilClock(page, '0:02:00');
    await page.keyboard.press('[');
    await untilClock(page, '0:01:00');
    await page.keyboard.press('>');
    await page.waitForSelector('.speeds [aria-pressed=true]:has-text("10×")');
    await page.keyboard.press(' ');
    await page.waitForSelector('.play[aria-label="Pause"]');
    await until(page, `document.querySelector('.clock time').textContent > '0:01:02'`);
    await page.keyboard.press(' ');
    await page.waitForSelector('.play[aria-label="Play"]');
    await page.keyboard.press('r');
    await untilClock(page, '0:00:00');
    await close();
  });

  test('a key that is held down goes on with steps, but toggles once, and asks for no more than the server takes', async () => {
    const { page, close } = await openStill();
    for (let k = 0; k < 60; k++) {
      await page.keyboard.down('.');
      // As a keyboard repeats it: some thirty times a second.
      await page.waitForTimeout(30);
    }
    await page.keyboard.up('.');
    await until(page, `document.querySelector('.clock time').textContent > '0:01:02'`);
    for (let k = 0; k < 4; k++) await page.keyboard.down(' ');
    await page.keyboard.up(' ');
    await page.waitForSelector('.play[aria-label="Pause"]');
    expect(await page.$$('.notice')).toEqual([]);
    await close();
  });

  test('a place is found by name, and focus goes back to where it was', async () => {
    const { page, close } = await openStill();
    await page.focus('#chart-tab-delay');
    await page.keyboard.press('g');
    await page.waitForSelector('.found');
    await page.keyboard.type('i5');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.place h2:has-text("i5")');
    expect(await page.evaluate('document.activeElement.id')).toBe('chart-tab-delay');
    await close();
  });

  test('a link shows the same moment, place and look', async () => {
    const { page, close } = await openStill();
    await page.keyboard.press('2');
    await page.keyboard.press('c');
    await page.click('#panel-tab-signal');
    await page.keyboard.press('.');
    await untilClock(page, '0:01:01');
    for (let k = 0; k < 4; k++) await page.keyboard.press('+');
    await until(page, `/t=61&.*panel=signal.*&view=/.test(location.search)`);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const search = (await page.evaluate('location.search')) as string;
    const other = await open(search);
    await untilClock(other.page, '0:01:01');
    await other.page.waitForSelector('.signal .figures');
    const figures = await page.textContent('.tiles');
    expect(figures).toMatch(/\d/);
    await untilText(other.page, '.tiles', figures!);
    expect(await other.page.evaluate('location.search')).toBe(search);
    await other.close();
    await close();
  });

  test('a reload comes back to the same session, another address opens another', async () => {
    const { page, close } = await openStill();
    const session = async () =>
      ((await page.evaluate(`sessionStorage.getItem('greenwave.session')`)) as string).split(' ')[0];
    await until(page, `sessionStorage.getItem('greenwave.session') !== null`);
    const first = await session();
    await page.reload();
    await untilClock(page, '0:01:00');
    await until(page, `location.search.includes('at=')`);
    expect(await session()).toBe(first);
    await page.goto(served.url + STILL.replace('t=60', 't=30'));
    await untilClock(page, '0:00:30');
    await until(page, `!sessionStorage.getItem('greenwave.session').startsWith('${first} ')`);
    await close();
  });

  test('sides are added, changed and taken away', async () => {
    const { page, close } = await openStill();
    await page.click('[aria-label="Add a side"]');
    await page.waitForSelector('.head[data-side=c]');
    await page.selectOption('.head[data-side=c] select', 'actuated');
    await until(page, `location.search.includes('c=actuated')`);
    await page.keyboard.press('3');
    await page.waitForSelector('.place:has-text("under actuated")');
    await page.click('[aria-label="Take side B away"]');
    await until(page, `location.search.includes('b=actuated') && !location.search.includes('c=')`);
    await untilClock(page, '0:01:00');
    await close();
  });

  test('headers lie in their panes, one above another when the map is wide, and leave the rest to the map', async () => {
    const { page, told, close } = await openStill();
    await until(page, `document.querySelector('.head[data-side=b]').style.left === '0px'`);
    const corners = () =>
      page.$$eval('.head', (heads) =>
        heads.map((head) => [(head as HTMLElement).dataset.side, head.getBoundingClientRect().top]),
      );
    const [[, first], [, second]] = (await corners()) as [string, number][];
    expect(second - first).toBeGreaterThan(150);
    // Between the header and the tools there is the map.
    expect(await page.evaluate(`document.elementFromPoint(700, ${first} + 10).tagName`)).toBe('CANVAS');
    await page.click('.head[data-side=b] .badge-button');
    await page.waitForSelector('.place:has-text("under max pressure")');
    await page.focus('.head[data-side=a] .controller');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Take side A away');
    await page.keyboard.press('x');
    await until(
      page,
      `document.querySelector('.head[data-side=a]').getBoundingClientRect().top > ${first} + 150`,
    );
    expect(told).toEqual([]);
    await close();
  });

  test('a lane is closed without a mouse, and stands in the link and among the events', async () => {
    const { page, told, close } = await openStill();
    await page.click('#panel-tab-signal');
    await page.click('summary:has-text("Lanes that lead here")');
    await page.click('.button-list button >> nth=0');
    await page.keyboard.press('k');
    await untilText(page, '.lane .sentence', 'closed');
    await page.click('#chart-tab-events');
    await untilText(page, '.events', 'is closed');
    await until(page, `/do=60\\.close\\./.test(location.search)`);
    await untilText(page, '#chart-tab-events', 'Events (1)');
    await page.keyboard.press(',');
    await untilText(page, '.event.to-come', 'will be closed');
    await page.keyboard.press('.');
    await untilText(page, '.event', 'is closed');
    await page.keyboard.press('k');
    await untilText(page, '.lane .sentence', 'open');
    await page.keyboard.press('i');
    await untilText(page, '.lane .sentence', 'broken down');
    expect(told).toEqual([]);
    await close();
  });

  test('another scenario begins at its beginning', async () => {
    const { page, told, close } = await openStill();
    await page.selectOption('.scenario select', 'isolated');
    await page.waitForSelector('.place h2:has-text("main")');
    await untilClock(page, '0:00:00');
    expect(told).toEqual([]);
    await close();
  });

  test('a link to what is not there says so, and leads out', async () => {
    const { page, close } = await open('?scenario=atlantis');
    await untilText(page, '.banner', 'atlantis');
    await page.click('button:text-is("Open the usual run")');
    await page.waitForSelector('.tiles .value');
    await close();
  });

  test('a lost connection is told, and the run goes on from the same moment', async () => {
    const own = await serve('--port', '0');
    const { page, close } = await open(STILL, {}, own.url);
    await untilClock(page, '0:01:00');
    await page.keyboard.press('.');
    await untilClock(page, '0:01:01');
    await own.stop();
    await page.waitForSelector('.banner.problem');
    expect(await page.textContent('.banner')).toContain('0:01:01');
    const again = await serve('--port', String(own.port));
    await page.waitForSelector('.banner', { state: 'detached' });
    await page.keyboard.press('.');
    await untilClock(page, '0:01:02');
    await close();
    await again.stop();
  });

  test('without the token one watches, with it one controls', async () => {
    const own = await serve('--port', '0', '--token', 'quite-a-long-secret');
    const { page, close } = await open('', {}, own.url);
    await page.waitForSelector('.play:disabled');
    await page.click('button:text-is("View only")');
    await page.fill('dialog input', 'another-long-secret');
    await page.click('button:text-is("Use it")');
    await untilText(page, 'dialog', 'not the right one');
    await page.fill('dialog input', 'quite-a-long-secret');
    await page.click('button:text-is("Use it")');
    await page.waitForSelector('.play:enabled');
    await close();
    await own.stop();
  });

  test('a report is made, and opens beside the page', async () => {
    const own = await serve('--port', '0', '--duration-s', '120');
    const { page, close } = await open(STILL, {}, own.url);
    await untilClock(page, '0:01:00');
    await page.keyboard.press('e');
    const [report] = await Promise.all([
      page.context().waitForEvent('page'),
      page.click('button:text-is("Make the report")'),
    ]);
    await report.waitForSelector('.verdict');
    expect(await report.title()).toContain('Five-light corridor');
    await page.waitForSelector('a:has-text("Open the report")');
    await close();
    await own.stop();
  });

  test('from the verdict of one seed a way leads to several', async () => {
    const { page, told, close } = await open(STILL.replace('t=60', 't=600'));
    await untilClock(page, '0:10:00');
    await untilText(page, '.verdict p', 'One seed so far');
    await page.click('button:text-is("Try 10 seeds")');
    await page.waitForSelector('dialog[open] button:text-is("Make the report")');
    expect(await barriers(page)).toEqual([]);
    expect(told).toEqual([]);
    await close();
  });

  test('a search for disagreements says when it comes to the end, or begins there', async () => {
    // Between its last decision and the end max pressure chooses nothing.
    const { page, told, close } = await open(
      '?scenario=isolated&seed=1&a=fixed-time&b=max-pressure&side=b&at=main&t=3590',
    );
    await untilClock(page, '0:59:50');
    await page.waitForSelector('.why .others');
    await page.keyboard.press('j');
    await untilText(page, '.notices', 'between B and fixed time at main until the end of the run.');
    await page.keyboard.press('j');
    await untilText(page, '.notices', 'The run is at its end: go back to look for disagreements.');
    expect(told).toEqual([]);
    await close();
  });

  test('figures and samples are saved', async () => {
    const { page, close } = await openStill();
    await page.keyboard.press('e');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('li:has-text("Samples") button'),
    ]);
    expect(download.suggestedFilename()).toBe('greenwave-corridor-seed1-00100-samples.csv');
    const [log] = await Promise.all([page.waitForEvent('download'), page.click('a:text-is("Save the log")')]);
    expect(log.suggestedFilename()).toBe('greenwave-corridor-1.log');
    await close();
  });
});

/** What keeps people from using the page, as axe sees it: a line for each serious or critical finding. */
async function barriers(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) => `${id}: ${help}, ${nodes.map(({ target }) => target.join(' ')).join('; ')}`,
    );
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const kept = process.env.GREENWAVE_SCREENSHOTS;
  if (!kept) return;
  mkdirSync(kept, { recursive: true });
  await page.screenshot({ path: join(kept, `page-${name}.png`) });
}
