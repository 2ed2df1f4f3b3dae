import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { findBrowser } from '../e2e/browser.ts';
import {
  barriers,
  inBrowser,
  openPage,
  openStill as openStillPage,
  STILL,
  serve,
  until,
  untilClock,
  untilText,
} from './page.ts';

/**
 * The page in a real browser, on the real server: it opens moving, everything can be done by keyboard, and nothing complains.
 */

const executablePath = findBrowser();

describe.skipIf(executablePath === null)('the page in a browser', () => {
  const real = inBrowser(executablePath);

  const open = (query: string, how: BrowserContextOptions = {}, url = real.served.url) =>
    openPage(real.browser, url, query, how);

  const openStill = (query = STILL, how: BrowserContextOptions = {}) =>
    openStillPage(real.browser, real.served.url, query, how);

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
    await page.goto(real.served.url);
    await page.waitForSelector('.uplot');
    await page.waitForSelector('.why .sentence');
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(200_000);
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

  test('on the way to the moment of a link the address stays', async () => {
    const { page, close } = await open('about:blank', {}, '');
    await page.addInitScript(`{
      window.written = [];
      const write = history.replaceState.bind(history);
      history.replaceState = (...all) => { written.push(all[2]); write(...all); };
    }`);
    await page.goto(`${real.served.url}?scenario=grid-4x4&seed=1&a=max-pressure&b=learned&t=1800`);
    await untilClock(page, '0:30:00');
    await until(page, `location.search.includes('at=')`);
    const written = (await page.evaluate('written')) as string[];
    expect(written.filter((search) => !search.includes('t=1800'))).toEqual([]);
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
    await page.goto(real.served.url + STILL.replace('t=60', 't=30'));
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
    // Nobody is quicker than who presses J as soon as there are others to disagree with.
    await page.evaluate(`{
      const look = new MutationObserver(() => press());
      const press = () => {
        if (document.querySelector('.why .others') === null) return;
        look.disconnect();
        dispatchEvent(new KeyboardEvent('keydown', { key: 'j' }));
      };
      look.observe(document.body, { childList: true, subtree: true });
      press();
    }`);
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
